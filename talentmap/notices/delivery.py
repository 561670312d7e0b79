"""Sends each message once: claim it under lock and commit, then send, then write down what became of it.

A worker that dies in between leaves a claim that runs out; the sweep then sends the message again under the same
token. No second worker can take a message in the meantime, because the claim is committed before anything is sent.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from talentmap.notices import channels, kinds, rules
from talentmap.notices.models import Delivery

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
State = Delivery.State
Error = Delivery.Error


def deliver(delivery_id: int, now: Clock) -> bool:
    """Send this delivery unless somebody else has it or it is done; True when an attempt was made."""
    claimed = claim(now(), Delivery.objects.filter(pk=delivery_id))
    if claimed:
        _attempt(claimed, now)
    return claimed is not None


def deliver_due(now: Clock, limit: int = 200) -> int:
    """Send what is due, one after another, at most `limit`; any number of workers may do so at once."""
    for done in range(limit):
        claimed = claim(now(), Delivery.objects.order_by("next_try_at"))
        if claimed is None:
            return done
        _attempt(claimed, now)
    return limit


def claim(at: datetime, among: QuerySet[Delivery]) -> Delivery | None:
    """Take one delivery that is due out of `among`: committed before this returns, so that nobody else can.

    A claim that has run out is due again; that is why taking it moves `next_try_at` to the end of the lease.
    """
    # Durable: inside somebody else's transaction the claim would not be committed when the message goes out.
    with transaction.atomic(durable=True):
        due = among.filter(state__in=[State.PENDING, State.SENDING], next_try_at__lte=at)
        delivery = _locked(due).first()
        if delivery is None:
            return None
        delivery.state = State.SENDING
        delivery.attempts += 1
        delivery.claimed_at = at
        delivery.next_try_at = at + rules.LEASE
        delivery.save(update_fields=["state", "attempts", "claimed_at", "next_try_at"])
        return delivery


def _locked(due: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return due.select_for_update(skip_locked=True, of=("self",))


def _attempt(delivery: Delivery, now: Clock) -> None:
    if delivery.attempts > rules.MAX_ATTEMPTS:
        return _finish(delivery, state=State.FAILED, error=Error.INTERRUPTED)
    try:
        skipped = _send(delivery, now())
    except channels.GiveUp as error:
        _finish(delivery, state=State.FAILED, error=str(error))
    except channels.TryLater as error:
        _postpone(delivery, now(), str(error), token=uuid.uuid4())
    except Exception as error:
        # The name alone: the text may quote an address.
        logger.warning("delivery %s by %s: %s", delivery.pk, delivery.channel, type(error).__name__)
        _postpone(delivery, now(), type(error).__name__, token=delivery.token)
    else:
        outcome = {"state": State.SKIPPED, "error": skipped} if skipped else {"state": State.SENT, "sent_at": now()}
        _finish(delivery, **outcome)


def _send(delivery: Delivery, at: datetime) -> str:
    """Hand the message to its channel; or say why it is not sent."""
    notice = delivery.notice
    channel = channels.channel_for(delivery.channel)
    address = delivery.address or channel.address_of(notice.recipient)
    if not (notice.recipient.is_active or delivery.address or kinds.get(notice.kind).even_closed):
        return Error.INACTIVE
    if not address:
        return Error.NO_ADDRESS
    if rules.is_stale(notice.created_at, at):
        return Error.TOO_OLD
    subject, text = notice.in_language_of_recipient()
    link = f"{settings.SITE_URL.rstrip('/')}{notice.link}" if notice.link else ""
    channel.send(channels.Message(str(delivery.token), address, subject, text, link))
    return ""


def _postpone(delivery: Delivery, at: datetime, error: str, token: uuid.UUID) -> None:
    again = rules.next_try(delivery.attempts, at)
    if again is None:
        _finish(delivery, state=State.FAILED, error=error)
    else:
        _finish(delivery, state=State.PENDING, error=error, next_try_at=again, token=token)


def _finish(delivery: Delivery, **outcome: Any) -> None:
    """Write the outcome, unless the claim ran out and another attempt owns the delivery by now."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts)
    outcome["error"] = outcome.get("error", "")[:200]
    if outcome["state"] != State.PENDING:
        outcome["address"] = ""
    if not mine.update(**outcome):
        logger.warning("delivery %s was taken over while it was being sent", delivery.pk)
