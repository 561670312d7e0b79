"""What interviewers are told about campaigns. A campaign's title is words of the office and stays behind the link."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

ASSIGNED = register(
    NoticeKind(
        code="survey_assigned",
        group=Group.WORK,
        subject=_("Survey: you interview in %(place)s"),
        text=_("You are assigned to a survey in %(place)s, until %(date)s. Sign in to see what is wanted."),
        channels=("email", "sms"),
    )
)
ASSIGNMENT_ENDED = register(
    NoticeKind(
        code="survey_assignment_ended",
        group=Group.WORK,
        subject=_("Survey: your assignment in %(place)s has ended"),
        text=_("Your assignment to a survey in %(place)s has ended. Please send what is still on your phone."),
        channels=("email",),
    )
)
LAGGING = register(
    NoticeKind(
        code="survey_lagging",
        group=Group.WORK,
        subject=_("Survey: %(place)s is behind"),
        text=_("The survey in %(place)s still lacks %(count)s answers; it ends on %(date)s. Sign in to see of whom."),
        channels=("email", "sms"),
    )
)

__all__ = ["ASSIGNED", "ASSIGNMENT_ENDED", "LAGGING", "NoticeKind"]
