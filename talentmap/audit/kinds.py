"""What the audit area tells people."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

SEAL_BROKEN = register(
    NoticeKind(
        code="seal_broken",
        group=Group.ACCOUNT,
        subject=_("The audit history does not match its seal"),
        text=_(
            "The records of %(day)s are not what they were when the day was sealed. Somebody may have changed the"
            " database by hand. Please look into it at once and keep a copy of the database."
        ),
        channels=("email", "sms"),
    )
)
