"""What people are told about payments."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

BATCH_PREPARED = register(
    NoticeKind(
        code="batch_prepared",
        group=Group.WORK,
        subject=_("Payment batch %(batch)s waits for release"),
        text=_("Payment batch %(batch)s waits for a second person to check and release it."),
    )
)
BATCH_RELEASED = register(
    NoticeKind(
        code="batch_released",
        group=Group.WORK,
        subject=_("Payment batch %(batch)s is released"),
        text=_("Send the bank file of batch %(batch)s to the bank, then import the return file."),
    )
)
PAYMENT_MADE = register(
    NoticeKind(
        code="payment_made",
        group=Group.MONEY,
        subject=_("A payment for application %(number)s was made"),
        text=_("The bank has confirmed a payment to you for application %(number)s."),
        channels=("email", "sms"),
    )
)
PAYMENT_FAILED = register(
    NoticeKind(
        code="payment_failed",
        group=Group.MONEY,
        subject=_("A payment for application %(number)s could not be made"),
        text=_("The bank could not make a payment for application %(number)s. Please check the account in your file."),
        channels=("email", "sms"),
    )
)
