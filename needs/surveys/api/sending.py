"""Sends each delivery: claim it and commit, then send, then write down what the receiver said.

Whoever dies in between leaves a claim that runs out; the sweep sends the same delivery again under the same id, by
which the receiver tells that it had it already.
"""

import http.client
import logging
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from needs.surveys.api import actions, rules
from needs.surveys.api.calling import Answer, Forbidden, post
from needs.surveys.api.models import WebhookDelivery
from needs.surveys.api.payload import body_of
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.errors import Refused

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
State = WebhookDelivery.State
GONE = 410


def send(token: str, now: Clock) -> bool:
    """Send this delivery unless it is done or somebody else has it; True when an attempt was made."""
    claimed = actions.claim(by=User.objects.system(), at=now(), token=token)
    if claimed:
        _attempt(claimed, now)
    return claimed is not None


def send_due(now: Clock, limit: int = 100) -> int:
    """Send what is due, one after another; any number of workers may do so at once."""
    for done in range(limit):
        claimed = actions.claim(by=User.objects.system(), at=now())
        if claimed is None:
            return done
        _attempt(claimed, now)
    return limit


def _attempt(delivery: WebhookDelivery, now: Clock) -> None:
    state, answer = _outcome(delivery, now)
    actions.note(by=User.objects.system(), at=now(), delivery=delivery, state=state, answer=answer)


def _outcome(delivery: WebhookDelivery, now: Clock) -> tuple[str, str]:
    if delivery.attempts > rules.MAX_ATTEMPTS:
        return State.GIVEN_UP, _("It was interrupted again and again.")
    if delivery.webhook.ended_at is not None or not delivery.webhook.made_by.may(P.MANAGE_API):
        return State.GIVEN_UP, _("The webhook was ended.")
    return _answered(delivery, now)


def _answered(delivery: WebhookDelivery, now: Clock) -> tuple[str, str]:
    try:
        return _meaning(_call(delivery, now()))
    except Forbidden:
        return State.GIVEN_UP, _("The address leads into a private network.")
    except Refused as error:
        return State.GIVEN_UP, str(error)
    except (OSError, http.client.HTTPException) as error:
        return State.WAITING, f"{type(error).__name__}: {error}"
    except Exception as error:
        log.exception("webhook delivery %s", delivery.pk)
        return State.WAITING, type(error).__name__


def _call(delivery: WebhookDelivery, at: datetime) -> Answer:
    body, timestamp = body_of(delivery), int(at.timestamp())
    headers = {
        "User-Agent": "Talentmap-Webhook/1",
        rules.EVENT_HEADER: rules.APPROVED,
        rules.DELIVERY_HEADER: str(delivery.token),
        rules.TIMESTAMP_HEADER: str(timestamp),
        rules.SIGNATURE_HEADER: rules.signature(delivery.webhook.secret, timestamp, body),
    }
    return post(delivery.webhook.url, body, headers)


def _meaning(answer: Answer) -> tuple[str, str]:
    """Any 2xx takes it; 410 says never again; everything else is tried again."""
    told = f"{answer.status} {answer.text}".strip().replace("\x00", "")
    if 200 <= answer.status < 300:
        return State.DELIVERED, told
    return (State.GIVEN_UP if answer.status == GONE else State.WAITING), told
