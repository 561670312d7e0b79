import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentmap.people.masks import mask_account, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张伟", "张*"), ("欧阳娜娜", "欧阳*"), ("欧阳", "欧*"), ("单雄信", "单*"), ("", ""), ("John", "J*")],
)
def test_names(name, masked):
    assert mask_name(name) == masked


def test_the_masks_of_the_domain():
    assert mask_phone("13812341234") == "138****1234"
    assert mask_id("11010519491231002X") == "1101**********002X"
    assert mask_id("51152519950601012X") == "5115**********012X"
    assert mask_account("6222023100001234") == "**** 1234"


@given(st.text(max_size=40))
def test_masks_never_show_a_whole_value(text):
    for mask in (mask_phone, mask_id, mask_account):
        assert len(text.strip()) < 5 or text not in mask(text) or set(text) <= {"*", " "}
    if len(text.strip()) > 1:
        assert len(mask_name(text)) <= 3
