import pytest
from django.utils.translation import override

from tests.casework.conftest import django_db_setup
from tests.factories import pathways

__all__ = ["django_db_setup"]


@pytest.fixture(autouse=True)
def english():
    """Refusals are matched by their source words."""
    with override("en"):
        yield


@pytest.fixture
def town():
    return pathways.Town()


@pytest.fixture
def accompanied(town):
    """The town's mentor accompanies its talent."""
    with pathways.accompanied((town.mentor, town.talent)) as pairs:
        yield pairs


@pytest.fixture
def signed_in(client):
    def as_(user):
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return as_
