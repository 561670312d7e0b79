"""Writing a talent's file: opening, correcting, verifying, skills, family, the account that belongs to it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.audit.actions import log_access
from talentmap.people import rules
from talentmap.people.actions_consents import give_consent
from talentmap.people.choices import Purpose, Relation
from talentmap.people.fields import blind_index
from talentmap.people.identifiers import BadIdentifier, parse_id_number
from talentmap.people.kinds import BANK_ACCOUNT_CHANGED, ID_NUMBER_REMOVED
from talentmap.people.models import FamilyMember, Skill, Talent
from talentmap.people.numbers import number_changed
from talentmap.people.telling import tell_person
from talentmap.people.writing import (
    NumberTaken,
    assign_changed,
    check_may_write,
    checked_reason,
    day_of,
    is_own,
    locked,
    prepared,
    require_consent,
    save,
)
from talentmap.ui.errors import Refused

if TYPE_CHECKING:
    from talentmap.accounts.models import User

OWN_REASON = "own file"
COLLISION_REASON = "typed into another file"


@action
def register_self(*, by: "User", at: datetime, user: "User", name: str, phone: str = "") -> Talent:
    """Open the file of somebody who just registered, with the consent given on the registration page."""
    if by.pk != user.pk and not by.may(Permission.EDIT_PEOPLE):
        raise PermissionDenied
    talent = Talent(user=user, created_by=by, created_at=at, **prepared({"name": name, "phone": phone}, at))
    save(talent)
    give_consent(by=by, at=at, talent=talent, purpose=Purpose.REGISTER)
    return talent


@action
def create_talent(*, by: "User", at: datetime, data: Mapping[str, Any], consented: bool) -> Talent:
    """Open a file at the counter; `data` maps field names to values, the region decides who may.

    `consented` says that the person signed the consent to the file; it is recorded with the file. Raises Refused
    without it, for a wrong identifier, contradicting dates or a person who is registered already.
    """
    forbidden = rules.forbidden(frozenset(data), staff=True, verified=False)
    talent = Talent(created_by=by, created_at=at, **prepared(_with_term(data), at))
    if forbidden or not by.may(Permission.EDIT_PEOPLE, talent):
        raise PermissionDenied
    if talent.bank_account:
        raise Refused(_("A bank account is entered after the person's consent to it."))
    if not consented:
        raise Refused(_("A file is opened only with the person's signed consent."))
    _check_terms(talent)
    save(talent)
    give_consent(by=by, at=at, talent=talent, purpose=Purpose.REGISTER)
    return talent


@action
def update_talent(
    *,
    by: "User",
    at: datetime,
    talent: Talent,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
    consents: Iterable[str] = (),
) -> Talent:
    """Change entries of a file; the person changes what they may themselves, staff the rest.

    `expected_version` is the version that the writer saw: when another one was saved meanwhile, nothing is
    overwritten and Refused says so. An identity that changes is no longer the one that somebody verified.
    `consents` are given together with the entries that rest on them, or not at all.
    """
    talent = locked(talent)
    check_may_write(by, talent)
    if expected_version is not None and expected_version != talent.version:
        raise Refused(_("Somebody else has changed this file meanwhile. Please look at it again."))
    for purpose in consents:
        give_consent(by=by, at=at, talent=talent, purpose=purpose)
    values = _with_identity(prepared(_with_term(changes), at), talent)
    values = {name: value for name, value in values.items() if getattr(talent, name) != value}
    _check_allowed(by, talent, frozenset(values) & (rules.STAFF_FIELDS | rules.OWN_FIELDS))
    _check_consents(talent, values)
    if is_own(by, talent):
        _check_number_free(talent, values.get("id_number_index", ""))
    return _written(by, at, talent, values)


def _with_identity(values: dict[str, Any], talent: Talent) -> dict[str, Any]:
    """A number on file decides date of birth and sex; a change of these alone must agree with it."""
    if talent.id_number and "id_number" not in values:
        for name in ("birth_date", "sex"):
            if values.get(name, getattr(talent, name)) != getattr(talent, name):
                raise Refused(_("Date of birth and sex are part of the ID number: correct the number instead."))
    return values


def _with_term(data: Mapping[str, Any]) -> dict[str, Any]:
    """A category without a last day gets the usual term; no category, no term."""
    values = dict(data)
    if "category" in values and not values["category"]:
        values |= {"category_since": None, "category_until": None}
    elif values.get("category_since") and not values.get("category_until"):
        values["category_until"] = rules.category_until(values["category_since"])
    return values


def _check_allowed(by: "User", talent: Talent, names: frozenset[str]) -> None:
    """Staff decide on others' files; in their own they are a person like any other."""
    staff = not is_own(by, talent)
    forbidden = rules.forbidden(names, staff=staff, verified=talent.identity_verified_at is not None)
    if forbidden & rules.IDENTITY_FIELDS:
        raise Refused(_("The office verified these entries: please ask for a correction."))
    if forbidden:
        raise PermissionDenied


def _check_consents(talent: Talent, values: Mapping[str, Any]) -> None:
    if any(values.get(name) for name in rules.BANK_FIELDS):
        require_consent(talent, Purpose.BANK_ACCOUNT)
    if values.get("health_note"):
        require_consent(talent, Purpose.HEALTH)


def _check_number_free(talent: Talent, index: str) -> None:
    holder = Talent.objects.filter(id_number_index=index).exclude(pk=talent.pk).first() if index else None
    if holder is not None:
        raise NumberTaken(holder)


def _written(by: "User", at: datetime, talent: Talent, values: Mapping[str, Any]) -> Talent:
    changed = assign_changed(talent, values)
    if not changed:
        return talent
    if not is_own(by, talent) and not by.may(Permission.EDIT_PEOPLE, talent):
        raise Refused(_("You cannot move a file to a place outside your reach."))
    _check_terms(talent)
    if talent.identity_verified_at and rules.IDENTITY_FIELDS & frozenset(changed):
        changed += assign_changed(talent, {"identity_verified_at": None, "identity_verified_by": None})
    talent.version += 1
    save(talent, [*changed, "version"])
    if "id_number_index" in changed:
        number_changed(by=by, at=at, talent=talent)
    if "bank_account" in changed and not is_own(by, talent):
        tell_person(by=by, at=at, talent=talent, kind=BANK_ACCOUNT_CHANGED, key=f"{talent.pk}:{talent.version}")
    return talent


def _check_terms(talent: Talent) -> None:
    names = ("category", "category_since", "category_until", "employed_since", "employed_until")
    dates = {name: getattr(talent, name) for name in (*names, "birth_date", "graduated_on")}
    if problem := rules.term_problem(dates):
        raise Refused(problem)


@action
def verify_identity(*, by: "User", at: datetime, talent: Talent) -> Talent:
    """Record that `by` compared name and ID number with the card.

    From now on the person asks for corrections of these entries.
    """
    talent = locked(talent)
    if not by.may(Permission.EDIT_PEOPLE, talent) or is_own(by, talent):
        raise PermissionDenied
    check_may_write(by, talent)
    if not talent.id_number:
        raise Refused(_("There is no ID number to verify."))
    if talent.identity_verified_at is None:
        talent.identity_verified_at, talent.identity_verified_by = at, by
        talent.version += 1
        save(talent, ["identity_verified_at", "identity_verified_by", "version"])
    return talent


@action
def clear_id_number(*, by: "User", at: datetime, talent: Talent, reason: str) -> Talent:
    """Take out an ID number that nobody verified, and what was read from it: its true holder needs it.

    Raises Refused once the identity was verified; then it is corrected.
    """
    talent = locked(talent)
    if not by.may(Permission.EDIT_PEOPLE, talent) or is_own(by, talent):
        raise PermissionDenied
    check_may_write(by, talent)
    checked_reason(reason)
    if talent.identity_verified_at:
        raise Refused(_("The identity is verified: correct the number instead."))
    changed = assign_changed(talent, {"id_number": "", "id_number_index": "", "birth_date": None, "sex": ""})
    talent.version += 1
    save(talent, [*changed, "version"])
    number_changed(by=by, at=at, talent=talent)
    tell_person(by=by, at=at, talent=talent, kind=ID_NUMBER_REMOVED, key=f"{talent.pk}:{talent.version}")
    return talent


@action
def note_collision(*, by: "User", at: datetime, holder: Talent) -> None:
    """Log that `by` typed an ID number which stands in the file of `holder`, and so learnt that it is registered."""
    log_access(by=by, at=at, subject=holder, field="id_number", reason=COLLISION_REASON)


@action
def add_skill(
    *,
    by: "User",
    at: datetime,
    talent: Talent,
    name: str,
    level: str,
    certified_on: date | None = None,
    certificate_number: str = "",
) -> Skill:
    talent = locked(talent)
    check_may_write(by, talent)
    if certified_on and certified_on > day_of(at):
        raise Refused(_("The certificate's date lies in the future."))
    skill = Skill(
        talent=talent,
        name=name.strip(),
        level=level,
        certified_on=certified_on,
        certificate_number=certificate_number.strip(),
    )
    save(skill)
    return skill


@action
def remove_skill(*, by: "User", at: datetime, skill: Skill) -> None:
    check_may_write(by, locked(skill.talent))
    skill.delete()


@action
def add_family_member(
    *,
    by: "User",
    at: datetime,
    talent: Talent,
    relation: str,
    name: str,
    birth_date: date | None = None,
    id_number: str = "",
    consent: bool = False,
) -> FamilyMember:
    """Add a spouse or, with the guardian's consent on file or given here, a child."""
    talent = locked(talent)
    check_may_write(by, talent)
    if relation == Relation.CHILD:
        if consent:
            give_consent(by=by, at=at, talent=talent, purpose=Purpose.CHILD)
        require_consent(talent, Purpose.CHILD)
    member = FamilyMember(talent=talent, relation=relation, name=" ".join(name.split()), birth_date=birth_date)
    _identify(member, id_number, at)
    if member.birth_date and member.birth_date > day_of(at):
        raise Refused(_("The date of birth lies in the future."))
    save(member)
    return member


def _identify(member: FamilyMember, id_number: str, at: datetime) -> None:
    if not id_number:
        return
    try:
        read = parse_id_number(id_number, day_of(at))
    except BadIdentifier as error:
        raise Refused(error.args[0]) from error
    if member.birth_date not in (None, read.birth_date):
        raise Refused(_("The date of birth differs from the one in the ID number."))
    if blind_index(read.value) == member.talent.id_number_index:
        raise Refused(_("This is the person's own ID number."))
    member.id_number, member.id_number_index = read.value, blind_index(read.value)
    member.birth_date = read.birth_date


@action
def remove_family_member(*, by: "User", at: datetime, member: FamilyMember) -> None:
    check_may_write(by, locked(member.talent))
    member.delete()


UNMASKABLE = ("phone", "id_number", "bank_account")
_LONGEST_KEY = 18  # digits that a database key surely holds; Python refuses to read numbers of thousands of digits


@action
def unmask(*, by: "User", at: datetime, talent: Talent, field: str, reason: str = "") -> str:
    """Give one sensitive value in full and log who read it and why.

    `field` is a field of the file, `family:<id>` for a family member's ID number or `request:<id>` for the one
    that a data request asks for. The person needs no reason; the health note is given to the person alone.
    """
    own = is_own(by, talent)
    if not own and not _may_read(by, talent, field):
        raise PermissionDenied
    value = _sensitive_value(talent, field)
    log_access(by=by, at=at, subject=talent, field=field, reason=OWN_REASON if own else checked_reason(reason))
    return value


def _may_read(by: "User", talent: Talent, field: str) -> bool:
    """Whether staff may ask for `field`: never for the health note, and for a request's value who answers it."""
    if field == "health_note" or not by.may(Permission.UNMASK, talent):
        return False
    return not field.startswith("request:") or by.may(Permission.ANSWER_DATA_REQUEST, talent)


def _sensitive_value(talent: Talent, field: str) -> str:
    part, _colon, key = field.partition(":")
    if part == "family":
        return str(_part(talent.family, key).id_number)
    if part == "request":
        return str(_part(talent.data_requests, key).wanted_value)
    if field not in (*UNMASKABLE, "health_note"):
        raise Refused(_("There is no such entry."))
    return str(getattr(talent, field))


def _part(rows: Any, key: str) -> Any:
    is_key = key.isascii() and key.isdigit() and len(key) <= _LONGEST_KEY
    row = rows.filter(pk=int(key)).first() if is_key else None
    if row is None:
        raise Refused(_("There is no such entry."))
    return row
