"""Members: who is let in, with which role, and who helps them back in. Every step asks the table of grants."""

from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from talentmap.accounts import kinds
from talentmap.accounts.actions import forget_devices
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Permission, Role
from talentmap.accounts.rules import Held, fresh_password, fresh_username, may_give, may_manage, place_fault
from talentmap.accounts.telling import tell, tell_mobile_changed
from talentmap.audit.action import action
from talentmap.people.actions import link_account
from talentmap.ui.errors import Refused


def may_manage_account(by: User, user: User) -> bool:
    """Whether `by` may reset, close or correct the account: all its roles are theirs to give, it is not their own."""
    if by.pk == user.pk or user.is_system or user.is_superuser or not by.may(Permission.MANAGE_MEMBERS):
        return False
    return by.is_system or may_manage(by.grants, [each.held for each in user.active_memberships])


def may_give_role(by: User, user: User, role: str, region: Any, organisation: Any) -> bool:
    """Whether `by` may give `user` this role there: also to somebody who holds higher roles, never to oneself."""
    if by.is_system:
        return True
    place = region or (organisation.region if organisation else None)
    held = Held(role, place.code if place else "", organisation.pk if organisation else None)
    return by.pk != user.pk and by.may(Permission.MANAGE_MEMBERS) and may_give(by.grants, held)


def misplaced(fault: str) -> str:
    if fault == "region":
        return _("A township cadre's role is held in a township, every other one in the county.")
    return _("This role is held in another kind of organisation: a bank officer's in a bank, and so on.")


def may_end_role(by: User, membership: Membership) -> bool:
    if membership.ended_at or membership.user_id == by.pk:
        return False
    return by.may(Permission.MANAGE_MEMBERS) and (by.is_system or may_give(by.grants, membership.held))


@action
def add_member(
    *,
    by: User,
    at: datetime,
    username: str,
    display_name: str,
    role: str,
    region: Any = None,
    organisation: Any = None,
    mobile: str = "",
    email: str = "",
) -> tuple[User, str]:
    """Open an account with one role; gives the password to hand over, which must be changed at the first sign-in."""
    user, password = _new_account(at, username, display_name, mobile=mobile, email=email)
    give_role(by=by, at=at, user=user, role=role, region=region, organisation=organisation)
    return user, password


@action
def open_account(*, by: User, at: datetime, talent: Any) -> tuple[User, str]:
    """Give a person whose file the office keeps an account of their own, under the file's mobile number."""
    if not _may_give_talent(by, talent):
        raise PermissionDenied(_("You may not open an account for this person."))
    if not talent.phone:
        raise Refused(_("Enter the person's mobile number in the file first: it is what they sign in with."))
    user, password = _new_account(at, fresh_username(), talent.name[:60], mobile=talent.phone)
    link_account(by=by, at=at, talent=talent, user=user)
    Membership.objects.create(user=user, role=Role.TALENT, granted_by=by, valid_from=at)
    return user, password


def _new_account(at: datetime, username: str, display_name: str, **fields: Any) -> tuple[User, str]:
    password = fresh_password()
    user = User(username=username, display_name=display_name, date_joined=at, must_change_password=True, **fields)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    return user, password


def _may_give_talent(by: User, talent: Any) -> bool:
    held = Held(Role.TALENT, talent.region.code if talent.region else "")
    return by.may(Permission.MANAGE_MEMBERS) and (by.is_system or may_give(by.grants, held))


@action
def give_role(
    *, by: User, at: datetime, user: User, role: str, region: Any = None, organisation: Any = None
) -> Membership:
    if not may_give_role(by, user, role, region, organisation):
        raise PermissionDenied(_("You may not give this role there."))
    if fault := place_fault(role, region.level if region else "", organisation.kind if organisation else ""):
        raise ValidationError({fault: misplaced(fault)})
    membership = Membership(
        user=user, role=role, region=region, organisation=organisation, granted_by=by, valid_from=at
    )
    membership.full_clean()
    membership.save()
    user.forget_memberships()
    if role != Role.TALENT:  # comes with one's own file and is no news
        tell(by, at, user, kinds.ROLE_GIVEN)
    return membership


@action
def end_role(*, by: User, at: datetime, membership: Membership, reason: str = "") -> Membership:
    """End a role from this moment on; the row stays as history."""
    if not may_end_role(by, membership):
        raise PermissionDenied(_("You may not end this role."))
    stored = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if stored.ended_at:
        raise Refused(_("Somebody else has ended this role already."))
    stored.ended_at, stored.ended_by = max(at, stored.valid_from), by
    stored.save(update_fields=["ended_at", "ended_by"])
    stored.user.forget_memberships()
    tell(by, at, stored.user, kinds.ROLE_ENDED)
    return stored


@action
def update_member(*, by: User, at: datetime, user: User, values: dict[str, Any]) -> User:
    """Correct name, mobile number and e-mail of an account; the person has to confirm a new number."""
    stored = _locked(by, user)
    old = stored.mobile
    if values.get("mobile", old) != old:
        stored.mobile_verified_at = None
    for name in ("display_name", "mobile", "email"):
        setattr(stored, name, values.get(name, getattr(stored, name)))
    stored.full_clean(exclude=["password"])
    stored.save(update_fields=["display_name", "mobile", "email"])
    if stored.mobile != old:
        tell_mobile_changed(by, at, stored, old)
    return stored


@action
def free_mobile(*, by: User, at: datetime, user: User, reason: str) -> User:
    """Take a number that nobody has confirmed from an account, so that the one whose it is can register."""
    stored = _locked(by, user)
    if not stored.mobile or stored.mobile_verified_at:
        raise Refused(_("Only a number that was never confirmed can be taken from an account."))
    stored.mobile = ""
    stored.save(update_fields=["mobile"])
    tell(by, at, stored, kinds.MOBILE_CHANGED)
    return stored


@action
def reset_password(*, by: User, at: datetime, user: User, reason: str) -> str:
    """Replace a forgotten password; the new one is shown once, must be changed, and ends every open session.

    The lock that forgetting it has led to is lifted.
    """
    stored = _locked(by, user)
    password = fresh_password()
    stored.set_password(password)
    stored.must_change_password = True
    stored.save(update_fields=["password", "must_change_password"])
    AccessAttempt.objects.filter(username=stored.username).delete()
    tell(by, at, stored, kinds.PASSWORD_RESET)
    return password


@action
def reset_second_factor(*, by: User, at: datetime, user: User, reason: str) -> None:
    """Remove a lost second factor, after the person has been recognised in some other way."""
    stored = _locked(by, user)
    forget_devices(stored)
    tell(by, at, stored, kinds.SECOND_FACTOR_RESET)


@action
def let_in(*, by: User, at: datetime, user: User, allowed: bool, reason: str) -> User:
    """Close an account or open it again; roles and history stay."""
    stored = _locked(by, user)
    stored.is_active = allowed
    stored.save(update_fields=["is_active"])
    tell(by, at, stored, kinds.ACCOUNT_REOPENED if allowed else kinds.ACCOUNT_CLOSED)
    return stored


def _locked(by: User, user: User) -> User:
    stored = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not may_manage_account(by, stored):
        raise PermissionDenied(_("This account holds a role that is not yours to manage."))
    return stored
