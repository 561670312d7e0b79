"""The functions of expressions, as ODK's XForms specification defines them. Each gets the scope and its values.

Mirror: `static/js/surveys/functions.js`; `tests/surveys/vectors` hold both to one meaning.
"""

import functools
import math
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import regex

from needs.surveys.expressions.values import (
    Value,
    date_text,
    date_time_text,
    day_of,
    moment_of,
    to_boolean,
    to_number,
    to_text,
)

_WHITE = " \t\r\n"


def _words(value: Value) -> list[str]:
    return to_text(value).split()


def _texts(values: tuple[Value, ...]) -> list[str]:
    """All values of node sets, and the other arguments as texts."""
    return [text for value in values for text in (value if isinstance(value, list) else [to_text(value)])]


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [
        number
        for value in values
        for number in ([to_number(text) for text in value] if isinstance(value, list) else [to_number(value)])
    ]


def _selected(scope: Any, chosen: Value, value: Value) -> Value:
    return to_text(value).strip(_WHITE) in _words(chosen)


def _selected_at(scope: Any, chosen: Value, index: Value) -> Value:
    words, at = _words(chosen), to_number(index)
    return words[int(at)] if math.isfinite(at) and 0 <= int(at) < len(words) and at >= 0 else ""


def _coalesce(scope: Any, *values: Value) -> Value:
    return next((text for text in map(to_text, values) if text), "")


# Any pattern of use is a matter of microseconds; one like ([a-z]|[a-y])*[0-9] takes ages for a text chosen for it.
MOST_SECONDS = 0.5
_seconds_left: ContextVar[list[float] | None] = ContextVar("seconds_left", default=None)


class TooSlow(RuntimeError):
    """The patterns of a questionnaire took longer than `MOST_SECONDS` for one response."""


@contextmanager
def patience() -> Iterator[None]:
    """All patterns inside share `MOST_SECONDS`, so that many answers take no longer than one. Raises TooSlow."""
    token = _seconds_left.set([MOST_SECONDS])
    try:
        yield
    finally:
        _seconds_left.reset(token)


@functools.lru_cache(maxsize=512)
def _pattern(text: str) -> Any:
    return regex.compile(text, regex.ASCII | regex.VERSION0)


def _regex(scope: Any, text: Value, pattern: Value) -> Value:
    """True when the whole text fits. Digits and letters of `\\d` and `\\w` are ASCII, as in the browser."""
    left, begin = _seconds_left.get() or [MOST_SECONDS], time.perf_counter()
    try:
        fits = _pattern(to_text(pattern)).fullmatch(to_text(text), timeout=max(left[0], 0.001)) is not None
    except TimeoutError as error:
        raise TooSlow from error
    left[0] -= time.perf_counter() - begin
    return fits


def _int(scope: Any, value: Value) -> Value:
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _floor(number: float) -> float:
    return float(math.floor(number)) if math.isfinite(number) else number


def _ceiling(number: float) -> float:
    return float(math.ceil(number)) if math.isfinite(number) else number


def _round(scope: Any, value: Value, decimals: Value = 0.0) -> Value:
    number, places = to_number(value), to_number(decimals)
    if not math.isfinite(number) or not math.isfinite(places):
        return number if math.isfinite(places) else math.nan
    scale = 10.0 ** min(abs(int(places)), 15)
    if places < 0:
        return _floor(number / scale + 0.5) * scale
    return _floor(number * scale + 0.5) / scale


def _pow(scope: Any, base: Value, exponent: Value) -> Value:
    """Whole powers to 1024 by multiplying, others of positive numbers to 14 digits: the last digit of pow() differs
    from machine to machine. Anything else is NaN."""
    a, b = to_number(base), to_number(exponent)
    if b == 0:
        return 1.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.nan
    if b == int(b) and abs(b) <= 1024:
        return _multiplied(a, int(b))
    try:
        return float(f"{math.pow(a, b):.14g}") if a > 0 else math.nan
    except OverflowError:
        return math.inf


def _multiplied(base: float, exponent: int) -> float:
    result, factor, left = 1.0, base, abs(exponent)
    while left:
        if left % 2:
            result *= factor
        factor *= factor
        left //= 2
    if exponent > 0:
        return result
    return 1 / result if result else math.copysign(math.inf, result)


def _sum(scope: Any, nodes: Value) -> Value:
    total = 0.0
    for number in _numbers((nodes,)):
        total += number
    return total


def _extreme(choose: Callable[[list[float]], float]) -> Callable[..., Value]:
    def run(scope: Any, *values: Value) -> Value:
        numbers = _numbers(values)
        return choose(numbers) if numbers and not any(map(math.isnan, numbers)) else math.nan

    return run


def _count(scope: Any, nodes: Value) -> Value:
    return float(len(nodes)) if isinstance(nodes, list) else 0.0


def _count_non_empty(scope: Any, nodes: Value) -> Value:
    return float(sum(text != "" for text in nodes)) if isinstance(nodes, list) else 0.0


def _join(scope: Any, separator: Value, *values: Value) -> Value:
    return to_text(separator).join(_texts(values))


def _substr(scope: Any, text: Value, start: Value, end: Value | None = None) -> Value:
    """From the 0-based start up to before the end; a negative number counts from the end."""
    whole, first = to_text(text), to_number(start)
    last = float(len(whole)) if end is None else to_number(end)
    if math.isnan(first) or math.isnan(last):
        return ""
    return whole[_bounded(first, len(whole)) : _bounded(last, len(whole))]


def _bounded(index: float, length: int) -> int:
    at = math.trunc(max(-1e9, min(1e9, index)))
    return max(0, min(length, at + length if at < 0 else at))


def _substring(scope: Any, text: Value, start: Value, length: Value | None = None) -> Value:
    """XPath's substring: characters whose place, from 1, lies in [round(start), round(start) + round(length))."""
    first = _half_up(to_number(start))
    end = math.inf if length is None else first + _half_up(to_number(length))
    return "".join(letter for place, letter in enumerate(to_text(text), start=1) if first <= place < end)


def _half_up(number: float) -> float:
    return _floor(number + 0.5)


def _substring_before(scope: Any, text: Value, part: Value) -> Value:
    before, found, _after = to_text(text).partition(to_text(part)) if to_text(part) else ("", "", "")
    return before if found else ""


def _substring_after(scope: Any, text: Value, part: Value) -> Value:
    if not to_text(part):
        return to_text(text)
    return to_text(text).partition(to_text(part))[2]


def _translate(scope: Any, text: Value, old: Value, new: Value) -> Value:
    table: dict[int, str | None] = {}
    replacements = to_text(new)
    for place, letter in enumerate(to_text(old)):
        table.setdefault(ord(letter), replacements[place] if place < len(replacements) else None)
    return to_text(text).translate(table)


def _normalize_space(scope: Any, text: Value) -> Value:
    return " ".join(re.split(f"[{_WHITE}]+", to_text(text).strip(_WHITE)))


def _boolean_from_string(scope: Any, text: Value) -> Value:
    return to_text(text) in ("true", "1")


def _uuid(scope: Any, length: Value | None = None) -> Value:
    if length is None:
        return str(uuid.uuid4())
    wanted = to_number(length)
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
    count = int(wanted) if math.isfinite(wanted) and 0 < wanted <= 100 else 0
    return "".join(random.choice(alphabet) for _place in range(count))  # noqa: S311 - an id, no secret


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CHINESE_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def _format_date(scope: Any, value: Value, pattern: Value) -> Value:
    day = day_of(date_text(value))
    return _formatted(datetime(day.year, day.month, day.day), pattern, scope.language) if day else ""  # noqa: DTZ001


def _format_date_time(scope: Any, value: Value, pattern: Value) -> Value:
    moment = moment_of(date_time_text(value))
    return _formatted(moment, pattern, scope.language) if moment else ""


def _formatted(moment: datetime, pattern: Value, language: str) -> str:
    chinese = is_chinese(language)
    parts = {
        "Y": f"{moment.year:04}",
        "y": f"{moment.year % 100:02}",
        "m": f"{moment.month:02}",
        "n": str(moment.month),
        "b": f"{moment.month}月" if chinese else MONTHS[moment.month - 1],
        "d": f"{moment.day:02}",
        "e": str(moment.day),
        "a": (CHINESE_DAYS if chinese else DAYS)[moment.weekday()],
        "H": f"{moment.hour:02}",
        "h": str(moment.hour),
        "M": f"{moment.minute:02}",
        "S": f"{moment.second:02}",
        "3": f"{moment.microsecond // 1000:03}",
        "%": "%",
    }
    return re.sub(r"%(.)", lambda match: parts.get(match[1], match[0]), to_text(pattern))


def is_chinese(language: str) -> bool:
    """By the name of a language as XLSForm writes it: 中文 (zh)."""
    return "中" in language or "汉" in language or "(zh" in language.lower() or language.lower().startswith("zh")


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "selected": _selected,
    "count-selected": lambda scope, chosen: float(len(_words(chosen))),
    "selected-at": _selected_at,
    "coalesce": _coalesce,
    "regex": _regex,
    "today": lambda scope: scope.today,
    "now": lambda scope: scope.now,
    "date": lambda scope, value: date_text(value),
    "date-time": lambda scope, value: date_time_text(value),
    "decimal-date-time": lambda scope, value: to_number(value),
    "format-date": _format_date,
    "format-date-time": _format_date_time,
    "int": _int,
    "round": _round,
    "abs": lambda scope, value: abs(to_number(value)),
    "pow": _pow,
    "floor": lambda scope, value: _floor(to_number(value)),
    "ceiling": lambda scope, value: _ceiling(to_number(value)),
    "count": _count,
    "count-non-empty": _count_non_empty,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "string": lambda scope, value: to_text(value),
    "string-length": lambda scope, value: float(len(to_text(value))),
    "concat": lambda scope, *values: "".join(_texts(values)),
    "join": _join,
    "contains": lambda scope, text, part: to_text(part) in to_text(text),
    "starts-with": lambda scope, text, part: to_text(text).startswith(to_text(part)),
    "ends-with": lambda scope, text, part: to_text(text).endswith(to_text(part)),
    "substr": _substr,
    "substring": _substring,
    "substring-before": _substring_before,
    "substring-after": _substring_after,
    "translate": _translate,
    "normalize-space": _normalize_space,
    "number": lambda scope, value: to_number(value),
    "boolean": lambda scope, value: to_boolean(value),
    "boolean-from-string": _boolean_from_string,
    "true": lambda scope: True,
    "false": lambda scope: False,
    "not": lambda scope, value: not to_boolean(value),
    "uuid": _uuid,
    "random": lambda scope: random.random(),  # noqa: S311 - ODK's random(), no secret
}
