"""What is payable to whom, the batches it is paid in, and what the bank answered."""

import re
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger
from talentmap.money import ledger_triggers as triggers
from talentmap.money.models_base import OfApplications, OfOffice, money, person
from talentmap.money.models_ledger import Fund
from talentmap.money.payees import differs_from_file
from talentmap.money.rules import Quarter
from talentmap.people.fields import EncryptedTextField

_BEGAN_IN = re.compile(r" \d{4}-\d{2}$")


def quarter_name(quarter: Quarter) -> str:
    """A quarter as people say it."""
    return _("%(year)s, quarter %(number)s") % {"year": quarter.year, "number": quarter.number}


class Payables(OfApplications):
    def due_by(self, last_day: date) -> "Payables":
        """Due for a period that has ended by `last_day`, with an account to pay to."""
        return self.filter(state=Payable.State.DUE, period_to__lte=last_day)

    def overdue(self, today: date) -> "Payables":
        """Not paid yet, and past the day by which it was to be."""
        return self.filter(state__in=Payable.UNPAID, due_on__lt=today)

    def with_account(self) -> "Payables":
        return self.exclude(Q(payee_name="") | Q(bank_name="") | Q(account_last4=""))

    def paid_to(self, talent: Any) -> "Payables":
        """Theirs as an applicant, and what a service pays them as somebody else, such as a mentor."""
        own = Q(payee=None, application__applicant=talent)
        return self.filter(own | Q(payee=talent.user_id) if talent.user_id else own)

    def without_account(self) -> "Payables":
        return self.filter(Q(payee_name="") | Q(bank_name="") | Q(account_last4=""))


class Payable(models.Model):
    """An amount that one application entitles a person to, for one period, paid once."""

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("payable", "Due")
        BATCHED = "batched", pgettext_lazy("payable", "In a batch")
        PAID = "paid", pgettext_lazy("payable", "Paid")
        FAILED = "failed", pgettext_lazy("payable", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("payable", "Cancelled")

    UNPAID = (State.DUE, State.BATCHED, State.FAILED)

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="payables")
    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, verbose_name=_("application"), related_name="payables"
    )
    entitlement_ref = models.CharField(_("what it is paid for"), max_length=120)
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period until"))
    amount = money(_("amount"))
    # Fixed when it became payable: a rule that changes later moves no date. Null for what was payable before the rule.
    due_on = models.DateField(_("to be paid by"), null=True, blank=True)
    # Null for the applicant, whom most services pay.
    payee = person(_("payee who is not the applicant"), null=True, blank=True)
    payee_name = models.CharField(_("payee"), max_length=60, blank=True)
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = EncryptedTextField(_("account number"), blank=True)
    account_last4 = models.CharField(_("last four digits of the account"), max_length=4, blank=True)
    entered_by_hand = models.BooleanField(_("account differs from the person's file"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    state_reason = models.CharField(_("reason of the state"), max_length=300, blank=True)
    key = models.CharField(_("idempotency key"), max_length=120)
    created_at = models.DateTimeField(_("created at"))

    objects = Payables.as_manager()

    class Meta:
        verbose_name = _("payable amount")
        verbose_name_plural = _("payable amounts")
        ordering = ["period_from", "id"]
        indexes = [
            models.Index(fields=["fund", "state", "period_to"], name="payable_by_fund_state"),
            models.Index(fields=["due_on", "state"], name="payable_due"),
            models.Index("period_from", "id", name="payable_by_period"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="talentmap_payable_owed_once",
                violation_error_message=_("This amount is already payable."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="talentmap_payable_more_than_zero",
                violation_error_message=_("A payable amount is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")),
                name="talentmap_payable_period_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
        ]
        triggers = [AuditTrigger(hide=("bank_account",))]

    def __str__(self) -> str:
        return f"{self.payee_name} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("money:payable_detail", args=[self.pk])

    @property
    def purpose(self) -> str:
        """What it is paid for, with the months that are paid; a single amount, owed for one day, has none."""
        # References stored before ended in the month in which the entitlement began.
        named = {
            "what": _BEGAN_IN.sub("", self.entitlement_ref),
            "first": f"{self.period_from:%Y-%m}",
            "last": f"{self.period_to:%Y-%m}",
        }
        if self.period_from == self.period_to:
            return named["what"]
        if named["first"] == named["last"]:
            return f"{named['what']} {named['first']}"
        return str(_("%(what)s %(first)s to %(last)s") % named)

    @property
    def is_correctable(self) -> bool:
        return self.state in (self.State.DUE, self.State.FAILED)

    @property
    def is_unpaid(self) -> bool:
        return self.state in self.UNPAID

    @property
    def has_account(self) -> bool:
        return bool(self.payee_name and self.bank_name and self.account_last4)


class PaymentBatch(models.Model):
    """Payments of one fund for one quarter: prepared by one person, released by another, answered by the bank."""

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("batch", "Prepared, waits for release")
        RELEASED = "released", pgettext_lazy("batch", "Released to the bank")
        SETTLED = "settled", pgettext_lazy("batch", "Settled")
        CANCELLED = "cancelled", pgettext_lazy("batch", "Cancelled")

    number = models.CharField(_("batch number"), max_length=50)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="batches")
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    prepared_by = person(_("prepared by"))
    prepared_at = models.DateTimeField(_("prepared at"))
    released_by = person(_("released by"), null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    cancelled_by = person(_("cancelled by"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=300, blank=True)

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = _("payment batch")
        verbose_name_plural = _("payment batches")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                name="talentmap_paymentbatch_one_a_number",
                violation_error_message=_("There is already a batch with this number."),
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4, year__gte=2000, year__lte=2999),
                name="talentmap_paymentbatch_of_a_quarter",
                violation_error_message=_("A year has four quarters."),
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("prepared_by")),
                name="talentmap_paymentbatch_four_eyes",
                violation_error_message=_("Whoever prepared a batch cannot release it."),
            ),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None, state__in=["prepared", "cancelled"])
                | Q(released_by__isnull=False, released_at__isnull=False, state__in=["released", "settled"]),
                name="talentmap_paymentbatch_released_by_somebody",
                violation_error_message=_("A released batch says who released it and when."),
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False) | (~Q(state="settled") & Q(settled_at=None)),
                name="talentmap_paymentbatch_settled_at_a_time",
                violation_error_message=_("A settled batch says when."),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_by__isnull=False, cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_by=None, cancelled_at=None)),
                name="talentmap_paymentbatch_cancelled_by_somebody",
                violation_error_message=_("A cancelled batch says who cancelled it and when."),
            ),
        ]
        triggers = [AuditTrigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("money:batch_detail", args=[self.pk])

    @property
    def is_with_bank(self) -> bool:
        return self.state in (self.State.RELEASED, self.State.SETTLED)

    @property
    def quarter_label(self) -> str:
        return quarter_name(Quarter(self.year, self.quarter))


class BatchLines(models.QuerySet):
    def with_difference(self) -> "BatchLines":
        """Each with `differs`: whether it goes elsewhere than to the account in the payee's file."""
        return self.annotate(differs=differs_from_file())


class BatchLine(models.Model):
    """One payment order. Keeps the account it was sent to, whatever the payable says later."""

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("payment", "No answer yet")
        PAID = "paid", pgettext_lazy("payment", "Paid")
        FAILED = "failed", pgettext_lazy("payment", "Failed")
        DROPPED = "dropped", pgettext_lazy("payment", "Taken out before release")

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, verbose_name=_("batch"), related_name="lines")
    position = models.PositiveIntegerField(pgettext_lazy("payment", "position"))
    reference = models.CharField(_("reference"), max_length=60)
    payable = models.ForeignKey(Payable, models.PROTECT, verbose_name=_("payable amount"), related_name="lines")
    amount = money(_("amount"))
    payee_name = models.CharField(_("payee"), max_length=60)
    bank_name = models.CharField(_("bank"), max_length=120)
    bank_account = EncryptedTextField(_("account number"))
    account_last4 = models.CharField(_("last four digits of the account"), max_length=4)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    reason = models.CharField(_("the bank's reason"), max_length=300, blank=True)
    returned_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = BatchLines.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"],
                name="talentmap_batchline_one_a_position",
                violation_error_message=_("A batch numbers its payments once each."),
            ),
            models.UniqueConstraint(
                fields=["reference"],
                name="talentmap_batchline_one_a_reference",
                violation_error_message=_("A payment's reference is its own."),
            ),
            models.UniqueConstraint(
                fields=["payable"],
                condition=Q(outcome__in=["", "paid"]),
                name="talentmap_batchline_paid_once",
                violation_error_message=_("This amount is already in a batch or paid."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="talentmap_batchline_more_than_zero",
                violation_error_message=_("A payment is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", returned_at=None) | (~Q(outcome="") & Q(returned_at__isnull=False)),
                name="talentmap_batchline_answered_at_a_time",
                violation_error_message=_("An answered payment says when."),
            ),
        ]
        triggers = [AuditTrigger(hide=("bank_account",))]

    def __str__(self) -> str:
        return self.reference


class ReturnFile(models.Model):
    """A file in which the bank says what became of a batch's payments."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, verbose_name=_("batch"), related_name="returns")
    name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    imported_by = person(_("imported by"))
    imported_at = models.DateTimeField(_("imported at"))
    counts = models.JSONField(_("counts"), default=dict)

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = _("return file")
        verbose_name_plural = _("return files")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                name="talentmap_returnfile_imported_once",
                violation_error_message=_("This file has been imported before."),
            )
        ]
        triggers = [triggers.append_only()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("money:return_detail", args=[self.pk])


class ReturnLine(models.Model):
    """One row of a return file, and what was made of it."""

    class Verdict(models.TextChoices):
        PAID = "paid", pgettext_lazy("return line", "Paid")
        FAILED = "failed", pgettext_lazy("return line", "Failed")
        KNOWN = "known", _("Already known, nothing changed")
        UNKNOWN = "unknown", _("No such payment in this batch")
        MISMATCH = "mismatch", _("The amount differs")
        CONTRADICTION = "contradiction", _("Contradicts an earlier answer")
        UNREADABLE = "unreadable", _("The result cannot be read")

    APPLIED = ("paid", "failed")

    file = models.ForeignKey(ReturnFile, models.PROTECT, verbose_name=_("return file"), related_name="lines")
    row = models.PositiveIntegerField(pgettext_lazy("file", "row"))
    line = models.ForeignKey(
        BatchLine, models.PROTECT, verbose_name=_("payment"), related_name="answers", null=True, blank=True
    )
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    amount = models.CharField(_("amount as written"), max_length=60, blank=True)
    result = models.CharField(_("result as written"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    verdict = models.CharField(_("what was made of it"), max_length=15, choices=Verdict)

    class Meta:
        verbose_name = _("line of a return file")
        verbose_name_plural = _("lines of a return file")
        ordering = ["file", "row"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "row"],
                name="talentmap_returnline_one_a_row",
                violation_error_message=_("A file's rows are numbered once each."),
            )
        ]
        triggers = [triggers.append_only()]

    def __str__(self) -> str:
        return f"{self.row}: {self.reference}"

    @property
    def needs_a_look(self) -> bool:
        return self.verdict not in (*self.APPLIED, self.Verdict.KNOWN)
