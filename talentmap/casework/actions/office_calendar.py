"""Keeping the office calendar: a day that differs from Monday to Friday, and a year that is complete."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework.calendar_models import FIRST_YEAR, LAST_YEAR, CalendarDay, CalendarYear
from talentmap.ui.errors import Refused


def _check(by: User, year: int) -> None:
    if not by.may(Permission.EDIT_CALENDAR):
        raise PermissionDenied
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("This year is out of range."))


class DayKind(TextChoices):
    HOLIDAY = "holiday", pgettext_lazy("day", "Holiday")
    WORKDAY = "workday", pgettext_lazy("day", "Working day")
    ORDINARY = "ordinary", pgettext_lazy("day", "As its weekday")


@action
def set_day(*, by: User, at: datetime, date: date, kind: str, name: str = "", source: str = "") -> CalendarDay | None:
    """Make a day a holiday, a working day, or what its weekday says. Deadlines already promised stay."""
    _check(by, date.year)
    if kind == DayKind.ORDINARY:
        CalendarDay.objects.filter(date=date).delete()
        return None
    if kind not in DayKind.values:
        raise Refused(_("A day is a holiday, a working day, or what its weekday says."))
    values = {"is_workday": kind == DayKind.WORKDAY, "name": name.strip(), "source": source.strip()}
    return CalendarDay.objects.update_or_create(date=date, defaults=values)[0]


@action
def confirm_year(*, by: User, at: datetime, year: int, source: str) -> CalendarYear:
    """Say that a year's holidays are all entered, and after which notice."""
    _check(by, year)
    if not source.strip():
        raise Refused(_("Name the notice that announced the holidays."))
    values = {"source": source.strip(), "confirmed": True}
    return CalendarYear.objects.update_or_create(year=year, defaults=values)[0]
