"""What people are told about their roadmap. The words name nobody and no milestone: those stay behind the sign-in."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

WAITS = register(
    NoticeKind(
        code="pathway_waits",
        group=Group.WORK,
        subject=_("A milestone waits for your confirmation"),
        text=_("On %(date)s somebody ticked a milestone of their growth roadmap. Please look at the evidence."),
        channels=("email",),
    )
)
CONFIRMED = register(
    NoticeKind(
        code="pathway_confirmed",
        group=Group.CASES,
        subject=_("A milestone of your roadmap was confirmed"),
        text=_("On %(date)s a milestone of your growth roadmap was confirmed. Sign in to see the next steps."),
        channels=(),
    )
)
SENT_BACK = register(
    NoticeKind(
        code="pathway_sent_back",
        group=Group.CASES,
        subject=_("A milestone of your roadmap was sent back"),
        text=_("On %(date)s a milestone of your growth roadmap was sent back. Sign in to see what is missing."),
        channels=("email", "sms"),
    )
)
TAKEN_BACK = register(
    NoticeKind(
        code="pathway_taken_back",
        group=Group.CASES,
        subject=_("A milestone was taken back"),
        text=_("On %(date)s a ticked milestone of a growth roadmap was taken back. Sign in to see why."),
        channels=("email", "sms"),
    )
)
STAGE_REACHED = register(
    NoticeKind(
        code="pathway_stage",
        group=Group.CASES,
        subject=_("You have reached the next stage of your roadmap"),
        text=_("On %(date)s you reached the next stage of your growth roadmap. Sign in to see what comes next."),
        channels=("email",),
    )
)
FINISHED = register(
    NoticeKind(
        code="pathway_finished",
        group=Group.CASES,
        subject=_("You have completed a pathway"),
        text=_("On %(date)s you completed a pathway of your growth roadmap. Congratulations."),
        channels=("email", "sms"),
    )
)
