"""Samples for the URL sweep: survey campaigns."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from needs.surveys.campaigns.models import Assignment, PublicLink
from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories.accounts import user_with
from tests.factories.surveys import campaign_in

OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
SURVEYED = OFFICE | {Role.TOWNSHIP_CADRE}


@sample("surveys:campaign", "surveys:coverage_export", "surveys:campaign_days", "surveys:campaign_interviewers",
        "surveys:interviewers_export", "surveys:campaign_quotas", "surveys:quotas_export")  # fmt: skip
def campaign(world: World) -> Sample:
    here, elsewhere = campaign_in(world.township), campaign_in(world.other_township)
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=SURVEYED)


@sample("surveys:campaign_edit", "surveys:campaign_extend", "surveys:campaign_version", "surveys:campaign_assignments",
        "surveys:assignment_new", "surveys:assign_cadres", "surveys:quotas_spread", "surveys:quotas_upload",
        "surveys:quotas_copy", "surveys:campaign_links", "surveys:link_new")  # fmt: skip
def managed(world: World) -> Sample:
    return replace(campaign(world), reached_by=OFFICE)


def _more(world: World, **more: Any) -> Sample:
    found = managed(world)
    return Sample(here={**found.here, **more}, elsewhere={**(found.elsewhere or {}), **more}, reached_by=OFFICE)


@sample("surveys:campaign_step")
def step(world: World) -> Sample:
    return _more(world, step="pause")


@sample("surveys:campaign_remind", "surveys:quotas_edit")
def township(world: World) -> Sample:
    """A township of another campaign is none of this one's."""
    found = managed(world)
    here = {**found.here, "region_pk": world.township.pk}
    return Sample(here=here, elsewhere={**found.here, "region_pk": world.other_township.pk}, reached_by=OFFICE,
                  private=True)  # fmt: skip


@sample("surveys:assignment_end")
def assignment(world: World) -> Sample:
    here, other = (campaign_in(world.township) for _each in range(2))
    cadre = user_with(Role.TOWNSHIP_CADRE, region=world.township)
    rows = [
        Assignment.objects.create(campaign=each, interviewer=cadre, region=world.township, assigned_at=timezone.now())
        for each in (here, other)
    ]
    return Sample(
        here={"pk": here.pk, "assignment_pk": rows[0].pk},
        elsewhere={"pk": here.pk, "assignment_pk": rows[1].pk},
        reached_by=OFFICE,
        private=True,
    )


@sample("surveys:link_poster", "surveys:link_codes", "surveys:link_close", "surveys:link_reopen")
def link(world: World) -> Sample:
    here, other = (campaign_in(world.township) for _each in range(2))
    links = [
        PublicLink.objects.create(
            campaign=each,
            token=f"sweep-{each.pk}",
            one_each=PublicLink.OneEach.INVITATION,
            made_at=timezone.now(),
            made_by=world.people[Role.OFFICE_STAFF],
        )
        for each in (here, other)
    ]
    return Sample(
        here={"pk": here.pk, "link_pk": links[0].pk},
        elsewhere={"pk": here.pk, "link_pk": links[1].pk},
        reached_by=OFFICE,
        private=True,
    )
