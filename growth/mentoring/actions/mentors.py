"""Becoming a mentor and being one: applying, being invited and verified, the profile, a pause, the account."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from growth.mentoring import kinds
from growth.mentoring.actions.common import demand, lock_mentor, today_of
from growth.mentoring.models import Mentor
from growth.mentoring.tariff import in_force
from growth.mentoring.telling import tell_mentor, tell_office
from talentmap.accounts.actions_members import end_role, give_role
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Permission, Role
from talentmap.audit.action import action
from talentmap.people.models import Organisation
from talentmap.ui.errors import Refused, given

State = Mentor.State
# What mentors say of themselves; the rest is the office's, or counted.
PROFILE = (
    "name", "mobile", "kind", "organisation", "organisation_name", "position", "region", "offers", "industries",
    "skills", "stages", "languages", "formats", "bio", "capacity",
)  # fmt: skip
# What a verified mentor may change without being verified again.
CHANGEABLE = ("mobile", "position", "region", "offers", "industries", "skills", "stages", "languages", "formats", "bio",
              "capacity")  # fmt: skip
_AGAIN = (State.APPLIED, State.REFUSED, State.LEFT)


@action
def apply_as_mentor(*, by: User, at: datetime, values: Mapping[str, Any], token: str = "") -> Mentor:
    """Apply to be a mentor, or correct what waits to be verified; with the `token` of an invitation the invited one
    becomes theirs, or ends where they have an entry of their own. Refused for whoever is verified already."""
    mentor = _theirs(by, at, token)
    _set(mentor, {name: value for name, value in values.items() if name in PROFILE}, at)
    mentor.state, mentor.user, mentor.applied_at = State.APPLIED, by, at
    mentor.decided_at = mentor.decided_by = None
    mentor.decision_reason = mentor.invite_token = ""
    mentor.invite_until = None
    mentor.full_clean(exclude=["bank_account"], validate_constraints=False)
    mentor.save()
    link = reverse("mentoring:mentor", args=[mentor.pk])
    tell_office(by, at, kinds.TO_VERIFY, f"mentoring:to_verify:{mentor.pk}:{at.timestamp():.0f}", link=link)
    return mentor


def _theirs(by: User, at: datetime, token: str) -> Mentor:
    """The row that becomes theirs: what they sent before, what they were invited to, or a new one. The account is
    locked, so that a double click makes one."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    own = Mentor.objects.select_for_update(of=("self",)).filter(user=by).first()
    if own and own.state not in _AGAIN:
        raise Refused(_("You are a mentor already."))
    invited = _invited(at, token) if token else None
    if own and invited:
        _end_invitation(invited, by, at, _("The person has an entry of their own and has used the invitation for it."))
    if own:
        return own
    return invited or Mentor(created_at=at, capacity=int(in_force(today_of(at))["mentor.places"]))


def _invited(at: datetime, token: str) -> Mentor:
    found = Mentor.objects.select_for_update(of=("self",)).filter(invite_token=token, state=State.INVITED).first()
    if found is None or (found.invite_until and found.invite_until < today_of(at)):
        raise Refused(_("This invitation is no longer valid. Please ask the office for a new one."))
    return found


def _set(mentor: Mentor, values: Mapping[str, Any], at: datetime) -> None:
    most = int(in_force(today_of(at))["mentor.places_most"])
    capacity = values.get("capacity", mentor.capacity)
    if capacity > max(most, mentor.capacity):
        raise Refused(_("A mentor accompanies at most %(count)s talents.") % {"count": most})
    if capacity < mentor.taken:
        raise Refused(_("%(count)s places are taken or promised: there cannot be fewer.") % {"count": mentor.taken})
    for name, value in values.items():
        setattr(mentor, name, value)


@action
def invite_mentor(
    *, by: User, at: datetime, name: str, mobile: str, organisation: Organisation | None = None
) -> Mentor:
    """Invite somebody by a link that is handed to them; valid for the days that the tariff says."""
    demand(by)
    today = today_of(at)
    rules = in_force(today)
    return Mentor.objects.create(
        state=State.INVITED,
        name=name.strip(),
        mobile=mobile,
        organisation=organisation,
        organisation_name=organisation.name if organisation else "",
        capacity=int(rules["mentor.places"]),
        invite_token=secrets.token_urlsafe(32),
        invite_until=today + timedelta(days=int(rules["invitation.days"])),
        invited_by=by,
        created_at=at,
    )


@action
def renew_invitation(*, by: User, at: datetime, mentor: Mentor) -> Mentor:
    """A new link, also for an invitation that is over; the old link no longer works."""
    demand(by)
    row = lock_mentor(mentor.pk)
    _check(row, State.INVITED)
    row.invite_token = secrets.token_urlsafe(32)
    row.invite_until = today_of(at) + timedelta(days=int(in_force(today_of(at))["invitation.days"]))
    row.save(update_fields=["invite_token", "invite_until"])
    return row


@action
def withdraw_invitation(*, by: User, at: datetime, mentor: Mentor) -> Mentor:
    """Take an invitation back that nobody has used: its link ends. Whoever shall come after all is invited anew."""
    demand(by)
    row = lock_mentor(mentor.pk)
    _check(row, State.INVITED)
    _end_invitation(row, by, at)
    return row


def _end_invitation(row: Mentor, by: User, at: datetime, reason: str = "") -> None:
    """Of somebody who never answered only the name is kept."""
    row.invite_token, row.invite_until, row.mobile, row.decision_reason = "", None, "", reason
    _decide(row, by, at, State.WITHDRAWN, "invite_token", "invite_until", "mobile", "decision_reason")


@action
def verify_mentor(*, by: User, at: datetime, mentor: Mentor, organisation: Organisation, region: Any = None) -> Mentor:
    """Accept somebody as a mentor of an organisation, and give them the role there."""
    demand(by, mentor)
    row = lock_mentor(mentor.pk)
    _check(row, State.APPLIED)
    if row.user_id == by.pk:
        raise Refused(_("Nobody verifies themselves."))
    row.organisation, row.organisation_name = organisation, organisation.name
    row.region = region or row.region or organisation.region
    if row.region is None:
        raise Refused(_("Say in which township the mentor works: the ranking looks at the distance."))
    _decide(row, by, at, State.VERIFIED, "organisation", "organisation_name", "region")
    if row.user and not _roles(row).filter(organisation=organisation).exists():
        give_role(by=by, at=at, user=row.user, role=Role.MENTOR, organisation=organisation)
    tell_mentor(by, at, row, kinds.VERIFIED, f"verified:{row.pk}:{at.timestamp():.0f}", link=reverse("mentoring:own"))
    return row


@action
def refuse_mentor(*, by: User, at: datetime, mentor: Mentor, reason: str) -> Mentor:
    """Do not accept somebody as a mentor, saying why; they may apply again."""
    demand(by, mentor)
    row = lock_mentor(mentor.pk)
    _check(row, State.APPLIED)
    row.decision_reason = given(reason)
    _decide(row, by, at, State.REFUSED, "decision_reason")
    tell_mentor(
        by, at, row, kinds.NOT_ACCEPTED, f"refused:{row.pk}:{at.timestamp():.0f}", link=reverse("mentoring:own")
    )
    return row


def _decide(row: Mentor, by: User, at: datetime, state: str, *further: str) -> None:
    row.state, row.decided_at, row.decided_by = state, at, by
    row.save(update_fields=["state", "decided_at", "decided_by", *further])


def _check(row: Mentor, state: str) -> None:
    if row.state != state:
        raise Refused(_("“%(name)s” is “%(state)s”.") % {"name": row.name, "state": row.get_state_display()})


def _roles(row: Mentor) -> Any:
    return Membership.objects.active().filter(user=row.user, role=Role.MENTOR)


@action
def update_profile(*, by: User, at: datetime, mentor: Mentor, values: Mapping[str, Any]) -> Mentor:
    """Change what a verified mentor offers; their own, or the office's to correct. Fewer places than are taken or
    promised are refused."""
    row = _own(by, mentor)
    changes = {name: value for name, value in values.items() if name in CHANGEABLE}
    _set(row, changes, at)
    row.save(update_fields=list(changes))
    return row


def _own(by: User, mentor: Mentor) -> Mentor:
    row = lock_mentor(mentor.pk)
    own = row.user_id == by.pk and by.may(Permission.MENTOR)
    if not own and not by.may(Permission.MANAGE_MENTORING, row):
        raise PermissionDenied
    _check(row, State.VERIFIED)
    return row


@action
def pause_mentor(
    *, by: User, at: datetime, mentor: Mentor, reason: str, starts_on: date | None = None, until: date | None = None
) -> Mentor:
    """Take no new talents for a time; those accompanied now stay. `until` None: until further notice."""
    row = _own(by, mentor)
    first = starts_on or today_of(at)
    if until and until < first:
        raise Refused(_("The pause ends before it begins."))
    row.paused_from, row.paused_until, row.pause_reason = first, until, given(reason)
    row.save(update_fields=["paused_from", "paused_until", "pause_reason"])
    return row


@action
def resume_mentor(*, by: User, at: datetime, mentor: Mentor) -> Mentor:
    row = _own(by, mentor)
    row.paused_from = row.paused_until = None
    row.pause_reason = ""
    row.save(update_fields=["paused_from", "paused_until", "pause_reason"])
    return row


@action
def leave_mentoring(*, by: User, at: datetime, mentor: Mentor, reason: str) -> Mentor:
    """Be a mentor no longer; refused while somebody is accompanied or waits for an answer. The role ends too, where
    the office does it; one's own is ended by the system, as nobody ends a role of their own."""
    row = _own(by, mentor)
    if row.taken:
        raise Refused(
            _("%(count)s places are taken or promised. End the pairs and answer the requests first.")
            % {"count": row.taken}
        )
    row.decision_reason = given(reason)
    _decide(row, by, at, State.LEFT, "decision_reason")
    for membership in _roles(row):
        end_role(by=User.objects.system(), at=at, membership=membership, reason=reason)
    return row


@action
def set_account(*, by: User, at: datetime, mentor: Mentor, bank_name: str, bank_account: str) -> Mentor:
    """Where the stipend goes; the mentor's own to say."""
    row = lock_mentor(mentor.pk)
    if row.user_id != by.pk:
        raise PermissionDenied
    account = "".join(bank_account.split())
    row.bank_name, row.bank_account, row.bank_account_last4 = bank_name.strip(), account, account[-4:]
    row.save(update_fields=["bank_name", "bank_account", "bank_account_last4"])
    return row
