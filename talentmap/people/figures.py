"""The figures of the talent register."""

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.dashboards.registry import Column, Figure, Split, register
from talentmap.people.choices import Category, Education, Industry, Team
from talentmap.people.models import Talent

UNIT = pgettext_lazy("unit", "people")
COLUMNS = (
    Column(_("Name"), lambda row: row.name, personal=True),
    Column(_("Township or village"), lambda row: row.region and row.region.full_name),
    Column(_("Highest education"), lambda row: row.get_education_display()),
    Column(_("Team"), lambda row: row.get_team_display()),
)
SPLITS = (
    Split("team", _("By team"), "team", dict(Team.choices)),
    Split("education", _("By education"), "education", dict(Education.choices)),
    Split("category", _("By category"), "category", dict(Category.choices)),
    Split("industry", _("By industry"), "employer__industry", dict(Industry.choices)),
)


def _registered() -> QuerySet:
    return Talent.objects.registered().filter(is_active=True)


def _talents(code: str, label: Any, definition: Any, order: int, **options: Any) -> Figure:
    return Figure(
        code,
        label,
        definition,
        rows=_registered,
        page="support",
        order=order,
        measure=Count("pk"),
        region="region",
        row_permission=Permission.VIEW_PEOPLE,
        export_permission=Permission.EXPORT_PEOPLE,
        columns=COLUMNS,
        related=("region__parent",),
        link=lambda row: reverse("people:talent_detail", args=[row.pk]),
        **options,
    )


register(
    _talents(
        "people.total",
        _("Talents on file"),
        _("Active files in the talent register today."),
        10,
        unit=UNIT,
        splits=SPLITS,
        headline=True,
    ),
    _talents(
        "people.per_10000",
        _("Talents per 10,000 inhabitants"),
        _("Active files in the talent register today, divided by the population of the latest census."),
        11,
        per_inhabitants=10_000,
    ),
    _talents(
        "people.returned",
        _("Returned to the county"),
        _("People on file whose day of return to the county lies in the period."),
        12,
        unit=UNIT,
        date="returned_on",
    ),
)
