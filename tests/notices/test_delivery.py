"""Each message is sent once: claims, leases, retries, and two workers at the same message."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from talentmap.notices import channels, delivery, rules
from talentmap.notices.models import Channel, Delivery
from tests.factories.notices import MORNING, Clock, DeliveryFactory, NoticeFactory
from tests.races import run_together

pytestmark = pytest.mark.django_db


class RecordingSms(channels.ConsoleSms):
    """A provider that notes what it is handed and does as its `script` says, one step a message."""

    handed: list[str] = []
    script: list[Exception | None] = []

    def send(self, message):
        type(self).handed.append(message.token)
        if step := self.script.pop(0) if self.script else None:
            raise step


@pytest.fixture
def provider(settings):
    settings.SMS_CHANNEL = f"{__name__}.RecordingSms"
    RecordingSms.handed, RecordingSms.script = [], []
    return RecordingSms


def test_a_text_message_is_sent_and_marked(outbox):
    sms = DeliveryFactory(notice__recipient__mobile="13812345678", notice__recipient__language="en")

    assert delivery.deliver(sms.pk, Clock())

    sms.refresh_from_db()
    assert (sms.state, sms.attempts, sms.sent_at) == ("sent", 1, MORNING)
    [written] = list(outbox.iterdir())
    assert written.name == f"{sms.token}.txt"
    assert "Application ZF-2026-00012 moved on" in written.read_text()
    assert "138****5678" in written.read_text()
    assert "13812345678" not in written.read_text()


def test_a_mail_carries_text_link_and_identity(settings):
    settings.SITE_URL = "https://talent.example.org/"
    letter = DeliveryFactory(channel=Channel.EMAIL, notice__recipient__email="li@example.org")

    delivery.deliver(letter.pk, Clock())

    [sent] = mail.outbox
    assert sent.to == ["li@example.org"]
    assert sent.subject == "Application ZF-2026-00012 moved on"
    assert sent.body.endswith("https://talent.example.org/applications/12/")
    assert sent.extra_headers["Message-ID"] == f"<{letter.token}@talent.example.org>"


def test_a_sent_message_is_not_sent_again(provider):
    sms = DeliveryFactory()

    assert [delivery.deliver(sms.pk, Clock()) for _again in range(3)] == [True, False, False]
    assert len(provider.handed) == 1


def test_a_message_waits_for_its_time(provider):
    sms = DeliveryFactory(next_try_at=MORNING + timedelta(minutes=1))

    assert not delivery.deliver(sms.pk, Clock())
    assert provider.handed == []


def test_who_left_no_address_is_skipped(provider):
    sms = DeliveryFactory(notice__recipient__mobile="")

    delivery.deliver(sms.pk, Clock())

    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("skipped", "no_address")
    assert provider.handed == []


def test_a_closed_account_gets_nothing_more(provider):
    sms = DeliveryFactory(notice__recipient__is_active=False)

    delivery.deliver(sms.pk, Clock())

    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("skipped", "inactive")


def test_a_farewell_goes_to_the_last_address_and_forgets_it(provider):
    sms = DeliveryFactory(notice__recipient__mobile="", notice__recipient__is_active=False, address="13812345678")
    provider.script = [channels.TryLater("busy")]
    clock = Clock()

    delivery.deliver(sms.pk, clock)
    sms.refresh_from_db()
    assert (sms.state, sms.address) == ("pending", "13812345678")

    delivery.deliver(sms.pk, lambda: sms.next_try_at)
    sms.refresh_from_db()
    assert (sms.state, sms.address, len(provider.handed)) == ("sent", "", 2)


def test_old_news_stays_in_the_inbox(provider):
    sms = DeliveryFactory()

    delivery.deliver(sms.pk, Clock(MORNING + timedelta(days=4)))

    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("skipped", "too_old")
    assert provider.handed == []


def test_a_refusal_is_tried_again_later_as_a_new_message(provider):
    provider.script = [channels.TryLater("isv.BUSINESS_LIMIT_CONTROL")]
    sms, clock = DeliveryFactory(), Clock()

    delivery.deliver_due(clock)
    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("pending", "isv.BUSINESS_LIMIT_CONTROL")
    assert sms.next_try_at == MORNING + timedelta(minutes=1)
    assert delivery.deliver_due(clock) == 0
    clock.move(timedelta(minutes=1))
    delivery.deliver_due(clock)

    sms.refresh_from_db()
    assert (sms.state, sms.attempts) == ("sent", 2)
    assert provider.handed[0] != provider.handed[1]


def test_silence_is_tried_again_as_the_same_message(provider):
    provider.script = [TimeoutError("read timed out from 13812345678")]
    sms, clock = DeliveryFactory(), Clock()

    delivery.deliver_due(clock)
    clock.move(timedelta(minutes=1))
    delivery.deliver_due(clock)

    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("sent", "")
    assert provider.handed[0] == provider.handed[1]


def test_an_address_that_does_not_exist_is_given_up_at_once(provider):
    provider.script = [channels.GiveUp("isv.MOBILE_NUMBER_ILLEGAL")]
    sms = DeliveryFactory()

    delivery.deliver(sms.pk, Clock())

    sms.refresh_from_db()
    assert (sms.state, sms.attempts) == ("failed", 1)


def test_after_six_attempts_it_has_failed(provider):
    provider.script = [channels.TryLater("busy") for _attempt in range(99)]
    sms, clock = DeliveryFactory(), Clock()

    for _round in range(10):
        delivery.deliver_due(clock)
        clock.move(timedelta(hours=7))

    sms.refresh_from_db()
    assert (sms.state, sms.attempts, sms.error) == ("failed", 6, "busy")
    assert len(provider.handed) == 6


def test_what_a_dead_worker_held_is_sent_when_its_lease_is_over(provider):
    sms = DeliveryFactory()
    clock = Clock()
    assert delivery.claim(clock(), Delivery.objects.all())  # and then the worker dies

    clock.move(rules.LEASE - timedelta(seconds=1))
    assert delivery.deliver_due(clock) == 0
    clock.move(timedelta(seconds=1))
    assert delivery.deliver_due(clock) == 1

    sms.refresh_from_db()
    assert (sms.state, sms.attempts) == ("sent", 2)


def test_a_message_that_kills_its_workers_is_given_up(provider):
    sms, clock = DeliveryFactory(), Clock()
    for _death in range(rules.MAX_ATTEMPTS):
        delivery.claim(clock(), Delivery.objects.all())
        clock.move(rules.LEASE)

    delivery.deliver_due(clock)

    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("failed", "interrupted")
    assert provider.handed == []


def test_a_worker_that_overslept_its_lease_changes_nothing(provider):
    sms, clock = DeliveryFactory(), Clock()
    overslept = delivery.claim(clock(), Delivery.objects.all())
    clock.move(rules.LEASE)
    delivery.deliver_due(clock)

    delivery._finish(overslept, state="failed", error="late")

    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("sent", "")


def test_the_sweep_sends_the_longest_waiting_first_and_stops_at_its_limit(provider):
    late = DeliveryFactory(next_try_at=MORNING - timedelta(minutes=1))
    early = DeliveryFactory(next_try_at=MORNING - timedelta(hours=1))

    assert delivery.deliver_due(Clock(), limit=1) == 1

    assert provider.handed == [str(early.token)]
    late.refresh_from_db()
    assert late.state == "pending"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_from_inside_a_transaction_that_could_be_undone(provider):
    sms = DeliveryFactory()

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        delivery.deliver(sms.pk, Clock())

    assert provider.handed == []


class SlowSms(RecordingSms):
    """A provider that takes its time, so that a second worker has every chance."""

    def send(self, message):
        super().send(message)
        threading.Event().wait(0.2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sweeping", [False, True], ids=["same task twice", "sweeps"])
def test_two_workers_send_one_message(settings, provider, sweeping):
    settings.SMS_CHANNEL = f"{__name__}.SlowSms"
    SlowSms.handed = []
    sms = DeliveryFactory()

    run_together(lambda _index: delivery.deliver_due(Clock()) if sweeping else delivery.deliver(sms.pk, Clock()), 4)

    assert SlowSms.handed == [str(sms.token)]
    sms.refresh_from_db()
    assert (sms.state, sms.attempts) == ("sent", 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_workers_send_it_twice(settings, provider, monkeypatch):
    """The negative control: the guard off, the same race is seen to double."""
    settings.SMS_CHANNEL = f"{__name__}.SlowSms"
    SlowSms.handed = []
    both_have_read = threading.Barrier(2)

    def unlocked(due):
        found = list(due)
        both_have_read.wait(10)
        return due.filter(pk__in=[row.pk for row in found]) if not found else _First(found[0])

    monkeypatch.setattr(delivery, "_locked", unlocked)
    sms = DeliveryFactory()

    run_together(lambda _index: delivery.deliver(sms.pk, Clock()), 2)

    assert len(SlowSms.handed) == 2


class _First:
    def __init__(self, row):
        self.row = row

    def first(self):
        return self.row


@pytest.mark.django_db(transaction=True)
def test_many_workers_share_many_messages(provider):
    notices = NoticeFactory.create_batch(30)
    for notice in notices:
        DeliveryFactory(notice=notice)

    done = run_together(lambda _index: delivery.deliver_due(Clock()), 6)

    assert sum(done) == 30
    assert len(provider.handed) == len(set(provider.handed)) == 30


def test_the_sweep_finds_due_messages_by_index():
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        due = Delivery.objects.filter(state__in=["pending", "sending"], next_try_at__lte=MORNING)
        assert "talentmap_delivery_open" in due.order_by("next_try_at").explain()


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"x@example.org": (451, b"later")}), "pending"),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), "pending"),
        (smtplib.SMTPServerDisconnected("gone"), "pending"),
        (ConnectionRefusedError("refused"), "pending"),
    ],
)
def test_what_a_mail_server_says_decides(monkeypatch, error, state):
    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    letter = DeliveryFactory(channel=Channel.EMAIL)

    delivery.deliver(letter.pk, Clock())

    letter.refresh_from_db()
    assert letter.state == state
    assert "x@example.org" not in letter.error
