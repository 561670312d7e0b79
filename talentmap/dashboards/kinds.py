"""What leaders are told about briefs."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

BRIEF_READY = register(
    NoticeKind(
        code="brief_ready",
        group=Group.WORK,
        subject=_("Monthly brief of %(place)s, %(month)s"),
        text=_("The monthly brief of %(place)s for %(month)s is ready. Sign in to read it as Word or PDF."),
        channels=("email",),
    )
)
BRIEF_FAILED = register(
    NoticeKind(
        code="brief_failed",
        group=Group.WORK,
        subject=_("Monthly brief of %(place)s, %(month)s, could not be made"),
        text=_("The monthly brief of %(place)s for %(month)s could not be made. Sign in to read why and what to do."),
        channels=("email",),
    )
)
