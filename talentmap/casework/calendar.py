"""The office calendar from the database, and from chinesecalendar for the years that it knows."""

from datetime import date, datetime, time, timedelta

from chinese_calendar import constants
from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.casework.models import CalendarDay, CalendarYear
from talentmap.casework.rules import WorkingCalendar

# The State Council announces a year in the November before; deadlines reach into it sooner than that.
WARN_AHEAD = timedelta(days=120)
FIRST_LOADED_YEAR = 2020
SOURCE = "chinesecalendar"


def current() -> WorkingCalendar:
    """The calendar as the office has it now: two queries, so load it once a request."""
    return WorkingCalendar(
        exceptions=dict(CalendarDay.objects.values_list("date", "is_workday")),
        years=frozenset(CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True)),
    )


def start_of(day: date) -> datetime:
    """The first moment of a day here: whole days are compared like this, which an index can answer."""
    return timezone.make_aware(datetime.combine(day, time()))


def end_of(day: date) -> datetime:
    """The first moment after a day; the last day that there is ends with itself."""
    return start_of(day + timedelta(days=1)) if day < date.max else start_of(day)


def missing_years(today: date, calendar: WorkingCalendar) -> tuple[int, ...]:
    """The years that deadlines will reach soon and whose holidays nobody has entered."""
    return calendar.unknown_years(today, today + WARN_AHEAD)


def warning(today: date, calendar: WorkingCalendar) -> str:
    """What to tell staff about missing years, "" when all is well. Until then only fixed days are off."""
    years = missing_years(today, calendar)
    if not years:
        return ""
    return _(
        "The holidays of %(years)s are not entered. Until they are, deadlines in %(years)s count Monday to Friday as"
        " working days, but for 1 January, 1 and 2 May and 1 to 3 October."
    ) % {"years": ", ".join(map(str, years))}


def known_years() -> tuple[int, ...]:
    """The years for which chinesecalendar has the State Council's notice."""
    years = {day.year for day in constants.holidays}
    return tuple(sorted(year for year in years if year >= FIRST_LOADED_YEAR))


_CHINESE = {holiday.value: holiday.chinese for holiday in constants.Holiday}


def announced_days(year: int) -> list[CalendarDay]:
    """The days of `year` that differ from Monday to Friday, or that the notice names as holidays, by their names
    in the notice."""
    holidays = [(day, False, name) for day, name in constants.holidays.items() if day.year == year]
    workdays = [(day, True, name) for day, name in constants.workdays.items() if day.year == year]
    return [
        CalendarDay(date=day, is_workday=worked, name=_CHINESE.get(name, name), source=SOURCE)
        for day, worked, name in sorted(holidays + workdays)
    ]
