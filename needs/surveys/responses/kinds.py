"""What interviewers are told about their responses."""

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register

RETURNED = register(
    NoticeKind(
        code="survey_response_returned",
        group=Group.WORK,
        subject=_("Please correct response %(number)s"),
        text=_("Response %(number)s to the survey “%(service)s” came back to you. Sign in to read why and correct it."),
        channels=("email",),
    )
)
