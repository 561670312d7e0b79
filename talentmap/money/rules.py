"""Rules of money, without database, clock or request. Amounts are yuan with two places."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

# Which account loses and which gains by each kind of entry: money moves from the first to the second.
MOVES: Mapping[str, tuple[str, str]] = {
    "budget": ("source", "available"),
    "top_up": ("source", "available"),
    "reduction": ("available", "source"),
    "carry_out": ("available", "source"),
    "carry_over": ("source", "available"),
    "commitment": ("available", "committed"),
    "release": ("committed", "available"),
    "payment": ("committed", "paid"),
    "payment_return": ("paid", "committed"),
    "recovery": ("recovered", "available"),
}


def postings(kind: str, amount: Decimal) -> tuple[tuple[str, Decimal], ...]:
    """The two lines of an entry: (account, signed amount); they sum to zero."""
    source, target = MOVES[kind]
    return (source, -amount), (target, amount)


def is_amount(amount: Decimal) -> bool:
    """More than zero, in whole fen, and no more than a column holds."""
    return amount.is_finite() and ZERO < amount < Decimal(10) ** 12 and amount == amount.quantize(CENT)


def missing(needed: Decimal, available: Decimal) -> Decimal:
    """How much is lacking; zero when there is enough."""
    return max(needed - available, ZERO)


@dataclass(frozen=True)
class BudgetYear:
    """What a fund received and used in a year; commitments less what was released, payments less what came back."""

    year: int
    budget: Decimal = ZERO
    topped_up: Decimal = ZERO
    carried_over: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO
    recovered: Decimal = ZERO
    carried_out: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What the year adds to what is available: over all years, exactly the fund's balance."""
        received = self.budget + self.topped_up + self.carried_over + self.recovered
        return received - self.committed - self.carried_out


# The column of a budget year that each kind of entry adds to, or takes from.
YEAR_COLUMNS: Mapping[str, tuple[str, int]] = {
    "budget": ("budget", 1),
    "reduction": ("budget", -1),
    "top_up": ("topped_up", 1),
    "carry_over": ("carried_over", 1),
    "carry_out": ("carried_out", 1),
    "commitment": ("committed", 1),
    "release": ("committed", -1),
    "payment": ("paid", 1),
    "payment_return": ("paid", -1),
    "recovery": ("recovered", 1),
}


def budget_years(sums: Iterable[tuple[int, str, Decimal]]) -> tuple[BudgetYear, ...]:
    """The years of a fund, the latest first, from the sum of its entries by year and kind."""
    columns: dict[int, dict[str, Decimal]] = {}
    for year, kind, amount in sums:
        column, sign = YEAR_COLUMNS[kind]
        row = columns.setdefault(year, {})
        row[column] = row.get(column, ZERO) + sign * amount
    return tuple(BudgetYear(year, **columns[year]) for year in sorted(columns, reverse=True))


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read "2026Q3"; raises ValueError."""
        year, _, number = text.partition("Q")
        if not (len(year) == 4 and year.isascii() and year.isdigit() and number in ("1", "2", "3", "4")):
            raise ValueError(text)
        return cls(int(year), int(number))

    @property
    def first_day(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        month = self.number * 3
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


# Tariffs -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dated:
    """A version and the day from which it is in force."""

    version: int
    valid_from: date


def version_in_force(versions: Iterable[Dated], on: date) -> Dated | None:
    """The version in force on a day: the latest date decides, and of two with one date the later version."""
    begun = [each for each in versions if each.valid_from <= on]
    return max(begun, key=lambda each: (each.valid_from, each.version), default=None)


@dataclass(frozen=True)
class Change:
    """One parameter in an old and a new version."""

    key: str
    old: Decimal | None
    new: Decimal

    @property
    def is_change(self) -> bool:
        return self.old != self.new

    @property
    def difference(self) -> Decimal | None:
        return None if self.old is None else self.new - self.old


def changes(old: Mapping[str, Decimal], new: Mapping[str, Decimal]) -> tuple[Change, ...]:
    """Every parameter of the new version beside its value in the old one."""
    return tuple(Change(key, old.get(key), value) for key, value in new.items())


# The bank's return file ----------------------------------------------------------------------------------


class Result(StrEnum):
    PAID = "paid"
    FAILED = "failed"


_PAID_WORDS = frozenset(
    {"paid", "success", "successful", "succeeded", "s", "成功", "交易成功", "已付", "支付成功", "付款成功"}
)
_FAILED_WORDS = frozenset(
    {
        "failed",
        "failure",
        "fail",
        "f",
        "rejected",
        "失败",
        "交易失败",
        "支付失败",
        "付款失败",
        "退票",
        "退汇",
        "拒绝",
    }
)


def read_result(text: str) -> Result | None:
    """What a bank's word for the outcome means; None when it is not known."""
    word = text.strip().lower()
    if word in _PAID_WORDS:
        return Result.PAID
    return Result.FAILED if word in _FAILED_WORDS else None


def read_amount(text: str) -> Decimal | None:
    """Read an amount as banks write it: "1,500.00", "¥1500", "1500元"; None when it is none."""
    plain = text.strip().replace(",", "").replace("，", "").strip("¥￥元 ")
    try:
        amount = Decimal(plain.strip())
    except InvalidOperation:
        return None
    return amount.quantize(CENT) if is_amount(amount) else None


@dataclass(frozen=True)
class Sent:
    """A payment as we sent it, and what was answered so far ("" when nothing)."""

    amount: Decimal
    outcome: str


def judge(sent: Sent | None, amount: str, result: str) -> str:
    """What to make of one row of a return file: a `ReturnLine.Verdict` value.

    Only "paid" and "failed" change anything, and only on a payment not answered before.
    """
    if sent is None:
        return "unknown"
    if read_amount(amount) != sent.amount:
        return "mismatch"
    answer = read_result(result)
    if answer is None:
        return "unreadable"
    if not sent.outcome:
        return answer.value
    return "known" if sent.outcome == answer.value else "contradiction"
