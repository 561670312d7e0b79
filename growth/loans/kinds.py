"""What borrowers and banks are told beyond what casework and money tell them."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

DUE_SOON = register(
    NoticeKind(
        code="loan_due_soon",
        group=Group.MONEY,
        subject=_("Loan %(number)s: an instalment is due on %(date)s"),
        text=_("An instalment of loan %(number)s is due on %(date)s. Sign in to see how much."),
        channels=("email", "sms"),
    )
)
OVERDUE = register(
    NoticeKind(
        code="loan_overdue",
        group=Group.MONEY,
        subject=_("Loan %(number)s is overdue"),
        text=_(
            "Loan %(number)s has been overdue for %(days)s days. While it is, no interest is subsidised. Please pay, or"
            " speak with the bank."
        ),
        channels=("email", "sms"),
    )
)
FILE_ENTERED = register(
    NoticeKind(
        code="repayment_file_entered",
        group=Group.WORK,
        subject=_("The repayment file of %(date)s is entered"),
        text=_(
            "Every row of the repayment file of %(date)s was tried. Sign in to see which are entered and which are not."
        ),
        channels=(),
    )
)
