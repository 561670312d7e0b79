"""Joining a file that the office opened to the account its person made later."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.people import rules
from talentmap.people.choices import Relation, RequestState
from talentmap.people.erasure import kept_records
from talentmap.people.kinds import FILE_JOINED
from talentmap.people.models import FamilyMember, Talent
from talentmap.people.records import DataRequest
from talentmap.people.telling import tell_person
from talentmap.people.writing import assign_changed, check_may_write, is_own, locked, save
from talentmap.ui.errors import Refused

if TYPE_CHECKING:
    from talentmap.accounts.models import User


@action
def link_account(*, by: "User", at: datetime, talent: Talent, user: "User") -> Talent:
    """Give `user` the file that the office opened for the same person; the one of registration goes into it.

    Only after the identity was verified, and to a number that was proven: whoever gets a file sees all that stands
    in it, and anybody could have registered with another person's name and number. Raises Refused, with what they
    are, when the two files contradict each other or the registered one is in use.
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
    taken = _take_in(registered, talent) if registered else []
    talent.user = user
    talent.version += 1
    save(talent, ["user", "version", *taken])
    tell_person(by=by, at=at, talent=talent, kind=FILE_JOINED, key=str(talent.pk))
    return talent


def _take_in(registered: Talent, talent: Talent) -> list[str]:
    """Move what only the registered file holds into `talent`, then drop it; gives the fields to save."""
    _check_same_person(registered, talent)
    names = [name for group in rules.JOINED_GROUPS for name in group]
    joined = rules.joined(*({name: getattr(each, name) for name in names} for each in (talent, registered)))
    family, second_spouse = _family_to_move(registered, talent)
    requests = registered.data_requests.exclude(state=RequestState.OPEN, pk__in=_asked_twice(registered, talent))
    contradicted = [str(getattr(Talent._meta.get_field(name), "verbose_name", name)) for name in joined.contradicted]
    if second_spouse:
        contradicted.append(str(Relation.SPOUSE.label))
    if contradicted:
        told = _("The two files contradict each other: %(entries)s. Clear this up with the person first.")
        raise Refused(told % {"entries": pgettext("list", ", ").join(contradicted)})
    in_force = talent.consents.filter(withdrawn_at__isnull=True).values("purpose")
    registered.consents.exclude(withdrawn_at__isnull=True, purpose__in=in_force).update(talent=talent)
    registered.family.filter(pk__in=[member.pk for member in family]).update(talent=talent)
    for skill in registered.skills.all():
        if not talent.skills.filter(name=skill.name, level=skill.level).exists():
            talent.skills.add(skill)
    requests.update(talent=talent)
    registered.delete()
    return assign_changed(talent, joined.taken)


def _check_same_person(registered: Talent, talent: Talent) -> None:
    kept = pgettext("list", ", ").join(f"{each.label} ({each.count})" for each in kept_records(registered))
    if kept:
        raise Refused(_("The account already has a file of its own that is in use: %(records)s.") % {"records": kept})
    if registered.identity_verified_at or registered.id_number_index:
        raise Refused(_("The account's own file holds another ID number. Was the right account chosen?"))
    if registered.name != talent.name:
        raise Refused(_("The account is registered under another name."))


def _family_to_move(registered: Talent, talent: Talent) -> tuple[list[FamilyMember], bool]:
    """Members that `talent` has not got, and whether one of them would be a second spouse."""
    known = [(each.relation, each.name, each.id_number_index) for each in talent.family.all()]
    missing = [
        each
        for each in registered.family.all()
        if (each.relation, each.name, each.id_number_index) not in known
        and not (each.id_number_index and each.id_number_index in {index for _relation, _name, index in known})
    ]
    married = any(relation == Relation.SPOUSE for relation, _name, _index in known)
    return missing, married and any(each.relation == Relation.SPOUSE for each in missing)


def _asked_twice(registered: Talent, talent: Talent) -> list[int]:
    """Open requests of the registered file that stand open in `talent` too."""
    open_ones = DataRequest.objects.filter(state=RequestState.OPEN)
    there = set(open_ones.filter(talent=talent).values_list("kind", "field"))
    return [each.pk for each in open_ones.filter(talent=registered) if (each.kind, each.field) in there]
