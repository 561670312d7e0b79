"""What the public says, and what it stops."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework import actions
from talentmap.casework.models import Objection
from talentmap.casework.states import State
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import casework as cases
from tests.factories.accounts import user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
AFTER_NOTICE = moment(date(2026, 3, 12))


@pytest.fixture
def application(people):
    return cases.on_notice(people)


def object_to(application, **given):
    return actions.object_to(by=None, at=moment(), application=application, text="He has a house.", **given)


def ended(application):
    return actions.end_notice(by=User.objects.system(), at=AFTER_NOTICE, application=application)


def answer(people, objection, upheld=False):
    return actions.answer_objection(
        by=people.staff, at=AFTER_NOTICE, objection=objection, upheld=upheld, answer="We looked."
    )


def approve(people, application):
    return actions.approve(by=people.director, at=AFTER_NOTICE, application=application)


def test_an_objection_blocks_the_approval_until_answered(people, application):
    objection = object_to(application, name="李", contact="13812345678")
    application = ended(application)
    with pytest.raises(Refused, match="1 objection"):
        approve(people, application)
    answer(people, objection)
    assert approve(people, application).state == State.APPROVED


def test_an_upheld_objection_leaves_only_the_rejection(people, application):
    answer(people, object_to(application), upheld=True)
    application = ended(application)
    with pytest.raises(Refused, match="upheld"):
        approve(people, application)
    done = actions.reject(by=people.director, at=AFTER_NOTICE, application=application, reason="Owns a home.")
    assert done.state == State.REJECTED


def test_it_may_be_rejected_during_the_notice(people, application):
    done = actions.reject(by=people.director, at=moment(), application=application, reason="Owns a home.")
    assert (done.state, done.paused_at) == (State.REJECTED, None)


def test_only_while_on_notice(people, application):
    with pytest.raises(Refused, match="not on public notice"):
        actions.object_to(by=None, at=AFTER_NOTICE, application=application, text="Late")
    with pytest.raises(Refused, match="not on public notice"):
        object_to(ended(application))
    with pytest.raises(Refused):
        actions.object_to(by=None, at=moment(), application=cases.somebody_elses(people), text="x")


def test_an_empty_objection_says_nothing(application):
    with pytest.raises(Refused):
        actions.object_to(by=None, at=moment(), application=application, text="  ")


def test_who_answers_is_told_of_each_objection(people, application):
    object_to(application)
    object_to(application)
    assert Notice.objects.filter(kind="case_objection", recipient=people.staff).count() == 2
    assert not Notice.objects.filter(kind="case_objection", recipient=people.cadre).exists()


def test_an_answer_is_given_once_with_its_reasons(people, application):
    objection = object_to(application)
    with pytest.raises(Refused):
        actions.answer_objection(by=people.staff, at=moment(), objection=objection, upheld=True, answer=" ")
    answer(people, objection)
    with pytest.raises(Refused, match=str(people.staff)):
        answer(people, objection)
    assert Objection.objects.get().state == Objection.State.DISMISSED


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CADRE, Role.TALENT, Role.COUNTY_LEADER])
def test_others_do_not_answer(application, role):
    objection = object_to(application)
    with pytest.raises(PermissionDenied):
        actions.answer_objection(by=user_with(role), at=moment(), objection=objection, upheld=False, answer="No")


def test_contact_data_is_encrypted(application):
    from django.db import connection

    object_to(application, contact="13812345678")
    with connection.cursor() as cursor:
        cursor.execute("select contact from talentmap_objection")
        assert "13812345678" not in cursor.fetchone()[0]
    assert Objection.objects.get().contact == "13812345678"
