from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from support.housing.grades import Grade
from support.housing.triggers import keep_talent
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.people.querysets import SENSITIVE_COLUMNS

__all__ = ["Accrual", "Entitlement", "HousingApplication"]


class HousingApplication(models.Model):
    """What the housing form asks beyond the person's file."""

    class Kind(models.TextChoices):
        RENT = "rent", _("Rent subsidy")
        PURCHASE = "purchase", _("Purchase subsidy")

    application = models.OneToOneField(
        "talentmap.Application",
        models.CASCADE,
        related_name="housing",
        primary_key=True,
        verbose_name=_("application"),
    )
    kind = models.CharField(_("kind of subsidy"), max_length=8, choices=Kind.choices, blank=True)
    address = models.CharField(_("address of the home"), max_length=200, blank=True)
    monthly_rent = models.DecimalField(_("monthly rent (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True)
    lease_from = models.DateField(_("lease from"), null=True, blank=True)
    lease_until = models.DateField(_("lease until"), null=True, blank=True)
    landlord = models.CharField(_("landlord"), max_length=80, blank=True)
    price = models.DecimalField(_("purchase price (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True)
    purchased_on = models.DateField(_("date of the purchase contract"), null=True, blank=True)
    contract_number = models.CharField(_("number of the purchase contract"), max_length=60, blank=True)
    owns_home = models.BooleanField(
        _("Do you or your spouse own a home in the county?"),
        null=True,
        choices=[(False, _("No")), (True, _("Yes"))],
    )
    has_dormitory = models.BooleanField(
        _("Does your employer provide you with a dormitory?"),
        null=True,
        choices=[(False, _("No")), (True, _("Yes"))],
    )
    declared_true = models.BooleanField(_("I declare that what I state is true and complete."), default=False)

    class Meta:
        verbose_name = _("housing subsidy application")
        verbose_name_plural = _("housing subsidy applications")
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                name="support_housingapplication_lease_order",
                condition=Q(lease_until__gte=F("lease_from")),
                violation_error_message=_("The lease ends before it begins."),
            ),
            models.CheckConstraint(
                name="support_housingapplication_rent_positive",
                condition=Q(monthly_rent__gt=0),
                violation_error_message=_("The monthly rent must be more than zero."),
            ),
            models.CheckConstraint(
                name="support_housingapplication_price_positive",
                condition=Q(price__gt=0),
                violation_error_message=_("The price must be more than zero."),
            ),
        )

    def __str__(self) -> str:
        return str(self.application)


HOME_KINDS = ("rent", "apartment")
SUBSIDY_KINDS = ("rent", "purchase")


def _days(first: Any, last: Any, bounds: str = "[]") -> Func:
    return Func(first, last, Value(bounds), function="daterange", output_field=DateRangeField())


_LAST_DAY = Coalesce(F("ended_on"), F("ends_on"))
# Immutable, as an index must be: `date_trunc` of a bare date depends on the session's time zone.
_MONTH_OF_FIRST_DAY = Func(F("starts_on"), template="date_trunc('month', %(expressions)s::timestamp)::date")
_MONTH_AFTER_LAST_DAY = Func(
    _LAST_DAY, template="(date_trunc('month', %(expressions)s::timestamp) + interval '1 month')::date"
)
# A rent subsidy pays whole months and so holds them whole; an apartment is held by the day.
HOME_DAYS = Case(
    When(kind="rent", then=_days(_MONTH_OF_FIRST_DAY, _MONTH_AFTER_LAST_DAY, "[)")),
    default=_days(F("starts_on"), _LAST_DAY),
)
# A purchase subsidy rules out a rent subsidy on every later day.
SUBSIDY_DAYS = Case(
    When(kind="purchase", then=_days(F("starts_on"), Value(None), "()")),
    default=_days(F("starts_on"), _LAST_DAY),
)


class EntitlementQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "EntitlementQuerySet":
        """Staff see those of the people in their reach, a talent sees their own."""
        own = Q(talent__user=user)
        return self.filter(own | user.reach(Permission.VIEW_ENTITLEMENTS).q(region="talent__region"))

    def active(self) -> "EntitlementQuerySet":
        return self.filter(state=Entitlement.State.ACTIVE)

    def of_home(self, talent: Any, first: date, last: date) -> "EntitlementQuerySet":
        """What the person holds between two days that excludes another home benefit."""
        held = self.standing().filter(talent=talent, kind__in=HOME_KINDS)
        return held.alias(days=HOME_DAYS).filter(days__overlap=DateRange(first, last, "[]"))

    def without_secrets(self) -> "EntitlementQuerySet":
        """For lists that show the person: leave the encrypted columns in the database."""
        return self.defer(*(f"talent__{name}" for name in SENSITIVE_COLUMNS))

    def standing(self) -> "EntitlementQuerySet":
        return self.exclude(state=Entitlement.State.REVOKED)


class Entitlement(models.Model):
    """A housing benefit that a person holds: a rent or purchase subsidy, or a stay in a turnover apartment."""

    class Kind(models.TextChoices):
        RENT = "rent", _("Rent subsidy")
        PURCHASE = "purchase", _("Purchase subsidy")
        APARTMENT = "apartment", _("Turnover apartment")

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("entitlement", "Running")
        ENDED = "ended", pgettext_lazy("entitlement", "Ended")
        REVOKED = "revoked", pgettext_lazy("entitlement", "Revoked")

    class EndReason(models.TextChoices):
        TERM = "term", _("End of the term")
        DEPARTURE = "departure", _("Left the employer or the county")
        PURCHASE = "purchase", _("Changed to a purchase subsidy")
        MOVED_OUT = "moved_out", _("Moved out")
        PAID = "paid", _("Paid in full")
        REVOKED = "revoked", _("Revoked")

    application = models.OneToOneField(
        "talentmap.Application",
        models.PROTECT,
        related_name="entitlement",
        null=True,
        blank=True,
        verbose_name=_("application"),
    )
    talent = models.ForeignKey(
        "talentmap.Talent", models.PROTECT, related_name="housing_entitlements", verbose_name=_("talent")
    )
    kind = models.CharField(_("kind of benefit"), max_length=10, choices=Kind.choices)
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices, blank=True)
    tariff = models.ForeignKey(
        "talentmap.Tariff",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("tariff version"),
    )
    monthly_amount = models.DecimalField(_("monthly amount (CNY)"), max_digits=14, decimal_places=2, default=0)
    total_amount = models.DecimalField(_("total amount (CNY)"), max_digits=14, decimal_places=2, default=0)
    deducted = models.DecimalField(_("rent subsidy deducted (CNY)"), max_digits=14, decimal_places=2, default=0)
    address = models.CharField(_("address of the home"), max_length=200)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    state = models.CharField(
        pgettext_lazy("entitlement", "state"), max_length=8, choices=State.choices, default="active"
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=10, choices=EndReason.choices, blank=True)
    end_note = models.CharField(_("note on the end"), max_length=200, blank=True)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("housing entitlement")
        verbose_name_plural = _("housing entitlements")
        ordering = ("-starts_on", "-pk")
        triggers = (AuditTrigger(),)
        indexes = (
            models.Index(fields=["state", "kind", "-starts_on"], name="support_ent_state_kind"),
            models.Index(fields=["talent", "state"], name="support_ent_talent"),
        )
        constraints = (
            models.CheckConstraint(
                name="support_entitlement_term_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The benefit ends before it begins."),
            ),
            models.CheckConstraint(
                name="support_entitlement_end_complete",
                condition=Q(state="active", ended_on=None, end_reason="")
                | (~Q(state="active") & Q(ended_on__isnull=False) & ~Q(end_reason="")),
                violation_error_message=_("An ended benefit states when and why it ended."),
            ),
            models.CheckConstraint(
                name="support_entitlement_amounts_not_negative",
                condition=Q(monthly_amount__gte=0, total_amount__gte=0, deducted__gte=0),
                violation_error_message=_("Amounts cannot be negative."),
            ),
            # An apartment and a rent subsidy exclude each other, and so do two of the same.
            ExclusionConstraint(
                name="support_entitlement_one_home_benefit",
                expressions=[("talent", RangeOperators.EQUAL), (HOME_DAYS, RangeOperators.OVERLAPS)],
                condition=Q(kind__in=HOME_KINDS) & ~Q(state="revoked"),
                violation_error_message=_("A rent subsidy and an apartment exclude each other at the same time."),
            ),
            ExclusionConstraint(
                name="support_entitlement_no_rent_after_purchase",
                expressions=[("talent", RangeOperators.EQUAL), (SUBSIDY_DAYS, RangeOperators.OVERLAPS)],
                condition=Q(kind__in=SUBSIDY_KINDS) & ~Q(state="revoked"),
                violation_error_message=_("There is no rent subsidy after a purchase subsidy."),
            ),
            models.UniqueConstraint(
                name="support_entitlement_one_purchase",
                fields=["talent"],
                condition=Q(kind="purchase") & ~Q(state="revoked"),
                violation_error_message=_("A purchase subsidy is granted once."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on:%Y-%m}"

    @property
    def reach_region(self) -> Any:
        return self.talent.region

    @property
    def reach_user_id(self) -> int | None:
        return self.talent.user_id

    @property
    def case(self) -> Any:
        """The application of a subsidy; an apartment stay has none and must not be asked."""
        if self.application is None:
            raise ValueError("an apartment stay has no application")
        return self.application

    @property
    def last_day(self) -> date | None:
        return self.ended_on or self.ends_on

    @property
    def is_running_home(self) -> bool:
        return self.state == self.State.ACTIVE and self.kind in HOME_KINDS

    @property
    def is_end_correctable(self) -> bool:
        ended_by_itself = self.end_reason in (self.EndReason.DEPARTURE, self.EndReason.TERM)
        return self.kind == self.Kind.RENT and self.state == self.State.ENDED and ended_by_itself

    @property
    def is_revocable(self) -> bool:
        return self.application_id is not None and self.state != self.State.REVOKED


class Accrual(models.Model):
    """One month's rent subsidy of one entitlement; the payable that carries it to the bank is set once.

    The talent stands here too, so that the database refuses one person's month twice.
    """

    entitlement = models.ForeignKey(
        Entitlement, models.PROTECT, related_name="accruals", verbose_name=_("housing entitlement")
    )
    talent = models.ForeignKey("talentmap.Talent", models.PROTECT, related_name="+", verbose_name=_("talent"))
    month = models.DateField(_("month"))
    amount = models.DecimalField(_("amount (CNY)"), max_digits=14, decimal_places=2)
    payable = models.ForeignKey(
        "talentmap.Payable",
        models.PROTECT,
        related_name="housing_accruals",
        null=True,
        blank=True,
        verbose_name=_("payable"),
    )

    class Meta:
        verbose_name = _("monthly accrual")
        verbose_name_plural = _("monthly accruals")
        ordering = ("month",)
        triggers = (AuditTrigger(), keep_talent())
        constraints = (
            models.UniqueConstraint(
                name="support_accrual_one_a_month",
                fields=["talent", "month"],
                violation_error_message=_("A month accrues once."),
            ),
            models.CheckConstraint(
                name="support_accrual_first_of_month",
                condition=Q(month__day=1),
                violation_error_message=_("A month is named by its first day."),
            ),
            models.CheckConstraint(
                name="support_accrual_amount_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("An accrual is more than zero."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
