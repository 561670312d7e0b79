from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentmap.people.choices import Sex
from talentmap.people.identifiers import (
    BadIdentifier,
    parse_bank_account,
    parse_credit_code,
    parse_id_number,
    parse_mobile,
)
from tests.factories.people import credit_code, id_number

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
        ("440524188001010014", date(1880, 1, 1), Sex.MALE),
        ("34052419800101001X", date(1980, 1, 1), Sex.MALE),
        ("360426199101010071", date(1991, 1, 1), Sex.MALE),
        ("44011320141005001X", date(2014, 10, 5), Sex.MALE),
    ],
)
def test_numbers_of_the_standard(number, born, sex):
    read = parse_id_number(number, TODAY)
    assert (read.value, read.birth_date, read.sex) == (number, born, sex)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("36042619910102009X", "check digit"),
        ("360426199113010079", "does not exist"),
        ("36042619910101007", "17 digits"),
        ("", "17 digits"),
        ("A10105194912310021", "17 digits"),
        ("11010520991231002X", "cannot be"),
    ],
)
def test_bad_numbers_say_why_and_never_repeat_the_number(number, told, english):
    with pytest.raises(BadIdentifier) as caught:
        parse_id_number(number, TODAY)
    assert told in str(caught.value)
    assert not number or number not in str(caught.value)


def test_blanks_full_width_and_small_x_are_forgiven():
    assert parse_id_number(" 110105 19491231 002x ", TODAY).value == "11010519491231002X"
    assert parse_id_number("１１０１０５１９４９１２３１００２Ｘ", TODAY).value == "11010519491231002X"


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for parse in (lambda t: parse_id_number(t, TODAY), parse_credit_code, parse_mobile, parse_bank_account):
        with suppress(BadIdentifier):
            parse(text)


@given(st.integers(0, 499), st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.sampled_from(Sex))
def test_made_numbers_round_trip(number, born, sex):
    read = parse_id_number(id_number(number, born, sex), TODAY)
    assert (read.birth_date, read.sex) == (born, sex)


@pytest.mark.parametrize("code", ["91110000600037341L", "121200004013590816", "9144030071526726XG", credit_code(7)])
def test_credit_codes(code):
    assert parse_credit_code(code).check_matches


def test_a_wrong_credit_check_digit_warns_and_does_not_block():
    read = parse_credit_code("91110000600037341N")
    assert read.value == "91110000600037341N"
    assert not read.check_matches


@pytest.mark.parametrize("code", ["", "91110000600037341", "9111000060003734IL", "91110000600037341l "[:-1] + "!"])
def test_malformed_credit_codes_are_refused(code):
    with pytest.raises(BadIdentifier):
        parse_credit_code(code)


@pytest.mark.parametrize(
    "text", ["13812341234", "138 1234 1234", "138-1234-1234", "+8613812341234", "１３８１２３４１２３４"]
)
def test_mobiles(text):
    assert parse_mobile(text) == "13812341234"


@pytest.mark.parametrize("text", ["", "12812341234", "1381234123", "138123412345", "abc"])
def test_bad_mobiles(text):
    with pytest.raises(BadIdentifier):
        parse_mobile(text)


def test_bank_accounts():
    assert parse_bank_account("6222 0231 0000 1234") == "6222023100001234"
    with pytest.raises(BadIdentifier):
        parse_bank_account("6222")
