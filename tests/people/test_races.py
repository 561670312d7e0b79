"""Two counters register the same person at the same moment."""

import threading

import pytest
from django.db import connection

from talentmap.accounts.permissions import Role
from talentmap.people import actions
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories.accounts import user_with
from tests.factories.people import AT, TalentFactory, id_number, talent_with_account
from tests.races import run_together

CONSTRAINT = "talentmap_talent_id_number_once"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def register():
    staff = user_with(Role.OFFICE_STAFF)
    staff.may("view_people")
    data = {"name": "张伟", "id_number": id_number(1)}
    return lambda index: actions.create_talent(by=staff, at=AT, consented=True, data=data)


def test_one_number_makes_one_file(register):
    outcomes = run_together(register, 6)
    assert sum(isinstance(outcome, Talent) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 5
    assert Talent.objects.count() == 1


def test_without_the_constraint_the_same_race_makes_doubles(register):
    constraint = next(c for c in Talent._meta.constraints if c.name == CONSTRAINT)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Talent, constraint)
    try:
        run_together(register, 6)
        assert Talent.objects.count() > 1
    finally:
        Talent.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Talent, constraint)


def _change(talent, staff):
    return lambda index: actions.update_talent(
        by=staff, at=AT, talent=talent, changes={"major": f"专业{index}"}, expected_version=1
    )


def test_of_several_who_saw_the_same_page_one_writes():
    staff = user_with(Role.OFFICE_STAFF)
    talent = TalentFactory()
    outcomes = run_together(_change(talent, staff), 5)
    assert sum(isinstance(outcome, Talent) for outcome in outcomes) == 1
    assert Talent.objects.get().version == 2


def test_without_the_row_lock_several_believe_to_have_written(monkeypatch):
    staff = user_with(Role.OFFICE_STAFF)
    talent = TalentFactory()
    all_have_read = threading.Barrier(5)

    def unlocked(row):
        found = Talent.objects.get(pk=row.pk)
        all_have_read.wait(30)
        return found

    monkeypatch.setattr("talentmap.people.actions_files.locked", unlocked)
    outcomes = run_together(_change(talent, staff), 5)
    assert sum(isinstance(outcome, Talent) for outcome in outcomes) > 1


def test_a_consent_given_twice_at_once_is_one():
    talent = talent_with_account()
    run_together(lambda index: actions.give_consent(by=talent.user, at=AT, talent=talent, purpose="sharing"), 5)
    assert talent.consents.count() == 1
