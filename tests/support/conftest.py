import pytest

from tests.factories import housing


@pytest.fixture
def office():
    return housing.office()


@pytest.fixture
def rent(office):
    """A master's: CNY 2,000 for the 36 months from 2026-03-12 to 2029-02-28."""
    return housing.approved(office, housing.talent(office))
