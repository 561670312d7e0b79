"""The benchmark's office is one that the product's own constraints accept, and busy."""

import pytest
from django.db.models import Count, Sum
from django.utils import timezone

from benchmarks import cases, data, lists
from benchmarks.timing import signed_in
from talentmap.casework.models import Application, Transition
from talentmap.casework.states import State
from talentmap.money.models import LedgerLine, Payable

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def desks():
    made = data.prepare()
    data.grow_to(200, made)
    return made


def test_the_office_is_busy(desks):
    """Every state and stage, some of it overdue and on somebody's desk, with the steps that led there."""
    found = Application.objects.values_list("state", "stage")
    assert {(state, stage) for state, stage in found if stage} == {each for each in cases.SHARES if each[1]}
    assert set(found.values_list("state", flat=True)) == set(State.values) - {State.DRAFT}
    assert Application.objects.filter(handler__isnull=False).exists()
    assert Application.objects.overdue(timezone.localdate()).exists()
    closed = Transition.objects.filter(application__state=State.CLOSED).values("application")
    counts = closed.annotate(steps=Count("pk")).values_list("steps", flat=True)
    assert set(counts) == {8, 10}  # ten where it was returned once
    for case in Application.objects.prefetch_related("transitions"):
        assert list(case.transitions.all())[-1].to_state == case.state
    assert LedgerLine.objects.aggregate(total=Sum("amount"))["total"] == 0
    assert {"due", "paid"} <= set(Payable.objects.values_list("state", flat=True))


def test_every_measured_page_opens(desks, settings):
    settings.ROOT_URLCONF = "benchmarks.urls"
    case = Application.objects.filter(state=State.IN_REVIEW, stage="office").earliest("pk")
    readers = {"staff": desks.staff[0], "cadre": next(iter(desks.cadres.values()))}
    pages = [*((each.url, each.reader) for each in (*lists.LISTS, *lists.DASHBOARDS)), ("/bare/?rows=50", "staff")]
    for url, reader in [*pages, (f"/cases/{case.pk}/", "staff")]:
        assert signed_in(readers[reader]).get(url).status_code == 200, url
