"""Workers killed in the middle of a message, a queue that forgot everything: nobody is told twice or never."""

import pytest
from django.utils import timezone

from talentmap.embedded import valkey
from talentmap.notices.models import Delivery, Notice
from tests.crash.conftest import Platform
from tests.factories.accounts import UserFactory
from tests.factories.notices import DeliveryFactory

pytestmark = pytest.mark.xdist_group("crash")


@pytest.fixture
def message(platform: Platform) -> Delivery:
    now = timezone.now()
    return DeliveryFactory.create(next_try_at=now, notice__created_at=now)


def state_of(message: Delivery) -> str:
    message.refresh_from_db()
    return message.state


def let_the_lease_run_out(message: Delivery) -> None:
    """The five minutes for which a claim is believed, without waiting for them."""
    assert Delivery.objects.filter(pk=message.pk, state="sending").update(next_try_at=timezone.now())


def stop_inside(platform: Platform, provider: str) -> object:
    """Start the platform and give its worker at the moment in which it is in the middle of the message."""
    platform.uses(provider)
    worker = platform.worker()
    platform.beat()
    platform.wait_for((platform.outbox / "reached").exists, "the worker to be in the middle of the message")
    return worker


def restart(platform: Platform, message: Delivery) -> None:
    (platform.outbox / "go").touch()
    platform.worker()
    let_the_lease_run_out(message)
    platform.wait_for(lambda: state_of(message) == "sent", "the sweep to send the message")


@pytest.mark.parametrize("provider", ["DiesBefore", "DiesAfter"])
def test_a_killed_workers_message_arrives_once(platform, message, provider):
    worker = stop_inside(platform, provider)
    platform.kill(worker)
    assert state_of(message) == "sending"

    restart(platform, message)

    assert platform.arrived == [str(message.token)]
    assert message.attempts == 2


def test_negative_control_without_the_token_the_provider_would_send_twice(platform, message):
    worker = stop_inside(platform, "DiesAfterAndForgets")
    platform.kill(worker)

    restart(platform, message)

    assert platform.arrived == [str(message.token)] * 2


def test_a_killed_pool_process_does_not_lose_the_message(platform, message):
    worker = stop_inside(platform, "DiesBefore")
    (platform.outbox / "reached").unlink()
    platform.kill_child(worker)
    (platform.outbox / "go").touch()

    let_the_lease_run_out(message)
    platform.wait_for(lambda: state_of(message) == "sent", "the sweep to send the message")

    assert platform.arrived == [str(message.token)]


TELL = """
from django.utils import timezone
from talentmap.accounts.models import User
from talentmap.notices.actions import notify
from talentmap.notices.kinds import Group, NoticeKind
kind = NoticeKind("test_crash", Group.ACCOUNT, "Subject", "Text", ("sms",))
notify(by=None, at=timezone.now(), recipient=User.objects.get(pk={pk}), kind=kind, key="crash")
"""


def test_a_flushed_queue_forgets_nobody(platform):
    """The task is in the queue, the queue is emptied, and the message arrives all the same, once."""
    platform.uses("DiesAfter")
    (platform.outbox / "go").touch()
    person = UserFactory.create(mobile="13812345678")
    platform.run(TELL.format(pk=person.pk))
    message = Delivery.objects.get(notice=Notice.objects.get(recipient=person))
    assert platform.queue.llen("celery") == 1

    platform.queue.flushall()
    platform.worker()
    platform.beat()
    platform.wait_for(lambda: state_of(message) == "sent", "the sweep to send the message")

    assert platform.arrived == [str(message.token)]
    assert message.attempts == 1


def test_negative_control_without_the_sweep_a_flushed_queue_loses_the_message(platform):
    platform.uses("DiesAfter")
    (platform.outbox / "go").touch()
    person = UserFactory.create(mobile="13812345678")
    platform.run(TELL.format(pk=person.pk))
    platform.queue.flushall()

    platform.worker()
    other = UserFactory.create(mobile="13812345679")
    platform.run(TELL.format(pk=other.pk))
    platform.wait_for(lambda: platform.arrived, "the worker to send what is still in the queue")

    assert Delivery.objects.get(notice__recipient=person).state == "pending"
    assert Delivery.objects.get(notice__recipient=other).state == "sent"


def test_a_broker_that_is_away_delays_but_does_not_fail_the_change(platform):
    platform.uses("DiesAfter")
    (platform.outbox / "go").touch()
    person = UserFactory.create(mobile="13812345678")
    valkey.stop(platform.places)

    platform.run(TELL.format(pk=person.pk))
    message = Delivery.objects.get(notice__recipient=person)
    assert message.state == "pending"
    valkey.start(platform.places)
    platform.worker()
    platform.beat()
    platform.wait_for(lambda: state_of(message) == "sent", "the sweep to send the message")

    assert platform.arrived == [str(message.token)]
