"""Two people at once at the same milestone: one tick, one confirmation, one start; and what it would be unguarded."""

import pytest

from growth.pathways import actions
from growth.pathways.actions import ticking
from growth.pathways.models import Journey, Tick, TickAnswer
from talentmap.ui.errors import Refused, reasons
from tests.factories import pathways
from tests.factories.casework import moment
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


@pytest.fixture
def walkers(town):
    """Several people, each ticked by themselves and by the office at the same moment."""
    version = pathways.published()
    return [pathways.journey(town, version, town.another()) for _each in range(PEOPLE)]


def both_tick(town, walkers):
    def one(index):
        row = Journey.objects.get(pk=walkers[index // 2].pk)
        by = town.cadre if index % 2 else row.talent.user
        return actions.tick(by=by, at=moment(), journey=row, code="visit", text="x")

    return run_together(one, 2 * PEOPLE)


def ticked_twice():
    return sum(Tick.objects.filter(journey=row).count() > 1 for row in Journey.objects.all())


def test_the_talent_and_the_office_tick_at_once_and_there_is_one_tick(town, walkers):
    outcomes = both_tick(town, walkers)
    failed = [each for each in outcomes if isinstance(each, Exception)]
    assert len(failed) == PEOPLE
    assert all(isinstance(each, Refused) for each in failed)
    assert (Tick.objects.count(), ticked_twice()) == (PEOPLE, 0)


@pytest.fixture
def without_locks(monkeypatch):
    monkeypatch.setattr(ticking, "lock_active", lambda journey: Journey.objects.get(pk=journey.pk))


@pytest.mark.usefixtures("without_locks")
def test_without_the_lock_the_database_still_refuses_the_second(town, walkers):
    outcomes = both_tick(town, walkers)
    failed = [each for each in outcomes if isinstance(each, Exception)]
    assert all(reasons(each) for each in failed)
    assert ticked_twice() == 0


@pytest.mark.usefixtures("without_locks")
def test_without_lock_and_constraint_there_would_be_two(town, walkers):
    """The negative control."""
    with without("growth_tick", "growth_tick_once_an_attempt"):
        both_tick(town, walkers)
        twice = ticked_twice()
    assert twice > 0


def both_confirm(town, ticks):
    people = (town.cadre, town.staff)
    return run_together(
        lambda i: actions.confirm(by=people[i % 2], at=moment(), tick=Tick.objects.get(pk=ticks[i // 2].pk)),
        2 * PEOPLE,
    )


@pytest.fixture
def waiting(walkers):
    return [pathways.ticked(row, "course") for row in walkers]


def test_two_confirm_at_once_and_one_is_told_that_somebody_was_faster(town, waiting):
    outcomes = both_confirm(town, waiting)
    failed = [each for each in outcomes if isinstance(each, Exception)]
    assert {type(each) for each in failed} == {Refused}
    assert TickAnswer.objects.count() == PEOPLE == len(failed)


@pytest.mark.usefixtures("without_locks")
def test_without_lock_and_constraint_there_would_be_two_confirmations(town, waiting):
    """The negative control."""
    with without("growth_tickanswer", "growth_tickanswer_confirmed_once"):
        both_confirm(town, waiting)
        count = TickAnswer.objects.count()
    assert count > PEOPLE


def start_twice(town, talents, version):
    def one(index):
        talent = talents[index // 2]
        by = town.cadre if index % 2 else talent.user
        return actions.start(by=by, at=moment(), talent=talent, pathway=version.pathway)

    run_together(one, 2 * len(talents))
    return Journey.objects.count()


def test_a_pathway_started_twice_at_once_is_started_once(town):
    version = pathways.published()
    assert start_twice(town, [town.another() for _each in range(PEOPLE)], version) == PEOPLE


def test_without_the_constraint_it_would_be_started_twice(town):
    """The negative control."""
    version = pathways.published()
    talents = [town.another() for _each in range(PEOPLE)]
    with without("growth_journey", "growth_journey_one_active"):
        started = start_twice(town, talents, version)
    assert started > PEOPLE
