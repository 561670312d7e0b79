"""Making and ending tokens and webhooks, and putting deliveries into the queue."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from needs.surveys.api import rules
from needs.surveys.api.calling import check_url
from needs.surveys.api.models import ApiToken, Webhook, WebhookDelivery
from needs.surveys.campaigns.models import Campaign
from talentmap.accounts.permissions import Permission as P
from talentmap.audit.action import action
from talentmap.ui.errors import Refused

State = WebhookDelivery.State
MOST_TOKENS = 20


@action
def make_token(
    *,
    by: Any,
    at: datetime,
    name: str,
    expires_at: datetime,
    region: Any = None,
    campaign: Campaign | None = None,
    with_responses: bool = False,
) -> tuple[ApiToken, str]:
    """Make a token and give it once: only its digest is kept. Raises PermissionDenied, Refused."""
    if not by.may(P.MANAGE_API) or (region is not None and not by.may(P.MANAGE_API, region)):
        raise PermissionDenied
    if not at < expires_at <= at + rules.LONGEST_LIFE:
        raise Refused(_("A token is valid for a year at most."))
    if ApiToken.objects.filter(made_by=by, revoked_at=None, expires_at__gt=at).count() >= MOST_TOKENS:
        raise Refused(_("You have %(most)s tokens. Revoke one that is not needed any more.") % {"most": MOST_TOKENS})
    token = rules.TOKEN_START + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        name=name.strip(),
        prefix=token[: rules.PREFIX_LETTERS],
        digest=rules.digest_of(token),
        region=region,
        campaign=campaign,
        with_responses=with_responses,
        made_at=at,
        made_by=by,
        expires_at=expires_at,
    )
    return made, token


@action
def revoke_token(*, by: Any, at: datetime, token: ApiToken) -> None:
    """End a token at once and for good. Raises PermissionDenied."""
    if token.made_by_id != by.pk:
        raise PermissionDenied
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


@action
def note_use(*, by: Any, at: datetime, token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


@action
def make_webhook(*, by: Any, at: datetime, campaign: Campaign, url: str) -> tuple[Webhook, str]:
    """Have an address told of approved responses; gives the secret, which is shown once.

    Raises PermissionDenied, Refused; IntegrityError where the address is told already.
    """
    if not by.may(P.MANAGE_API):
        raise PermissionDenied
    check_url(url)
    secret = secrets.token_urlsafe(32)
    return Webhook.objects.create(campaign=campaign, url=url, secret=secret, made_at=at, made_by=by), secret


@action
def end_webhook(*, by: Any, at: datetime, webhook: Webhook) -> None:
    """Tell the address nothing more; what waits is given up. Raises PermissionDenied."""
    if webhook.made_by_id != by.pk:
        raise PermissionDenied
    Webhook.objects.filter(pk=webhook.pk, ended_at=None).update(ended_at=at)
    webhook.deliveries.filter(state=State.WAITING).update(state=State.GIVEN_UP, answer=_("The webhook was ended."))


@action
def tell(*, by: Any, at: datetime, response: Any) -> None:
    """Put an approved response into the queue of each webhook of its campaign whose maker may still read it: once a
    revision, however often it is approved."""
    webhooks = Webhook.objects.filter(campaign=response.campaign_id, ended_at=None).select_related("made_by")
    deliveries = [
        WebhookDelivery(webhook=webhook, response=response, revision=response.revision, made_at=at, next_at=at)
        for webhook in webhooks
        if webhook.made_by.may(P.MANAGE_API, response)
    ]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    for delivery in deliveries:
        transaction.on_commit(_enqueue(str(delivery.token)), robust=True)


def _enqueue(token: str) -> Callable[[], Any]:
    from needs.surveys.api.tasks import send_webhook

    # One try only: where the broker is away, the sweep sends it later and nobody waits now.
    return lambda: send_webhook.apply_async((token,), retry=False)


@action
def try_again(*, by: Any, at: datetime, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send a delivery now, with all its attempts before it. Raises PermissionDenied, Refused."""
    if delivery.webhook.made_by_id != by.pk:
        raise PermissionDenied
    locked = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=delivery.pk)
    if locked.webhook.ended_at is not None:
        raise Refused(_("The webhook was ended."))
    if locked.state == State.DELIVERED:
        raise Refused(_("The receiver has taken it already."))
    locked.state, locked.attempts, locked.next_at = State.WAITING, 0, at
    locked.save(update_fields=["state", "attempts", "next_at"])
    transaction.on_commit(_enqueue(str(locked.token)), robust=True)
    return locked


@action
def claim(*, by: Any, at: datetime, token: str | None = None) -> WebhookDelivery | None:
    """Take one delivery that is due, so that nobody else sends it until the lease runs out."""
    due = WebhookDelivery.objects.filter(state=State.WAITING, next_at__lte=at).order_by("next_at", "pk")
    due = due.filter(token=token) if token else due
    found = due.select_for_update(skip_locked=True, of=("self",)).select_related("webhook__made_by").first()
    if found is None:
        return None
    found.attempts += 1
    found.tried_at = at
    found.next_at = at + rules.LEASE
    found.save(update_fields=["attempts", "tried_at", "next_at"])
    return found


@action
def note(*, by: Any, at: datetime, delivery: WebhookDelivery, state: str, answer: str) -> None:
    """Write down what became of an attempt, unless the lease ran out and another attempt owns the delivery by now."""
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
    if state == State.WAITING:
        again = rules.next_try(delivery.attempts, at)
        if again is not None:
            mine.update(next_at=again, answer=answer[:200])
            return
        state = State.GIVEN_UP
    mine.update(state=state, answer=answer[:200])
