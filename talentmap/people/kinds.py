"""What the register tells people."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

DATA_REQUEST_ANSWERED = register(
    NoticeKind(
        code="data_request_answered",
        group=Group.ACCOUNT,
        subject=_("Your request about your data was answered"),
        text=_("The office answered your request of %(date)s to correct your file."),
        channels=("email", "sms"),
    )
)
