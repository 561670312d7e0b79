import pytest
from django.utils import translation

from tests.factories import mentoring


@pytest.fixture(autouse=True)
def _in_english():
    """Refusals are matched by their source words."""
    with translation.override("en"):
        yield


@pytest.fixture
def office():
    return mentoring.office()


@pytest.fixture
def mentor(office):
    """An entrepreneur in tea with two places, who teaches e-commerce and marketing."""
    return mentoring.mentor(office)


@pytest.fixture
def pair(office, mentor):
    """Together since Monday, 2 March 2026."""
    return mentoring.pair(office, mentoring.talent(office), mentor)
