import pytest

from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, user_with


@pytest.fixture
def staff(client):
    person = user_with(Role.OFFICE_STAFF)
    client.force_login(person)
    return person


@pytest.fixture
def township():
    return TownshipFactory(name="来复镇")


@pytest.fixture
def cadre(client, township):
    person = user_with(Role.TOWNSHIP_CADRE, region=township)
    client.force_login(person)
    return person
