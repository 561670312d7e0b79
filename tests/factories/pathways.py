"""Pathways, journeys and companions, made through the product's own actions."""

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from growth.pathways import actions, companions
from growth.pathways.models import Journey, PathwayVersion, Tick
from growth.pathways.reference import load
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, give, user_with
from tests.factories.casework import moment
from tests.factories.people import TalentFactory

_numbers = count(1)


def milestone(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "title": f"里程碑{code}", "evidence": "照片或证明。", **more}


def stage(code: str, *milestones: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "title": f"阶段{code}", "milestones": list(milestones), **more}


# Two stages: on the first "plan" wants a mentor's word, "course" the office's, "visit" nobody's and is not required.
STAGES = (
    stage("first", milestone("plan", needs="mentor"), milestone("course", needs="office"),
          milestone("visit", required=False), standing="idea"),
    stage("second", milestone("sale"), standing="starting"),
)  # fmt: skip


def published(*stages: dict[str, Any], audience: str = "founder", title: str = "", summary: str = "") -> PathwayVersion:
    """A pathway with one published version."""
    title = title or f"路线{next(_numbers)}"
    content = {"code": "", "title": title, "audience": audience, "summary": summary, "stages": stages or STAGES}
    return load(content)


def next_version(version: PathwayVersion, *stages: dict[str, Any]) -> PathwayVersion:
    """Another published version of the same pathway, with the parts that `stages` says."""
    from growth.pathways.models import PathwayMilestone, PathwayStage

    system = User.objects.system()
    draft = actions.start_draft(by=system, at=moment(), pathway=version.pathway)
    draft.stages.all().delete()
    for place, each in enumerate(stages, start=1):
        parts = {**each}
        milestones = parts.pop("milestones")
        row = PathwayStage.objects.create(version=draft, position=place, **parts)
        for position, one in enumerate(milestones, start=1):
            PathwayMilestone.objects.create(version=draft, stage=row, position=position, **one)
    return actions.publish(by=system, at=moment(), version=draft, revision=draft.revision)


@dataclass
class Town:
    """The people around one township's talent."""

    township: Any = field(default_factory=TownshipFactory)

    def __post_init__(self) -> None:
        self.cadre = user_with(Role.TOWNSHIP_CADRE, region=self.township)
        self.staff = user_with(Role.OFFICE_STAFF)
        self.mentor = user_with(Role.MENTOR)
        self.talent = self.another()

    def another(self, **fields: Any) -> Any:
        user = user_with(Role.TALENT)
        return TalentFactory(**{"user": user, "region": self.township, **fields})


def journey(town: Town, version: PathwayVersion | None = None, talent: Any = None) -> Journey:
    talent = talent or town.talent
    version = version or published()
    return actions.start(by=talent.user, at=moment(), talent=talent, pathway=version.pathway)


def ticked(row: Journey, code: str, by: Any = None, text: str = "做完了") -> Tick:
    return actions.tick(by=by or row.talent.user, at=moment(), journey=row, code=code, text=text)


class Pairs:
    """Who accompanies whom, for tests: mentoring tells this where it is there."""

    def __init__(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        self.pairs = list(pairs)

    def mentors_of(self, talent: Any) -> list[Any]:
        return [mentor for mentor, mentee in self.pairs if mentee.pk == talent.pk]

    def talents_of(self, user: Any) -> list[int]:
        return [mentee.pk for mentor, mentee in self.pairs if mentor.pk == user.pk]

    def accompanied(self) -> list[int]:
        return [mentee.pk for _mentor, mentee in self.pairs]


@contextmanager
def accompanied(*pairs: tuple[Any, Any]) -> Any:
    provider = companions.register(Pairs(pairs))
    try:
        yield provider
    finally:
        companions.forget(provider)


def mentor_and_cadre(town: Town) -> User:
    """A cadre who is also a mentor."""
    give(town.cadre, Role.MENTOR)
    return town.cadre
