"""The case page and its decisions."""

from datetime import date

import pytest
from django.urls import reverse

from talentmap.casework import actions
from talentmap.casework.states import Action, State
from talentmap.people.models import Talent
from tests.factories import casework as cases
from tests.factories.accounts import give
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"casework:{name}", args=args)


@pytest.fixture(autouse=True)
def monday(now):
    now(moment())


def decide(client, application, action, **data):
    application.refresh_from_db()
    sent = {"action": action, "version": application.version, **data}
    return client.post(url("decide", application.pk), sent)


def offered(client, application) -> list[str]:
    return [choice.action for choice in client.get(url("case", application.pk)).context["choices"]]


def test_what_decides_the_case_is_on_one_page(as_user, people):
    application = cases.submitted(people.talent, cost=1500)
    page = as_user(people.cadre).get(url("case", application.pk)).content.decode()
    for shown in ("No civil servant", "Education is known", "Tea", "¥1,500.00", "plan.png", application.number):
        assert shown in page
    assert people.talent.talent.name in page
    assert 'id="decision"' in page


def test_only_what_will_be_accepted_is_offered(as_user, people):
    application = cases.submitted(people.talent)
    assert offered(as_user(people.cadre), application) == [Action.ACCEPT, Action.RETURN, Action.REFUSE]
    application = actions.accept(by=people.cadre, at=moment(), application=application)
    assert offered(as_user(people.cadre), application) == [Action.PASS_STAGE, Action.RETURN, Action.REJECT]
    assert offered(as_user(people.director), application) == []


def test_who_reviewed_one_stage_is_told_why_not_the_next(as_user, people):
    give(people.cadre, "office_staff")
    application = cases.at_office(people)
    response = as_user(people.cadre).get(url("case", application.pk))
    assert response.context["choices"] == [] or Action.PASS_STAGE not in [
        choice.action for choice in response.context["choices"]
    ]


def test_ones_own_case_is_not_decided_and_the_page_says_so(as_user, people):
    give(people.talent, "office_staff")
    application = cases.submitted(people.talent)
    response = as_user(people.talent).get(url("case", application.pk))
    assert response.context["choices"] == []
    assert response.context["why_nothing"]


def test_after_a_decision_the_next_case_follows(as_user, people):
    other = type(people)(**cases.people())
    first, second = cases.submitted(people.talent), cases.submitted(other.talent)
    staff = as_user(people.staff)
    response = decide(staff, first, "accept")
    first.refresh_from_db()
    assert first.state == State.IN_REVIEW
    assert response.url.startswith(url("case", second.pk))
    response = decide(staff, second, "accept")
    assert response.url.startswith(url("inbox"))


def test_the_next_case_respects_the_inbox_filter(as_user, people):
    other = type(people)(**cases.people())
    first = cases.submitted(people.talent)
    cases.submitted(other.talent)
    staff = as_user(people.staff)
    sent = {"action": "accept", "version": first.version}
    response = staff.post(url("decide", first.pk) + f"?list=region%3D{first.region.code}", sent)
    assert response.url == url("inbox") + f"?region={first.region.code}"


def test_a_rejection_without_a_reason_keeps_the_page_and_says_so(as_user, people):
    application = cases.accepted(people)
    response = decide(as_user(people.cadre), application, "reject", reason=" ")
    application.refresh_from_db()
    assert response.status_code == 200
    assert application.state == State.IN_REVIEW
    assert "reason-reject-error" in response.content.decode()


def test_a_rejection_reaches_the_applicant_with_its_reason(as_user, people):
    application = cases.accepted(people)
    decide(as_user(people.cadre), application, "reject", reason="Lease has ended")
    page = as_user(people.talent).get(url("application", application.pk)).content.decode()
    assert "Lease has ended" in page


@pytest.mark.parametrize(
    ("change", "warned"), [({}, False), ({"is_civil_servant": True}, True), ({"education": ""}, True)]
)
def test_before_the_button_the_director_reads_that_the_approval_will_be_refused(as_user, people, now, change, warned):
    application = cases.awaiting_decision(people)
    now(moment(date(2026, 3, 12)))
    Talent.objects.filter(pk=application.applicant_id).update(**change)
    page = as_user(people.director).get(url("case", application.pk)).content.decode()
    assert ("目前无法批准" in page) is warned
    decide(as_user(people.director), application, "approve")
    application.refresh_from_db()
    assert (application.state == State.AWAITING_DECISION) is warned


def test_the_note_on_an_approval_stays_in_the_office(as_user, people, now):
    application = cases.awaiting_decision(people)
    now(moment(date(2026, 3, 12)))
    decide(as_user(people.director), application, "approve", reason="The cousin of the mayor")
    page = as_user(people.talent).get(url("application", application.pk)).content.decode()
    assert "The cousin of the mayor" not in page
    history = as_user(people.staff).get(url("case", application.pk)).context["history"]
    assert history[0].text == "The cousin of the mayor"
    application.refresh_from_db()
    assert (application.state, application.decision_reason) == (State.APPROVED, "")


def test_two_reviewers_at_once_the_second_is_told_and_keeps_the_words(as_user, people):
    application = cases.submitted(people.talent)
    stale = application.version
    decide(as_user(people.staff), application, "accept")
    sent = {"action": "refuse", "version": stale, "reason": "Not in our town"}
    response = as_user(people.staff2).post(url("decide", application.pk), sent)
    page = response.content.decode()
    application.refresh_from_db()
    assert application.state == State.IN_REVIEW
    assert people.staff.display_name in page


def test_a_return_names_every_item(as_user, people):
    application = cases.submitted(people.talent)
    response = decide(
        as_user(people.cadre), application, "return", note_cost="Too high?", note_photo="Missing", note_="Else"
    )
    application.refresh_from_db()
    assert response.status_code == 302
    assert application.state == State.RETURNED
    assert {i.field_or_document for i in application.returnitems.all()} == {"cost", "photo", ""}


def test_a_return_without_items_says_what_to_do(as_user, people):
    application = cases.submitted(people.talent)
    response = decide(as_user(people.cadre), application, "return")
    assert response.status_code == 200
    assert response.context["chosen"] == Action.RETURN
    assert "alert-bad" in response.content.decode()


def test_too_long_a_note_keeps_what_was_typed(as_user, people):
    application = cases.submitted(people.talent)
    response = decide(as_user(people.cadre), application, "return", note_cost="x" * 501, note_photo="blurred")
    application.refresh_from_db()
    assert application.state == State.SUBMITTED
    assert "blurred" in response.content.decode()


@pytest.mark.parametrize("sent", [{}, {"action": "nonsense", "version": 0}, {"action": "accept", "version": "x"}])
def test_an_absurd_decision_is_answered(as_user, people, sent):
    application = cases.submitted(people.talent)
    assert as_user(people.cadre).post(url("decide", application.pk), sent).status_code == 200
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_a_decision_of_another_stage_is_forbidden(as_user, people):
    application = cases.accepted(people)
    assert decide(as_user(people.director), application, "pass_stage").status_code == 403


def test_a_case_of_another_township_is_not_found(as_user, people):
    other = type(people)(**cases.people())
    application = cases.submitted(people.talent)
    client = as_user(other.cadre)
    assert client.get(url("case", application.pk)).status_code == 404
    assert client.post(url("decide", application.pk), {"action": "accept", "version": 1}).status_code == 404


def test_history_says_who_why_and_what_the_applicant_sees(as_user, people):
    application = cases.at_office(people)
    response = as_user(people.staff).get(url("case", application.pk))
    history = response.context["history"]
    assert [str(entry.by) for entry in history] == [
        people.cadre.display_name,
        people.cadre.display_name,
        people.talent.display_name,
    ]
    assert [bool(entry.told) for entry in history] == [False, True, True]


def test_the_viewer_is_the_same_as_page_and_as_piece(as_user, people):
    application = cases.submitted(people.talent, cost=1500)
    document = application.documents.get()
    client = as_user(people.cadre)
    full = client.get(url("viewer", application.pk, document.pk)).content.decode()
    piece = client.get(url("viewer", application.pk, document.pk), headers={"HX-Request": "true"}).content.decode()
    assert "<html" in full
    assert "<html" not in piece
    assert piece.strip() in full
    assert client.get(url("viewer", application.pk, 0)).status_code == 404


def test_reading_anothers_document_is_recorded(as_user, people):
    from talentmap.audit.models import AccessLog

    application = cases.submitted(people.talent, cost=1500)
    document = application.documents.get()
    as_user(people.talent).get(url("document", application.pk, document.pk))
    assert not AccessLog.objects.exists()
    as_user(people.cadre).get(url("document", application.pk, document.pk))
    assert AccessLog.objects.get().user == people.cadre


def test_a_case_is_given_to_another_handler(as_user, people):
    application = cases.submitted(people.talent)
    director = as_user(people.director)
    page = director.get(url("reassign", application.pk))
    assert people.staff in page.context["form"].fields["to"].queryset
    assert people.talent not in page.context["form"].fields["to"].queryset
    director.post(url("reassign", application.pk), {"to": people.staff.pk})
    application.refresh_from_db()
    assert application.handler == people.staff
    assert as_user(people.staff).get(url("reassign", application.pk)).status_code == 403


def test_a_case_is_taken_onto_ones_desk(as_user, people):
    application = cases.submitted(people.talent)
    as_user(people.staff).post(url("take", application.pk))
    application.refresh_from_db()
    assert application.handler == people.staff


@pytest.mark.parametrize("documents", [1, 3])
def test_the_case_page_costs_the_same_for_one_and_three_documents(
    as_user, people, django_assert_num_queries, documents
):
    application = cases.draft(people.talent)
    for _n in range(documents):
        actions.attach(by=people.talent, at=moment(), application=application, kind="plan", upload=cases.picture())
    actions.submit(by=people.talent, at=moment(), application=application)
    client = as_user(people.cadre)
    client.get(url("case", application.pk))
    with django_assert_num_queries(18):
        client.get(url("case", application.pk))
