from datetime import date

import pytest
from django.core.cache import cache

from talentmap.casework.models import Application
from tests.factories import housing
from tests.factories.accounts import TownshipFactory
from tests.factories.casework import moment


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Figures are kept for a while: each test counts its own."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def office():
    """Two townships: one rent approved and one case waiting in the first, one submitted in the second; two of 2025."""
    office = housing.office()
    office.approved = housing.approved(office, housing.talent(office))
    housing.submitted(housing.talent(office))
    office.other = TownshipFactory()
    housing.submitted(housing.talent(office, region=office.other))
    for _number in range(2):
        case = housing.submitted(housing.talent(office))
        Application.objects.filter(pk=case.pk).update(submitted_at=moment(date(2025, 6, 2)))
    return office
