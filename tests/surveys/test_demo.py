"""The demo county's surveys, small: through the product's own actions, in all states, closed where they are over."""

from datetime import date, timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from needs.surveys import demo
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.queries import readiness
from needs.surveys.responses.models import Response
from needs.surveys.results.models import Margin
from talentmap.accounts.permissions import Role
from talentmap.demo.world import World
from talentmap.regions.models import Region
from tests.factories.accounts import CountyFactory, user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
NOW = moment(date(2026, 11, 23))


@pytest.fixture
def world():
    call_command("load_reference_data", verbosity=0)
    made = World(rng=Random(7), begin=NOW - timedelta(days=365), end=NOW, say=lambda line: None)
    for township in Region.objects.townships().order_by("code"):
        made.townships[township.name] = township
        made.villages[township.pk] = [township, *Region.objects.filter(parent=township).order_by("code")]
        made.cadres[township.pk] = user_with(Role.TOWNSHIP_CADRE, region=township)
    county = CountyFactory()
    made.staff = [user_with(Role.OFFICE_STAFF, region=county) for _each in range(2)]
    made.director = user_with(Role.OFFICE_DIRECTOR, region=county)
    return made


def test_two_surveys_are_played(world, monkeypatch):
    monkeypatch.setattr(demo, "VILLAGERS", 60)
    monkeypatch.setattr(demo, "TALENTS", 20)
    demo.surveys(world)
    world.play()
    villagers, talents = Campaign.objects.order_by("-starts_on")

    assert (villagers.state, talents.state) == ("open", "closed")
    assert villagers.takes_answers(timezone.localdate(NOW))
    assert readiness(villagers).doubts == []
    assert 50 <= Response.objects.filter(campaign=villagers).count() <= 60  # some phones have no network yet
    assert Response.objects.filter(campaign=talents).count() == 20
    found = Response.objects.filter(campaign=villagers)
    assert {"pending", "approved"} <= set(found.values_list("state", flat=True))
    assert set(found.values_list("channel", flat=True)) == {"interview", "self"}
    assert not found.filter(age_band="").exists()
    assert not found.filter(occupation="").exists()
    assert found.exclude(personal="").exists()
    assert sum(villagers.quotas.values_list("target", flat=True)) == 900
    assert sum(talents.quotas.values_list("target", flat=True)) == 160
    assert not Response.objects.filter(is_dirty=True).exists()  # results are there before a worker runs


def test_the_margins_of_the_demo_sum_to_one_population(world, monkeypatch):
    monkeypatch.setattr(demo, "VILLAGERS", 1)
    monkeypatch.setattr(demo, "TALENTS", 1)
    demo.surveys(world)
    world.play()
    sums = Margin.objects.values("dimension").annotate(people=Sum("population")).values_list("dimension", "people")
    assert {dimension for dimension, _people in sums} == {"township", "age_band", "sex"}
    assert len({people for _dimension, people in sums}) == 1
