"""The sample service with its tables, the rules in force, and the people who decide."""

from dataclasses import dataclass

import pytest
from django.utils import translation

from talentmap.accounts.models import User
from tests.casework import sample
from tests.factories import casework as cases


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        sample.create_tables()


@pytest.fixture(autouse=True)
def _in_english():
    """Messages are compared in the source language."""
    with translation.override("en"):
        yield


@pytest.fixture
def rules_in_force(db):
    """The default deadlines and the known calendar years."""
    cases.rules_in_force()


@dataclass
class People:
    talent: User
    cadre: User
    staff: User
    staff2: User
    director: User
    director2: User


@pytest.fixture
def people(rules_in_force) -> People:
    return People(**cases.people())
