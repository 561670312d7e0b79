"""When a message is tried again."""

from datetime import timedelta

import pytest

from talentmap.notices import channels, rules
from tests.factories.notices import MORNING


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 120), (5, 360)])
def test_each_attempt_waits_longer_for_the_next(attempts, minutes):
    assert rules.next_try(attempts, MORNING) == MORNING + timedelta(minutes=minutes)


def test_the_sixth_attempt_is_the_last():
    assert rules.next_try(rules.MAX_ATTEMPTS, MORNING) is None


def test_a_notice_is_stale_after_three_days_and_not_a_second_earlier():
    at_limit = MORNING + timedelta(days=3)

    assert not rules.is_stale(MORNING, at_limit)
    assert rules.is_stale(MORNING, at_limit + timedelta(seconds=1))


def test_a_live_worker_never_outlasts_its_lease():
    assert rules.LEASE.total_seconds() > 10 * channels.TIME_LIMIT_SECONDS
