"""The sample service and the people of one township, as for casework's own tests; a signed-in client for each."""

import pytest
from django.test import Client

from tests.casework.conftest import django_db_setup, people, rules_in_force

__all__ = ["django_db_setup", "people", "rules_in_force"]


@pytest.fixture
def as_user():
    """`as_user(somebody)` gives a client in which that person is signed in."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="talentmap.accounts.backends.NameOrMobileBackend")
        return client

    return signed_in


@pytest.fixture
def now(monkeypatch):
    """`now(moment)` sets the clock that the views read."""
    from django.utils import timezone

    def set_to(moment) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to
