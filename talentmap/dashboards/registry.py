"""The figures of the platform: each is coded once, with its definition, and shown wherever it is wanted.

    register(Figure(
        "service.submitted", _("Applications received"), _("Applications sent in during the period."),
        rows=Application.objects.sent, page="service_quality", order=10, date="submitted_at", region="region",
    ))

A figure is a queryset and a measure over it, so that the number, its course over the months, its split by township
and the rows behind it can never differ.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Aggregate, Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talentmap.accounts.permissions import Permission
from talentmap.dashboards.scope import Scope
from talentmap.regions.codes import prefix_of
from talentmap.regions.models import Region

Words = str | Promise
ROWS = Count("pk")
NOT_STATED = "-"
MOST_UNDECLARED = 4
Number = Decimal | int | float | None


@dataclass(frozen=True)
class Column:
    """One column of the rows behind a figure; `personal` ones are masked for whoever may not see the row itself.

    A column of money is signed so that its cells add up to the figure.
    """

    label: Words
    value: Callable[[Any], Any]
    personal: bool = False
    is_money: bool = False


@dataclass(frozen=True)
class Split:
    """A split by a text column of the rows, such as education, with the words for its values."""

    code: str
    label: Words
    path: str
    labels: dict[str, Words] = field(default_factory=dict)

    def q(self, group: str) -> Q:
        """The rows of one group; NOT_STATED are those without a value."""
        if group == NOT_STATED:
            return Q(**{self.path: ""}) | Q(**{f"{self.path}__isnull": True})
        return Q(**{self.path: group})

    def word(self, group: str) -> Words:
        return _("Not stated") if group == NOT_STATED else self.labels.get(group, group)


@dataclass(frozen=True)
class OutsideTownships(Split):
    """The rows that the townships do not show: without a region, at the county's level, in a township given up.

    They have one group, so that the figure of the county and those of its townships can be seen to add up.
    """

    def q(self, group: str = NOT_STATED) -> Q:
        outside = Region.objects.outside_townships()
        return Q(**{f"{self.path}__isnull": True}) | Q(**{f"{self.path}__in": outside.values("pk")})

    def word(self, group: str = NOT_STATED) -> Words:
        return _("No township recorded")

    @property
    def query(self) -> dict[str, str]:
        """The choices that look at these rows alone."""
        return {"split": self.code, "group": NOT_STATED}


@dataclass(frozen=True)
class Figure:
    """`rows` gives what is counted before reach, period and township are applied.

    `date` is the path of the day by which the period selects; "" means a stock as it stands now. `part` makes the
    figure a share: the rows that meet it, of all. `region` is the path to a Region; "" means the county as a whole.
    """

    code: str
    label: Words
    definition: Words
    rows: Callable[[], QuerySet]
    page: str
    order: int
    unit: Words = ""
    measure: Aggregate = ROWS
    part: Q | None = None
    date: str = ""
    region: str = ""
    permission: Permission = Permission.VIEW_DASHBOARDS
    row_permission: Permission = Permission.VIEW_CASES
    export_permission: Permission = Permission.EXPORT_CASES
    columns: tuple[Column, ...] = ()
    related: tuple[str, ...] = ()
    link: Callable[[Any], str] | None = None
    splits: tuple[Split, ...] = ()
    is_money: bool = False
    per_inhabitants: int = 0
    good_when: str = ""  # "high" or "low": decides the tone of a share
    headline: bool = False  # stands on the leaders' overview, on the board and in the brief

    def visible_rows(self, reader: Any, scope: Scope) -> QuerySet:
        """The rows within the reader's reach and the scope."""
        found = self.reached_rows(reader, scope)
        return found.filter(self.during(scope)) if self.date else found

    def reached_rows(self, reader: Any, scope: Scope) -> QuerySet:
        """The rows within the reader's reach, the township and the group, of whatever period."""
        reach = reader.reach(self.permission)
        found = self.rows()
        if self.region:
            found = found.filter(reach.q(region=self.region))
            if scope.region:
                found = found.filter(**{f"{self.region}__code__startswith": prefix_of(scope.region.code)})
        elif not reach.everything:
            found = found.none()
        split = self.split(scope.split)
        return found.filter(split.q(scope.group)) if split else found

    def during(self, scope: Scope) -> Q:
        """The condition of lying in the period, for a figure that has a date."""
        if self._has_moments:
            begin, end = scope.moments()  # half-open, so that an index on the column serves
            return Q(**{f"{self.date}__gte": begin, f"{self.date}__lt": end})
        return Q(**{f"{self.date}__gte": scope.first, f"{self.date}__lte": scope.last})

    @cached_property
    def _has_moments(self) -> bool:
        """Whether the date's path ends in a column with a time of day."""
        model: Any = self.rows().model
        *steps, last = self.date.split("__")
        for step in steps:
            model = model._meta.get_field(step).related_model
        return bool(model._meta.get_field(last).get_internal_type() == "DateTimeField")

    def split(self, code: str) -> Split | None:
        known = (*self.splits, self.outside_townships) if self.region else self.splits
        return next((split for split in known if split.code == code), None)

    @property
    def outside_townships(self) -> OutsideTownships:
        return OutsideTownships("township", _("Township"), self.region)

    @property
    def is_share(self) -> bool:
        return self.part is not None

    @property
    def counts_distinct(self) -> bool:
        """Whether one person may stand behind several rows, so that the figure and the count of its rows differ."""
        return bool(getattr(self.measure, "distinct", False))

    @property
    def shown_unit(self) -> Words:
        """Behind a number; an amount brings its own sign."""
        return "%" if self.is_share else self.unit


_figures: dict[str, Figure] = {}


class UnknownFigure(LookupError):
    """No figure has this code."""


def register(*figures: Figure) -> None:
    """Make figures known; a second one of the same code is a mistake in the code base."""
    for figure in figures:
        if figure.code in _figures:
            raise ValueError(f"figure {figure.code} is registered twice")
        _figures[figure.code] = figure


def get(code: str) -> Figure:
    """The figure of this code; raises UnknownFigure."""
    try:
        return _figures[code]
    except KeyError:
        raise UnknownFigure(code) from None


def of_page(page: str) -> tuple[Figure, ...]:
    """A page's figures in their order."""
    return tuple(sorted((f for f in _figures.values() if f.page == page), key=lambda f: f.order))


def headlines(page: str) -> tuple[Figure, ...]:
    """What a map leads with: the figures declared so, or its first four where none is."""
    figures = of_page(page)
    return tuple(figure for figure in figures if figure.headline) or figures[:MOST_UNDECLARED]


def seen_by(reader: Any, figures: tuple[Figure, ...]) -> list[Figure]:
    """A figure of the county as a whole is not shown to whoever reaches only part of it."""
    return [
        figure
        for figure in figures
        if reader.may(figure.permission) and (figure.region or reader.reach(figure.permission).everything)
    ]


def all_figures() -> tuple[Figure, ...]:
    return tuple(_figures.values())


PAGES: dict[str, Words] = {
    "needs": _("Needs map"),
    "growth": _("Growth roadmap"),
    "support": _("Support panorama"),
    "service_quality": _("Service quality"),
}
