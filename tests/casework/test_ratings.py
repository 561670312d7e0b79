"""Five grades; the lowest two are called back in a day and mended in fifteen."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.permissions import Role
from talentmap.casework import actions
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import casework as cases
from tests.factories.accounts import user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 13)


@pytest.fixture
def poor(people):
    return actions.rate(
        by=people.talent, at=moment(FRIDAY), application=cases.approved(people), score=2, comment="Slow"
    )


def test_a_poor_grade_starts_two_deadlines(people, poor):
    assert (poor.call_back_due_on, poor.mended_due_on) == (date(2026, 3, 16), date(2026, 4, 3))
    told = Notice.objects.filter(kind="case_poor_rating").values_list("recipient", flat=True)
    assert set(told) == {u.pk for u in (people.staff, people.staff2, people.director, people.director2)}


def test_a_good_grade_starts_none(people):
    rating = actions.rate(by=people.talent, at=moment(FRIDAY), application=cases.approved(people), score=5)
    assert (rating.call_back_due_on, rating.is_poor) == (None, False)
    with pytest.raises(Refused):
        actions.call_back(by=people.staff, at=moment(), rating=rating, note="x")


def test_once_after_the_decision_by_the_applicant(people, poor):
    with pytest.raises(Refused, match="already"):
        actions.rate(by=people.talent, at=moment(FRIDAY), application=poor.application, score=5)
    with pytest.raises(PermissionDenied):
        actions.rate(by=people.staff, at=moment(FRIDAY), application=poor.application, score=5)
    running = cases.somebody_elses(people)
    with pytest.raises(Refused, match="decided"):
        actions.rate(by=running.applicant.user, at=moment(), application=running, score=5)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_grades_are_five(people, score):
    with pytest.raises(Refused):
        actions.rate(by=people.talent, at=moment(), application=cases.approved(people), score=score)


def test_called_back_then_mended_each_once(people, poor):
    with pytest.raises(Refused, match="first"):
        actions.mend(by=people.staff, at=moment(), rating=poor, note="x")
    with pytest.raises(Refused):
        actions.call_back(by=people.staff, at=moment(), rating=poor, note=" ")
    poor = actions.call_back(by=people.staff, at=moment(), rating=poor, note="He waited a month.")
    with pytest.raises(Refused, match=str(people.staff)):
        actions.call_back(by=people.staff2, at=moment(), rating=poor, note="x")
    poor = actions.mend(by=people.staff2, at=moment(), rating=poor, note="Apologised.")
    assert poor.mended_by == people.staff2
    with pytest.raises(Refused, match=str(people.staff2)):
        actions.mend(by=people.staff, at=moment(), rating=poor, note="x")


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER, Role.TALENT])
def test_others_do_not_call_back(poor, role):
    with pytest.raises(PermissionDenied):
        actions.call_back(by=user_with(role), at=moment(), rating=poor, note="x")
