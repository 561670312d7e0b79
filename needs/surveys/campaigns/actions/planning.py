"""Quotas: how many answers are wanted of whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from needs.surveys.campaigns.actions.common import lock_changeable, township_ids
from needs.surveys.campaigns.models import Campaign, Quota
from needs.surveys.campaigns.rules import fingerprint
from needs.surveys.columns import AgeBand
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused

Place = tuple[int, str, str]
MOST_TARGET = 100_000


@action
def set_quotas(
    *,
    by: User,
    at: datetime,
    campaign: Campaign,
    targets: Mapping[Place, int],
    townships: Collection[int],
    seen: str | None = None,
) -> int:
    """Make `targets` (township, age band or "", occupation or "" → count) all quotas of `townships`; 0 means none.

    With `seen`, the fingerprint of what the person saw before: refused when somebody else has changed it meanwhile.
    Returns how many quotas there are in these townships then.
    """
    row = lock_changeable(by, campaign)
    _check(targets, set(townships), township_ids(row))
    present = {(q.region_id, q.age_band, q.occupation): q for q in row.quotas.filter(region__in=townships)}
    if seen is not None and fingerprint({place: quota.target for place, quota in present.items()}) != seen:
        raise Refused(_("Somebody else has changed these quotas meanwhile. Reload the page to see them."))
    wanted = {place: target for place, target in targets.items() if target}
    _write(row, present, wanted)
    return len(wanted)


def _check(targets: Mapping[Place, int], townships: set[int], taking_part: set[int]) -> None:
    if not townships <= taking_part:
        raise Refused(_("A township with quotas does not take part in the campaign."))
    for (region, band, work), target in targets.items():
        if region not in townships or (band and band not in AgeBand.values) or len(work) > 60:
            raise Refused(_("There is no such quota."))
        if not 0 <= target <= MOST_TARGET:
            raise Refused(_("A quota lies between 0 and %(most)s.") % {"most": MOST_TARGET})


def _write(row: Campaign, present: Mapping[Place, Quota], wanted: Mapping[Place, int]) -> None:
    """Only what differs, so that the history shows changes and nothing else."""
    changed = [present[place] for place, target in wanted.items() if place in present]
    changed = [quota for quota in changed if quota.target != wanted[quota.region_id, quota.age_band, quota.occupation]]
    for quota in changed:
        quota.target = wanted[quota.region_id, quota.age_band, quota.occupation]
    row.quotas.filter(pk__in=[quota.pk for place, quota in present.items() if place not in wanted]).delete()
    Quota.objects.bulk_update(changed, ["target"])
    Quota.objects.bulk_create(
        Quota(campaign=row, region_id=region, age_band=band, occupation=work, target=target)
        for (region, band, work), target in wanted.items()
        if (region, band, work) not in present
    )


@dataclass(frozen=True)
class Copied:
    quotas: int
    left_out: int


@action
def copy_quotas(
    *, by: User, at: datetime, campaign: Campaign, source: Campaign, occupations: Collection[str]
) -> Copied:
    """Replace all quotas by those of `source`, as far as its townships take part here too and its occupations are
    among `occupations`, those that this questionnaire asks for."""
    row = lock_changeable(by, campaign)
    townships, known = township_ids(row), {"", *occupations}
    quotas = list(source.quotas.all())
    fitting = {
        (quota.region_id, quota.age_band, quota.occupation): quota.target
        for quota in quotas
        if quota.region_id in townships and quota.occupation in known
    }
    if not fitting:
        raise Refused(_("None of its quotas fits the townships and occupations of this campaign."))
    set_quotas(by=by, at=at, campaign=row, targets=fitting, townships=townships)
    return Copied(len(fitting), len(quotas) - len(fitting))
