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
        text=_("The office answered your request of %(date)s about your data. Please sign in to read the answer."),
        channels=("email", "sms"),
    )
)
FILE_ERASED = register(
    NoticeKind(
        code="file_erased",
        group=Group.ACCOUNT,
        subject=_("Your talent file was deleted as you asked"),
        text=_(
            "The office carried out your request of %(date)s: your talent file is deleted, and you can no longer sign"
            " in as an applicant. Records of decisions, of payments and of changes are kept as the law requires."
        ),
        channels=("email", "sms"),
    )
)
DATA_REQUEST_ASKED = register(
    NoticeKind(
        code="data_request_asked",
        group=Group.WORK,
        subject=_("Somebody asks to have data corrected or deleted"),
        text=_("A request about a person's data came in on %(date)s and waits for an answer."),
        channels=("email",),
    )
)
BANK_ACCOUNT_CHANGED = register(
    NoticeKind(
        code="bank_account_changed",
        group=Group.ACCOUNT,
        subject=_("The bank account in your talent file was changed"),
        text=_(
            "The office changed the bank account in your talent file. Payments to you go there from now on. If you did"
            " not ask for this, please tell the office at once."
        ),
        channels=("email", "sms"),
    )
)
