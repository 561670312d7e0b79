import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Figures are kept for a minute: each test counts its own."""
    cache.clear()
    yield
    cache.clear()
