"""What people are told about applications. The applicant hears of what concerns them, not of the office's steps."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from talentmap.casework import registry
from talentmap.notices.kinds import Group, NoticeKind, Words, register


def _titles(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Turn the stored code of a service into its title in the reader's language."""
    try:
        return {**params, "service": registry.get(params["service"]).title}
    except (KeyError, registry.UnknownScheme):
        return params


def _kind(code: str, subject: Words, text: Words, *, group: Group, channels: tuple[str, ...]) -> NoticeKind:
    return register(NoticeKind(f"case_{code}", group, subject, text, channels, _titles))


def _to_applicant(code: str, subject: Words, text: Words) -> NoticeKind:
    return _kind(code, subject, text, group=Group.CASES, channels=("email", "sms"))


def _to_staff(code: str, subject: Words, text: Words) -> NoticeKind:
    return _kind(code, subject, text, group=Group.WORK, channels=("email",))


SUBMITTED = _to_applicant(
    "submitted",
    _("Application %(number)s received"),
    _("We have received your application %(number)s (%(service)s). You will hear by %(date)s whether it is accepted."),
)
ACCEPTED = _to_applicant(
    "accepted",
    _("Application %(number)s accepted"),
    _("Your application %(number)s (%(service)s) is accepted. We promise a decision by %(date)s."),
)
RETURNED = _to_applicant(
    "returned",
    _("Please correct application %(number)s"),
    _(
        "Your application %(number)s (%(service)s) needs %(count)s corrections. Sign in to see them; the deadline"
        " waits for you."
    ),
)
RETURNED_REMINDER = _to_applicant(
    "returned_reminder",
    _("Application %(number)s still waits for you"),
    _("Your application %(number)s (%(service)s) was returned on %(date)s and waits for your corrections."),
)
REFUSED = _to_applicant(
    "refused",
    _("Application %(number)s not accepted"),
    _("Your application %(number)s (%(service)s) is not accepted. Sign in to read why."),
)
ON_NOTICE = _to_applicant(
    "on_notice",
    _("Application %(number)s is on public notice"),
    _(
        "Your application %(number)s (%(service)s) passed the reviews and is on public notice until %(date)s, with"
        " the name masked."
    ),
)
APPROVED = _to_applicant(
    "approved",
    _("Application %(number)s approved"),
    _("Your application %(number)s (%(service)s) is approved. Sign in to see the decision."),
)
REJECTED = _to_applicant(
    "rejected",
    _("Decision on application %(number)s"),
    _("A decision on your application %(number)s (%(service)s) has been made. Sign in to read it and the reason."),
)
REVOKED = _to_applicant(
    "revoked",
    _("Approval of application %(number)s revoked"),
    _("The approval of your application %(number)s (%(service)s) is revoked. Sign in to read why."),
)
CLOSED = _to_applicant(
    "closed",
    _("Application %(number)s completed"),
    _("Your application %(number)s (%(service)s) is completed. Please tell us how we did."),
)
CORRECTED = _to_staff(
    "corrected",
    _("Application %(number)s was corrected"),
    _("The applicant has sent application %(number)s (%(service)s) again."),
)
ASSIGNED = _to_staff(
    "assigned",
    _("Application %(number)s is yours now"),
    _("Application %(number)s (%(service)s) was given to you."),
)
ASKED = _to_staff(
    "asked",
    _("Application %(number)s waits for you"),
    _("Application %(number)s (%(service)s) is put to you. Please decide by %(date)s."),
)
OBJECTION = _to_staff(
    "objection",
    _("Objection to application %(number)s"),
    _(
        "Somebody objects to application %(number)s (%(service)s). It cannot be approved before the objection is"
        " answered."
    ),
)
POOR_RATING = _to_staff(
    "poor_rating",
    _("Poor rating of application %(number)s"),
    _("Application %(number)s (%(service)s) was rated poorly. Call the person back by %(date)s."),
)
OVERDUE = _to_staff(
    "overdue",
    _("%(count)s applications are overdue"),
    _("%(count)s applications are past their deadline on %(date)s."),
)
RATINGS_OVERDUE = _to_staff(
    "ratings_overdue",
    _("%(count)s poor ratings wait too long"),
    _("%(count)s poor ratings are past the date for the call-back or the mending on %(date)s."),
)
PAYMENTS_OVERDUE = _to_staff(
    "payments_overdue",
    _("%(count)s payments are overdue"),
    _("%(count)s amounts were to be paid before %(date)s and are not paid yet."),
)
CALENDAR_MISSING = _to_staff(
    "calendar_missing",
    _("Holidays of %(year)s are missing"),
    _(
        "Enter the holidays of %(year)s in the office calendar: until then Monday to Friday count as working days,"
        " but for 1 January, 1 and 2 May and 1 to 3 October."
    ),
)
