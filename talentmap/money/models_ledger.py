"""Funds and their double-entry ledger."""

from decimal import Decimal

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger
from talentmap.money import ledger_triggers as triggers
from talentmap.money import rules
from talentmap.money.models_base import ZERO, OfApplications, OfOffice, money, person


class Account(models.TextChoices):
    """The accounts of a fund. Source and recovered run below zero: that is where money comes from."""

    SOURCE = "source", _("Budget received")
    AVAILABLE = "available", pgettext_lazy("fund", "Available")
    COMMITTED = "committed", _("Committed")
    PAID = "paid", pgettext_lazy("fund", "Paid out")
    RECOVERED = "recovered", _("Recovered")


class Fund(models.Model):
    code = models.SlugField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="talentmap_fund_one_a_code",
                violation_error_message=_("There is already a fund with this code."),
            )
        ]
        triggers = [triggers.after_insert("open_balances", triggers.OPEN_BALANCES), AuditTrigger()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("money:fund_detail", args=[self.pk])


class LedgerEntry(models.Model):
    """One movement of a fund's money, booked once: its key is the reason it exists."""

    class Kind(models.TextChoices):
        BUDGET = "budget", pgettext_lazy("ledger", "Budget")
        TOP_UP = "top_up", pgettext_lazy("ledger", "Top-up")
        CARRY_OUT = "carry_out", _("Carried to the next year")
        CARRY_OVER = "carry_over", _("Carried over")
        REDUCTION = "reduction", _("Budget reduction")
        COMMITMENT = "commitment", pgettext_lazy("ledger", "Commitment")
        RELEASE = "release", _("Commitment released")
        PAYMENT = "payment", pgettext_lazy("ledger", "Payment")
        PAYMENT_RETURN = "payment_return", _("Payment came back")
        RECOVERY = "recovery", pgettext_lazy("ledger", "Recovery")

    OF_APPLICATIONS = ("commitment", "release", "payment", "payment_return", "recovery")

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="entries")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    amount = money(_("amount"))
    application = models.ForeignKey(
        "talentmap.Application",
        models.PROTECT,
        verbose_name=_("application"),
        related_name="ledger_entries",
        null=True,
        blank=True,
    )
    at = models.DateTimeField(_("booked at"), db_index=True)
    # What is carried to the next year leaves the year before the one in which that is booked.
    year = models.GeneratedField(
        verbose_name=_("budget year"),
        expression=ExtractYear("at") - Case(When(kind="carry_out", then=1), default=0),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    by = person(_("booked by"))
    memo = models.CharField(_("memo"), max_length=300, blank=True)
    key = models.CharField(_("idempotency key"), max_length=120)

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["fund", "-id"], name="ledgerentry_by_fund")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="talentmap_ledgerentry_booked_once",
                violation_error_message=_("This movement is already booked."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="talentmap_ledgerentry_moves_something",
                violation_error_message=_("An entry moves more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["budget", "top_up", "reduction", "carry_out", "carry_over"], application=None)
                | Q(
                    kind__in=["commitment", "release", "payment", "payment_return", "recovery"],
                    application__isnull=False,
                ),
                name="talentmap_ledgerentry_names_its_application",
                violation_error_message=_("Commitments, payments and recoveries name their application."),
            ),
        ]
        triggers = [triggers.append_only(), triggers.balanced("NEW.id")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def movement(self) -> str:
        """From which account to which."""
        source, target = rules.MOVES[self.kind]
        return f"{Account(source).label} → {Account(target).label}"


class LedgerLine(models.Model):
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, verbose_name=_("entry"), related_name="lines")
    account = models.CharField(pgettext_lazy("ledger", "account"), max_length=12, choices=Account)
    amount = money(_("amount"))

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "account"],
                name="talentmap_ledgerline_one_an_account",
                violation_error_message=_("An entry touches each account once."),
            ),
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="talentmap_ledgerline_not_zero",
                violation_error_message=_("A line moves more than zero."),
            ),
        ]
        triggers = [
            triggers.append_only(),
            triggers.after_insert("keep_balances", triggers.KEEP_BALANCES, [("entry", "record")]),
            triggers.balanced("NEW.entry_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.amount:+}"


class FundBalance(models.Model):
    """The sum of a fund's lines an account, kept by the database; it refuses what a fund does not have."""

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="balances")
    account = models.CharField(pgettext_lazy("ledger", "account"), max_length=12, choices=Account)
    balance = money(_("balance"), default=ZERO)

    class Meta:
        verbose_name = _("fund balance")
        verbose_name_plural = _("fund balances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "account"],
                name="talentmap_fundbalance_one_an_account",
                violation_error_message=_("A fund has one balance an account."),
            ),
            models.CheckConstraint(
                condition=Q(account__in=["source", "recovered"], balance__lte=0)
                | Q(account__in=["available", "committed", "paid"], balance__gte=0),
                name="talentmap_fundbalance_never_overdrawn",
                violation_error_message=_("The fund does not have that much money."),
            ),
        ]
        triggers = [triggers.only_by_triggers()]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.balance}"


class CommitmentBalance(models.Model):
    """What a fund holds, has paid and got back for one application, kept by the database."""

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="commitments")
    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, verbose_name=_("application"), related_name="commitments"
    )
    committed = money(_("still committed"), default=ZERO)
    paid = money(pgettext_lazy("fund", "paid out"), default=ZERO)
    recovered = money(_("recovered, as a negative amount"), default=ZERO)

    objects = OfApplications.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "application"],
                name="talentmap_commitmentbalance_one_an_application",
                violation_error_message=_("A fund has one commitment an application."),
            ),
            models.CheckConstraint(
                condition=Q(committed__gte=0, paid__gte=0),
                name="talentmap_commitmentbalance_never_overdrawn",
                violation_error_message=_("No more can be paid or released than was committed."),
            ),
            models.CheckConstraint(
                condition=Q(recovered__lte=0, paid__gte=-F("recovered")),
                name="talentmap_commitmentbalance_recovers_only_paid",
                violation_error_message=_("No more can be recovered than was paid."),
            ),
        ]
        triggers = [triggers.only_by_triggers()]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.committed} / {self.paid}"

    @property
    def given_back(self) -> Decimal:
        return -self.recovered

    @property
    def kept(self) -> Decimal:
        """What the person has received and not paid back."""
        return self.paid + self.recovered
