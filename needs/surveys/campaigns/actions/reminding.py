"""Reminders to townships that lag."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from needs.surveys.campaigns import grid, kinds
from needs.surveys.campaigns.actions.common import lock
from needs.surveys.campaigns.models import Campaign, Reminder
from needs.surveys.campaigns.queries import cadres_of, cells_of
from talentmap.accounts.access import check_may
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.notices.actions import notify_each
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused


@action
def remind(*, by: User, at: datetime, campaign: Campaign, region: Region) -> Reminder:
    """Tell a township's cadres, and whoever else is assigned there, how many answers it lacks. Once a day.

    Raises Refused when the campaign takes no answers, nothing is missing, the township was reminded today already, or
    there is nobody to tell.
    """
    check_may(by, Permission.MANAGE_CAMPAIGNS)
    row, today = lock(campaign), timezone.localdate(at)
    if not row.takes_answers(today) or not row.townships.filter(region=region).exists():
        raise Refused(_("The campaign takes no answers from %(place)s now.") % {"place": region.name})
    if row.reminders.filter(region=region, sent_on=today).exists():
        raise Refused(_("%(place)s was reminded today already.") % {"place": region.name})
    cell = grid.total(cells_of(row, [region]).values())
    missing = cell.target - cell.collected
    if missing <= 0:
        raise Refused(_("%(place)s has collected what was wanted.") % {"place": region.name})
    recipients = _recipients(row, region)
    if not recipients:
        raise Refused(_("%(place)s has no cadre and no interviewer to remind.") % {"place": region.name})
    reminder = Reminder(campaign=row, region=region, sent_on=today, sent_by=by, target=cell.target, done=cell.collected)
    reminder.save()
    notify_each(
        recipients=recipients,
        by=by,
        at=at,
        kind=kinds.LAGGING,
        params={"place": region.name, "count": missing, "date": f"{row.ends_on:%Y-%m-%d}"},
        link=reverse("surveys:campaign", args=[row.pk]),
        key=f"surveys:reminder:{reminder.pk}",
    )
    return reminder


def _recipients(campaign: Campaign, region: Region) -> list[User]:
    assigned = campaign.assignments.filter(Q(region__code__startswith=region.prefix), ended_at=None)
    users = {user.pk: user for user, _place in cadres_of([region])}
    users |= {row.interviewer_id: row.interviewer for row in assigned.select_related("interviewer")}
    return list(users.values())
