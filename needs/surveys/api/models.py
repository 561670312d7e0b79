"""Tokens for machines that read, and webhooks that tell them."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import person
from talentmap.audit.triggers import AuditTrigger
from talentmap.people.fields import EncryptedTextField

__all__ = ["ApiToken", "Webhook", "WebhookDelivery"]


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "OwnQuerySet":
        """One's own: a token reads in its maker's name."""
        return self.filter(made_by=user)


class ApiToken(models.Model):
    """Lets a machine read what its maker may read within `region`; only the token's digest is kept."""

    name = models.CharField(pgettext_lazy("token", "name"), max_length=80)
    prefix = models.CharField(_("first characters"), max_length=12)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    region = models.ForeignKey(
        "talentmap.Region",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("only this township"),
    )
    campaign = models.ForeignKey(
        "needs.Campaign",
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("only this campaign"),
    )
    with_responses = models.BooleanField(_("single responses too"), default=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-pk",)
        triggers = (AuditTrigger(hide=("digest",), skip=("last_used_at",)),)
        constraints = (
            models.CheckConstraint(
                name="needs_apitoken_expires_later",
                condition=Q(expires_at__gt=models.F("made_at")),
                violation_error_message=_("A token expires after it is made."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Its number as text, for templates that put it into a name."""
        return str(self.pk)

    @property
    def reach_user_id(self) -> int:
        return self.made_by_id


class Webhook(models.Model):
    """An address that is told of each approved response of a campaign, signed with `secret`."""

    campaign = models.ForeignKey(
        "needs.Campaign", models.CASCADE, related_name="webhooks", verbose_name=_("survey campaign")
    )
    url = models.URLField(_("address"), max_length=500)
    secret = EncryptedTextField(_("secret"))
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("-pk",)
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_webhook_address_once",
                fields=("campaign", "url"),
                condition=Q(ended_at=None),
                violation_error_message=_("This address is told already."),
            ),
        )

    def __str__(self) -> str:
        return self.url

    @property
    def reach_user_id(self) -> int:
        return self.made_by_id


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def visible_to(self, user: Any) -> "WebhookDeliveryQuerySet":
        """Those of one's own webhooks."""
        return self.filter(webhook__made_by=user)


class WebhookDelivery(models.Model):
    """That one approved response is to be told to one address: tried until it is taken or given up.

    `token` is the same in every attempt, by which the receiver tells a repetition. `next_at` of one that is being
    sent is the end of its lease.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("webhook", "Waiting")
        DELIVERED = "delivered", pgettext_lazy("webhook", "Delivered")
        GIVEN_UP = "given_up", pgettext_lazy("webhook", "Given up")

    token = models.UUIDField(_("delivery ID"), default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    response = models.ForeignKey("needs.Response", models.PROTECT, related_name="+", verbose_name=_("survey response"))
    revision = models.PositiveIntegerField(_("revision"))
    state = models.CharField(
        pgettext_lazy("webhook", "state"), max_length=9, choices=State.choices, default=State.WAITING
    )
    made_at = models.DateTimeField(_("made at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt at"))
    tried_at = models.DateTimeField(_("last attempt at"), null=True, blank=True)
    answer = models.CharField(_("last answer"), max_length=200, blank=True, default="")

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ("-pk",)
        indexes = (models.Index(fields=["next_at"], name="needs_delivery_due", condition=Q(state="waiting")),)
        constraints = (
            models.UniqueConstraint(
                name="needs_webhookdelivery_once",
                fields=("webhook", "response", "revision"),
                violation_error_message=_("This response is told already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.webhook_id}/{self.response_id}"
