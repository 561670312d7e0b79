"""The board says of which days and of which place its numbers are."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.permissions import Role
from tests.dashboards.board import asked, token_of
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, give, user_with

pytestmark = pytest.mark.django_db


def title(client):
    page = client.get(reverse("dashboards:board")).content.decode()
    return re.search(r"<h1>(.*?)</h1>", page).group(1)


def test_after_midnight_the_numbers_come_with_the_period_they_are_of(client, monkeypatch):
    office = housing.office()
    client.force_login(office.leader)
    day = date(2026, 11, 25)
    monkeypatch.setattr(timezone, "localdate", lambda *_moment: day)
    page = client.get(reverse("dashboards:board"), {"period": "month"}).content.decode()
    assert "2026-11-01 – 2026-11-25" in page
    assert "2026-10-01 至 2026-10-25" in page
    token = token_of(client, {"period": "month"})
    day += timedelta(days=1)
    told = asked(token).json()
    assert told["period"] == "2026-11-01 – 2026-11-26"
    assert "2026-10-01 至 2026-10-26" in told["compared"]
    day = date(2026, 12, 1)
    told = asked(token).json()
    assert (told["period"], told["maps"][0]["trend"]["labels"]) == ("2026-12-01 – 2026-12-01", ["2026-12"])


def test_the_board_bears_the_name_of_what_its_reader_reaches(client):
    office = housing.office()
    client.force_login(office.leader)
    assert title(client) == "高县人才三张图"
    one = user_with(Role.TOWNSHIP_CADRE, region=TownshipFactory(name="沙河镇"))
    client.force_login(one)
    assert title(client) == "沙河镇人才三张图"
    give(one, Role.TOWNSHIP_CADRE, region=TownshipFactory(name="文江镇"))
    assert title(client) == "本人负责的乡镇人才三张图"
