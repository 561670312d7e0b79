"""The benchmark's responses are ones that the product itself would have counted so."""

import pytest

from benchmarks.surveys import bare, loading, measures
from needs.surveys.responses.models import Response
from needs.surveys.tallies.proof import verify
from tests.factories.accounts import CountyFactory, TownshipFactory

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def field(monkeypatch):
    monkeypatch.setattr(loading, "PEOPLE", 50)
    county = CountyFactory()
    for _each in range(2):
        TownshipFactory(parent=county)
    office = loading.prepare()
    small, large, live = (loading.campaign(office, title) for title in ("small", "large", "live"))
    loading.fill(office, small, 20)
    loading.fill(office, large, 200)
    return measures.Field(office, small, large, live)


def test_what_is_copied_is_counted(field):
    assert Response.objects.count() == 220
    finding = verify()
    assert (finding.equal, finding.waiting) == (True, 0)
    assert finding.tallies > 500


def test_it_asks_25_questions(field):
    asked = [node for node in field.office.version.compiled["nodes"] if node["kind"] == "question"]
    assert len(asked) == 25
    assert set(field.office.people[0].answers) <= {node["id"] for node in asked}


def test_what_is_posted_to_the_bare_view_is_valid():
    form = bare.BareForm(bare.filled())
    assert len(form.fields) == bare.FIELDS
    assert form.is_valid(), form.errors
