"""People who are signed in."""

import pytest
from django.utils import translation

from tests.factories import money as made


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def staff(client):
    user = made.staff()
    client.force_login(user)
    return user


@pytest.fixture
def director(client):
    user = made.director()
    client.force_login(user)
    return user
