"""What one answer may look like, by type of question: raw JSON in; its value and its text for expressions out."""

import math
import re
from collections.abc import Callable
from datetime import time
from typing import Any

from needs.surveys.engine.kinds import DATES, FILES, MOMENTS, TEXTS
from needs.surveys.engine.program import Node
from needs.surveys.expressions import to_number, to_text
from needs.surveys.expressions.values import day_of, moment_of

MOST_CHARACTERS = 10_000
LARGEST_WHOLE = 2**53 - 1  # the largest that a browser tells from its neighbours
LARGEST = 1e15
_WHITE = " \t\r\n\u00a0\u3000"
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)

# PostgreSQL keeps neither in JSON: the NUL, and half of a pair that stands for one character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Answer = tuple[Any, str]


class Unfit(ValueError):
    """Why a raw answer cannot be one, by code, and what the sentence is filled in with."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def read(node: Node, raw: Any) -> Answer | None:
    """None when there is no answer. Raises Unfit."""
    if raw is None or (isinstance(raw, str | list) and not raw):
        return None
    return _READERS[node.type](node, raw)


def from_text(node: Node, text: str) -> Answer | None:
    """The answer that a calculation or default gives; what does not fit the type is none."""
    if text in ("", "NaN"):
        return None
    try:
        return read(node, _RAW.get(node.type, str)(text))
    except (Unfit, ValueError, OverflowError):
        return None


def _text(node: Node, raw: Any) -> Answer | None:
    if not isinstance(raw, str):
        raise Unfit("type_text")
    if _UNSTORABLE.search(raw):
        raise Unfit("text_nul")
    text = raw.strip(_WHITE)
    if len(text) > MOST_CHARACTERS:
        raise Unfit("text_length", most=MOST_CHARACTERS)
    return (text, text) if text else None


def _number(raw: Any, code: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Unfit(code)
    if abs(raw) > LARGEST_WHOLE:
        raise Unfit("number_size")
    if not math.isfinite(raw):
        raise Unfit(code)
    return raw


def _integer(node: Node, raw: Any) -> Answer:
    number = _number(raw, "type_integer")
    if number != int(number):
        raise Unfit("type_integer")
    return int(number), str(int(number))


def _decimal(node: Node, raw: Any) -> Answer:
    number = _number(raw, "type_number")
    if abs(number) >= LARGEST:
        raise Unfit("number_size")
    value = int(number) if number == int(number) else float(number)
    return value, to_text(float(value))


def _range(node: Node, raw: Any) -> Answer:
    value, text = _decimal(node, raw)
    start, end, step = range_of(node.data.get("parameters") or {})
    if not min(start, end) <= value <= max(start, end):
        raise Unfit("range_bounds", start=to_text(start), end=to_text(end))
    steps = (value - start) / step
    if abs(steps - round(steps)) > 1e-9:
        raise Unfit("range_step", step=to_text(abs(step)))
    return value, text


def range_of(parameters: dict[str, Any]) -> tuple[float, float, float]:
    """Start, end and step; 1 to 10 by 1 where nothing is said, as in XLSForm."""
    start, end = (_parameter(parameters, name, standard) for name, standard in (("start", 1.0), ("end", 10.0)))
    step = abs(_parameter(parameters, "step", 1.0)) or 1.0
    return start, end, step if end >= start else -step


def _parameter(parameters: dict[str, Any], name: str, standard: float) -> float:
    number = to_number(str(parameters.get(name, "")))
    return number if math.isfinite(number) else standard


def _date(node: Node, raw: Any) -> Answer:
    if not isinstance(raw, str) or day_of(raw) is None:
        raise Unfit("type_date")
    return raw, raw


def _time(node: Node, raw: Any) -> Answer:
    match = _TIME.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise Unfit("type_time")
    hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        moment = time(hour, minute, second)
    except ValueError:
        raise Unfit("type_time") from None
    text = moment.isoformat("seconds" if match[3] else "minutes")
    return text, text


def _moment(node: Node, raw: Any) -> Answer:
    if not isinstance(raw, str) or moment_of(raw) is None:
        raise Unfit("type_moment")
    return raw, raw


def _choice(node: Node, raw: Any) -> Answer:
    if not isinstance(raw, str):
        raise Unfit("type_choice")
    if raw not in node.choices:
        raise Unfit("choice_unknown")
    return raw, raw


def names_of(node: Node) -> list[str]:
    """The choices in the order of the list, each once."""
    return list(dict.fromkeys(row["name"] for row in node.rows))


def _choices(node: Node, raw: Any) -> Answer:
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        raise Unfit("type_choice")
    if not all(name in node.choices for name in raw):
        raise Unfit("choice_unknown")
    if len(set(raw)) < len(raw):
        raise Unfit("choice_twice")
    # In the order of the list, whatever was ticked first; a ranking's order is the answer.
    chosen = list(raw) if node.type == "rank" else [name for name in names_of(node) if name in set(raw)]
    return chosen, " ".join(chosen)


def _acknowledge(node: Node, raw: Any) -> Answer:
    if raw != "OK":
        raise Unfit("type_acknowledge")
    return "OK", "OK"


def _geopoint(node: Node, raw: Any) -> Answer:
    if not isinstance(raw, list) or not 2 <= len(raw) <= 4:
        raise Unfit("type_geopoint")
    numbers = [*raw, None, None][:4]
    for number, bound in zip(numbers, (90, 180, 1e6, 1e7), strict=True):
        if number is None and bound > 180:
            continue
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) <= bound:
            raise Unfit("type_geopoint")
    cleaned = [int(n) if n is not None and n == int(n) else n for n in numbers]
    return cleaned, " ".join(to_text(float(number or 0)) for number in cleaned)


def _file(node: Node, raw: Any) -> Answer:
    if not isinstance(raw, dict) or set(raw) != {"file", "name"}:
        raise Unfit("type_file")
    file, name = raw["file"], raw["name"]
    if not isinstance(file, str) or not _UUID.fullmatch(file) or not isinstance(name, str):
        raise Unfit("type_file")
    if not 0 < len(name) <= 120 or _UNSTORABLE.search(name):
        raise Unfit("type_file")
    return {"file": file, "name": name}, name


_READERS: dict[str, Callable[[Node, Any], Answer | None]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(DATES, _date),
    **dict.fromkeys(MOMENTS, _moment),
    **dict.fromkeys(FILES, _file),
    "integer": _integer,
    "decimal": _decimal,
    "range": _range,
    "time": _time,
    "select_one": _choice,
    "select_multiple": _choices,
    "rank": _choices,
    "acknowledge": _acknowledge,
    "geopoint": _geopoint,
}


def _numeric(text: str) -> float:
    return to_number(text)


def _point(text: str) -> list[float]:
    return [float(part) for part in text.split()]


_RAW: dict[str, Callable[[str], Any]] = {
    "integer": _numeric,
    "decimal": _numeric,
    "range": _numeric,
    "select_multiple": str.split,
    "rank": str.split,
    "geopoint": _point,
    "date": lambda text: text[:10],
}
