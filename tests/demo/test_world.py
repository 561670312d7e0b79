"""The played year: in order, and not stopped by what the product refuses on its day."""

from datetime import timedelta
from random import Random

import pytest

from talentmap.demo.world import World
from talentmap.ui.errors import Refused
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
NOW = moment()


@pytest.fixture
def said():
    return []


@pytest.fixture
def world(said):
    return World(rng=Random(7), begin=NOW - timedelta(days=60), end=NOW, say=said.append)


def refuse(at):
    raise Refused("has a purchase subsidy by now")


def test_what_is_refused_is_said_and_the_year_goes_on(world, said):
    happened = []
    world.on(NOW - timedelta(days=2), refuse)
    world.on(NOW - timedelta(days=1), happened.append)
    world.play()
    assert happened == [NOW - timedelta(days=1)]
    assert any("has a purchase subsidy by now" in line for line in said)


def test_a_fault_of_the_program_is_no_refusal(world):
    world.on(NOW, lambda at: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        world.play()
