"""Samples for the URL sweep: exports, the API, webhooks."""

import uuid
from typing import Any

from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories import surveys_exports as factory
from tests.factories.accounts import user_with
from tests.factories.surveys import campaign_in

EXPORTERS = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR, Role.TOWNSHIP_CADRE})


@sample("surveys:exports", "surveys:export_new")
def campaign(world: World) -> Sample:
    here, elsewhere = campaign_in(world.township), campaign_in(world.other_township)
    return Sample(here={"campaign_pk": here.pk}, elsewhere={"campaign_pk": elsewhere.pk}, reached_by=EXPORTERS)


@sample("surveys:export_cancel", "surveys:export_discard", "surveys:export_download")
def export(world: World) -> Sample:
    """One's own only."""
    campaign = factory.two_versions(world.township)

    def asked(by: Any) -> dict[str, int]:
        return {"job_pk": factory.finished(campaign, by).pk}

    own = {role: asked(world.people[role]) for role in EXPORTERS}
    stranger = user_with(Role.OFFICE_STAFF)
    return Sample(here=asked(stranger), here_for=own, elsewhere=asked(stranger), reached_by=frozenset(), private=True)


@sample("surveys:token_revoke")
def token(world: World) -> Sample:
    return _own({"token_pk": factory.token(by)[0].pk} for by in (world.people[Role.OFFICE_DIRECTOR], _stranger()))


@sample("surveys:webhook", "surveys:webhook_end")
def webhook(world: World) -> Sample:
    campaign = campaign_in(world.township)
    people = (world.people[Role.OFFICE_DIRECTOR], _stranger())
    return _own({"webhook_pk": factory.webhook(campaign, by, f"http://127.0.0.1/{by.pk}").pk} for by in people)


@sample("surveys:delivery_again")
def delivery(world: World) -> Sample:
    campaign = factory.two_versions(world.township)
    response = factory.answer(campaign, age=40)
    people = (world.people[Role.OFFICE_DIRECTOR], _stranger())
    hooks = [factory.webhook(campaign, by, f"http://127.0.0.1/{by.pk}") for by in people]
    return _own({"delivery_pk": factory.delivery(hook, response).pk} for hook in hooks)


def _stranger() -> Any:
    return user_with(Role.OFFICE_DIRECTOR)


def _own(made: Any) -> Sample:
    here, elsewhere = made
    return Sample(here=here, elsewhere=elsewhere, reached_by=frozenset({Role.OFFICE_DIRECTOR}), private=True)


@sample("surveys:api_questions", "surveys:api_results", "surveys:api_responses")
def read_campaign(world: World) -> Sample:
    return Sample(here={"campaign_pk": campaign_in(world.township).pk})


@sample("surveys:api_response")
def read_response(world: World) -> Sample:
    return Sample(here={"campaign_pk": campaign_in(world.township).pk, "uuid": uuid.uuid4()})
