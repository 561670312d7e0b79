"""Interviewers: who goes where."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from needs.surveys.campaigns import kinds
from needs.surveys.campaigns.actions.common import lock_changeable
from needs.surveys.campaigns.models import Assignment, Campaign
from needs.surveys.campaigns.queries import cadres_of, interviewers_in
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.notices.actions import notify
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused


@action
def assign(
    *, by: User, at: datetime, campaign: Campaign, interviewer: User, region: Region, target: int | None = None
) -> Assignment:
    """Send an interviewer to a township that takes part, or to a village of it; they are told.

    Raises Refused for a place outside the campaign, and for who is neither a cadre of the township nor of the office.
    """
    row = lock_changeable(by, campaign)
    if not any(region.code.startswith(each.region.prefix) for each in row.townships.select_related("region")):
        raise Refused(_("%(place)s does not take part in the campaign.") % {"place": region.full_name})
    if not interviewers_in(region).filter(pk=interviewer.pk).exists():
        raise Refused(
            _("%(name)s is neither a cadre of this township nor of the office.") % {"name": interviewer.display_name}
        )
    if row.assignments.filter(interviewer=interviewer, region=region, ended_at=None).exists():
        raise Refused(_("%(name)s has this assignment already.") % {"name": interviewer.display_name})
    return _assign(by, at, row, interviewer, region, target)


@action
def assign_cadres(*, by: User, at: datetime, campaign: Campaign) -> int:
    """Assign every cadre of each township that takes part to the whole of it, who is not yet. Returns how many."""
    row = lock_changeable(by, campaign)
    townships = [each.region for each in row.townships.select_related("region")]
    present = set(row.assignments.filter(ended_at=None).values_list("interviewer", "region"))
    new = [(user, region) for user, region in cadres_of(townships) if (user.pk, region.pk) not in present]
    for user, region in new:
        _assign(by, at, row, user, region, None)
    return len(new)


def _assign(
    by: User, at: datetime, campaign: Campaign, interviewer: User, region: Region, target: int | None
) -> Assignment:
    made = Assignment(campaign=campaign, interviewer=interviewer, region=region, target=target, assigned_at=at)
    made.save()
    _tell(by, at, made, kinds.ASSIGNED, {"place": region.full_name, "date": f"{campaign.ends_on:%Y-%m-%d}"})
    return made


@action
def end_assignment(*, by: User, at: datetime, assignment: Assignment) -> Assignment:
    """The interviewer does not go there any more; what they have brought in stays. They are told."""
    lock_changeable(by, assignment.campaign)
    row = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if row.ended_at:
        raise Refused(_("This assignment has ended already."))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _tell(by, at, row, kinds.ASSIGNMENT_ENDED, {"place": row.region.full_name})
    return row


def _tell(by: User, at: datetime, row: Assignment, kind: kinds.NoticeKind, params: dict[str, str]) -> None:
    """A campaign that is still being prepared is not shown to its interviewers: the link leads to their list."""
    key = f"surveys:assignment:{row.pk}:{kind.code}"
    link = reverse("surveys:campaign_list")
    notify(by=by, at=at, recipient=row.interviewer, kind=kind, params=params, link=link, key=key)
