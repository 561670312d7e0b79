"""What the register tells people."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

FILE_JOINED = register(
    NoticeKind(
        code="file_joined",
        group=Group.ACCOUNT,
        subject=_("Your talent file was joined with your account"),
        text=_(
            "The office joined the talent file that it keeps of you with your account. Please look through it, and"
            " tell the office at once if you did not ask for this."
        ),
        channels=("email", "sms"),
    )
)
ID_NUMBER_REMOVED = register(
    NoticeKind(
        code="id_number_removed",
        group=Group.ACCOUNT,
        subject=_("The ID number was taken out of your talent file"),
        text=_(
            "The ID number in your talent file had not been verified, and the office took it out. Please enter your"
            " own number, or bring your ID card to the counter."
        ),
        channels=("email", "sms"),
    )
)
DATA_REQUEST_ANSWERED = register(
    NoticeKind(
        code="data_request_answered",
        group=Group.ACCOUNT,
        subject=_("Your request about your data was answered"),
        text=_("The office answered your request of %(date)s to correct your file."),
        channels=("email", "sms"),
    )
)
