"""Plausible answers to any questionnaire: for the demo county only."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from talentmap.demo.names import GIVEN_FEMALE, GIVEN_MALE, SURNAMES

# Choices that stand alone: nobody ticks one together with others.
ALONE = ("none", "any", "dk", "no", "unsaid")
RARE = 0.15
WISHES = {
    "lacking": (
        "会直播带货的年轻人", "懂茶叶加工的师傅", "农机手和修理工", "养蚕技术员", "会管理合作社的人", "兽医",
        "乡村旅游讲解和管理人员", "电商运营", "有经验的种植能手", "村医", "会写项目材料的人", "竹编手艺人",
    ),
    "suggestion": (
        "多到村里来办培训", "农闲时组织，晚上也可以", "希望有人帮忙联系销路", "贷款手续简单一些", "村里网络再好一点",
        "培训后有人上门指导", "希望孩子上学近一点", "多宣传政策", "人才公寓房源再多一些", "办事流程再快一点",
    ),
    "occupation_text": ("跑运输", "做木工", "照看老人", "开农家乐"),
    "major": ("农学", "食品科学", "电子商务", "旅游管理", "机械设计", "会计", "护理", "茶学"),
}  # fmt: skip
NUMBERS: dict[str, tuple[int, int]] = {"household": (2, 7), "children": (0, 2), "since": (2015, 2026)}


class Respondent:
    """One person who answers: `answers(document)` gives what they say to it.

    What turns out not to be asked is dropped by the engine, as in the form.
    """

    def __init__(self, rng: Random, ages: tuple[int, int, int]) -> None:
        """`ages`: the youngest, the oldest, the most frequent."""
        self.rng, self.ages = rng, ages
        self.said: dict[str, Any] = {}

    def answers(self, document: Mapping[str, Any]) -> dict[str, Any]:
        self.lists = document["choices"]
        for item in document["items"]:
            self._ask(item, self.said)
        return self.said

    def _ask(self, item: Mapping[str, Any], into: dict[str, Any]) -> None:
        if item["kind"] == "group":
            for inner in item["items"]:
                self._ask(inner, into)
        elif item["kind"] == "repeat":
            into[_id(item)] = [self._instance(item) for _each in range(self._count(item))]
        elif (answer := self._answer(item)) is not None:
            into[_id(item)] = answer

    def _count(self, item: Mapping[str, Any]) -> int:
        counted = str(item.get("repeat_count", "")).removeprefix("${").removesuffix("}")
        return int(self.said.get(counted, 0))

    def _instance(self, item: Mapping[str, Any]) -> dict[str, Any]:
        instance: dict[str, Any] = {}
        for inner in item["items"]:
            self._ask(inner, instance)
        return instance

    def _answer(self, item: Mapping[str, Any]) -> Any:
        name, kind = _id(item), item["type"]
        if item.get("personal"):
            return self._personal(name)
        if kind in ("select_one", "select_multiple", "rank"):
            return self._chosen(item, [choice["name"] for choice in self.lists[item["list"]]])
        if kind == "integer":
            return self._number(name)
        if kind == "range":
            bounds = item.get("parameters", {})
            return self.rng.randint(int(bounds.get("start", 0)), min(int(bounds.get("end", 10)), 12))
        if kind == "text" and name in WISHES and self.rng.random() < 0.6:
            return self.rng.choice(WISHES[name])
        return None

    def _personal(self, name: str) -> str | None:
        """Two of three leave it open; nobody real is meant."""
        if self.rng.random() > 0.33:
            return None
        given = self.rng.choice(GIVEN_FEMALE if self.said.get("sex") == "female" else GIVEN_MALE)
        mobile = f"19900{self.rng.randrange(10**6):06d}"
        return {"name": self.rng.choice(SURNAMES) + given, "phone": mobile}.get(name)

    def _number(self, name: str) -> int:
        if name == "away_count":
            return min(self.rng.choice((0, 0, 1, 1, 2, 3)), int(self.said.get("household", 3)))
        if name == "age":
            return round(self.rng.triangular(*self.ages))
        return self.rng.randint(*NUMBERS.get(name, (0, 5)))

    def _chosen(self, item: Mapping[str, Any], names: Sequence[str]) -> Any:
        if _id(item) == "consent":
            return "yes"
        if item["type"] == "rank":
            return self.rng.sample(list(names), len(names))
        if item.get("choice_filter"):  # one of what was ticked before
            names = [name for name in names if any(name in said for said in self._ticked())] or names
        alone = [name for name in names if name in ALONE]
        others = [name for name in names if name not in ALONE]
        if alone and (not others or self.rng.random() < RARE):
            single = self.rng.choice(alone)
            return single if item["type"] == "select_one" else [single]
        # The first choices of a list are what most people say.
        weights = [3 if place < 3 else 1 for place in range(len(others))]
        if item["type"] == "select_one":
            return self.rng.choices(others, weights)[0]
        chosen = set(self.rng.choices(others, weights, k=self.rng.randint(1, 3)))
        return [name for name in others if name in chosen]

    def _ticked(self) -> list[list[str]]:
        return [said for said in self.said.values() if isinstance(said, list) and said and isinstance(said[0], str)]


def _id(item: Mapping[str, Any]) -> str:
    return str(item.get("id") or item["name"])
