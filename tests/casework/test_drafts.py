"""Before sending, and while correcting."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.permissions import Role
from talentmap.casework import actions, snapshots
from talentmap.casework.actions import Incomplete, Item
from talentmap.casework.models import Application, Document, Snapshot
from talentmap.casework.states import State
from talentmap.people.choices import Purpose
from talentmap.ui.errors import Refused
from tests.casework.sample import SAMPLE
from tests.factories import casework as cases
from tests.factories.accounts import user_with
from tests.factories.casework import MONDAY, moment, picture
from tests.factories.people import ConsentFactory, TalentFactory

pytestmark = pytest.mark.django_db


def save(user, application, page="purpose", **values):
    return actions.save_page(by=user, at=moment(), application=application, page=page, values=values)


def returned(people, *codes, cost=500):
    application = cases.accepted(people, cost=Decimal(cost))
    items = [Item(code, "Please look again") for code in codes]
    return actions.return_for_correction(by=people.cadre, at=moment(), application=application, items=items)


def test_starting_twice_goes_on_with_the_first(people):
    first = actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)
    again = actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)
    assert first.pk == again.pk
    assert Application.objects.count() == 1


def test_a_draft_saves_incomplete_and_comes_back(people):
    draft = actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)
    save(people.talent, draft, "cost", cost=Decimal(7))
    assert SAMPLE.detail(draft).cost == 7
    assert SAMPLE.detail(draft).purpose == ""


def test_nobody_else_writes_into_a_draft(people):
    draft = cases.draft(people.talent)
    stranger = user_with(Role.TALENT)
    for user in (stranger, people.cadre, people.director):
        with pytest.raises(PermissionDenied):
            save(user, draft, purpose="x")
        with pytest.raises(PermissionDenied):
            actions.submit(by=user, at=moment(), application=draft)
        with pytest.raises(PermissionDenied):
            actions.attach(by=user, at=moment(), application=draft, kind="plan", upload=picture())


def test_an_unknown_field_is_a_mistake_of_ours(people):
    with pytest.raises(ValueError, match="no field"):
        save(people.talent, cases.draft(people.talent), cost=1)


def test_everything_missing_is_told_at_once(people):
    draft = actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)
    with pytest.raises(Incomplete) as refusal:
        actions.submit(by=people.talent, at=moment(), application=draft)
    assert [(gap.page, gap.code) for gap in refusal.value.gaps] == [("purpose", "purpose"), ("cost", "cost")]
    save(people.talent, draft, purpose="Tea")
    save(people.talent, draft, "cost", cost=Decimal(5000))
    with pytest.raises(Incomplete, match="Plan"):
        actions.submit(by=people.talent, at=moment(), application=draft)
    assert Application.objects.get(pk=draft.pk).number is None


def test_conditions_block_the_sending_and_say_which(people):
    draft = cases.draft(people.talent)
    talent = people.talent.talent
    talent.is_civil_servant = True
    talent.save(update_fields=["is_civil_servant"])
    with pytest.raises(Refused, match="Civil servants"):
        actions.submit(by=people.talent, at=moment(), application=draft)
    talent.is_civil_servant, talent.education = False, ""
    talent.save(update_fields=["is_civil_servant", "education"])
    with pytest.raises(Refused, match="Education is known"):
        actions.submit(by=people.talent, at=moment(), application=draft)


def test_a_missing_consent_is_named(people, monkeypatch):
    monkeypatch.setattr(type(SAMPLE), "consent_purposes", ("bank_account",))
    draft = cases.draft(people.talent)
    with pytest.raises(Refused, match=str(Purpose.BANK_ACCOUNT.label)):
        actions.submit(by=people.talent, at=moment(), application=draft)
    ConsentFactory(talent=people.talent.talent, purpose=Purpose.BANK_ACCOUNT)
    assert actions.submit(by=people.talent, at=moment(), application=draft).state == State.SUBMITTED


def test_a_second_click_finds_it_sent(people):
    draft = cases.draft(people.talent)
    first = actions.submit(by=people.talent, at=moment(), application=draft)
    second = actions.submit(by=people.talent, at=moment(), application=draft)
    assert (first.number, first.version) == (second.number, second.version)
    assert first.transitions.count() == 1


def test_what_was_sent_cannot_be_changed(people):
    application = cases.submitted(people.talent)
    with pytest.raises(Refused, match="was sent"):
        save(people.talent, application, purpose="x")
    with pytest.raises(Refused):
        actions.attach(by=people.talent, at=moment(), application=application, kind="plan", upload=picture())


def test_a_paused_service_takes_no_new_application(people, monkeypatch):
    monkeypatch.setattr(type(SAMPLE), "is_open", False)
    with pytest.raises(Refused, match="Sample grant"):
        actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)


def test_without_a_township_nobody_could_handle_it(people):
    talent = TalentFactory(user=user_with(Role.TALENT), region=None)
    with pytest.raises(Refused, match="township"):
        actions.start_draft(by=talent.user, at=moment(), scheme="sample", talent=talent)


def test_the_counter_enters_for_a_person(people):
    talent = TalentFactory(region=people.talent.talent.region, education="bachelor")
    draft = actions.start_draft(by=people.cadre, at=moment(), scheme="sample", talent=talent)
    assert draft.entered_by == people.cadre
    save(people.cadre, draft, purpose="Tea")
    save(people.staff, draft, "cost", cost=Decimal(5))
    assert actions.submit(by=people.cadre, at=moment(), application=draft).state == State.SUBMITTED
    stranger = user_with(Role.TOWNSHIP_CADRE)
    with pytest.raises(PermissionDenied):
        actions.start_draft(by=stranger, at=moment(), scheme="sample", talent=TalentFactory())
    with pytest.raises(PermissionDenied):
        actions.start_draft(by=user_with(Role.TALENT), at=moment(), scheme="sample", talent=talent)


def test_only_what_was_returned_can_be_changed(people):
    application = returned(people, "purpose")
    with pytest.raises(Refused, match="Cost"):
        save(people.talent, application, "cost", cost=Decimal(9))
    save(people.talent, application, "cost", cost=Decimal(500))
    with pytest.raises(Refused, match="Purpose"):
        actions.submit(by=people.talent, at=moment(), application=application)
    save(people.talent, application, purpose="Green tea")
    application = actions.submit(by=people.talent, at=moment(), application=application)
    assert application.state == State.IN_REVIEW


def test_what_becomes_missing_by_a_correction_may_be_added(people):
    application = returned(people, "cost")
    save(people.talent, application, "cost", cost=Decimal(5000))
    assert actions.open_codes(application, moment()) == {"cost", "plan"}
    actions.attach(by=people.talent, at=moment(), application=application, kind="plan", upload=picture())
    assert actions.submit(by=people.talent, at=moment(), application=application).state == State.IN_REVIEW


def test_an_item_may_be_answered_in_words(people):
    application = returned(people, "purpose")
    item = application.returnitems.get()
    with pytest.raises(Refused):
        actions.answer_item(by=people.talent, at=moment(), item=item, reply=" ")
    actions.answer_item(by=people.talent, at=moment(), item=item, reply="It is tea.")
    application = actions.submit(by=people.talent, at=moment(), application=application)
    assert application.returnitems.get().reply == "It is tea."


@pytest.mark.parametrize(
    "items",
    [[], [Item("purpose", " ")], [Item("purpose", "a"), Item("purpose", "b")], [Item("nonsense", "a")]],
)
def test_a_return_says_what_is_missing_item_by_item(people, items):
    application = cases.accepted(people)
    with pytest.raises(Refused):
        actions.return_for_correction(by=people.cadre, at=moment(), application=application, items=items)
    assert Application.objects.get(pk=application.pk).state == State.IN_REVIEW


def test_the_reviewer_sees_the_difference(people):
    application = returned(people, "purpose", "photo", cost=5000)
    save(people.talent, application, purpose="Green tea")
    actions.attach(by=people.talent, at=moment(), application=application, kind="photo", upload=picture("me.png"))
    application = actions.submit(by=people.talent, at=moment(), application=application)
    changes = {change.code: (change.before, change.after) for change in snapshots.changes(application)}
    assert changes["purpose"] == ("Tea", "Green tea")
    assert changes["photo"][0] is None
    assert changes["photo"][1][0]["name"] == "me.png"
    assert set(changes) == {"purpose", "photo"}
    assert snapshots.changes(application, round=1) == ()
    assert Snapshot.objects.filter(application=application).count() == 2


def test_a_document_that_was_sent_is_replaced_not_lost(people):
    application = returned(people, "plan", cost=5000)
    old = application.documents.get()
    better = picture("b.png", size=(9, 9))
    new = actions.attach(
        by=people.talent, at=moment(), application=application, kind="plan", upload=better, replaces=old
    )
    assert list(Document.objects.filter(application=application).current()) == [new]
    old.refresh_from_db()
    assert old.replaced_by == new
    assert application.returnitems.get().answered
    actions.remove_document(by=people.talent, at=moment(), document=new)
    assert list(Document.objects.filter(application=application).current()) == [old]
    assert not application.returnitems.get().answered


def test_a_document_of_another_application_is_not_replaced(people):
    draft = cases.draft(people.talent, cost=Decimal(5000))
    other = cases.draft(cases.talent_user(people.talent.talent.region), cost=Decimal(5000))
    with pytest.raises(Refused):
        actions.attach(
            by=people.talent,
            at=moment(),
            application=draft,
            kind="plan",
            upload=picture(),
            replaces=other.documents.get(),
        )
    assert other.documents.count() == 1


def test_an_item_of_an_earlier_round_is_closed(people):
    application = returned(people, "")
    item = application.returnitems.get()
    actions.answer_item(by=people.talent, at=moment(), item=item, reply="So it is.")
    application = actions.submit(by=people.talent, at=moment(), application=application)
    actions.return_for_correction(
        by=people.cadre, at=moment(MONDAY + timedelta(days=1)), application=application, items=[Item("", "No")]
    )
    with pytest.raises(Refused, match="earlier"):
        actions.answer_item(by=people.talent, at=moment(), item=item, reply="Still.")
