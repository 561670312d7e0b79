"""Making, editing and running campaigns."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from needs.surveys.campaigns.actions.common import State, lock, lock_changeable, township_ids
from needs.surveys.campaigns.models import Campaign, CampaignTownship
from needs.surveys.campaigns.queries import readiness
from needs.surveys.campaigns.rules import LONGEST
from needs.surveys.campaigns.states import RUNNING, STEPS, Step
from needs.surveys.campaigns.words import OBSTACLES
from needs.surveys.questionnaires.models import Version
from needs.surveys.responses.models import Response
from talentmap.accounts.access import check_may
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.regions.models import Level, Region
from talentmap.ui.errors import Refused


@action
def make_campaign(
    *,
    by: User,
    at: datetime,
    title: str,
    version: Version,
    starts_on: date,
    ends_on: date,
    shortest_minutes: Decimal,
    townships: Collection[Region],
) -> Campaign:
    """Prepare a campaign; nobody but those who run campaigns sees it until it is opened."""
    check_may(by, Permission.MANAGE_CAMPAIGNS)
    _check_version(version)
    _check_period(starts_on, ends_on)
    campaign = Campaign(
        title=title,
        questionnaire=version.questionnaire,
        version=version,
        starts_on=starts_on,
        ends_on=ends_on,
        shortest_minutes=shortest_minutes,
        made_at=at,
        made_by=by,
    )
    campaign.save()
    _take_part(campaign, townships)
    return campaign


@action
def edit_campaign(
    *,
    by: User,
    at: datetime,
    campaign: Campaign,
    title: str,
    shortest_minutes: Decimal,
    townships: Collection[Region],
    version: Version | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Campaign:
    """Change a campaign; questionnaire and period only while it is being prepared.

    Raises Refused for a township that is taken out after answers came from there.
    """
    row = lock_changeable(by, campaign)
    fields = ["title", "shortest_minutes"]
    row.title, row.shortest_minutes = title, shortest_minutes
    if row.state == State.DRAFT:
        if version:
            _check_version(version)
            row.version, row.questionnaire = version, version.questionnaire
        row.starts_on, row.ends_on = starts_on or row.starts_on, ends_on or row.ends_on
        _check_period(row.starts_on, row.ends_on)
        fields += ["version", "questionnaire", "starts_on", "ends_on"]
    row.save(update_fields=fields)
    _take_part(row, townships)
    return row


def _check_version(version: Version) -> None:
    if not version.is_published or version.questionnaire.archived_at:
        raise Refused(_("Only a published version of a questionnaire in use can go into the field."))


def _check_period(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refused(_("The campaign ends before it begins."))
    if ends_on - starts_on > LONGEST:
        raise Refused(_("A campaign lasts two years at most."))


def _take_part(campaign: Campaign, townships: Collection[Region]) -> None:
    if any(region.level != Level.TOWNSHIP for region in townships):
        raise Refused(_("Only townships take part in a campaign."))
    wanted, present = {region.pk for region in townships}, township_ids(campaign)
    gone = present - wanted
    answered = Response.objects.filter(campaign=campaign, township__in=gone).order_by()
    names = sorted(set(answered.values_list("township__name", flat=True)))
    if names:
        raise Refused(_("There are answers from %(names)s already: it cannot be taken out.") % {"names": _join(names)})
    outside = Q(pk__in=[])
    for region in Region.objects.filter(pk__in=gone):
        outside |= Q(region__code__startswith=region.prefix)
    campaign.quotas.filter(region__in=gone).delete()
    campaign.assignments.filter(outside).delete()
    campaign.townships.filter(region__in=gone).delete()
    CampaignTownship.objects.bulk_create(
        CampaignTownship(campaign=campaign, region_id=pk) for pk in sorted(wanted - present)
    )


def _join(names: list[str]) -> str:
    return pgettext("between items of a list", ", ").join(names)


@action
def change_state(
    *, by: User, at: datetime, campaign: Campaign, step: str, reason: str = "", ends_on: date | None = None
) -> Campaign:
    """Take one step of the table in `states.py`; `ends_on` is a new last day when a campaign is opened again.

    Raises PermissionDenied, and Refused when the campaign is in another state by now or not fit to be opened.
    """
    wanted = STEPS[step]
    check_may(by, wanted.permission)
    row, today = lock(campaign), timezone.localdate(at)
    if row.state not in wanted.before:
        raise Refused(
            _("The campaign is “%(state)s” by now: this step is not possible any more.")
            % {"state": row.get_state_display()}
        )
    if wanted.needs_reason and not reason.strip():
        raise Refused(_("Say why the campaign is opened again."))
    row.state = wanted.after
    row.closed_at = at if wanted.after == State.CLOSED else None
    row.ends_on = ends_on or row.ends_on
    _check_period(row.starts_on, row.ends_on)
    _check_ready(row, wanted, today)
    row.save(update_fields=["state", "closed_at", "ends_on"])
    return row


def _check_ready(row: Campaign, step: Step, today: date) -> None:
    if step.after != State.OPEN:
        return
    obstacles = readiness(row).obstacles(today)
    if obstacles:
        raise Refused(" ".join(str(OBSTACLES[code]) for code in obstacles))


@action
def change_last_day(*, by: User, at: datetime, campaign: Campaign, ends_on: date) -> Campaign:
    """Extend a running campaign, or let it end sooner, but not before today."""
    row = lock_changeable(by, campaign)
    if row.state not in RUNNING:
        raise Refused(_("The campaign does not run: change its period where it is edited."))
    if ends_on < timezone.localdate(at):
        raise Refused(_("The last day lies in the past. Close the campaign to end it now."))
    _check_period(row.starts_on, ends_on)
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    return row


@action
def change_version(*, by: User, at: datetime, campaign: Campaign, version: Version) -> Campaign:
    """Hand out another version of the same questionnaire from now on; answers to older ones are still taken."""
    row = lock_changeable(by, campaign)
    _check_version(version)
    if version.questionnaire_id != row.questionnaire_id:
        raise Refused(_("This is a version of another questionnaire."))
    row.version = version
    row.save(update_fields=["version"])
    return row
