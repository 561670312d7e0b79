"""Phones in a browser, with a field to work in."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories.surveys_filling import Field
from tests.surveys.filling.phone import PHONE, Phone


@pytest.fixture
def field() -> Field:
    return Field()


@pytest.fixture
def phones(live_server, client, chromium) -> Iterator[Any]:
    made: list[Phone] = []

    def make(size=PHONE) -> Phone:
        made.append(Phone(chromium, live_server, client, size))
        return made[-1]

    yield make
    for phone in made:
        phone.context.close()
    assert [error for phone in made for error in phone.errors] == []


@pytest.fixture
def phone(phones) -> Phone:
    return phones()
