"""The figures of housing benefits."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from support.housing.grades import Grade
from support.housing.models import Entitlement, EntitlementQuerySet
from talentmap.accounts.permissions import Permission
from talentmap.dashboards.registry import Column, Figure, Split, register

UNIT = pgettext_lazy("unit", "people")
COLUMNS = (
    Column(_("Name"), lambda row: row.talent.name, personal=True),
    Column(_("Township"), lambda row: row.talent.region and row.talent.region.full_name),
    Column(_("Benefit"), lambda row: row.get_kind_display()),
    Column(_("From"), lambda row: row.starts_on),
    Column(_("Until"), lambda row: row.last_day),
    Column(pgettext_lazy("entitlement", "State"), lambda row: row.get_state_display()),
)
BY_GRADE = Split("grade", _("By grade"), "grade", dict(Grade.choices))


def _running(kind: str) -> Callable[[], QuerySet]:
    return lambda: _shown(kind).active().filter(starts_on__lte=timezone.localdate())


def _granted(kind: str) -> Callable[[], QuerySet]:
    return lambda: _shown(kind).standing()


def _shown(kind: str) -> EntitlementQuerySet:
    return Entitlement.objects.filter(kind=kind).without_secrets()


def _housing(code: str, label: Any, definition: Any, order: int, **options: Any) -> Figure:
    given: dict[str, Any] = {"measure": Count("talent", distinct=True), "splits": (BY_GRADE,)} | options
    return Figure(
        f"housing.{code}",
        label,
        definition,
        page="support",
        order=order,
        unit=UNIT,
        region="talent__region",
        row_permission=Permission.VIEW_ENTITLEMENTS,
        columns=COLUMNS,
        related=("talent__region__parent",),
        link=lambda row: reverse("housing:entitlement", args=[row.pk]),
        **given,
    )


register(
    _housing(
        "rent_running",
        _("Rent subsidies running"),
        _("People whose rent subsidy is running today."),
        30,
        rows=_running(Entitlement.Kind.RENT),
    ),
    _housing(
        "rent_granted",
        _("Rent subsidies granted"),
        _("People whose rent subsidy began in the period and was not revoked."),
        31,
        rows=_granted(Entitlement.Kind.RENT),
        date="starts_on",
        headline=True,
    ),
    _housing(
        "purchase_granted",
        _("Purchase subsidies granted"),
        _("People whose purchase subsidy was granted in the period and not revoked."),
        32,
        rows=_granted(Entitlement.Kind.PURCHASE),
        date="starts_on",
    ),
    _housing(
        "apartments",
        _("Turnover apartments occupied"),
        _("People who live in a turnover apartment today."),
        33,
        rows=_running(Entitlement.Kind.APARTMENT),
        splits=(),
        headline=True,
    ),
)
