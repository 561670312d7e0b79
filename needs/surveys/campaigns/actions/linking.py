"""Public links and the invitation codes that go with some of them."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from needs.surveys.campaigns.actions.common import lock_changeable
from needs.surveys.campaigns.codes import digest_of, new_codes
from needs.surveys.campaigns.models import Campaign, InvitationCode, PublicLink
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused

TOKEN_BYTES = 12
MOST_CODES = 2000
MOST_CODES_OF_LINK = 20_000


@action
def make_link(
    *, by: User, at: datetime, campaign: Campaign, region: Region | None, one_each: str, per_hour: int
) -> PublicLink:
    """Open an address for one township, or for the whole campaign, at which people answer by themselves."""
    row = lock_changeable(by, campaign)
    if region is not None and not row.townships.filter(region=region).exists():
        raise Refused(_("%(place)s does not take part in the campaign.") % {"place": region.name})
    link = PublicLink(
        campaign=row,
        region=region,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        one_each=one_each,
        per_hour=per_hour,
        made_at=at,
        made_by=by,
    )
    link.save()
    return link


@action
def close_link(*, by: User, at: datetime, link: PublicLink) -> PublicLink:
    """Take no more answers at this address."""
    return _set_closed(by, link, at)


@action
def reopen_link(*, by: User, at: datetime, link: PublicLink) -> PublicLink:
    """Take answers at this address again: what was printed with it is good again."""
    return _set_closed(by, link, None)


def _set_closed(by: User, link: PublicLink, closed_at: datetime | None) -> PublicLink:
    lock_changeable(by, link.campaign)
    row = PublicLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if (row.closed_at is None) == (closed_at is None):
        raise Refused(_("The link is closed already.") if row.closed_at else _("The link is open already."))
    row.closed_at = closed_at
    row.save(update_fields=["closed_at"])
    return row


@action
def make_codes(*, by: User, at: datetime, link: PublicLink, count: int) -> list[str]:
    """Make `count` invitation codes and return them: this is the only time they are known, digests are kept."""
    lock_changeable(by, link.campaign)
    if link.one_each != PublicLink.OneEach.INVITATION:
        raise Refused(_("People need no invitation code for this link."))
    if not 1 <= count <= MOST_CODES:
        raise Refused(_("Make 1 to %(most)s codes at once.") % {"most": MOST_CODES})
    if link.codes.count() + count > MOST_CODES_OF_LINK:
        raise Refused(_("A link has at most %(most)s codes.") % {"most": MOST_CODES_OF_LINK})
    codes = new_codes(count)
    InvitationCode.objects.bulk_create(
        InvitationCode(link=link, digest=digest_of(link, code), made_at=at) for code in codes
    )
    return codes
