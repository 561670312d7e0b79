"""The rows of a question in their order; numbers are put into classes of a histogram. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

from needs.surveys.results.counts import Place, Sums
from needs.surveys.results.outline import Question, Texts

MOST_SINGLE = 12
WANTED_CLASSES = 10
_STEPS = (1, 2, 2.5, 5, 10)

Values = Mapping[str, Mapping[Place, Sums]]


@dataclass(frozen=True)
class Rows:
    """`values` in the order of the page, their labels, the counts under these values; numbers may be in classes."""

    values: tuple[str, ...]
    labels: tuple[Texts, ...]
    counts: Values
    are_classes: bool = False


def rows_of(question: Question, counts: Values) -> Rows:
    """Choices in the questionnaire's order, months in time's, numbers by size."""
    answered = [value for value in counts if value]
    if question.kind in ("choice", "several", "rank"):
        names = {choice.name: choice.label for choice in question.choices}
        names |= {value: {"": value} for value in sorted(answered) if value not in names}
        return Rows(tuple(names), tuple(names.values()), counts)
    if question.kind == "date":
        values = tuple(sorted(answered))
        return Rows(values, tuple({"": value} for value in values), counts)
    if question.kind == "number":
        return _histogram(counts, is_whole=question.type == "integer")
    return Rows((), (), counts)


def _histogram(counts: Values, *, is_whole: bool) -> Rows:
    """Single numbers while there are few; else classes of one width between the first and last hundredth."""
    numbers = sorted((float(value), value) for value in counts if value)
    if len(numbers) <= MOST_SINGLE:
        values = tuple(value for _number, value in numbers)
        return Rows(values, tuple({"": value} for value in values), counts)
    amounts = [sum(sums.n for sums in counts[value].values()) for _number, value in numbers]
    low, high = _between([number for number, _value in numbers], amounts)
    step = _step((high - low) / WANTED_CLASSES, is_whole=is_whole)
    first, last = floor(low / step), floor(high / step)
    merged: dict[str, dict[Place, Sums]] = {"": dict(counts.get("", {}))}
    labels: dict[str, str] = {}
    for number, value in numbers:
        place = min(max(floor(number / step + 1e-9), first), last)
        name = f"{place * step:.12g}"
        labels[name] = _class_label(place, step, first, last, numbers, is_whole=is_whole)
        target = merged.setdefault(name, {})
        for where, sums in counts[value].items():
            target[where] = target[where] + sums if where in target else sums
    ordered = tuple(sorted(labels, key=float))
    return Rows(ordered, tuple({"": labels[name]} for name in ordered), merged, are_classes=True)


def _between(numbers: Sequence[float], amounts: Sequence[int]) -> tuple[float, float]:
    """The numbers at one and at ninety-nine hundredths of the answers: a slip of the keyboard spoils no picture."""
    total, seen = sum(amounts), 0
    low: float | None = None
    for number, n in zip(numbers, amounts, strict=True):
        seen += n
        low = number if low is None and seen * 100 >= total else low
        if seen * 100 >= total * 99:
            return numbers[0] if low is None else low, number
    return numbers[0], numbers[-1]


def _step(wanted: float, *, is_whole: bool) -> float:
    """The next round width: 1, 2, 2.5 or 5 times a power of ten; whole for whole numbers."""
    if wanted <= 0:
        return 1
    power = 10.0 ** floor(log10(wanted))
    step = next(power * each for each in _STEPS if power * each >= wanted * (1 - 1e-9))
    return max(float(round(step)), 1.0) if is_whole else step


def _class_label(
    place: int, step: float, first: int, last: int, numbers: Sequence[tuple[float, str]], *, is_whole: bool
) -> str:
    low, high = place * step, (place + 1) * step
    if place == first and numbers[0][0] < low:
        return f"< {high:,.6g}"
    if place == last and numbers[-1][0] >= high:
        return f"≥ {low:,.6g}"
    if is_whole:
        return f"{low:,.6g}" if step == 1 else f"{low:,.6g}–{high - 1:,.6g}"
    return f"{low:,.6g} – < {high:,.6g}"


def median_of(values: Mapping[str, Sums]) -> float | None:
    """By the bins of two significant digits, so about; weighted like the sums."""
    ordered = sorted((float(value), sums.w) for value, sums in values.items() if value)
    total, seen = sum(w for _number, w in ordered), 0.0
    for number, w in ordered:
        seen += w
        if seen * 2 >= total > 0:
            return number
    return None
