"""Money that was paid and is to come back."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger
from talentmap.money import ledger_triggers as triggers
from talentmap.money.models_base import ZERO, OfApplications, money, person
from talentmap.money.models_ledger import Fund, LedgerEntry


class Recovery(models.Model):
    """A claim to get paid money back from the person of an application, in one or more receipts."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("recovery", "Open")
        SETTLED = "settled", pgettext_lazy("recovery", "Received in full")
        WRITTEN_OFF = "written_off", pgettext_lazy("recovery", "Written off")
        WITHDRAWN = "withdrawn", pgettext_lazy("recovery", "Withdrawn, was not owed")

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="recoveries")
    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, verbose_name=_("application"), related_name="recoveries"
    )
    amount = money(_("amount to be paid back"))
    received = money(_("received"), default=ZERO)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    opened_by = person(_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))
    closed_by = person(_("closed by"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    close_reason = models.CharField(_("reason of the closing"), max_length=300, blank=True)
    key = models.CharField(_("idempotency key"), max_length=120)

    objects = OfApplications.as_manager()

    class Meta:
        verbose_name = _("recovery claim")
        verbose_name_plural = _("recovery claims")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="talentmap_recovery_claimed_once",
                violation_error_message=_("This claim is already open."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="talentmap_recovery_more_than_zero",
                violation_error_message=_("A claim is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("amount")),
                name="talentmap_recovery_no_more_than_claimed",
                violation_error_message=_("No more can be received than is claimed."),
            ),
            models.CheckConstraint(
                condition=Q(state="settled", received=F("amount"))
                | (~Q(state="settled") & Q(received__lt=F("amount"))),
                name="talentmap_recovery_settled_when_received",
                violation_error_message=_("A claim is settled when all of it is received."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["written_off", "withdrawn"], closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(state__in=["written_off", "withdrawn"]) & Q(closed_by=None, closed_at=None)),
                name="talentmap_recovery_closed_by_somebody",
                violation_error_message=_("A claim that was given up says who decided it and when."),
            ),
        ]
        triggers = [AuditTrigger()]

    def __str__(self) -> str:
        return f"{self.amount} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("money:recovery_detail", args=[self.pk])

    @property
    def outstanding(self) -> Decimal:
        return self.amount - self.received


class RecoveryReceipt(models.Model):
    """A sum that came back; the claim's `received` follows it by trigger."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, verbose_name=_("recovery claim"), related_name="receipts")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, verbose_name=_("ledger entry"), related_name="receipt")
    amount = money(_("amount"))
    received_on = models.DateField(_("received on"))
    reference = models.CharField(_("bank reference"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="talentmap_recoveryreceipt_more_than_zero",
                violation_error_message=_("A receipt is more than zero."),
            )
        ]
        triggers = [
            triggers.append_only(),
            triggers.after_insert("keep_received", triggers.KEEP_RECEIVED),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.amount}"
