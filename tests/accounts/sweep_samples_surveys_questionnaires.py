"""Samples for the URL sweep: questionnaires, their versions, the question bank."""

from typing import Any

from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories.surveys import VersionFactory, campaign_in
from tests.factories.surveys_questionnaires import bank_entry, compiled_document, draft

OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
FIELD = OFFICE | {Role.TOWNSHIP_CADRE}


def in_field(township: Any) -> Any:
    """A published version that one township is asked by."""
    version = VersionFactory(**compiled_document())
    campaign_in(township, version=version)
    return version


def both(world: World, pk_of: Any) -> Sample:
    here, elsewhere = in_field(world.township), in_field(world.other_township)
    return Sample(here={"pk": pk_of(here)}, elsewhere={"pk": pk_of(elsewhere)}, reached_by=FIELD)


@sample(
    "surveys:questionnaire",
    "surveys:questionnaire_edit",
    "surveys:questionnaire_archive",
    "surveys:questionnaire_bring_back",
    "surveys:draft_start",
    "surveys:draft_upload",
    "surveys:draft_upload_accept",
    "surveys:compare",
)
def questionnaire(world: World) -> Sample:
    return both(world, lambda version: version.questionnaire_id)


@sample("surveys:version", "surveys:version_logic", "surveys:version_preview", "surveys:version_xlsform")
def version(world: World) -> Sample:
    return both(world, lambda version: version.pk)


@sample("surveys:builder", "surveys:draft_save", "surveys:draft_delete", "surveys:version_publish")
def unpublished(world: World) -> Sample:
    return Sample(here={"pk": draft().pk}, reached_by=OFFICE)


@sample("surveys:bank_edit", "surveys:bank_delete")
def bank(world: World) -> Sample:
    return Sample(here={"pk": bank_entry().pk}, reached_by=OFFICE)
