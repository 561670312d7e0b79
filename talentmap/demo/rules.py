"""How far a demo's date can be moved at once. Pure: no database, request or clock."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from talentmap.casework.rules import WorkingCalendar, add_working_days


class Step(TextChoices):
    DAY = "day", pgettext_lazy("demo", "Next working day")
    NOTICE = "notice", pgettext_lazy("demo", "5 working days on")
    QUARTER = "quarter", pgettext_lazy("demo", "To the next quarter")


def days_to(step: str, today: date, calendar: WorkingCalendar) -> int:
    """Calendar days from `today` to the working day at which `step` arrives."""
    if step == Step.QUARTER:
        target = add_working_days(_last_of_quarter(today), 1, calendar)
    else:
        target = add_working_days(today, 5 if step == Step.NOTICE else 1, calendar)
    return (target - today).days


def _last_of_quarter(day: date) -> date:
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
