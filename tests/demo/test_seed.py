"""The demo county, small: made by the product's own actions, synthetic, and the same again from the same seed."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Sum

from growth.loans import demo as loans_demo
from growth.mentoring import demo as mentoring_demo
from needs.surveys import demo as surveys_demo
from support.housing import demo as housing_demo
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.demo import names, people
from talentmap.demo.seed import seed
from talentmap.money.models import LedgerEntry, LedgerLine
from talentmap.people.identifiers import parse_id_number
from talentmap.people.models import Organisation, Talent
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
NOW = moment(date(2026, 11, 23))
PEOPLE = 42


@pytest.fixture(autouse=True)
def _small_county(monkeypatch):
    monkeypatch.setattr(people, "TALENTS", PEOPLE)
    monkeypatch.setattr(people, "FIRST_DAYS", 36)
    monkeypatch.setattr(housing_demo, "APPLICATIONS", 16)
    monkeypatch.setattr(mentoring_demo, "APPLICANTS", 6)
    monkeypatch.setattr(loans_demo, "APPLICATIONS", 1)
    monkeypatch.setattr(loans_demo, "STORIES", loans_demo.STORIES[::5])
    monkeypatch.setattr(surveys_demo, "VILLAGERS", 4)
    monkeypatch.setattr(surveys_demo, "TALENTS", 2)
    call_command("load_reference_data", verbosity=0)


def make(number=7):
    """What a county of that seed comes to; nothing of it stays."""
    with transaction.atomic():
        seed(now=NOW, seed=number, say=lambda line: None)
        found = list(Application.objects.order_by("pk").values_list("number", "applicant__name", "state"))
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_county_and_another_another():
    first = make()
    assert first == make()
    assert first != make(8)


def test_the_county_is_whole():
    seed(now=NOW, seed=7, say=lambda line: None)
    registered = set(Organisation.objects.values_list("name", flat=True))
    assert {name for name, *_rest in names.ORGANISATIONS} < registered  # and the bureau that has mentors
    assert Talent.objects.count() == PEOPLE
    assert LedgerLine.objects.aggregate(total=Sum("amount"))["total"] == 0
    assert not Application.objects.filter(submitted_at__gt=NOW).exists()
    for talent in Talent.objects.all():
        parse_id_number(talent.id_number, NOW.date())
        assert talent.id_number[14:17] >= "900"  # no serial that a registry gives out


def test_degrees_and_returns_come_at_an_age_that_can_be():
    seed(now=NOW, seed=7, say=lambda line: None)
    for talent in Talent.objects.all():
        ages = {"doctor": 28, "master": 25, "bachelor": 22}
        birthday = talent.birth_date.replace(year=talent.birth_date.year + ages.get(talent.education, 22))
        assert birthday <= talent.graduated_on < talent.returned_on <= NOW.date(), talent.education
    assert Talent.objects.get(user__username="talent").education == "master"


def test_every_state_and_every_stage_has_a_case():
    seed(now=NOW, seed=7, say=lambda line: None)
    found = Counter(Application.objects.values_list("state", flat=True))
    assert [state for state in State.values if not found[state]] == []
    in_review = Application.objects.filter(state=State.IN_REVIEW)
    assert {"township", "office", "director"} <= set(in_review.values_list("stage", flat=True))


@pytest.mark.parametrize("now", [date(2026, 2, 24), date(2026, 10, 8), date(2026, 12, 31)])
def test_every_state_has_a_case_on_any_day(now, monkeypatch):
    """After the spring festival, after the October holidays, at the end of the year; and nobody applies by chance."""
    monkeypatch.setattr(housing_demo, "APPLICATIONS", 0)
    seed(now=moment(now), seed=11, say=lambda line: None)
    assert set(State.values) == set(Application.objects.values_list("state", flat=True))
    entries = LedgerEntry.objects.annotate(total=Sum("lines__amount"))
    assert entries and not entries.exclude(total=0).exists()
