"""The pure rules."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentmap.money import rules
from talentmap.money.rules import Dated, Quarter, Sent

amounts = st.decimals(min_value="0.01", max_value="99999999", places=2)


@given(st.sampled_from(sorted(rules.MOVES)), amounts)
def test_postings_sum_to_zero(kind, amount):
    lines = rules.postings(kind, amount)
    assert sum(value for _account, value in lines) == 0
    assert len({account for account, _value in lines}) == 2


@pytest.mark.parametrize(
    ("amount", "possible"),
    [("0.01", True), ("999999999999.99", True), ("0", False), ("-1", False), ("0.005", False), ("1E+12", False)],
)
def test_amounts(amount, possible):
    assert rules.is_amount(Decimal(amount)) is possible


def test_missing_is_never_negative():
    assert rules.missing(Decimal(3), Decimal(5)) == 0
    assert rules.missing(Decimal(5), Decimal(3)) == 2


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2900, 1, 1)))
def test_a_day_lies_in_its_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert Quarter.parse(str(quarter)) == quarter
    assert quarter.before < quarter
    assert (quarter.first_day - quarter.before.last_day).days == 1


@pytest.mark.parametrize("text", ["", "2026", "2026Q5", "2026Q0", "２０２６Q1", "26Q1", "Q1", "2026Q1Q2"])
def test_what_is_no_quarter(text):
    with pytest.raises(ValueError):
        Quarter.parse(text)


def test_the_last_quarter_ends_with_the_year():
    assert Quarter(2026, 4).last_day == date(2026, 12, 31)
    assert Quarter(2028, 1).last_day == date(2028, 3, 31)
    assert Quarter(2026, 1).before == Quarter(2025, 4)


def test_no_version_is_in_force_before_the_first():
    assert rules.version_in_force([Dated(1, date(2026, 1, 1))], date(2025, 12, 31)) is None


def test_changes_name_old_and_new():
    found = rules.changes({"a": Decimal(1), "b": Decimal(2)}, {"a": Decimal(1), "b": Decimal(3), "c": Decimal(4)})
    assert [(c.key, c.is_change, c.difference) for c in found] == [
        ("a", False, 0),
        ("b", True, 1),
        ("c", True, None),
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500", "1500.00"),
        ("1,500.00", "1500.00"),
        ("¥1500", "1500.00"),
        ("￥ 1，500 元", "1500.00"),
        (" 0.01 ", "0.01"),
        ("", None),
        ("-1", None),
        ("0", None),
        ("1.005", None),
        ("NaN", None),
        ("1e99", None),
        ("一千", None),
    ],
)
def test_amounts_as_banks_write_them(text, amount):
    assert rules.read_amount(text) == (None if amount is None else Decimal(amount))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text):
    rules.read_amount(text)
    rules.read_result(text)
    rules.judge(Sent(Decimal(1), ""), text, text)


@pytest.mark.parametrize(
    ("sent", "amount", "result", "verdict"),
    [
        (None, "10", "成功", "unknown"),
        (Sent(Decimal(10), ""), "10", "成功", "paid"),
        (Sent(Decimal(10), ""), "10.00", "交易失败", "failed"),
        (Sent(Decimal(10), ""), "11", "成功", "mismatch"),
        (Sent(Decimal(10), ""), "", "成功", "mismatch"),
        (Sent(Decimal(10), ""), "10", "处理中", "unreadable"),
        (Sent(Decimal(10), "paid"), "10", "Success", "known"),
        (Sent(Decimal(10), "failed"), "10", "失败", "known"),
        (Sent(Decimal(10), "paid"), "10", "失败", "contradiction"),
        (Sent(Decimal(10), "failed"), "10", "成功", "contradiction"),
    ],
)
def test_the_verdict_on_a_row(sent, amount, result, verdict):
    assert rules.judge(sent, amount, result) == verdict
