"""An office with a clock of its own, and people who sign in with passwords at a desk or a phone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from talentmap.people.models import Talent
from tests.browser import SIZES, Visitor
from tests.factories import housing
from tests.factories.accounts import UserFactory
from tests.factories.casework import moment

PASSWORD = "Gaoxian-2026-Tea"
NAME = "林小茶"


class Clock:
    """The product's clock: runs on from the moment that it was last set to."""

    def __init__(self) -> None:
        self._real = timezone.now
        self.set(moment())

    def set(self, at: datetime) -> None:
        self._ahead = at - self._real()

    def now(self) -> datetime:
        return self._real() + self._ahead

    def on(self, day: date, hour: int = 10) -> None:
        self.set(moment(day, hour))


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """The live server runs in this process, so that it reads the same clock."""
    made = Clock()
    monkeypatch.setattr(timezone, "now", made.now)
    return made


@dataclass
class Town:
    """The office, and the talent who has an account and a file but has not consented to anything yet."""

    office: housing.Office
    talent: Talent


@pytest.fixture
def town(transactional_db, clock) -> Town:
    office = housing.office(budget=100_000)
    user = UserFactory(username="linxiaocha", display_name=NAME)
    talent = housing.talent(
        office, consents=(), user=user, name=NAME, phone="13900000001", bank_account_name=NAME, address="庆符镇"
    )
    for person in (user, office.cadre, office.staff, office.director):
        person.set_password(PASSWORD)
        person.save()
    return Town(office, talent)


@pytest.fixture(params=SIZES)
def size(request) -> tuple[int, int]:
    return SIZES[request.param]


@pytest.fixture
def visit(chromium, live_server, size) -> Callable[[], Visitor]:
    """A window of somebody who has not signed in."""
    return lambda: Visitor(chromium, live_server.url, size)


@pytest.fixture
def enter(visit) -> Callable[[Any], Visitor]:
    """A window of somebody who has just signed in with name and password."""

    def entered(user: Any) -> Visitor:
        window = visit()
        window.signs_in(user.username, PASSWORD)
        return window

    return entered
