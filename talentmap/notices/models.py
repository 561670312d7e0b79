"""Who is told what, by which channel, and how far each message has come."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.notices import kinds
from talentmap.people.fields import EncryptedTextField


class Channel(models.TextChoices):
    """The ways out of the platform. The inbox inside it is no channel: every notice is there, always."""

    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    SMS = "sms", pgettext_lazy("channel", "Text message")


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        return self.filter(recipient=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing one person is told; rendered in the language of who reads it, when it is read."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("words"), default=dict, blank=True)
    link = models.CharField(_("link"), max_length=300, blank=True)
    key = models.CharField(_("key"), max_length=150)
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"],
                name="talentmap_notice_told_once",
                violation_error_message=_("This person has been told already."),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="talentmap_notice_inbox"),
            models.Index("recipient", condition=models.Q(read_at=None), name="talentmap_notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    @property
    def subject(self) -> str:
        return kinds.get(self.kind).render_subject(self.params)

    @property
    def text(self) -> str:
        return kinds.get(self.kind).render_text(self.params)

    def in_language_of_recipient(self) -> tuple[str, str]:
        """(subject, text) as the recipient reads it, whatever language this process is speaking."""
        with translation.override(self.recipient.language or settings.LANGUAGE_CODE):
            return self.subject, self.text


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        return self if user.may(Permission.WATCH_DELIVERIES) else self.none()


class Delivery(models.Model):
    """One notice on its way through one channel.

    `token` is the identity the channel may use to recognise a message it has seen: it stays the same for as long
    as nobody knows whether the last attempt arrived, and changes after an attempt that surely did not.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("delivery", "Waiting")
        SENDING = "sending", pgettext_lazy("delivery", "Being sent")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")
        SKIPPED = "skipped", pgettext_lazy("delivery", "Not sent")

    class Error(models.TextChoices):
        """Reasons of our own; a channel's are kept as the provider words them."""

        NO_ADDRESS = "no_address", _("The person has left no address for this channel")
        INACTIVE = "inactive", _("The account is closed")
        TOO_OLD = "too_old", _("Too old to be sent when its turn came")
        INTERRUPTED = "interrupted", _("Interrupted too often")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("notice"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    token = models.UUIDField(_("message identity"), default=uuid.uuid4, editable=False)
    next_try_at = models.DateTimeField(_("next attempt at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    # Only where the account will have forgotten it by then; emptied as soon as the message is on its way.
    address = EncryptedTextField(_("last address"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"],
                name="talentmap_delivery_once_a_channel",
                violation_error_message=_("This notice already goes out by this channel."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | ~models.Q(state="sent") & models.Q(sent_at=None),
                name="talentmap_delivery_sent_has_time",
                violation_error_message=_("A sent message has the time it was sent, no other has."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(claimed_at__isnull=False),
                name="talentmap_delivery_sending_is_claimed",
                violation_error_message=_("A message being sent has the time it was claimed."),
            ),
        ]
        indexes = [
            models.Index(
                "next_try_at",
                condition=models.Q(state__in=["pending", "sending"]),
                name="talentmap_delivery_open",
            ),
            models.Index(fields=["-id"], condition=models.Q(state="failed"), name="talentmap_delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"

    @property
    def explanation(self) -> str:
        return str(dict(self.Error.choices).get(self.error, self.error))


class Preference(models.Model):
    """Whether a person wants a group of notices by a channel; without a row the kind's own default holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notice_preferences",
        verbose_name=_("person"),
    )
    kind_group = models.CharField(_("group of notices"), max_length=20, choices=kinds.Group.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    wanted = models.BooleanField(_("wanted"))

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind_group", "channel"],
                name="talentmap_preference_one_a_channel",
                violation_error_message=_("This preference is set already."),
            ),
        ]
        triggers = [AuditTrigger()]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind_group} {self.channel}"
