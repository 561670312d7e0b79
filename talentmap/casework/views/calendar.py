"""The office calendar: a year at a glance, its holidays and worked weekends entered by the office."""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions
from talentmap.casework import calendar as office
from talentmap.casework.calendar_models import FIRST_YEAR, LAST_YEAR
from talentmap.casework.forms import CalendarDayForm, CalendarYearForm
from talentmap.casework.models import CalendarDay, CalendarYear
from talentmap.casework.rules import ONE_DAY, WorkingCalendar
from talentmap.casework.views.common import attempt

WEEKDAYS = (
    pgettext_lazy("weekday", "Mo"),
    pgettext_lazy("weekday", "Tu"),
    pgettext_lazy("weekday", "We"),
    pgettext_lazy("weekday", "Th"),
    pgettext_lazy("weekday", "Fr"),
    pgettext_lazy("weekday", "Sa"),
    pgettext_lazy("weekday", "Su"),
)


@dataclass(frozen=True)
class Day:
    date: date
    worked: bool
    exception: bool
    name: str

    @property
    def kind(self) -> str:
        if self.exception:
            return "extra" if self.worked else "holiday"
        return "work" if self.worked else "weekend"


@dataclass(frozen=True)
class Month:
    first: date
    weeks: tuple[tuple[Day | None, ...], ...]


@requires(P.EDIT_CALENDAR)
@require_GET
def calendar(request: SignedInRequest, year: int = 0) -> HttpResponse:
    return _render(request, year or timezone.localdate().year)


def _render(request: SignedInRequest, year: int, form: Any = None, year_form: Any = None) -> HttpResponse:
    if not FIRST_YEAR < year < LAST_YEAR:
        raise Http404
    known = office.current()
    days = {day.date: day for day in CalendarDay.objects.filter(date__year=year)}
    record = CalendarYear.objects.filter(year=year).first()
    today = timezone.localdate()
    context = {
        "year": year,
        "previous_year": year - 1,
        "following_year": year + 1,
        "weekday_names": WEEKDAYS,
        "today": today,
        "months": list(_months(year, known, days)),
        "exceptions": sorted(days.values(), key=lambda day: day.date),
        "workdays": sum(known.is_workday(day) for day in _days_of(year)),
        "record": record,
        "warning": office.warning(today, known),
        "form": form or CalendarDayForm(year=year, initial={"kind": "holiday"}),
        "year_form": year_form or CalendarYearForm(instance=record),
    }
    return render(request, "casework/calendar.html", context)


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY


def _months(year: int, known: WorkingCalendar, days: dict[date, CalendarDay]) -> Iterator[Month]:
    weeks_of = months.Calendar(firstweekday=0)
    for month in range(1, 13):
        weeks = tuple(
            tuple(_day(day, known, days) if day.month == month else None for day in week)
            for week in weeks_of.monthdatescalendar(year, month)
        )
        yield Month(date(year, month, 1), weeks)


def _day(day: date, known: WorkingCalendar, days: dict[date, CalendarDay]) -> Day:
    stored = days.get(day)
    return Day(day, known.is_workday(day), stored is not None, stored.name if stored else "")


@requires(P.EDIT_CALENDAR)
@require_POST
def set_days(request: SignedInRequest, year: int) -> HttpResponse:
    form = CalendarDayForm(request.POST, year=year)
    if not form.is_valid():
        return _render(request, year, form=form)
    if _set(request, form.cleaned_data):
        count = (form.cleaned_data["last"] - form.cleaned_data["first"]).days + 1
        said = ngettext("%(count)s day is changed.", "%(count)s days are changed.", count) % {"count": count}
        messages.success(request, said)
    return redirect("casework:calendar_year", year)


def _set(request: SignedInRequest, data: dict[str, Any]) -> bool:
    """All days of the period or none."""
    with transaction.atomic():
        for offset in range((data["last"] - data["first"]).days + 1):
            day = data["first"] + timedelta(days=offset)
            if not attempt(request, actions.set_day, date=day, kind=data["kind"], name=data["name"])[0]:
                transaction.set_rollback(True)
                return False
    return True


@requires(P.EDIT_CALENDAR)
@require_POST
def confirm_year(request: SignedInRequest, year: int) -> HttpResponse:
    form = CalendarYearForm(request.POST, instance=CalendarYear(year=year))
    if not form.is_valid():
        return _render(request, year, year_form=form)
    if attempt(request, actions.confirm_year, year=year, source=form.cleaned_data["source"])[0]:
        messages.success(request, _("The calendar of %(year)s is confirmed.") % {"year": year})
    return redirect("casework:calendar_year", year)
