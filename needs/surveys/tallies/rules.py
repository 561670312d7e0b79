"""What one response adds to the tallies. Pure; `proof.py` says the same in SQL, independently."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

NUMBERS = frozenset({"integer", "decimal", "range"})
DAYS = frozenset({"date", "dateTime", "today", "start", "end"})
CHOSEN = frozenset({"select_one", "acknowledge"})
SEVERAL = frozenset({"select_multiple", "rank"})
SILENT = frozenset({"note"})
MONTH = len("2026-11")
LONGEST = 120  # of a value, as the column holds it
# Beyond this a number is a slip of the keyboard or malice: counted as answered, in no sum.
HUGE, TINY = Decimal("1e18"), Decimal("1e-6")
_PLACES = Decimal("1e-12")
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
_TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)

Key = tuple[str, str]
"""Stable id of a question ("" for the response itself) and a value ("" for "answered at all")."""


@dataclass(frozen=True)
class Amount:
    """How often, and the sum of the numbers behind it and of their squares."""

    n: int = 0
    total: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)

    def __add__(self, other: "Amount") -> "Amount":
        if not other.total and not other.squares:  # most are mere counts
            return Amount(self.n + other.n, self.total, self.squares)
        return Amount(self.n + other.n, _EXACT.add(self.total, other.total), _EXACT.add(self.squares, other.squares))

    def __neg__(self) -> "Amount":
        # The minus sign would round to the 28 digits of the usual context.
        return Amount(-self.n, self.total.copy_negate(), self.squares.copy_negate())

    def __bool__(self) -> bool:
        return bool(self.n or self.total or self.squares)


ONCE = Amount(1)


@dataclass(frozen=True)
class Level:
    """The questions outside repeats, or inside one: type by stable id; and the repeats in it."""

    questions: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[str, "Level"] = field(default_factory=dict)


def level(compiled: Mapping[str, Any], repeat: int = -1) -> Level:
    """What is counted of a questionnaire: everything asked but notes and what names a person."""
    nodes = [node for node in compiled.get("nodes", ()) if node.get("repeat", -1) == repeat]
    return Level(
        questions={
            node["id"]: node["type"]
            for node in nodes
            if node["kind"] == "question" and not node.get("personal") and node["type"] not in SILENT
        },
        repeats={node["id"]: level(compiled, node["i"]) for node in nodes if node["kind"] == "repeat"},
    )


def contributions(counted: Level, answers: Mapping[str, Any]) -> dict[Key, Amount]:
    """What one response adds to the rows of its cell. Inside a repeat every entry counts."""
    found: dict[Key, Amount] = {("", ""): ONCE}
    for key, amount in _of_level(counted, answers):
        found[key] = found[key] + amount if key in found else amount
    return found


def _of_level(counted: Level, answers: Mapping[str, Any]) -> Iterator[tuple[Key, Amount]]:
    for key, answer in answers.items():
        if answer is None:
            continue
        if key in counted.questions:
            yield from (((key, value), amount) for value, amount in _of_answer(counted.questions[key], answer))
        elif key in counted.repeats and isinstance(answer, list):
            for entry in answer:
                yield (key, ""), ONCE
                if isinstance(entry, dict):
                    yield from _of_level(counted.repeats[key], entry)


def _of_answer(kind: str, answer: Any) -> Iterator[tuple[str, Amount]]:
    """The value rows of one answer. An answer of another shape than its type is counted as answered, no more."""
    if kind in NUMBERS and _is_number(answer):
        yield from _of_number(Decimal(str(answer)))
        return
    yield "", ONCE
    if kind in CHOSEN and isinstance(answer, str) and answer:
        yield answer[:LONGEST], ONCE
    elif kind in DAYS and isinstance(answer, str) and answer:
        yield answer[:MONTH], ONCE
    elif kind in SEVERAL and isinstance(answer, list):
        for place, chosen in enumerate(answer, start=1):
            if isinstance(chosen, str) and chosen:
                yield chosen[:LONGEST], _ranked(place) if kind == "rank" else ONCE


def _is_number(answer: Any) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool)


def _of_number(number: Decimal) -> Iterator[tuple[str, Amount]]:
    if abs(number) >= HUGE:
        yield "", ONCE
        return
    amount = _summed(number)
    yield "", amount
    yield number_bin(number), amount


def _ranked(place: int) -> Amount:
    return Amount(1, Decimal(place), Decimal(place * place))


def _summed(number: Decimal) -> Amount:
    """Rounded as the columns keep it."""
    return Amount(
        1,
        number.quantize(_PLACES, context=_EXACT),
        _EXACT.multiply(number, number).quantize(_PLACES, context=_EXACT),
    )


def number_bin(number: Decimal) -> str:
    """The number to two significant digits, half away from zero: 12,345 → "12000", 0.0347 → "0.035"."""
    if abs(number) < TINY:
        return "0"
    text = f"{_TWO_DIGITS.plus(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
