import pytest
from django.test import Client

from talentmap.accounts.permissions import Role
from tests.factories.accounts import user_with
from tests.factories.surveys_questionnaires import office


@pytest.fixture
def staff(db):
    return office(display_name="李经办")


@pytest.fixture
def cadre(db):
    return user_with(Role.TOWNSHIP_CADRE)


@pytest.fixture
def as_user():
    """`as_user(somebody)` gives a client in which that person is signed in."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="talentmap.accounts.backends.NameOrMobileBackend")
        return client

    return signed_in
