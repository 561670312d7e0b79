"""The column "parameters": name=value pairs that belong to a type."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from needs.surveys.xlsform.fields import Fields
from needs.surveys.xlsform.mistakes import Findings

# Those with an effect here.
_EFFECTIVE: Mapping[str, set[str]] = {"range": {"start", "end", "step"}, "text": {"rows"}}
# Those that another tool's screen or camera heeds; the answers stay the same.
_HARMLESS: Mapping[str, set[str]] = {
    "range": {"tick_interval", "placeholder", "tick_labelset"},
    "image": {"max-pixels", "app"},
    "audio": {"quality"},
    "geopoint": {"capture-accuracy", "warning-accuracy"},
}
_PAIR = re.compile(r"\s*([\w-]+)\s*=\s*([^\s,;=]+)\s*(?:[,;]|\s|$)")


def read_parameters(row: Fields, kind: str, found: Findings) -> dict[str, str]:
    parameters = _pairs(row, found)
    if rows := row.text("rows"):
        parameters.setdefault("rows", rows)
        if not rows.isdigit():
            found.wrong("parameter_number", row.place("rows"), name="rows")
    for name in parameters:
        if name in _HARMLESS.get(kind, ()):
            found.warn("accuracy_parameter", row.place("parameters"), name=name)
        elif name not in _EFFECTIVE.get(kind, ()):
            where = "parameters" if "parameters" in row else "rows"
            found.wrong("parameter_not_supported", row.place(where), name=name, type=kind)
    if kind == "range":
        _check_range(row, parameters, found)
    return parameters


def _pairs(row: Fields, found: Findings) -> dict[str, str]:
    text = row.text("parameters")
    parameters: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _PAIR.match(text, at)
        if not match:
            found.wrong("parameter_unreadable", row.place("parameters"), name=text[at:])
            break
        parameters[match.group(1).lower()] = match.group(2)
        at = match.end()
    return parameters


def _check_range(row: Fields, parameters: dict[str, str], found: Findings) -> None:
    numbers: dict[str, Decimal] = {"start": Decimal(1), "end": Decimal(10), "step": Decimal(1)}
    for name in numbers:
        if name not in parameters:
            continue
        number = _number(parameters[name])
        if number is None:
            found.wrong("parameter_number", row.place("parameters"), name=name)
            return
        numbers[name] = number
    if numbers["step"] == 0 or abs(numbers["step"]) > abs(numbers["end"] - numbers["start"]):
        found.wrong("range_empty", row.place("parameters"))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
