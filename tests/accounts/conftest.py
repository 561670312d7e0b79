import pytest
from django.test import Client


@pytest.fixture
def client_factory():
    """More browsers than the one that `client` is."""
    return Client
