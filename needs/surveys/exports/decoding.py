"""Answers as they come out of the database, as fast as they can be read and without losing a digit. Pure."""

import json
from decimal import Decimal
from typing import Any

import orjson

Answers = dict[str, Any]
# From here on a float may stand for another whole number: orjson reads what has more than 64 bits as one.
_EXACT = 2**53


def decode(text: str | bytes) -> Answers:
    """Read one response's answers."""
    try:
        return orjson.loads(text)  # type: ignore[no-any-return]
    except orjson.JSONDecodeError:
        return decode_exactly(text)


def decode_exactly(text: str | bytes) -> Answers:
    """Read numbers of any size digit by digit: for the few responses that have such."""
    return json.loads(text, parse_float=Decimal)  # type: ignore[no-any-return]


def is_exact(number: Any) -> bool:
    return type(number) is int or (type(number) is float and -_EXACT < number < _EXACT)


def joined(answers: Answers, personal: Answers) -> Answers:
    """The answers with those that name a person among them, inside repeats too."""
    result = dict(answers)
    for name, value in personal.items():
        mine = result.get(name)
        if isinstance(mine, list) and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            longest = max(len(mine), len(value))
            result[name] = [joined(_at(mine, index), _at(value, index)) for index in range(longest)]
        else:
            result[name] = value
    return result


def _at(instances: list[Any], index: int) -> Answers:
    found = instances[index] if index < len(instances) else {}
    return found if isinstance(found, dict) else {}
