"""A questionnaire of 25 questions, as a county would ask its villagers, and answers to it."""

from random import Random
from typing import Any

CHINESE = "中文 (zh)"
LANGUAGES = [CHINESE]
JOBS = ("farming", "migrant", "trade", "service", "student", "retired")
AGREEMENT = ("1", "2", "3", "4", "5")
TOPICS = ("planting", "breeding", "processing", "ecommerce", "tourism", "care", "driving", "none")
WISHES = ("想学茶叶加工", "想学电商直播", "希望有养蚕技术员", "希望孩子在镇上读书", "想办合作社", "暂时没有")


def _question(key: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {"kind": "question", "id": key, "name": key, "type": kind, "label": {CHINESE: label}, **more}


def _choices(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"name": name, "label": {CHINESE: name}} for name in names]


def document() -> dict[str, Any]:
    """Five groups of five: who, work, eight matters of a scale of five, training, wishes."""
    return {
        "settings": {"title": "村民人才需求调查", "form_id": "bench", "default_language": CHINESE, "style": "pages"},
        "languages": LANGUAGES,
        "items": [
            _group("person", _person()),
            _group("work", _work()),
            _group("matters", [_scale(number) for number in range(8)]),
            _group("learning", _learning()),
        ],
        "choices": {
            "sex": _choices(("male", "female")),
            "job": _choices(JOBS),
            "yes_no": _choices(("yes", "no")),
            "agree": _choices(AGREEMENT),
            "topic": _choices(TOPICS),
        },
    }


def _group(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": "group", "name": name, "label": {CHINESE: name}, "appearance": "field-list", "items": items}


def _person() -> list[dict[str, Any]]:
    return [
        _question("age", "integer", "年龄", role="age", required="yes", constraint=". >= 14 and . <= 110"),
        _question("sex", "select_one", "性别", list="sex", role="sex", required="yes"),
        _question("job", "select_one", "职业", list="job", role="occupation", required="yes"),
        _question("household", "integer", "家庭人口", constraint=". >= 1 and . <= 30"),
        _question("returned", "select_one", "是否返乡", list="yes_no"),
    ]


def _work() -> list[dict[str, Any]]:
    return [
        _question("land", "decimal", "耕地（亩）", relevant="${job} = 'farming'", constraint=". >= 0"),
        _question("income", "integer", "年收入（元）", constraint=". >= 0"),
        _question("since", "date", "从事现职起"),
        _question("hires", "select_one", "是否雇工", list="yes_no"),
        _question("hired", "integer", "雇工人数", relevant="${hires} = 'yes'", constraint=". >= 1"),
        _question("per_head", "calculate", "", calculation="round(${income} div ${household}, 2)"),
    ]


def _scale(number: int) -> dict[str, Any]:
    return _question(f"matter_{number}", "select_one", f"满意度{number}", list="agree", appearance="likert")


def _learning() -> list[dict[str, Any]]:
    return [
        _question("topics", "select_multiple", "想学什么", list="topic"),
        _question("order", "rank", "先后次序", list="yes_no"),
        _question("days", "range", "每年可学天数", parameters={"start": "0", "end": "60", "step": "1"}),
        _question("pays", "select_one", "愿意付费", list="yes_no"),
        _question("fee", "decimal", "最高学费（元）", relevant="${pays} = 'yes'", constraint=". >= 0"),
        _question("wish", "text", "最希望解决的问题"),
    ]


def answers(rng: Random) -> dict[str, Any]:
    """What one person says; calculations are left to the engine."""
    said: dict[str, Any] = {
        "age": rng.randrange(16, 85),
        "sex": rng.choice(("male", "female")),
        "job": rng.choice(JOBS),
        "household": rng.randrange(1, 8),
        "returned": rng.choice(("yes", "no")),
        "income": rng.randrange(80) * 2500,
        "since": f"{rng.randrange(2005, 2026)}-{rng.choice((3, 9)):02d}-01",
        "hires": rng.choice(("yes", "no", "no")),
        **{f"matter_{number}": rng.choice(AGREEMENT) for number in range(8)},
        "topics": sorted(rng.sample(TOPICS, rng.randrange(1, 4))),
        "order": rng.sample(("yes", "no"), 2),
        "days": rng.randrange(61),
        "pays": rng.choice(("yes", "no")),
        "wish": rng.choice(WISHES),
    }
    if said["job"] == "farming":
        said["land"] = rng.randrange(1, 200) / 10
    if said["hires"] == "yes":
        said["hired"] = rng.randrange(1, 12)
    if said["pays"] == "yes":
        said["fee"] = rng.randrange(1, 40) * 50.0
    return said
