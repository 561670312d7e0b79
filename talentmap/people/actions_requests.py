"""A person asks to have data corrected or the file deleted; the office answers."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django_otp import devices_for_user

from talentmap.accounts.models import Membership
from talentmap.accounts.permissions import Permission, Role
from talentmap.audit.action import action
from talentmap.people import erasure, telling
from talentmap.people.actions_files import update_talent, verify_identity
from talentmap.people.choices import IdentityField, RequestKind, RequestState, Sex
from talentmap.people.identifiers import BadIdentifier, parse_id_number
from talentmap.people.models import Talent
from talentmap.people.records import DataRequest
from talentmap.people.writing import check_may_write, day_of, is_own, locked, save
from talentmap.ui.errors import Refused

if TYPE_CHECKING:
    from datetime import date

    from talentmap.accounts.models import User


@action
def ask_data_request(
    *,
    by: "User",
    at: datetime,
    talent: Talent,
    kind: str,
    text: str = "",
    field: str = "",
    wanted_value: str = "",
) -> DataRequest:
    """Ask for a correction (of `field` to `wanted_value`, or in words) or for deletion; one open of each."""
    talent = locked(talent)
    check_may_write(by, talent)
    if kind == RequestKind.CORRECT:
        _check_correction(field, wanted_value, text, at)
    else:
        field = wanted_value = ""
    request = DataRequest(
        talent=talent,
        kind=kind,
        field=field,
        wanted_value=wanted_value.strip(),
        text=text.strip(),
        asked_at=at,
        asked_by=by,
    )
    save(request)
    telling.tell_office(by=by, at=at, request=request)
    return request


def _check_correction(field: str, wanted_value: str, text: str, at: datetime) -> None:
    if not field and not text.strip():
        raise Refused(_("Please say what is to be corrected."))
    if field:
        _wanted(field, wanted_value, at)


def _wanted(field: str, value: str, at: datetime) -> "str | date":
    """Read the wanted value as what the field holds; raises Refused."""
    value = value.strip()
    if not value:
        raise Refused(_("Please enter the correct value."))
    try:
        if field == IdentityField.ID_NUMBER:
            return parse_id_number(value, day_of(at)).value
        if field == IdentityField.BIRTH_DATE:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except BadIdentifier as error:
        raise Refused(error.args[0]) from error
    except ValueError as error:
        raise Refused(_("Please write the date like 1990-06-30.")) from error
    if field == IdentityField.SEX and value not in Sex.values:
        raise Refused(_("Please choose one of the two."))
    return value[:100]


@action
def answer_data_request(
    *, by: "User", at: datetime, data_request: DataRequest, state: str, answer: str = "", identity_checked: bool = False
) -> DataRequest:
    """Carry out or refuse a request.

    A refusal says why; a deletion's answer says what is gone and what stays. To correct what was verified, the ID
    document is looked at again: `identity_checked`.
    """
    talent = locked(data_request.talent)
    request = DataRequest.objects.select_for_update(of=("self",)).get(pk=data_request.pk)
    request.talent = talent
    if not by.may(Permission.ANSWER_DATA_REQUEST, talent) or is_own(by, talent):
        raise PermissionDenied
    if request.state != RequestState.OPEN:
        raise Refused(_("Somebody else has answered this request."))
    if state == RequestState.DONE:
        if request.confirms_identity and not identity_checked:
            raise Refused(_("Look at the ID document again and tick that you did."))
        answer = _carry_out(by, at, request, talent, answer.strip())
    elif state != RequestState.REFUSED or not answer.strip():
        raise Refused(_("A refusal says why."))
    request.state, request.answer = RequestState(state), answer.strip()
    request.answered_at, request.answered_by = at, by
    save(request, ["state", "answer", "answered_at", "answered_by", "wanted_value", "text"])
    telling.tell_answered(by=by, at=at, request=request, talent=talent)
    return request


def _carry_out(by: "User", at: datetime, request: DataRequest, talent: Talent, answer: str) -> str:
    if request.kind == RequestKind.DELETE:
        if talent.user:
            telling.tell_erased(by=by, at=at, request=request, user=talent.user)
        told = erase(by=by, at=at, talent=talent)
        request.wanted_value = request.text = ""
        return f"{told}\n\n{answer}".strip()
    if request.field:
        value = _wanted(request.field, request.wanted_value, at)
        changed = update_talent(by=by, at=at, talent=talent, changes={request.field: value})
        if request.confirms_identity:
            verify_identity(by=by, at=at, talent=changed)
        request.wanted_value = ""
        return answer or _("Corrected as you asked.")
    if not answer:
        raise Refused(_("Please say what was done."))
    return answer


@action
def erase(*, by: "User", at: datetime, talent: Talent) -> str:
    """Delete a person's data and close the account; give the words that tell what is gone and what stays.

    The emptied row stays as the anchor of decisions, payments and the audit history. Raises Refused while
    something is under way that needs the person, such as an open application or a running subsidy.
    """
    talent = locked(talent)
    if not by.may(Permission.ANSWER_DATA_REQUEST, talent):
        raise PermissionDenied
    check_may_write(by, talent)
    if reasons := erasure.hindrances(talent):
        raise Refused(" ".join(reasons))
    for clearing in erasure.CLEARINGS:
        clearing(by=by, at=at, talent=talent)
    kept = erasure.kept_records(talent)
    _empty(by, at, talent)
    return erasure.answer_text(kept)


def _empty(by: "User", at: datetime, talent: Talent) -> None:
    user = talent.user
    talent.skills.all().delete()
    talent.family.all().delete()
    talent.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=at, withdrawn_by=by)
    talent.data_requests.update(wanted_value="", text="")
    erasure.blank(talent, at)
    talent.version += 1
    save(talent)
    if user is not None:
        _close_account(by, at, user)


def _close_account(by: "User", at: datetime, user: "User") -> None:
    """End the applicant's role; an account that holds no other role loses its name, number and password."""
    for membership in Membership.objects.active().filter(user=user, role=Role.TALENT):
        membership.ended_at, membership.ended_by = max(at, membership.valid_from), by
        membership.save(update_fields=["ended_at", "ended_by"])
    user.forget_memberships()
    if user.roles:
        return
    user.username, user.display_name = f"deleted-{user.pk}", str(_("Deleted account"))
    user.mobile = user.email = ""
    user.is_active, user.second_factor_since = False, None
    user.set_unusable_password()
    user.save()
    user.notice_preferences.all().delete()
    for device in devices_for_user(user, confirmed=None):
        device.delete()
