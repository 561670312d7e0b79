"""Makes the demo county: accounts, register, then a year of work."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from talentmap.demo import accounts, people
from talentmap.demo.registry import discover
from talentmap.demo.world import World
from talentmap.regions.models import Region

DEFAULT_SEED = 511525
YEAR = timedelta(days=365)


def seed(*, now: datetime, seed: int = DEFAULT_SEED, say: Callable[[str], None]) -> World:
    """Fill an empty database that has its reference data; returns the world that was made."""
    world = World(rng=Random(seed), begin=now - YEAR, end=now, say=say)  # noqa: S311 - a demo, not a draw
    for township in Region.objects.townships().order_by("code"):
        world.townships[township.name] = township
        world.villages[township.pk] = [township]
    for village in Region.objects.filter(level="village").select_related("parent").order_by("code"):
        world.villages[village.parent_id].append(village)
    accounts.hire(world)
    people.register_organisations(world)
    accounts.hire_partners(world)
    say("Registering talents")
    people.register_talents(world)
    for part in discover():
        part(world)
    say("Playing a year of work, which takes a minute or two")
    world.play()
    return world
