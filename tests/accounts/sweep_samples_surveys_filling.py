"""Samples for the URL sweep: filling in surveys."""

import uuid
from typing import Any

from django.utils import timezone

from needs.surveys.campaigns.models import PublicLink
from needs.surveys.filling.versions import runnable
from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories.accounts import user_with
from tests.factories.surveys import ResponseFactory, campaign_in
from tests.factories.surveys_filling import version

FILLING = frozenset({Role.TOWNSHIP_CADRE, Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})


@sample("surveys:fill_form")
def campaign(world: World) -> Sample:
    """The frame alone, which is everybody's."""
    return Sample(here={"campaign_pk": campaign_in(world.township).pk})


@sample("surveys:fill_version")
def fill_version(world: World) -> Sample:
    runnable.cache_clear()
    here, elsewhere = version(), version()
    campaign_in(world.township, version=here)
    campaign_in(world.other_township, version=elsewhere)
    return Sample(here={"version_pk": here.pk}, elsewhere={"version_pk": elsewhere.pk}, reached_by=FILLING)


@sample("surveys:returned_response")
def returned(world: World) -> Sample:
    """One's own only, whatever office one holds."""
    taking_part = campaign_in(world.township)

    def made_by(person: Any) -> dict[str, uuid.UUID]:
        row: Any = ResponseFactory(campaign=taking_part, township=world.township, interviewer=person, state="returned")
        return {"response_uuid": row.uuid}

    own = {role: made_by(world.people[role]) for role in FILLING}
    stranger = made_by(user_with(Role.TOWNSHIP_CADRE, region=world.township))
    return Sample(here=own[Role.TOWNSHIP_CADRE], here_for=own, elsewhere=stranger, reached_by=frozenset(), private=True)


def _link(world: World) -> PublicLink:
    runnable.cache_clear()
    return PublicLink.objects.create(
        campaign=campaign_in(world.township, version=version()),
        region=world.township,
        token=uuid.uuid4().hex,
        one_each="any",
        made_at=timezone.now(),
        made_by=world.people[Role.OFFICE_STAFF],
    )


@sample("surveys:public_form", "surveys:public_state", "surveys:public_sync", "surveys:public_upload",
        "surveys:public_code")  # fmt: skip
def public(world: World) -> Sample:
    return Sample(here={"token": _link(world).token})


@sample("surveys:public_version")
def public_version(world: World) -> Sample:
    link = _link(world)
    return Sample(here={"token": link.token, "version_pk": link.campaign.version_id})
