"""Samples for the URL sweep: pathway templates, and roadmaps of talents in two townships."""

from typing import Any

from growth.pathways import actions
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories import pathways
from tests.factories.casework import moment, picture

OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
STAFF = OFFICE | {Role.TOWNSHIP_CADRE}


def _started(talent: Any, **more: Any) -> Any:
    version = pathways.published(*pathways.STAGES, **more)
    return actions.start(by=User.objects.system(), at=moment(), talent=talent, pathway=version.pathway)


def _both(world: World, make: Any = lambda row: {}, **more: Any) -> dict[str, dict[str, Any]]:
    here, elsewhere = (_started(each, **more) for each in (world.talent_here, world.talent_elsewhere))
    return {"here": {"pk": here.pk, **make(here)}, "elsewhere": {"pk": elsewhere.pk, **make(elsewhere)}}


def _tick(row: Any) -> Any:
    return actions.tick(by=row.talent.user, at=moment(), journey=row, code="course", text="x", upload=picture())


@sample("pathways:journey", "pathways:history")
def roadmap(world: World) -> Sample:
    return Sample(**_both(world), reached_by=STAFF | {Role.TALENT})


@sample("pathways:end", "pathways:version")
def own_roadmap(world: World) -> Sample:
    return Sample(**_both(world), reached_by=STAFF | {Role.TALENT})


@sample("pathways:stage")
def led(world: World) -> Sample:
    return Sample(**_both(world), reached_by=STAFF)


@sample("pathways:level")
def rural(world: World) -> Sample:
    return Sample(**_both(world, audience="rural"), reached_by=STAFF)


@sample("pathways:tick")
def milestone(world: World) -> Sample:
    return Sample(**_both(world, lambda row: {"code": "course"}), reached_by=STAFF | {Role.TALENT})


@sample("pathways:file")
def evidence(world: World) -> Sample:
    return Sample(**_both(world, lambda row: {"tick_pk": _tick(row).pk}), reached_by=STAFF | {Role.TALENT})


@sample("pathways:answer")
def tick(world: World) -> Sample:
    return Sample(
        **_both(world, lambda row: {"tick_pk": _tick(row).pk, "what": "withdraw"}), reached_by=STAFF | {Role.TALENT}
    )


@sample("pathways:start")
def offered(world: World) -> Sample:
    return Sample(here={"pathway_pk": pathways.published().pathway_id}, reached_by=frozenset({Role.TALENT}))


@sample("pathways:template", "pathways:template_copy", "pathways:template_rename", "pathways:template_retire",
        "pathways:template_draft", "pathways:template_move")  # fmt: skip
def template(world: World) -> Sample:
    return Sample(here={"pk": pathways.published().pathway_id}, reached_by=OFFICE)


@sample("pathways:editor", "pathways:preview", "pathways:summary", "pathways:publish", "pathways:delete_draft",
        "pathways:stage_new", "pathways:milestone_new")  # fmt: skip
def draft(world: World) -> Sample:
    return Sample(here={"pk": _draft().pk}, reached_by=OFFICE)


def _draft() -> Any:
    version = pathways.published()
    return actions.start_draft(by=User.objects.system(), at=moment(), pathway=version.pathway)


@sample("pathways:stage_edit")
def stage(world: World) -> Sample:
    return Sample(here={"pk": _draft().pk, "code": "first"}, reached_by=OFFICE)


@sample("pathways:milestone_edit")
def edited_milestone(world: World) -> Sample:
    return Sample(here={"pk": _draft().pk, "code": "plan"}, reached_by=OFFICE)


@sample("pathways:part_move")
def moved(world: World) -> Sample:
    return Sample(here={"pk": _draft().pk, "what": "stage", "code": "first", "way": "down"}, reached_by=OFFICE)


@sample("pathways:part_delete")
def deleted(world: World) -> Sample:
    return Sample(here={"pk": _draft().pk, "what": "milestone", "code": "plan"}, reached_by=OFFICE)
