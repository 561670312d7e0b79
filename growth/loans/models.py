from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from growth.loans import triggers
from growth.loans.choices import BorrowerKind, Programme
from growth.loans.policy import percent
from growth.loans.schedules import DayCount, Method
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger

__all__ = ["LoanProduct"]


class LoanProductQuerySet(models.QuerySet["LoanProduct"]):
    def visible_to(self, user: Any) -> "LoanProductQuerySet":
        """The office sees all banks' products, a bank's officer those of the bank, closed ones too."""
        everybody = user.reach(Permission.MANAGE_LOANS).q(region="bank__region")
        return self.filter(everybody | user.reach(Permission.LEND).q(organisation="bank"))

    def on_offer(self, day: date) -> "LoanProductQuerySet":
        """What can be applied for on a day, as anybody may know."""
        lasting = Q(valid_until=None) | Q(valid_until__gte=day)
        return self.filter(lasting, closed_at=None, valid_from__lte=day, bank__is_active=True)


class LoanProduct(models.Model):
    """A loan as a bank offers it. Never edited: a change is a new version, and the old one is closed."""

    bank = models.ForeignKey(
        "talentmap.Organisation",
        models.PROTECT,
        related_name="loan_products",
        verbose_name=pgettext_lazy("lender", "bank"),
    )
    name = models.CharField(pgettext_lazy("product", "name"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="replaced_by",
        null=True,
        blank=True,
        verbose_name=_("version before"),
    )
    programme = models.CharField(_("programme"), max_length=10, choices=Programme.choices, default="guaranteed")
    borrower_kinds = ArrayField(
        models.CharField(max_length=12, choices=BorrowerKind.choices), verbose_name=_("who may borrow")
    )
    methods = ArrayField(models.CharField(max_length=20, choices=Method.choices), verbose_name=_("ways to repay"))
    annual_rate = models.DecimalField(_("rate (% a year)"), max_digits=7, decimal_places=4)
    day_count = models.CharField(_("day count"), max_length=10, choices=DayCount.choices, default="30/360")
    min_amount = models.DecimalField(
        _("amount from (CNY)"), max_digits=14, decimal_places=2, validators=[MinValueValidator(1)]
    )
    max_amount = models.DecimalField(_("amount up to (CNY)"), max_digits=14, decimal_places=2)
    min_months = models.PositiveSmallIntegerField(_("months from"), validators=[MinValueValidator(1)])
    max_months = models.PositiveSmallIntegerField(_("months up to"))
    max_grace = models.PositiveSmallIntegerField(_("months of principal grace at most"), default=0)
    needs_guarantee = models.BooleanField(_("a guarantee is needed"), default=True)
    conditions = models.TextField(_("conditions in the bank's words"), max_length=1000, blank=True)
    valid_from = models.DateField(_("offered from"))
    valid_until = models.DateField(_("offered until"), null=True, blank=True)
    made_at = models.DateTimeField(_("added at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("closed by")
    )
    closed_why = models.CharField(_("reason of closing"), max_length=200, blank=True)

    objects = LoanProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan product")
        verbose_name_plural = _("loan products")
        ordering = ("bank__name_sort_key", "name", "-version")
        triggers = (AuditTrigger(), *triggers.only_ever_closed())
        constraints = (
            models.UniqueConstraint(
                name="growth_loanproduct_one_a_version",
                fields=["bank", "name", "version"],
                violation_error_message=_("The bank has this version of the product already."),
            ),
            models.UniqueConstraint(
                name="growth_loanproduct_one_open",
                fields=["bank", "name"],
                condition=Q(closed_at=None),
                violation_error_message=_("The bank has a product of this name on offer already."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_named",
                condition=~Q(name=""),
                violation_error_message=_("A product has a name."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_for_somebody",
                condition=Q(borrower_kinds__len__gte=1, methods__len__gte=1),
                violation_error_message=_("A product is for somebody, and is repaid in some way."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_amounts_in_order",
                condition=Q(min_amount__gte=1, max_amount__gte=F("min_amount")),
                violation_error_message=_("The highest amount is below the lowest."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_months_in_order",
                condition=Q(min_months__gte=1, max_months__gte=F("min_months"), max_months__gt=F("max_grace")),
                violation_error_message=_("The longest term is shorter than the shortest, or than the grace."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_rate_possible",
                condition=Q(annual_rate__gte=0, annual_rate__lte=100),
                violation_error_message=_("The rate is between 0 and 100 percent a year."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_youth_is_free",
                condition=~Q(programme="youth")
                | Q(annual_rate=0, needs_guarantee=False, borrower_kinds=["individual"]),
                violation_error_message=_(
                    "Under the youth plan individuals borrow without interest and without a guarantee."
                ),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_offer_in_order",
                condition=Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The offer ends before it begins."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_closing_complete",
                condition=Q(closed_at=None, closed_by=None, closed_why="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_why="")),
                violation_error_message=_("A closed product states when, by whom and why it was closed."),
            ),
            models.CheckConstraint(
                name="growth_loanproduct_later_versions_replace",
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
                violation_error_message=_("Every version but the first replaces another."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def reach_organisation_id(self) -> int:
        return self.bank_id

    @property
    def reach_region(self) -> Any:
        return self.bank.region

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def offered_until(self) -> date | None:
        """The last day on which it could be applied for; None while no end is known."""
        closed_on = timezone.localdate(self.closed_at) if self.closed_at else None
        return min((day for day in (self.valid_until, closed_on) if day), default=None)

    @property
    def rate_text(self) -> str:
        return f"{percent(self.annual_rate)}%"

    @property
    def borrowers_text(self) -> str:
        return _joined(BorrowerKind(kind).label for kind in self.borrower_kinds)

    @property
    def methods_text(self) -> str:
        return _joined(Method(method).label for method in self.methods)

    def allows(self, *, kind: str, method: str) -> bool:
        return kind in self.borrower_kinds and method in self.methods


def _joined(labels: Any) -> str:
    return pgettext("between items of a list", ", ").join(str(label) for label in labels)
