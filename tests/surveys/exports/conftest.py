import pytest
from django.utils import translation

from needs.surveys.exports.tasks import make_export


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """What would be sent to a worker; the tests under tests/crash have real ones."""
    sent = []
    monkeypatch.setattr(make_export, "apply_async", lambda args, **how: sent.append(args[0]))
    return sent


@pytest.fixture
def english():
    with translation.override("en"):
        yield
