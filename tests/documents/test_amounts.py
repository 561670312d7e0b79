from decimal import Decimal

import pytest

from talentmap.documents.amounts import amount_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # domain.md
        ("12345.67", "壹万贰仟叁佰肆拾伍元陆角柒分"),
        ("10000", "壹万元整"),
        # the examples of the People's Bank's rules for filling in bills
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # zeros between and inside the groups of four
        ("100000001", "壹亿零壹元整"),
        ("20000010", "贰仟万零壹拾元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
    ],
)
def test_amounts_in_words(amount, words):
    assert amount_in_words(Decimal(amount)) == words


def test_half_a_fen_is_rounded_up():
    assert amount_in_words(Decimal("1.005")) == "壹元零壹分"


@pytest.mark.parametrize("amount", ["-0.01", "10000000000000000"])
def test_amounts_out_of_range_are_refused(amount):
    with pytest.raises(ValueError, match="out of range"):
        amount_in_words(Decimal(amount))
