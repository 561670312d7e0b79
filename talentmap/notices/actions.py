"""Telling people: written with the change that caused it, sent after it is committed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.notices import kinds, rules
from talentmap.notices.models import Channel, Delivery, Notice, Preference
from talentmap.ui.errors import Refused


@action
def notify(
    *,
    by: Any,
    at: datetime,
    recipient: Any,
    kind: str | kinds.NoticeKind,
    params: Mapping[str, Any] | None = None,
    link: str = "",
    key: str,
    farewell: bool = False,
) -> Notice:
    """Tell `recipient` once for each `key`: at once in the inbox, after the commit by the channels they want.

    `params` fill the kind's placeholders and nothing else; `link` is a path inside the platform; a `farewell` still
    reaches the addresses of now when the account is emptied in the same transaction. Raises ValueError
    for an unknown kind, a parameter that is no placeholder of the kind, or a link that leads elsewhere.
    """
    known = _checked_kind(kind, params or {})
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError(f"a notice links inside the platform, not to {link}")
    notice, new = Notice.objects.get_or_create(
        recipient=recipient,
        key=key,
        defaults={"kind": known.code, "params": dict(params or {}), "link": link, "created_at": at},
    )
    if new:
        channels = _wanted_channels(recipient, known)
        _send_out(notice, {name: _last_address(name, recipient) if farewell else "" for name in channels}, at)
    return notice


def notify_each(*, recipients: Iterable[Any], **told: Any) -> list[Notice]:
    """`notify` every one of `recipients` of the same thing."""
    return [notify(recipient=recipient, **told) for recipient in recipients]


def _checked_kind(kind: str | kinds.NoticeKind, params: Mapping[str, Any]) -> kinds.NoticeKind:
    known = kinds.get(kind) if isinstance(kind, str) else kind
    if known is kinds.UNKNOWN:
        raise ValueError(f"no notice kind {kind}")
    if known.words is None and (foreign := set(params) - known.placeholders):
        raise ValueError(f"notice kind {known.code} has no word for {', '.join(sorted(foreign))}")
    return known


def _wanted_channels(recipient: Any, kind: kinds.NoticeKind) -> list[str]:
    if kind.group in kinds.ALWAYS_SENT:
        return list(kind.channels)
    chosen = dict(Preference.objects.filter(user=recipient, kind_group=kind.group).values_list("channel", "wanted"))
    return [channel for channel in Channel.values if chosen.get(channel, channel in kind.channels)]


def _last_address(channel: str, recipient: Any) -> str:
    from talentmap.notices.channels import channel_for

    return channel_for(channel).address_of(recipient)


def _send_out(notice: Notice, channels: Mapping[str, str], at: datetime) -> None:
    deliveries = Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=channel, address=address, next_try_at=at)
        for channel, address in channels.items()
    )
    for delivery in deliveries:
        transaction.on_commit(_enqueue(delivery.pk), robust=True)


def _enqueue(delivery_id: int) -> Any:
    from talentmap.notices.tasks import deliver

    # One try only: where the broker is away, the sweep sends it later and nobody waits now.
    return lambda: deliver.apply_async((delivery_id,), retry=False)


@action
def mark_read(*, by: Any, at: datetime, notice: Notice) -> Notice:
    """The recipient has opened the notice. Raises PermissionDenied for anybody else."""
    if notice.recipient_id != by.pk:
        raise PermissionDenied
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@action
def mark_all_read(*, by: Any, at: datetime, newest_id: int) -> int:
    """Mark as read whatever `by` could see: nothing that arrived after the notice `newest_id`. Gives their number."""
    return Notice.objects.visible_to(by).unread().filter(pk__lte=newest_id).update(read_at=at)


@action
def set_preferences(*, by: Any, at: datetime, wanted: Mapping[tuple[str, str], bool]) -> None:
    """Keep what `by` wants for each (group, channel); what cannot be turned off is left alone."""
    for (group, channel), is_wanted in wanted.items():
        if group not in kinds.ALWAYS_SENT:
            Preference.objects.update_or_create(
                user=by, kind_group=group, channel=channel, defaults={"wanted": is_wanted}
            )


@action
def try_again(*, by: Any, at: datetime, delivery: Delivery) -> Delivery:
    """Send a failed message once more, with all its attempts before it. Raises PermissionDenied, Refused."""
    if not by.may(Permission.WATCH_DELIVERIES):
        raise PermissionDenied
    locked = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if locked.state != Delivery.State.FAILED:
        raise Refused(_("This message is already on its way."))
    if rules.is_stale(locked.notice.created_at, at):
        raise Refused(_("This message is more than three days old: it would not be sent. The inbox has it."))
    locked.state = Delivery.State.PENDING
    locked.attempts = 0
    locked.next_try_at = at
    locked.save(update_fields=["state", "attempts", "next_try_at"])
    transaction.on_commit(_enqueue(locked.pk), robust=True)
    return locked
