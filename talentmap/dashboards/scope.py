"""What a dashboard looks at: a period, and the county or one township of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentmap.regions.models import Region

PRESETS = (
    ("year", _("Last 12 months")),
    ("this_year", _("This calendar year")),
    ("quarter", _("This quarter")),
    ("month", _("This month")),
    ("own", _("From … to …")),
)
AGAINST = (
    ("before", _("The period before")),
    ("year", _("The same days a year before")),
    ("other", _("Another period, from … to …")),
)
# By how many months a preset goes back, so that what is not over yet is compared with as much of what is.
_MONTHS_BACK = {"year": 12, "this_year": 12, "quarter": 3, "month": 1}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """`first` and `last` are both included; without a region the reader's whole reach.

    `split` and `group` look at one group of a figure's split alone, such as the masters by education.
    """

    first: date
    last: date
    region: Region | None = None
    split: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends after it begins")

    def months(self) -> list[date]:
        """The first day of every month that the period touches."""
        months, month = [], self.first.replace(day=1)
        while month <= self.last:
            months.append(month)
            month = next_month(month)
        return months

    def within(self, month: date) -> tuple[date, date]:
        """First and last day of the part of `month` that lies in the period."""
        return max(month, self.first), min(next_month(month) - ONE_DAY, self.last)

    def moments(self) -> tuple[datetime, datetime]:
        """The period as moments: the first that lies in it, and the first that does so no more."""
        return _midnight(self.first), _midnight(self.last + ONE_DAY)


def before(scope: Scope, preset: str) -> Scope:
    """The period that comes before: of an unfinished year, quarter or month its like up to the same day; of whole
    months as many whole months; else as many days."""
    months = _MONTHS_BACK.get(preset, 0) or _whole_months(scope)
    if months:
        return back(scope, months)
    days = scope.last - scope.first + ONE_DAY
    return replace(scope, first=scope.first - days, last=scope.last - days)


def back(scope: Scope, months: int) -> Scope:
    """The same days so many months earlier; the end of a month stays the end of a month."""
    end = scope.last + ONE_DAY
    last = back_by(end, months) - ONE_DAY if end.day == 1 else back_by(scope.last, months)
    return replace(scope, first=back_by(scope.first, months), last=last)


def back_by(day: date, months: int) -> date:
    """The day so many months earlier, or the last of that month where it has no such day."""
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_month(first) - ONE_DAY)


def _whole_months(scope: Scope) -> int:
    is_whole = scope.first.day == 1 and (scope.last + ONE_DAY).day == 1
    return len(scope.months()) if is_whole else 0


def next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def period(preset: str, today: date) -> tuple[date, date]:
    """First and last day of a preset; an unknown one is the last 12 months."""
    starts = {
        "this_year": today.replace(month=1, day=1),
        "quarter": date(today.year, (today.month - 1) // 3 * 3 + 1, 1),
        "month": today.replace(day=1),
    }
    return starts.get(preset, _a_year_before(today) + ONE_DAY), today


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def townships_for(reader: Any, permission: str) -> Any:
    """The townships among which a reader may choose, as a queryset."""
    reach = reader.reach(permission)
    return Region.objects.townships().active().filter(reach.q(region="") if reach.everything else _own(reach))


def _own(reach: Any) -> Any:
    found = Q(pk__in=[])
    for prefix in reach.region_codes:
        found |= Q(code__startswith=prefix)
    return found
