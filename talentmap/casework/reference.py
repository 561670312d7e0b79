"""What casework needs in every installation: the known calendar years and its sweeps."""

from talentmap.casework import calendar
from talentmap.casework.models import CalendarDay, CalendarYear
from talentmap.reference import reference_data, schedule


@reference_data
def load_calendar() -> str:
    """Add the years that chinesecalendar knows; a year that the office already has is left as it is."""
    there = set(CalendarYear.objects.values_list("year", flat=True))
    new = [year for year in calendar.known_years() if year not in there]
    CalendarYear.objects.bulk_create(CalendarYear(year=year, source=calendar.SOURCE, confirmed=True) for year in new)
    days = [day for year in new for day in calendar.announced_days(year)]
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
    return f"{len(there) + len(new)} calendar years"


@reference_data
def schedule_sweeps() -> str:
    schedule("casework: end public notices", "casework.end_notices", hour="0", minute="10")
    schedule("casework: overdue digest", "casework.overdue_digest", hour="8", minute="0")
    schedule("casework: reminders of corrections", "casework.remind_of_corrections", hour="8", minute="10")
    schedule("casework: missing calendar years", "casework.calendar_warning", hour="8", minute="5")
    return "4 casework sweeps"
