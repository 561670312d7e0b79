"""Every URL of the product, opened by nobody, by each role, and with another person's ids."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from talentmap.accounts.permissions import GRANTS, Permission, Role
from tests.accounts import (  # noqa: F401 - they register themselves
    sweep_samples,
    sweep_samples_cases,
    sweep_samples_loan_products,
    sweep_samples_loans,
    sweep_samples_mentoring,
    sweep_samples_overview,
    sweep_samples_pathways,
    sweep_samples_surveys_campaigns,
    sweep_samples_surveys_exports,
    sweep_samples_surveys_filling,
    sweep_samples_surveys_questionnaires,
    sweep_samples_surveys_results,
    sweep_samples_surveys_review,
)
from tests.accounts.sweep import COUNTY_ROLES, SAMPLES, Sample, World

OPEN = {Permission.PUBLIC, Permission.SIGNED_IN}
ANSWERED = frozenset({200, 204, 302, 400, 405})
WITHOUT_TOKEN = frozenset({401, 429})  # who tries without too often is told to wait
SENT_AWAY = 401  # our word for a redirect to a page that one has to get past first
BARRIERS = ("sign_in", "second_factor_verify", "second_factor_setup", "password_change")


@dataclass(frozen=True)
class Url:
    name: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def permissions(self) -> tuple[str, ...]:
        return getattr(self.view, "permissions", ())

    @property
    def area(self) -> str:
        return self.name.rpartition(":")[0] or "accounts"

    @property
    def is_for_machines(self) -> bool:
        """Opened by a token alone: whoever is signed in gets no further than a stranger."""
        return getattr(self.view, "by_token", False)

    def grants(self, role: str) -> bool:
        return any(permission in OPEN or permission in GRANTS[role] for permission in self.permissions)

    def __str__(self) -> str:
        return self.name


def urls(patterns: Any, namespace: str = "", arguments: tuple[str, ...] = ()) -> Iterator[Url]:
    for pattern in patterns:
        taken = (*arguments, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from urls(pattern.url_patterns, inner, taken)
        elif isinstance(pattern, URLPattern):
            yield Url(f"{namespace}{pattern.name}", pattern.callback, taken)


def all_urls() -> list[Url]:
    return list(urls(get_resolver().url_patterns))


URLS = all_urls()


def test_every_url_has_a_name_and_declares_who_may_open_it():
    assert len(URLS) > 50
    assert [url.name for url in URLS if url.name.endswith("None")] == []
    assert [url.name for url in URLS if not url.permissions] == []
    assert [url.name for url in URLS if not all(each in Permission for each in url.permissions)] == []


def test_every_url_with_ids_has_a_sample_and_every_sample_a_url():
    assert {url.name for url in URLS if url.arguments} == set(SAMPLES)


AREAS = sorted({url.area for url in URLS})
in_each_area = pytest.mark.parametrize("area", AREAS)


def of(area: str, *, with_ids: bool = False) -> list[Url]:
    """Those for machines have no ids that a session could open; `tests/surveys/api` tries tokens at them,
    `tests/dashboards/test_board_tokens.py` the board's."""
    return [url for url in URLS if url.area == area and (not with_ids or (url.arguments and not url.is_for_machines))]


def opened(url: Url, session: str, arguments: dict[str, Any]) -> int:
    """The status of the page, or of an empty form sent where there is no page; nothing stays written."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    save = transaction.savepoint()
    try:
        address = reverse(url.name, kwargs=arguments)
        response = client.get(address)
        return _status(url, response if response.status_code != 405 else client.post(address))
    finally:
        transaction.savepoint_rollback(save)


def _status(url: Url, response: Any) -> int:
    is_barred = response.status_code == 302 and response.url.startswith(tuple(reverse(name) for name in BARRIERS))
    return SENT_AWAY if is_barred and url.name != "sign_out" else int(response.status_code)


@contextmanager
def sample_of(url: Url, world: World) -> Iterator[Sample]:
    """Made for one URL and gone with it, so that samples cannot stand in each other's way."""
    save = transaction.savepoint()
    try:
        yield SAMPLES[url.name](world) if url.arguments else Sample(here={}, reached_by=frozenset(Role.values))
    finally:
        transaction.savepoint_rollback(save)


@in_each_area
def test_nobody_who_is_not_signed_in_gets_further_than_the_sign_in(area, world):
    faults = []
    for url in of(area):
        with sample_of(url, world) as found:
            response = Client(raise_request_exception=False).get(reverse(url.name, kwargs=found.here))
        to_sign_in = response.status_code == 302 and response.url.startswith(reverse("sign_in"))
        answered = response.status_code in (WITHOUT_TOKEN if url.is_for_machines else ANSWERED | {404})
        if not (answered if Permission.PUBLIC in url.permissions else to_sign_in):
            faults.append((url.name, response.status_code))
    assert faults == []


def expected(url: Url, role: str, found: Sample) -> frozenset[int]:
    if url.is_for_machines:
        return WITHOUT_TOKEN
    if not url.grants(role) or role in found.refused:
        return frozenset({403})
    if role in found.reached_by or role in found.here_for or OPEN & set(url.permissions):
        return ANSWERED
    return frozenset({404})


@in_each_area
def test_each_role_opens_what_it_is_granted_and_nothing_else(area, world):
    faults = []
    for url in of(area):
        with sample_of(url, world) as found:
            for role, session in world.sessions.items():
                status = opened(url, session, found.here_for.get(role, found.here))
                if status not in expected(url, role, found):
                    faults.append((url.name, role, status, sorted(expected(url, role, found))))
    assert faults == []


@in_each_area
def test_another_persons_ids_are_not_found(area, world):
    faults = []
    for url in of(area, with_ids=True):
        with sample_of(url, world) as found:
            for role, session in world.sessions.items() if found.elsewhere else ():
                if url.grants(role) and (found.private or role not in COUNTY_ROLES):
                    status = opened(url, session, found.elsewhere)
                    faults += [(url.name, role, status)] if status != 404 else []
    assert faults == []


@in_each_area
def test_ids_of_nothing_are_not_found(area, world):
    faults = []
    for url in of(area, with_ids=True):
        with sample_of(url, world) as found:
            numbers = [name for name, value in found.here.items() if isinstance(value, int) and name != "year"]
            role = next(role for role in world.sessions if url.grants(role))
            for huge in (2**31 - 1, 10**30) if numbers else ():
                status = opened(url, world.sessions[role], {**found.here, **dict.fromkeys(numbers, huge)})
                faults += [(url.name, role, huge, status)] if status != 404 else []
    assert faults == []
