"""Two at once, over real connections. Each race has its negative control: without the guard the double is seen."""

import threading
from contextlib import contextmanager, suppress
from datetime import date

import pytest
from django.db import connection

from talentmap.accounts.models import User
from talentmap.casework import actions, sweeps
from talentmap.casework.actions.sending import take_number
from talentmap.casework.models import Application, Snapshot, Transition
from talentmap.casework.querysets import ApplicationQuerySet
from talentmap.casework.states import Action, State
from talentmap.ui.errors import Refused
from tests.casework.sample import SampleScheme, effects
from tests.factories import casework as cases
from tests.factories.casework import moment
from tests.races import run_together

pytestmark = pytest.mark.django_db(transaction=True)
AFTER_NOTICE = moment(date(2026, 3, 12))


@pytest.fixture(autouse=True)
def _slow_reading(request, monkeypatch):
    """Two have read before anybody writes. Where a lock makes the second wait, the first goes on after a moment;
    without one both come, however slow the machine is."""
    read, another_has_read = ApplicationQuerySet.get, threading.Barrier(2)
    seconds = 30 if "unlocked" in request.fixturenames else 0.5

    def get_slowly(self, *args, **kwargs):
        found = read(self, *args, **kwargs)
        if threading.current_thread() is not threading.main_thread():  # which only prepares
            with suppress(threading.BrokenBarrierError):
                another_has_read.wait(seconds)
            another_has_read.abort()
        return found

    monkeypatch.setattr(ApplicationQuerySet, "get", get_slowly)


@pytest.fixture
def unlocked(monkeypatch):
    """The guard off: rows are read without a lock."""
    monkeypatch.setattr(ApplicationQuerySet, "select_for_update", lambda self, **_: self)


@contextmanager
def without(model, *names):
    """The constraint behind the guard off; what it would have refused is cleared away at the end."""
    constraints = [c for c in model._meta.constraints if c.name in names]
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        Application.objects.update(state=State.WITHDRAWN, stage="")
        with connection.cursor() as cursor:
            cursor.execute("truncate talentmap_transition, talentmap_snapshot")
        with connection.schema_editor() as editor:
            for constraint in constraints:
                editor.add_constraint(model, constraint)


def done(outcomes):
    return [o for o in outcomes if not isinstance(o, Exception)]


def refused(outcomes):
    return [o for o in outcomes if isinstance(o, Refused)]


def submit_four_times(people, draft):
    return run_together(lambda _: actions.submit(by=people.talent, at=moment(), application=draft), 4)


def test_a_fourfold_click_sends_once(people):
    draft = cases.draft(people.talent)
    outcomes = submit_four_times(people, draft)
    assert {a.number for a in done(outcomes)} == {"YB-2026-000001"}
    assert len(done(outcomes)) == 4
    assert Transition.objects.filter(action=Action.SUBMIT).count() == 1
    assert take_number("YB", 2026) == "YB-2026-000002"


def test_without_the_lock_it_would_be_sent_several_times(people, unlocked):
    draft = cases.draft(people.talent)
    with without(Transition, "talentmap_transition_once"), without(Snapshot, "talentmap_snapshot_once_a_round"):
        submit_four_times(people, draft)
        assert Transition.objects.filter(action=Action.SUBMIT).count() > 1


def start_four_times(people):
    return run_together(
        lambda _: actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent),
        4,
    )


def test_starting_four_times_makes_one_draft(people):
    outcomes = start_four_times(people)
    assert len({a.pk for a in done(outcomes)}) == 1
    assert len(done(outcomes)) == 4
    assert Application.objects.count() == 1


def test_without_the_constraint_there_would_be_several_drafts(people):
    with without(Application, "talentmap_application_one_open"):
        start_four_times(people)
        assert Application.objects.count() > 1


def two_reviewers(people, application):
    seen = application.version

    def decide(index):
        if index:
            return actions.reject(
                by=people.staff2, at=moment(), application=application, reason="No.", expected_version=seen
            )
        return actions.pass_stage(by=people.staff, at=moment(), application=application, expected_version=seen)

    return run_together(decide, 2)


def test_of_two_reviewers_the_second_is_told(people):
    application = cases.at_office(people)
    outcomes = two_reviewers(people, application)
    assert (len(done(outcomes)), len(refused(outcomes))) == (1, 1)
    fresh = Application.objects.get(pk=application.pk)
    assert fresh.state == done(outcomes)[0].state
    assert fresh.version == application.version + 1
    assert str(fresh.transitions.last().by) in str(refused(outcomes)[0])


def test_without_the_lock_the_second_would_overwrite_the_first(people, unlocked):
    application = cases.at_office(people)
    assert len(done(two_reviewers(people, application))) == 2
    assert application.transitions.filter(stage="office").count() == 2


def approve_twice(people, application):
    approvers = (people.director, people.director2)
    return run_together(lambda n: actions.approve(by=approvers[n], at=AFTER_NOTICE, application=application), 2)


def test_approved_twice_takes_effect_once(people):
    application = cases.awaiting_decision(people)
    outcomes = approve_twice(people, application)
    assert (len(done(outcomes)), len(refused(outcomes))) == (1, 1)
    assert effects(application) == 1


@pytest.fixture
def both_read_first(monkeypatch):
    """Neither of two approvals goes on before both have read the case."""
    both, judge = threading.Barrier(2), SampleScheme.check_approval

    def check_approval(*args):
        both.wait(30)
        return judge(*args)

    monkeypatch.setattr(SampleScheme, "check_approval", check_approval)


def test_without_the_guards_it_would_take_effect_twice(people, unlocked, both_read_first):
    application = cases.awaiting_decision(people)
    with without(Transition, "talentmap_transition_once"):
        approve_twice(people, application)
        assert effects(application) == 2


def test_withdrawn_while_being_approved_is_one_or_the_other(people):
    application = cases.awaiting_decision(people)

    def act(index):
        if index:
            return actions.withdraw(by=people.talent, at=AFTER_NOTICE, application=application)
        return actions.approve(by=people.director, at=AFTER_NOTICE, application=application)

    outcomes = run_together(act, 2)
    assert (len(done(outcomes)), len(refused(outcomes))) == (1, 1)
    final = Application.objects.get(pk=application.pk)
    assert effects(application) == (final.state == State.APPROVED)


def test_two_sweeps_at_once_end_a_notice_once(people):
    cases.on_notice(people)
    User.objects.system()
    assert sum(run_together(lambda _: sweeps.end_notices(AFTER_NOTICE), 3)) == 1
    assert Transition.objects.filter(action=Action.END_NOTICE).count() == 1


def test_numbers_are_given_once(people):
    numbers = run_together(lambda _: take_number("YB", 2026), 8)
    assert len(set(numbers)) == 8
