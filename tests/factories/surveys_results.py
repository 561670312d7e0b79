"""A compiled questionnaire of every kind of question, and tallies without the responses behind them."""

from collections import Counter

from needs.surveys.tallies.models import Tally
from tests.factories.surveys import CHINESE, QuestionnaireFactory, VersionFactory, campaign_in

ENGLISH = "English (en)"


def node(i, key, kind, label, **more):
    return {"i": i, "kind": "question", "id": key, "name": key, "type": kind, "label": {CHINESE: label},
            "parent": -1, "repeat": -1, **more}  # fmt: skip


def choices(**labels):
    return [{"name": name, "label": {CHINESE: label}} for name, label in labels.items()]


COMPILED = {
    "format": 1,
    "title": {CHINESE: "人才需求调查"},
    "languages": [CHINESE, ENGLISH],
    "default_language": CHINESE,
    "nodes": [
        {"i": 0, "kind": "group", "id": "", "name": "person", "label": {CHINESE: "基本情况"}, "parent": -1,
         "repeat": -1, "children": [1, 2, 3]},
        node(1, "age", "integer", "年龄", role="age", parent=0),
        node(2, "sex", "select_one", "性别", role="sex", list="sex", parent=0),
        node(3, "work", "select_one", "职业", role="occupation", list="work", parent=0),
        node(4, "stay", "select_one", "愿意留在本县吗", list="stay"),
        node(5, "learn", "select_multiple", "想学什么", list="learn"),
        node(6, "pleased", "select_one", "对培训满意吗", list="pleased", appearance=["likert"]),
        node(7, "income", "integer", "年收入（元）"),
        node(8, "wish", "text", "最希望政府做什么"),
        node(9, "phone", "text", "手机号", personal=True),
        node(10, "order", "rank", "按重要性排序", list="learn"),
        node(11, "since", "date", "何时返乡"),
        node(12, "intro", "note", "您好"),
    ],
    "order": [],
    "lists": {
        "sex": choices(male="男", female="女"),
        "work": choices(farming="务农", trade="经商"),
        "stay": choices(yes="愿意", no="不愿意", unsure="说不准"),
        "learn": choices(tea="制茶", shop="电商", care="护理"),
        "pleased": choices(bad="不满意", fair="一般", good="满意"),
    },
    "dependents": {},
}  # fmt: skip


def results_campaign(*townships, compiled=None, **fields):
    """A campaign whose version is compiled."""
    version = VersionFactory(questionnaire=QuestionnaireFactory(), compiled=compiled or COMPILED)
    return campaign_in(*townships, version=version, **fields)


def tally(campaign, township, question, answers, *, age_band="35_44", sex="female", occupation="farming",
          state="approved", version=None, base=None):  # fmt: skip
    """Rows of one cell: `answers` maps a value to how many gave it; all of them answered (or `base` did)."""
    numbers = all(isinstance(value, int) for value in answers) and bool(answers)
    total = sum(value * n for value, n in answers.items()) if numbers else 0
    squares = sum(value * value * n for value, n in answers.items()) if numbers else 0
    rows = {"": sum(answers.values()) if base is None else base} | {str(value): n for value, n in answers.items()}
    Tally.objects.bulk_create(
        Tally(
            campaign=campaign, version=version or campaign.version, township=township, question=question,
            age_band=age_band, sex=sex, occupation=occupation, state=state, value=value, n=n,
            total=total if value == "" else (int(value) * n if numbers else 0),
            total_squares=squares if value == "" else (int(value) ** 2 * n if numbers else 0),
        )
        for value, n in rows.items()
    )  # fmt: skip


def respondents(campaign, township, cells, **more):
    """`cells` maps (age band, occupation, sex) to how many responded: rows of the responses themselves."""
    for (age_band, occupation, sex), n in Counter(cells).items():
        tally(campaign, township, "", {}, base=n, age_band=age_band, occupation=occupation, sex=sex, **more)
