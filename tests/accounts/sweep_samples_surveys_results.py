"""Samples for the URL sweep: survey results, population margins, weights, open answers."""

from typing import Any

from django.utils import timezone

from needs.surveys.results import actions
from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories.accounts import UserFactory
from tests.factories.surveys_results import respondents, results_campaign

OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
INFORMED = OFFICE | {Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER}


def _two(world: World) -> tuple[Any, Any]:
    campaigns = results_campaign(world.township), results_campaign(world.other_township)
    respondents(campaigns[0], world.township, {("35_44", "farming", "male"): 30, ("25_34", "trade", "female"): 40})
    return campaigns


def _sample(world: World, reached_by: frozenset[str], **more: Any) -> Sample:
    here, elsewhere = _two(world)
    return Sample(here={"pk": here.pk, **more}, elsewhere={"pk": elsewhere.pk, **more}, reached_by=reached_by)


@sample("surveys:results", "surveys:results_file")
def campaign(world: World) -> Sample:
    return _sample(world, INFORMED)


@sample("surveys:question_result", "surveys:question_file")
def question(world: World) -> Sample:
    return _sample(world, INFORMED, key="stay")


@sample("surveys:open_answers")
def open_question(world: World) -> Sample:
    return _sample(world, OFFICE | {Role.TOWNSHIP_CADRE}, key="wish")


@sample("surveys:code_answers", "surveys:theme_list", "surveys:theme_new")
def coded_question(world: World) -> Sample:
    return _sample(world, OFFICE, key="wish")


@sample("surveys:theme_rename", "surveys:theme_merge", "surveys:theme_delete")
def theme(world: World) -> Sample:
    """A theme of another survey is none of this one's."""
    here, other = _two(world)
    made = [
        actions.add_theme(by=UserFactory(), at=timezone.now(), campaign=each, question="wish", name="修路")
        for each in (here, other)
    ]
    own = {"pk": here.pk, "key": "wish"}
    return Sample(
        here={**own, "theme_pk": made[0].pk},
        elsewhere={**own, "theme_pk": made[1].pk},
        reached_by=OFFICE,
        private=True,
    )


def _margins() -> Any:
    return actions.make_margins(
        by=UserFactory(),
        at=timezone.now(),
        title="人口普查",
        source="年鉴",
        as_of=timezone.localdate(),
        rows=[("sex", "male", 500), ("sex", "female", 500)],
    )


@sample("surveys:margins", "surveys:margins_edit", "surveys:margins_file", "surveys:margins_copy",
        "surveys:margins_archive")  # fmt: skip
def margins(world: World) -> Sample:
    return Sample(here={"margins_pk": _margins().pk}, reached_by=OFFICE)


@sample("surveys:weight_runs", "surveys:weight_run_new")
def weights(world: World) -> Sample:
    return _sample(world, OFFICE)


def _runs(world: World, count: int) -> tuple[int, int]:
    here, other = _two(world)
    for _each in range(count):
        actions.make_run(by=UserFactory(), at=timezone.now(), campaign=here, margins=_margins(), dimensions=["sex"])
    return here.pk, other.pk


@sample("surveys:weight_run", "surveys:weight_run_file")
def weight_run(world: World) -> Sample:
    here, other = _runs(world, 1)
    return Sample(here={"pk": here, "number": 1}, elsewhere={"pk": other, "number": 1}, reached_by=OFFICE, private=True)


@sample("surveys:weight_compare")
def weight_compare(world: World) -> Sample:
    here, other = _runs(world, 2)
    return Sample(
        here={"pk": here, "number": 1, "other": 2},
        elsewhere={"pk": other, "number": 1, "other": 2},
        reached_by=OFFICE,
        private=True,
    )
