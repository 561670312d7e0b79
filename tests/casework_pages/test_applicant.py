"""Applying from the guide to the timeline, as the applicant meets it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from talentmap.casework import actions
from talentmap.casework.models import Application
from talentmap.casework.states import State
from tests.casework.sample import SampleDetail
from tests.factories import casework as cases
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"casework:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def talent(people, as_user):
    return as_user(people.talent)


@pytest.fixture
def draft(people):
    return cases.draft(people.talent)


def test_a_double_click_begins_one_application(talent, people):
    for _click in range(2):
        response = talent.post(url("apply", "sample"))
    application = Application.objects.get()
    assert application.applicant == people.talent.talent
    assert response.url == url("form", application.pk)


def test_an_unknown_service_is_not_found(talent):
    assert talent.post(url("apply", "nonsense")).status_code == 404
    assert talent.get(url("service_guide", "nonsense")).status_code == 404


def test_benefits_show_amount_and_every_condition(talent):
    page = text_of(talent.get(url("benefits")))
    assert "Sample grant" in page
    assert "No civil servant" in page
    assert "Education is known" in page


def test_the_first_page_shows_what_the_file_holds_and_does_not_ask_for_it(talent, draft, people):
    page = text_of(talent.get(url("form_page", draft.pk, "purpose")))
    assert people.talent.talent.name in page
    assert reverse("people:my_file") in page
    assert 'name="name"' not in page


def test_progress_is_visible(talent, draft):
    page = text_of(talent.get(url("form_page", draft.pk, "cost")))
    assert 'aria-current="step"' in page
    assert '<progress value="2" max="4"' in page


def test_the_form_goes_on_where_something_is_missing(talent, people):
    application = actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)
    assert talent.get(url("form", application.pk)).url == url("form_page", application.pk, "purpose")
    talent.post(url("form_page", application.pk, "purpose"), {"purpose": "Tea"})
    assert talent.get(url("form", application.pk)).url == url("form_page", application.pk, "cost")


def test_an_invalid_page_keeps_what_was_typed_and_saves_what_is_valid(talent, draft):
    response = talent.post(url("form_page", draft.pk, "cost"), {"cost": "plenty", "starts_on": "2026-05-01"})
    page = text_of(response)
    assert response.status_code == 200
    assert "plenty" in page
    assert "data-error-summary" in page
    assert str(SampleDetail.objects.get(application=draft).starts_on) == "2026-05-01"


def test_autosave_keeps_an_incomplete_page_and_says_what_it_could_not_keep(talent, draft):
    response = talent.post(url("autosave", draft.pk, "cost"), {"cost": "much", "starts_on": "2026-05-02"})
    fragment = text_of(response)
    assert "Cost" in fragment
    assert 'id="conditions"' in fragment
    assert str(SampleDetail.objects.get(application=draft).starts_on) == "2026-05-02"


def test_autosave_shows_the_conditions_as_they_stand_now(talent, draft):
    fragment = text_of(talent.post(url("autosave", draft.pk, "cost"), {"cost": "1234.5"}))
    assert "¥1,234.50" in fragment
    assert "hx-swap-oob" in fragment


def test_autosave_of_a_sent_application_changes_nothing_and_says_so(talent, people):
    application = cases.submitted(people.talent)
    fragment = text_of(talent.post(url("autosave", application.pk, "cost"), {"cost": "1"}))
    assert "saved-not" in fragment
    assert SampleDetail.objects.get(application=application).cost == Decimal(500)


def test_an_unknown_page_is_not_found(talent, draft):
    assert talent.get(url("form_page", draft.pk, "nonsense")).status_code == 404


def test_a_document_of_the_wrong_type_is_refused_and_nothing_is_kept(talent, draft):
    fake = SimpleUploadedFile("plan.png", b"MZ not a picture", content_type="image/png")
    page = text_of(talent.post(url("documents", draft.pk), {"kind": "plan", "file": fake}, follow=True))
    assert "alert-bad" in page
    assert not draft.documents.exists()


def test_several_documents_at_once_the_bad_one_named(talent, draft):
    files = [cases.picture("one.png"), SimpleUploadedFile("two.png", b""), cases.picture("three.png")]
    page = text_of(talent.post(url("documents", draft.pk), {"kind": "plan", "file": files}, follow=True))
    assert {d.name for d in draft.documents.all()} == {"one.png", "three.png"}
    assert "alert-bad" in page


def test_a_document_can_be_read_and_removed(talent, draft):
    talent.post(url("documents", draft.pk), {"kind": "plan", "file": cases.picture()})
    document = draft.documents.get()
    response = talent.get(url("document", draft.pk, document.pk))
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response).startswith(b"\x89PNG")
    talent.post(url("document_remove", draft.pk, document.pk))
    assert not draft.documents.current().exists()


def test_a_document_is_shown_or_saved_under_the_name_that_it_came_with(talent, draft):
    talent.post(url("documents", draft.pk), {"kind": "plan", "file": cases.picture("计划.png")})
    address = url("document", draft.pk, draft.documents.get().pk)
    name = "filename*=utf-8''%E8%AE%A1%E5%88%92.png"
    assert talent.get(address)["Content-Disposition"] == f"inline; {name}"
    assert talent.get(f"{address}?download")["Content-Disposition"] == f"attachment; {name}"


def test_the_check_names_every_gap_with_its_place(talent, people):
    application = actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)
    page = text_of(talent.get(url("check", application.pk)))
    assert url("form_page", application.pk, "purpose") + "#id_purpose" in page
    assert url("form_page", application.pk, "cost") + "#id_cost" in page
    assert re.search(r"<button[^>]*disabled", page)


def test_it_is_not_sent_without_the_declaration(talent, draft):
    page = text_of(talent.post(url("check", draft.pk)))
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    assert "data-error-summary" in page


def test_sending_twice_gives_one_number_and_the_same_confirmation(talent, draft):
    for _click in range(2):
        response = talent.post(url("check", draft.pk), {"declaration": "1"})
        assert response.url == url("submitted", draft.pk)
    draft.refresh_from_db()
    page = text_of(talent.get(response.url))
    assert draft.state == State.SUBMITTED
    assert draft.number in page
    assert draft.accept_due_on.isoformat() in page
    assert draft.transitions.count() == 1


def test_an_unmet_condition_is_told_and_nothing_is_sent(talent, draft, people):
    people.talent.talent.is_civil_servant = True
    people.talent.talent.save(update_fields=["is_civil_servant"])
    page = text_of(talent.post(url("check", draft.pk), {"declaration": "1"}, follow=True))
    draft.refresh_from_db()
    assert "Civil servants are not eligible." in page
    assert draft.state == State.DRAFT


def test_the_timeline_tells_what_concerns_the_applicant_and_no_more(talent, people):
    application = cases.at_office(people)
    page = text_of(talent.get(url("application", application.pk)))
    assert application.decide_due_on.isoformat() in page
    assert "Office review" not in page
    assert people.cadre.display_name not in page


def test_the_public_notice_and_what_comes_then_are_on_the_timeline(talent, people):
    application = cases.on_notice(people)
    page = text_of(talent.get(url("application", application.pk)))
    assert application.notice_until.isoformat() in page
    assert 'aria-current="step"' in page


def test_withdrawing_asks_first(talent, people):
    application = cases.submitted(people.talent)
    talent.get(url("withdraw", application.pk))
    application.refresh_from_db()
    assert application.state == State.SUBMITTED
    talent.post(url("withdraw", application.pk), {"reason": "moved"})
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN


def test_a_decided_application_is_rated_once(talent, people):
    application = cases.approved(people)
    assert talent.get(url("rate", application.pk)).status_code == 200
    page = text_of(talent.post(url("rate", application.pk), {"score": "2", "comment": "slow"}, follow=True))
    assert application.rating.score == 2
    assert f"将于 {application.rating.call_back_due_on} 前电话回访" in page
    assert "2/5" in page and "slow" in page
    assert talent.get(url("rate", application.pk)).status_code == 302


def test_a_good_grade_is_thanked_for_and_promises_no_call(talent, people):
    application = cases.approved(people)
    page = text_of(talent.post(url("rate", application.pk), {"score": "5"}, follow=True))
    assert "感谢您的评价" in page and "5/5" in page
    assert "回访" not in page


def test_the_person_reads_when_they_were_called_and_the_matter_mended_not_the_notes(talent, people):
    application = cases.approved(people)
    rating = actions.rate(by=people.talent, at=moment(), application=application, score=1)
    actions.call_back(by=people.staff, at=moment(), rating=rating, note="Sounded angry")
    page = text_of(talent.get(url("application", application.pk)))
    assert f"已于 {moment():%Y-%m-%d} 回访，将于 {rating.mended_due_on} 前完成整改" in page
    actions.mend(by=people.staff, at=moment(), rating=rating, note="Wrote to the township")
    page = text_of(talent.get(url("application", application.pk)))
    assert f"并于 {moment():%Y-%m-%d} 完成整改" in page
    assert "Sounded angry" not in page and "Wrote to the township" not in page


def test_an_open_application_is_not_rated(talent, people):
    application = cases.submitted(people.talent)
    assert talent.get(url("rate", application.pk)).status_code == 302


@pytest.mark.parametrize("score", ["0", "6", "", "five", "9" * 30])
def test_an_absurd_grade_is_answered(talent, people, score):
    application = cases.approved(people)
    response = talent.post(url("rate", application.pk), {"score": score})
    assert response.status_code == 200
    assert not hasattr(Application.objects.get(pk=application.pk), "rating")


def test_without_a_letter_there_is_none(talent, people):
    assert talent.get(url("letter", cases.approved(people).pk)).status_code == 404


APPLICANT_PAGES = ("application", "form", "documents", "check", "submitted", "correct", "withdraw", "rate", "letter")


@pytest.mark.parametrize("name", APPLICANT_PAGES)
def test_another_persons_application_is_not_found(people, as_user, name):
    other = cases.people()["talent"]
    application = cases.submitted(people.talent)
    assert as_user(other).get(url(name, application.pk)).status_code == 404


def test_another_persons_form_and_document_are_not_found(people, as_user, draft):
    actions.attach(by=people.talent, at=moment(), application=draft, kind="plan", upload=cases.picture())
    other = as_user(cases.people()["talent"])
    document = draft.documents.get()
    assert other.get(url("form_page", draft.pk, "cost")).status_code == 404
    assert other.post(url("autosave", draft.pk, "cost"), {"cost": "1"}).status_code == 404
    assert other.get(url("document", draft.pk, document.pk)).status_code == 404
    assert other.post(url("document_remove", draft.pk, document.pk)).status_code == 404


def test_an_official_sees_no_draft_of_others(people, as_user, draft):
    staff = as_user(people.staff)
    assert staff.get(url("application", draft.pk)).status_code == 404
    assert staff.get(url("case", draft.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_my_list_costs_the_same_for_one_and_for_three(talent, people, django_assert_num_queries, count):
    for day in range(count):
        application = cases.submitted(people.talent, at=moment() + timedelta(days=day))
        actions.withdraw(by=people.talent, at=moment() + timedelta(days=day), application=application)
    talent.get(url("my"))
    with django_assert_num_queries(9):
        talent.get(url("my"))


def test_an_empty_list_advises(talent):
    assert url("benefits") in text_of(talent.get(url("my")))


def test_each_document_is_named_with_its_kind(talent, people):
    """Two pictures from a phone have the same file name."""
    draft = cases.draft(people.talent)
    for kind in ("photo", "plan"):
        actions.attach(by=people.talent, at=moment(), application=draft, kind=kind, upload=cases.picture())
    page = " ".join(talent.get(url("application", draft.pk)).content.decode().split())
    assert "Photo · " in page
    assert "Plan · " in page
