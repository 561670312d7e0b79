"""Names in pinyin: the stored sort key, the full pinyin and the initials, with surnames read as surnames."""

import re
from dataclasses import dataclass
from typing import Any

from pypinyin import Style, lazy_pinyin

# Characters that are read differently as a surname, with the tone they then have.
SURNAME_READINGS = {
    "单": "shan4", "曾": "zeng1", "翟": "zhai2", "仇": "qiu2", "解": "xie4", "区": "ou1", "朴": "piao2",
    "查": "zha1", "任": "ren2", "盖": "ge3", "葛": "ge3", "乐": "yue4", "尉": "wei4", "员": "yun4",
    "黑": "he4", "重": "chong2", "缪": "miao4", "召": "shao4", "洗": "xian3", "冼": "xian3", "折": "she2",
    "祭": "zhai4", "种": "chong2", "秘": "bi4", "谌": "chen2", "芮": "rui4", "隗": "kui2", "那": "na1",
    "宁": "ning4", "覃": "qin2", "逄": "pang2", "郇": "xun2", "华": "hua4", "纪": "ji3", "燕": "yan1",
    "应": "ying1", "於": "yu1", "晁": "chao2", "哈": "ha3", "句": "gou1", "牟": "mu4", "都": "du1",
    "车": "che1", "石": "shi2", "长": "zhang3", "卜": "bu3", "佴": "nai4", "佘": "she2", "隽": "juan4",
    "过": "guo1", "訾": "zi1", "能": "nai4", "乜": "nie4", "不": "fou3", "繁": "po2", "適": "kuo4",
    "瞿": "qu2", "俞": "yu2", "荀": "xun2", "柏": "bai3", "阚": "kan4", "郗": "xi1", "莘": "shen1",
    "相": "xiang4", "令": "ling2", "藏": "zang1", "侯": "hou2", "殷": "yin1", "费": "fei4", "颉": "xie2",
    "叶": "ye4", "沈": "shen3", "万": "wan4", "江": "jiang1", "傅": "fu4", "呙": "guo1", "眭": "sui1",
}  # fmt: skip

COMPOUND_SURNAMES = {
    "欧阳": ("ou1", "yang2"), "司马": ("si1", "ma3"), "上官": ("shang4", "guan1"), "诸葛": ("zhu1", "ge3"),
    "司徒": ("si1", "tu2"), "夏侯": ("xia4", "hou2"), "皇甫": ("huang2", "fu3"), "尉迟": ("yu4", "chi2"),
    "公孙": ("gong1", "sun1"), "慕容": ("mu4", "rong2"), "长孙": ("zhang3", "sun1"), "宇文": ("yu3", "wen2"),
    "司空": ("si1", "kong1"), "令狐": ("ling2", "hu2"), "万俟": ("mo4", "qi2"), "澹台": ("tan2", "tai2"),
    "东方": ("dong1", "fang1"), "西门": ("xi1", "men2"), "南宫": ("nan2", "gong1"), "独孤": ("du2", "gu1"),
    "轩辕": ("xuan1", "yuan2"), "申屠": ("shen1", "tu2"), "太史": ("tai4", "shi3"), "端木": ("duan1", "mu4"),
    "呼延": ("hu1", "yan2"), "鲜于": ("xian1", "yu2"), "濮阳": ("pu2", "yang2"), "淳于": ("chun2", "yu2"),
    "单于": ("chan2", "yu2"), "宗政": ("zong1", "zheng4"), "闻人": ("wen2", "ren2"),
    "钟离": ("zhong1", "li2"),
    "赫连": ("he4", "lian2"), "拓跋": ("tuo4", "ba2"), "百里": ("bai3", "li3"), "东郭": ("dong1", "guo1"),
    "羊舌": ("yang2", "she2"), "梁丘": ("liang2", "qiu1"), "左丘": ("zuo3", "qiu1"), "公冶": ("gong1", "ye3"),
}  # fmt: skip

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_TONE = re.compile(r"\d")


@dataclass(frozen=True)
class NameKeys:
    """`sort_key` orders names as a dictionary does; `pinyin` and `initials` are what people type."""

    sort_key: str
    pinyin: str
    initials: str


def name_keys(name: str, *, person: bool = True) -> NameKeys:
    """Give the keys of a name; a `person`'s first character is read as a surname, an organisation's is not.

    The sort key repeats each character after its syllable: surnames that sound alike do not interleave.
    """
    name = "".join(name.split())
    parts = _syllables(name, person)
    sounds = [_TONE.sub("", syllable) if _HAN.match(character) else syllable for character, syllable in parts]
    return NameKeys(
        sort_key=" ".join(f"{syllable}{character}" for character, syllable in parts)[:1000],
        pinyin=_letters("".join(sounds))[:700],
        initials=_letters("".join(sound[:1] for sound in sounds))[:100],
    )


def _syllables(name: str, person: bool) -> list[tuple[str, str]]:
    surname = _surname(name) if person else ()
    rest = lazy_pinyin(name[len(surname) :], style=Style.TONE3, neutral_tone_with_five=True, errors=_each)
    return [(c, s.lower()) for c, s in zip(name, [*surname, *rest], strict=True)]


def _each(unread: str) -> Any:
    """What has no reading stands for itself, character by character."""
    return list(unread)


def _surname(name: str) -> tuple[str, ...]:
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return COMPOUND_SURNAMES[name[:2]]
    reading = SURNAME_READINGS.get(name[:1])
    return (reading,) if reading else ()


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower().replace("ü", "v"))
