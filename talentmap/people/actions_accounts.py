"""Joining a file that the office opened to the account its person made later."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.people.erasure import kept_records
from talentmap.people.models import Talent
from talentmap.people.writing import check_may_write, is_own, locked, save
from talentmap.ui.errors import Refused

if TYPE_CHECKING:
    from talentmap.accounts.models import User


@action
def link_account(*, by: "User", at: datetime, talent: Talent, user: "User") -> Talent:
    """Give `user` the file that the office opened for the same person; the empty one of registration goes.

    Only after the identity was verified, and to a number that was proven: whoever gets a file sees all that stands
    in it, and anybody could have registered with another person's name and number.
    """
    talent = locked(talent)
    if not by.may(Permission.EDIT_PEOPLE, talent) or is_own(by, talent):
        raise PermissionDenied
    check_may_write(by, talent)
    if talent.user_id is not None:
        raise Refused(_("This file has an account already."))
    if talent.identity_verified_at is None:
        raise Refused(_("Please verify the person's identity first."))
    registered = Talent.objects.select_for_update(of=("self",)).filter(user=user).first()
    if registered and not user.mobile_verified_at:
        raise Refused(_("The person has not confirmed the account's mobile number yet."))
    _drop_empty_file(registered, talent)
    talent.user = user
    talent.version += 1
    save(talent, ["user", "version"])
    return talent


def _drop_empty_file(registered: Talent | None, talent: Talent) -> None:
    if registered is None:
        return
    if registered.identity_verified_at or registered.id_number_index or kept_records(registered):
        raise Refused(_("The account already has a file of its own that is in use."))
    if registered.name != talent.name:
        raise Refused(_("The account is registered under another name."))
    registered.consents.update(talent=talent)
    registered.delete()
