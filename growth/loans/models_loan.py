"""The application for a loan, and the loan that a bank has approved."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.loans.choices import BorrowerKind, OtherLoans, Programme
from growth.loans.querysets import LoanQuerySet
from growth.loans.schedules import DayCount, Method
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import both_or_neither, person
from talentmap.people.fields import EncryptedTextField


def yuan(label: Any, **options: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


def rate(label: Any, **options: Any) -> models.DecimalField:
    """Percent a year."""
    return models.DecimalField(label, max_digits=7, decimal_places=4, **options)


class LoanApplication(models.Model):
    """What the loan form asks beyond the person's file, and the terms that the bank sets before it approves."""

    application = models.OneToOneField(
        "talentmap.Application",
        models.CASCADE,
        related_name="loan_form",
        primary_key=True,
        verbose_name=_("application"),
    )
    kind = models.CharField(_("Who borrows?"), max_length=12, choices=BorrowerKind.choices, blank=True)
    partners = models.PositiveSmallIntegerField(_("number of partners"), null=True, blank=True)
    # One a line, name and ID number: an application need not be complete, so it is read when it is looked at.
    partner_list = EncryptedTextField(_("the other partners"), blank=True)
    partners_agree = models.BooleanField(_("the partners agree"), default=False)
    product = models.ForeignKey(
        "growth.LoanProduct",
        models.PROTECT,
        verbose_name=_("bank and product"),
        null=True,
        blank=True,
        related_name="+",
    )
    amount = yuan(_("amount (CNY)"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("term in months"), null=True, blank=True)
    method = models.CharField(_("way of repayment"), max_length=20, choices=Method.choices, blank=True)
    grace = models.PositiveSmallIntegerField(_("months of grace"), default=0)
    purpose = models.CharField(_("what the money is for"), max_length=500, blank=True)
    business_started_on = models.DateField(_("business started on"), null=True, blank=True)
    other_loans = models.CharField(_("Your other loans"), max_length=10, choices=OtherLoans.choices, blank=True)
    consumer_amount = yuan(_("your consumer loans in all (CNY)"), null=True, blank=True)
    spouse_loans = models.CharField(_("Your spouse's loans"), max_length=10, choices=OtherLoans.choices, blank=True)
    spouse_consumer_amount = yuan(_("your spouse's consumer loans in all (CNY)"), null=True, blank=True)
    declared_true = models.BooleanField(_("I declare that what I state is true and complete."), default=False)

    guarantor = models.ForeignKey(
        "talentmap.Organisation", models.PROTECT, verbose_name=_("guarantor"), null=True, blank=True, related_name="+"
    )
    granted_amount = yuan(_("amount granted (CNY)"), null=True, blank=True)
    granted_rate = rate(_("rate granted (% a year)"), null=True, blank=True)
    granted_months = models.PositiveSmallIntegerField(_("term granted in months"), null=True, blank=True)
    granted_method = models.CharField(_("way of repayment granted"), max_length=20, choices=Method.choices, blank=True)
    granted_grace = models.PositiveSmallIntegerField(_("months of grace granted"), default=0)
    granted_day_count = models.CharField(_("day count"), max_length=12, choices=DayCount.choices, blank=True)
    terms_by = person(_("terms set by"), null=True, blank=True)
    terms_at = models.DateTimeField(_("terms set at"), null=True, blank=True)

    class Meta:
        verbose_name = _("loan application")
        verbose_name_plural = _("loan applications")
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                name="growth_loanapplication_amount_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("The amount must be more than zero."),
            ),
            models.CheckConstraint(
                name="growth_loanapplication_terms_whole",
                condition=both_or_neither("granted_amount", "granted_rate", "granted_months", "terms_by", "terms_at"),
                violation_error_message=_("The bank's terms name amount, rate and months, and who set them."),
            ),
        )

    def __str__(self) -> str:
        return str(self.application)

    @property
    def programme(self) -> Programme:
        return Programme(self.product.programme) if self.product else Programme.GUARANTEED


class Loan(models.Model):
    """A loan from the bank's approval to its end. What is owed on it follows from its schedules and repayments; the
    columns below the contract's repeat the standing of the last look, for lists and sums."""

    class State(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("loan", "Contract to be signed")
        SIGNED = "signed", pgettext_lazy("loan", "To be paid out")
        RUNNING = "running", pgettext_lazy("loan", "Running")
        SETTLED = "settled", pgettext_lazy("loan", "Repaid")
        WRITTEN_OFF = "written_off", pgettext_lazy("loan", "Written off")
        CANCELLED = "cancelled", pgettext_lazy("loan", "Not taken up")

    OPEN = ("approved", "signed", "running")
    ENDED = ("settled", "written_off", "cancelled")

    application = models.OneToOneField(
        "talentmap.Application", models.PROTECT, related_name="loan", verbose_name=_("application")
    )
    talent = models.ForeignKey(
        "talentmap.Talent", models.PROTECT, related_name="loans", verbose_name=pgettext_lazy("loan", "borrower")
    )
    enterprise = models.ForeignKey(
        "talentmap.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="loans",
        verbose_name=_("enterprise"),
    )
    product = models.ForeignKey("growth.LoanProduct", models.PROTECT, related_name="loans", verbose_name=_("product"))
    bank = models.ForeignKey(
        "talentmap.Organisation", models.PROTECT, related_name="lent", verbose_name=_("lending bank")
    )
    guarantor = models.ForeignKey(
        "talentmap.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="guaranteed",
        verbose_name=_("guarantor"),
    )
    kind = models.CharField(_("kind of borrower"), max_length=12, choices=BorrowerKind.choices)
    programme = models.CharField(_("programme"), max_length=12, choices=Programme.choices)
    partners = models.PositiveSmallIntegerField(_("number of partners"), default=1)
    ordinal = models.PositiveSmallIntegerField(_("which loan of the person"))
    amount = yuan(_("amount (CNY)"))
    annual_rate = rate(_("rate (% a year)"))
    months = models.PositiveSmallIntegerField(_("term in months"))
    method = models.CharField(_("way of repayment"), max_length=20, choices=Method.choices)
    grace = models.PositiveSmallIntegerField(_("months of grace"), default=0)
    day_count = models.CharField(_("day count"), max_length=12, choices=DayCount.choices)
    state = models.CharField(
        pgettext_lazy("loan", "state"), max_length=12, choices=State.choices, default=State.APPROVED
    )
    approved_on = models.DateField(_("approved on"))
    contract_number = models.CharField(_("contract number"), max_length=60, blank=True)
    signed_on = models.DateField(_("contract signed on"), null=True, blank=True)
    tariff = models.ForeignKey(
        "talentmap.Tariff",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("policy version"),
    )
    first_due = models.DateField(_("first due date"), null=True, blank=True)
    due_day = models.PositiveSmallIntegerField(_("due on this day of the month"), null=True, blank=True)
    agreed_end = models.DateField(_("agreed end"), null=True, blank=True)

    disbursed = yuan(_("paid out (CNY)"), default=0)
    outstanding = yuan(_("outstanding principal (CNY)"), default=0)
    arrears = yuan(_("overdue (CNY)"), default=0)
    overdue_since = models.DateField(_("overdue since"), null=True, blank=True)
    next_due_on = models.DateField(_("next due on"), null=True, blank=True)
    next_due_amount = yuan(_("next due amount (CNY)"), default=0)
    last_due_on = models.DateField(_("last due on"), null=True, blank=True)
    subsidy_waiting = yuan(_("subsidy booked that the fund cannot pay yet (CNY)"), default=0)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_note = models.CharField(_("note on the end"), max_length=300, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        ordering = ("-approved_on", "-pk")
        triggers = (AuditTrigger(),)
        indexes = (
            models.Index(fields=["state", "next_due_on"], name="growth_loan_state_due"),
            models.Index(fields=["state", "overdue_since"], name="growth_loan_overdue"),
            models.Index(fields=["bank", "state", "-approved_on"], name="growth_loan_bank"),
            models.Index(fields=["guarantor", "state", "-approved_on"], name="growth_loan_guarantor"),
            models.Index(fields=["-approved_on", "-id"], name="growth_loan_newest"),
            models.Index(Upper("contract_number"), name="growth_loan_contract"),
            models.Index(fields=["id"], condition=Q(subsidy_waiting__gt=0), name="growth_loan_subsidy_waiting"),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_loan_one_at_a_time",
                fields=["talent"],
                condition=Q(state__in=("approved", "signed", "running")),
                violation_error_message=_("This person has a loan already that is not over."),
            ),
            models.UniqueConstraint(
                name="growth_loan_each_counted_once",
                fields=["talent", "ordinal"],
                condition=~Q(state="cancelled"),
                violation_error_message=_("This loan of the person is granted already."),
            ),
            models.UniqueConstraint(
                name="growth_loan_contract_once",
                fields=["bank", "contract_number"],
                condition=~Q(contract_number=""),
                violation_error_message=_("The bank has a contract with this number already."),
            ),
            models.CheckConstraint(
                name="growth_loan_terms_positive",
                condition=Q(amount__gt=0, months__gt=0, annual_rate__gte=0, partners__gt=0, ordinal__gt=0),
                violation_error_message=_("Amount and term are more than zero."),
            ),
            models.CheckConstraint(
                name="growth_loan_contract_whole",
                condition=Q(state__in=("approved", "cancelled"))
                | (~Q(contract_number="") & Q(signed_on__isnull=False, tariff__isnull=False)),
                violation_error_message=_("A contract has a number, a date and a policy version."),
            ),
            models.CheckConstraint(
                name="growth_loan_paid_out_within_amount",
                condition=Q(disbursed__gte=0, disbursed__lte=F("amount")),
                violation_error_message=_("No more is paid out than was granted."),
            ),
            models.CheckConstraint(
                name="growth_loan_standing_not_negative",
                condition=Q(outstanding__gte=0, outstanding__lte=F("disbursed"), arrears__gte=0),
                violation_error_message=_("No more is repaid than was paid out."),
            ),
            models.CheckConstraint(
                name="growth_loan_subsidy_waits",
                condition=Q(subsidy_waiting__gte=0),
                violation_error_message=_("What waits for money is not negative."),
            ),
            models.CheckConstraint(
                name="growth_loan_ended_on",
                condition=Q(state__in=("approved", "signed", "running"), ended_on__isnull=True)
                | Q(state__in=("settled", "written_off", "cancelled"), ended_on__isnull=False),
                violation_error_message=_("A loan that is over has a last day."),
            ),
        )

    def __str__(self) -> str:
        return self.contract_number or str(self.application)

    def get_absolute_url(self) -> str:
        return reverse("loans:loan", args=[self.pk])

    @property
    def reach_region(self) -> Any:
        return self.application.region

    @property
    def reach_organisation_id(self) -> int:
        return self.bank_id

    @property
    def reach_user_id(self) -> int | None:
        return self.talent.user_id

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
