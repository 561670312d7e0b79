"""What expressions compute with: text, numbers, booleans and node sets (lists of texts), and how one becomes another.

Dates count as days since 1970-01-01 on the wall clock of Beijing (+08:00), where the platform works. The browser's
mirror is `static/js/surveys/values.js`.
"""

import math
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

Value = str | float | bool | list[str]

BEIJING = timezone(timedelta(hours=8))
EPOCH = date(1970, 1, 1)
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DAY_SECONDS = 86400


def to_text(value: Value) -> str:
    """As XPath's string(): the first of a node set, a number without exponent and without `.0`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return value[0] if value else ""
    return _number_text(value)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_number(value: Value) -> float:
    """As XPath's number(); dates and times of day become days, as ODK has it. Anything else is NaN."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, int | float):
        return float(value)
    text = (value if isinstance(value, str) else value[0] if value else "").strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    return days_of(text)


def to_boolean(value: Value) -> bool:
    """A number is true unless 0 or NaN, a text unless empty; a node set goes by its first value, as in ODK."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return not (value == 0 or math.isnan(value))
    return to_text(value) != ""


def days_of(text: str) -> float:
    """Days since 1970-01-01 of `2026-11-25` or `2026-11-25T08:30:00+08:00`, or NaN."""
    if _DATE.fullmatch(text):
        day = day_of(text)
        return float((day - EPOCH).days) if day else math.nan
    moment = moment_of(text)
    if moment is None:
        return math.nan
    since = moment - datetime(1970, 1, 1, tzinfo=moment.tzinfo)
    return since.days + (since.seconds + since.microseconds / 1_000_000) / _DAY_SECONDS


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """A date with time, on Beijing's wall clock; without an offset it is taken to be there already."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    day, hour, minute, second, fraction, offset = match.groups()
    try:
        naive = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}")
        moment = naive + timedelta(milliseconds=int(float(fraction or "0") * 1000))
        return moment.replace(tzinfo=_offset(offset)).astimezone(BEIJING)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> timezone:
    if not text:
        return BEIJING
    if text == "Z":
        return timezone(timedelta())
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def date_text(value: Value) -> str:
    """As ODK's date(): `2026-11-25` of a date, a moment or a number of days; "" of anything else."""
    if isinstance(value, float | bool):
        return _date_of_days(to_number(value))
    text = to_text(value).strip()
    if _NUMBER.fullmatch(text):
        return _date_of_days(float(text))
    if (day := day_of(text)) is not None:
        return day.isoformat()
    moment = moment_of(text)
    return moment.date().isoformat() if moment else ""


def date_time_text(value: Value) -> str:
    """The moment of a date, a moment or a number of days, as `2026-11-25T00:00:00.000+08:00`."""
    number = to_number(value)
    if math.isnan(number) or math.isinf(number) or not -719_162 <= number < 2_932_897:
        return ""
    milliseconds = math.floor(number * _DAY_SECONDS * 1000 + 0.5)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return moment_text(moment.replace(tzinfo=BEIJING))


def moment_text(moment: datetime) -> str:
    return moment.astimezone(BEIJING).isoformat(timespec="milliseconds")


def _date_of_days(days: float) -> str:
    if math.isnan(days) or not -719_162 <= days < 2_932_897:
        return ""
    return (EPOCH + timedelta(days=math.floor(days))).isoformat()
