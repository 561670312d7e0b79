"""What people are told of their own account, by whoever it was changed. Never which role, number or password."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register


def _kind(code: str, subject: object, text: object, *, even_closed: bool = False) -> NoticeKind:
    return register(
        NoticeKind(
            code=code,
            group=Group.ACCOUNT,
            subject=subject,  # type: ignore[arg-type]
            text=text,  # type: ignore[arg-type]
            channels=("email", "sms"),
            even_closed=even_closed,
        )
    )


PASSWORD_RESET = _kind(
    "password_reset",
    _("Your password was reset"),
    _("The office gave your account a new password. If you did not ask for it, tell the office at once."),
)
SECOND_FACTOR_RESET = _kind(
    "second_factor_reset",
    _("Your second factor was removed"),
    _("The office removed the second factor of your account. If you did not ask for it, tell the office at once."),
)
SECOND_FACTOR_OFF = _kind(
    "second_factor_off",
    _("Your second factor is off"),
    _("The second factor of your account was turned off. If it was not you, change your password at once."),
)
MOBILE_CHANGED = _kind(
    "mobile_changed",
    _("Your account's mobile number was changed"),
    _("Your account has another mobile number. If you did not want this, tell the office at once."),
)
ROLE_GIVEN = _kind(
    "role_given",
    _("You were given a role"),
    _("Your account holds one role more. Your account's page shows which."),
)
ROLE_ENDED = _kind(
    "role_ended",
    _("A role of yours has ended"),
    _("Your account holds one role less. Your account's page shows what is left."),
)
ACCOUNT_CLOSED = _kind(
    "account_closed",
    _("Your account is closed"),
    _("You cannot sign in any more. Ask the office if you do not know why."),
    even_closed=True,
)
ACCOUNT_REOPENED = _kind(
    "account_reopened",
    _("Your account is open again"),
    _("You can sign in again. If you did not ask for it, tell the office."),
)
