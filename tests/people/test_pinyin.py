import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentmap.people.pinyin import SURNAME_READINGS, name_keys


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张伟", "zhangwei", "zw"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("曾国藩", "zengguofan", "zgf"),
        ("翟天临", "zhaitianlin", "ztl"),
        ("仇英", "qiuying", "qy"),
        ("解缙", "xiejin", "xj"),
        ("区志远", "ouzhiyuan", "ozy"),
        ("朴树", "piaoshu", "ps"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("吕布", "lvbu", "lb"),
        ("阿卜杜拉·买买提", "abodulamaimaiti", "abdlmmt"),
        (" 张 伟 ", "zhangwei", "zw"),
    ],
)
def test_what_people_type(name, pinyin, initials):
    keys = name_keys(name)
    assert (keys.pinyin, keys.initials) == (pinyin, initials)


def test_a_surname_reading_is_for_persons_only():
    assert name_keys("解放路小学", person=False).pinyin.startswith("jiefang")
    assert name_keys("单位", person=False).pinyin == "danwei"


def test_names_sort_as_a_dictionary_does():
    names = ["周杰", "张伟", "单雄信", "安心", "詹天佑", "章伟", "欧阳修", "曾巩", "张爱玲"]
    ordered = sorted(names, key=lambda name: name_keys(name).sort_key)
    assert ordered == ["安心", "欧阳修", "单雄信", "曾巩", "詹天佑", "张爱玲", "张伟", "章伟", "周杰"]


def test_like_sounding_surnames_do_not_interleave():
    names = ["李明", "里安", "李安", "里明"]
    ordered = sorted(names, key=lambda name: name_keys(name).sort_key)
    assert [name[0] for name in ordered] in (["李", "李", "里", "里"], ["里", "里", "李", "李"])


def test_every_surname_reading_is_a_syllable_with_a_tone():
    assert all(reading[:-1].isalpha() and reading[-1] in "1234" for reading in SURNAME_READINGS.values())


@given(st.text(max_size=100))
def test_any_name_gives_keys_that_fit_their_columns(name):
    keys = name_keys(name)
    assert len(keys.sort_key) <= 1000
    assert len(keys.pinyin) <= 700
    assert len(keys.initials) <= 100
    assert not keys.pinyin or keys.pinyin.isascii()
