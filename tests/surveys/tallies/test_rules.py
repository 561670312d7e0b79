"""What one response adds, by hand-made cases."""

from decimal import Decimal

import pytest

from needs.surveys.tallies.rules import Amount, contributions, level, number_bin
from tests.factories.surveys_responses import compiled, question

ASKED = compiled(
    question("age", "integer"),
    {"group": "work", "items": [question("job", "select_one", list="jobs"), question("income", "decimal")]},
    question("skills", "select_multiple", list="jobs"),
    question("first", "rank", list="jobs"),
    question("born", "date"),
    question("wish", "text"),
    question("name", "text", personal=True),
    question("told", "note"),
    {
        "repeat": "member",
        "items": [question("years", "integer"), {"repeat": "loan", "items": [question("sum", "decimal")]}],
    },
    lists={"jobs": ["farming", "trade"]},
)


def counted(**answers):
    found = contributions(level(ASKED), answers)
    assert found.pop(("", "")) == Amount(1)
    return found


def test_numbers_have_sums_and_a_bin():
    both = Amount(1, Decimal(47), Decimal(2209))
    assert counted(age=47) == {("age", ""): both, ("age", "47"): both}


def test_zero_is_a_number():
    assert counted(income=0) == {("income", ""): Amount(1), ("income", "0"): Amount(1)}


@pytest.mark.parametrize(
    ("number", "bin_"),
    [
        ("12345", "12000"), ("12500", "13000"), ("-12500", "-13000"), ("99.6", "100"), ("7", "7"), ("0.0347", "0.035"),
        ("1.05", "1.1"), ("100.0", "100"), ("2.50", "2.5"), ("0.0000001", "0"), ("999999999999999999", "1" + "0" * 18),
    ],
)  # fmt: skip
def test_bins_are_two_significant_digits(number, bin_):
    assert number_bin(Decimal(number)) == bin_


def test_a_huge_number_is_in_no_sum():
    assert counted(income=1e18) == {("income", ""): Amount(1)}


def test_choices():
    assert counted(job="trade") == {("job", ""): Amount(1), ("job", "trade"): Amount(1)}
    several = {("skills", ""): Amount(1), ("skills", "trade"): Amount(1), ("skills", "farming"): Amount(1)}
    assert counted(skills=["trade", "farming"]) == several


def test_ranks_sum_their_places():
    first, second = Amount(1, Decimal(1), Decimal(1)), Amount(1, Decimal(2), Decimal(4))
    ranked = {("first", ""): Amount(1), ("first", "trade"): first, ("first", "farming"): second}
    assert counted(first=["trade", "farming"]) == ranked


def test_dates_are_counted_by_month_and_texts_as_answered():
    assert counted(born="1979-03-08") == {("born", ""): Amount(1), ("born", "1979-03"): Amount(1)}
    assert counted(wish="电商") == {("wish", ""): Amount(1)}


def test_what_names_a_person_is_not_counted():
    assert counted(name="张三", told="x", unknown=3) == {}


def test_entries_of_repeats_count_each():
    found = counted(member=[{"years": 40, "loan": [{"sum": 1.5}]}, {"years": 40}, {}])
    assert found["member", ""] == Amount(3)
    assert found["years", ""] == found["years", "40"] == Amount(2, Decimal(80), Decimal(3200))
    assert found["sum", "1.5"] == Amount(1, Decimal("1.5"), Decimal("2.25"))
    assert found["loan", ""] == Amount(1)


def test_a_question_of_a_repeat_is_not_counted_outside_it():
    assert counted(years=40) == {}


@pytest.mark.parametrize("answer", ["forty", True, [1], {"a": 1}])
def test_an_answer_of_another_shape_is_counted_as_answered(answer):
    assert counted(age=answer) == {("age", ""): Amount(1)}


def test_taking_back_is_exact():
    """A square of 31 digits, where the usual context keeps 28."""
    added = counted(income=100000000000001)["income", ""]
    assert added.squares == Decimal("10000000000000200000000000001")
    assert not (added + -added)
