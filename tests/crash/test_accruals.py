"""The nightly accrual: its worker killed in the middle, its queue flushed; every month is booked once all the same."""

from datetime import date, timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from support.housing.models import Accrual
from tests.crash.conftest import every_second
from tests.factories import housing

pytestmark = pytest.mark.xdist_group("crash")

AFTER_THE_MONTHS = "support.housing.actions.accruing:make_payable"
RUN = "from support.housing.tasks import accrue_rent_subsidies; accrue_rent_subsidies.delay()\n"


@pytest.fixture
def running(platform):
    """Two rent subsidies, approved some 140 days ago."""
    office = housing.office()
    on = timezone.localdate() - timedelta(days=150)
    return [housing.approved(office, housing.talent(office), on=on) for _person in range(2)]


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def first_of_quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def stop_inside(platform, *, unguarded: bool = False) -> None:
    platform.stops_at(AFTER_THE_MONTHS, unguarded=unguarded)
    worker = platform.worker()
    platform.run(RUN)
    platform.wait_for_stop()
    platform.kill(worker)


def nightly() -> None:
    """The night's task as beat runs it, but every second."""
    every_second(PeriodicTask(name="nightly", task="support.housing.tasks.accrue_rent_subsidies"))


def test_a_killed_worker_and_a_flushed_queue_lose_and_double_no_month(platform, running):
    stop_inside(platform)
    assert not Accrual.objects.exists()

    platform.queue.flushall()
    platform.runs_on()
    nightly()
    platform.worker()
    beat = platform.beat()
    today = timezone.localdate()
    expected = sum(months_between(row.starts_on, today) for row in running)
    platform.wait_for(lambda: Accrual.objects.count() >= expected, "the next night to book the months")
    platform.kill(beat)
    platform.run(RUN * 2)
    platform.wait_for(lambda: not platform.queue.exists("celery", "unacked"), "more nights to pass")

    assert Accrual.objects.count() == expected
    for row in running:
        assert row.accruals.count() == months_between(row.starts_on, today)
        payable = row.application.payables.aggregate(total=Sum("amount"))["total"]
        assert payable == 2000 * months_between(row.starts_on, first_of_quarter(today))


def test_control_without_the_transaction_half_of_it_is_left_behind(platform, running):
    stop_inside(platform, unguarded=True)
    assert Accrual.objects.exists()
    assert not Accrual.objects.exclude(payable=None).exists()
