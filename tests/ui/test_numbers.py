import pytest

from talentmap.ui.numbers import number_from


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("9" * 18, 10**18 - 1), ("9" * 19, 0), ("", 0), (None, 0), ("-7", 0), ("7.0", 0), ("七", 0), ("７", 0)],
)
def test_nonsense_is_no_number_that_anything_has(text, number):
    assert number_from(text) == number
