"""What an action costs in queries does not grow with what it handles."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from talentmap.casework import actions, sweeps
from talentmap.casework.models import Application
from tests.factories import casework as cases
from tests.factories.casework import moment, picture

pytestmark = pytest.mark.django_db
AFTER_NOTICE = moment(date(2026, 3, 12))
# Ten to twelve of each but PASS tell the applicant; PASS tells nobody.
SEND, RETURN, APPROVE, ACCEPT, PASS = 27, 21, 23, 21, 11


def cost(call):
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def warm(people):
    """Roles are fetched once a request; they are not the action's cost."""
    for user in vars(people).values():
        user.roles_held  # noqa: B018


@pytest.mark.parametrize("documents", [1, 3])
def test_sending(people, documents):
    draft = cases.draft(people.talent, cost=Decimal(5000))
    for _ in range(documents - 1):
        actions.attach(by=people.talent, at=moment(), application=draft, kind="photo", upload=picture())
    warm(people)
    assert cost(lambda: actions.submit(by=people.talent, at=moment(), application=draft)) == SEND


@pytest.mark.parametrize("items", [1, 3])
def test_returning(people, items):
    application = cases.accepted(people)
    wanted = [actions.Item(code, "x") for code in ("purpose", "cost", "photo")[:items]]
    warm(people)
    call = actions.return_for_correction
    found = cost(lambda: call(by=people.cadre, at=moment(), application=application, items=wanted))
    assert found == RETURN


@pytest.mark.parametrize("objections", [1, 3])
def test_approving(people, objections):
    application = cases.on_notice(people)
    for _ in range(objections):
        objection = actions.object_to(by=None, at=moment(), application=application, text="x")
        actions.answer_objection(by=people.staff, at=moment(), objection=objection, upheld=False, answer="No")
    sweeps.end_notices(AFTER_NOTICE)
    warm(people)
    application = Application.objects.get()
    assert cost(lambda: actions.approve(by=people.director, at=AFTER_NOTICE, application=application)) == APPROVE


def test_accepting_and_passing(people):
    application = cases.submitted(people.talent)
    warm(people)
    assert cost(lambda: actions.accept(by=people.cadre, at=moment(), application=application)) == ACCEPT
    assert cost(lambda: actions.pass_stage(by=people.cadre, at=moment(), application=application)) == PASS


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_at_any_length(people, count):
    for _ in range(count):
        cases.somebody_elses(people)
    warm(people)
    found = Application.objects.in_reach(people.staff).select_related("applicant", "region", "handler")
    assert cost(lambda: [(a, a.staff_label, a.due_on, a.applicant, a.handler) for a in found]) == 1
    assert cost(lambda: list(Application.objects.visible_to(people.cadre))) == 1
    assert cost(lambda: list(Application.objects.waiting_for(people.cadre))) == 1
