"""Correcting item by item, and what the reviewer then sees."""

import pytest
from django.urls import reverse

from talentmap.casework import actions
from talentmap.casework.actions import Item
from talentmap.casework.states import State
from tests.casework.sample import SampleDetail
from tests.factories import casework as cases
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"casework:{name}", args=args)


@pytest.fixture
def returned(people):
    application = cases.accepted(people)
    items = [Item("cost", "Too high?"), Item("photo", "Please add a photo"), Item("purpose", "Which tea?")]
    return actions.return_for_correction(by=people.cadre, at=moment(), application=application, items=items)


@pytest.fixture
def talent(people, as_user):
    return as_user(people.talent)


def item_of(application, code):
    return application.returnitems.get(field_or_document=code)


def test_every_item_is_on_the_page_with_its_note(talent, returned):
    page = talent.get(url("correct", returned.pk)).content.decode()
    for note in ("Too high?", "Please add a photo", "Which tea?"):
        assert note in page
    assert 'name="cost"' in page
    assert 'name="file"' in page


def test_the_way_into_a_returned_application_is_the_correction(talent, returned):
    assert talent.get(url("form", returned.pk)).url == url("correct", returned.pk)


def test_items_are_answered_one_by_one_and_then_sent(talent, returned, people, as_user):
    cost, photo, purpose = (item_of(returned, code) for code in ("cost", "photo", "purpose"))
    response = talent.post(url("correct", returned.pk), {"item": cost.pk, "cost": "450"})
    assert response.url.endswith(f"#item-{cost.pk}")
    talent.post(url("documents", returned.pk), {"kind": "photo", "file": cases.picture(), "then": "correct"})
    talent.post(
        url("correct", returned.pk), {"item": purpose.pk, "purpose": "Tea", f"item{purpose.pk}-reply": "Green tea"}
    )
    for item in (cost, photo, purpose):
        item.refresh_from_db()
        assert item.answered
    assert talent.post(url("check", returned.pk), {"declaration": "1"}).url == url("submitted", returned.pk)
    returned.refresh_from_db()
    assert (returned.state, returned.round) == (State.IN_REVIEW, 2)
    page = as_user(people.cadre).get(url("case", returned.pk)).content.decode()
    assert "¥500.00" in page
    assert "¥450.00" in page
    assert page.count("is-changed") == 2
    assert "Green tea" in page


def test_an_item_that_changes_nothing_needs_words(talent, returned):
    purpose = item_of(returned, "purpose")
    response = talent.post(url("correct", returned.pk), {"item": purpose.pk, "purpose": "Tea"})
    purpose.refresh_from_db()
    assert response.status_code == 200
    assert not purpose.answered
    assert "alert-bad" in response.content.decode()


def test_a_bad_value_stays_on_the_page(talent, returned):
    cost = item_of(returned, "cost")
    response = talent.post(url("correct", returned.pk), {"item": cost.pk, "cost": "cheap"})
    assert response.status_code == 200
    assert "cheap" in response.content.decode()
    assert SampleDetail.objects.get(application=returned).cost == 500


def test_what_was_not_asked_for_is_shown_but_stays(talent, returned):
    page = talent.get(url("form_page", returned.pk, "cost")).content.decode()
    assert "disabled" in page
    talent.post(url("form_page", returned.pk, "cost"), {"cost": "400", "starts_on": "2026-09-09"})
    detail = SampleDetail.objects.get(application=returned)
    assert (detail.cost, detail.starts_on) == (400, None)


@pytest.mark.parametrize("item", ["", "x", "0", "99999999999999999999", "-1"])
def test_an_item_that_is_not_there_is_not_found(talent, returned, item):
    assert talent.post(url("correct", returned.pk), {"item": item, "cost": "1"}).status_code == 404


def test_another_applications_item_is_not_found(talent, returned):
    other = cases.people()
    theirs = cases.submitted(other["talent"])
    actions.return_for_correction(by=other["cadre"], at=moment(), application=theirs, items=[Item("cost", "?")])
    response = talent.post(url("correct", returned.pk), {"item": item_of(theirs, "cost").pk, "cost": "1"})
    assert response.status_code == 404


def test_it_cannot_be_sent_before_every_item_is_answered(talent, returned):
    response = talent.post(url("check", returned.pk), {"declaration": "1"})
    returned.refresh_from_db()
    assert response.status_code == 200
    assert returned.state == State.RETURNED
