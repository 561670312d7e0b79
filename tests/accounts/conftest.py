import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client

from talentmap.accounts.permissions import Role
from tests.accounts.sweep import World
from tests.casework import sample


@pytest.fixture
def client_factory():
    """More browsers than the one that `client` is."""
    return Client


@pytest.fixture
def eager():
    """Background tasks run at once, in this process."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.fixture
def world(db):
    """What the sweeps open: one person of each role, signed in, and the sample service's tables."""
    cache.clear()
    sample.create_tables()
    made = World()
    assert set(made.sessions) == set(Role.values)
    return made
