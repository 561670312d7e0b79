"""What mentors, talents and the office are told about mentoring beyond what casework and money tell them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from talentmap.notices.kinds import Group, NoticeKind, register


def _kind(code: str, group: Group, subject: Any, text: Any) -> NoticeKind:
    return register(NoticeKind(f"mentoring_{code}", group, subject, text, channels=("email", "sms")))


VERIFIED = _kind(
    "verified",
    Group.WORK,
    _("You are a mentor now"),
    _("The office has verified you as a mentor. Sign in to look at your profile and to answer requests."),
)
NOT_ACCEPTED = _kind(
    "not_accepted",
    Group.WORK,
    _("Decision on your application as a mentor"),
    _("The office has decided on your application as a mentor. Sign in to read the decision and the reason."),
)
TO_VERIFY = _kind(
    "to_verify",
    Group.WORK,
    _("Somebody wishes to become a mentor"),
    _("An application as a mentor waits to be verified."),
)
CHANGE_ASKED = _kind(
    "change_asked",
    Group.WORK,
    _("A mentor asked for a change wants your answer"),
    _("A talent who changes the mentor is put to you. Please answer by %(date)s."),
)
TAKEN_BACK = _kind(
    "taken_back",
    Group.WORK,
    _("A request to you was taken back"),
    _("A request that was put to you as a mentor needs no answer any more. Sign in to read why."),
)
NEXT_ASKED = _kind(
    "next_asked",
    Group.CASES,
    _("Application %(number)s: a mentor is asked"),
    _("For your application %(number)s a mentor is asked now and answers by %(date)s."),
)
NOBODY_LEFT = _kind(
    "nobody_left",
    Group.CASES,
    _("Application %(number)s waits for an assignment"),
    _("None of the mentors you wished for has a place. The office proposes one in its next assignment round."),
)
WAITS = _kind(
    "waits",
    Group.WORK,
    _("Application %(number)s waits for a mentor"),
    _("Nobody is asked for application %(number)s any more. Propose a mentor or run an assignment round."),
)
PAIRED = _kind(
    "paired",
    Group.CASES,
    _("You are a pair now"),
    _("Mentor and talent have found each other. Sign in to write the agreement together and to plan a meeting."),
)
AGREEMENT = _kind(
    "agreement",
    Group.CASES,
    _("Please read the mentoring agreement"),
    _("The mentoring agreement was written or changed. Sign in to read and to confirm it."),
)
IN_FORCE = _kind(
    "in_force",
    Group.CASES,
    _("The mentoring agreement is in force"),
    _("Both of you have confirmed the mentoring agreement. Sign in to download it."),
)
PLANNED = _kind(
    "planned",
    Group.CASES,
    _("A meeting is planned for %(date)s"),
    _("A mentoring meeting is planned for %(date)s. Sign in to see when and where, and to put it into your calendar."),
)
CANCELLED = _kind(
    "cancelled",
    Group.CASES,
    _("The meeting on %(date)s is cancelled"),
    _("The mentoring meeting on %(date)s is cancelled. Sign in to read why and to plan another."),
)
REMINDER = _kind(
    "reminder",
    Group.CASES,
    _("Reminder: meeting on %(date)s"),
    _("You have a mentoring meeting on %(date)s. Sign in to see when and where."),
)
TO_CONFIRM = _kind(
    "to_confirm",
    Group.CASES,
    _("Please confirm the meeting of %(date)s"),
    _("The log of the mentoring meeting of %(date)s waits for your confirmation."),
)
OBJECTED = _kind(
    "objected",
    Group.CASES,
    _("The log of the meeting of %(date)s is not right yet"),
    _("The other side asks you to correct the log of the mentoring meeting of %(date)s."),
)
TO_ASSESS = _kind(
    "to_assess",
    Group.CASES,
    _("Please assess your mentoring"),
    _("Half of the term or its end has come. Sign in to give your assessment."),
)
OFFICE_TO_ASSESS = _kind(
    "office_to_assess",
    Group.WORK,
    _("Mentoring pairs wait for the office's assessment"),
    _("%(count)s mentoring pairs wait for the office's assessment on %(date)s."),
)
ENDED = _kind(
    "ended",
    Group.CASES,
    _("A mentoring pair has ended"),
    _("Your mentoring has ended. Sign in to read why and to give your assessment."),
)
TO_SIGN = _kind(
    "to_sign",
    Group.WORK,
    _("Something is to be signed on paper"),
    _("An agreement or a meeting was written for a talent without an account. Have it signed, and enter the paper."),
)
CHANGE_WISHED = _kind(
    "change_wished",
    Group.WORK,
    _("Somebody wishes another mentor"),
    _("A mentoring pair asks for a change of mentor. Sign in to read why and to propose another."),
)
CHANGE_ENTERED = _kind(
    "change_entered",
    Group.CASES,
    _("A change of mentor is wished for"),
    _("In your mentoring a change of mentor is wished for. Sign in to read who wishes it and why."),
)
CHANGE_REFUSED = _kind(
    "change_refused",
    Group.CASES,
    _("The wish for another mentor"),
    _("The wish for another mentor is answered: your mentoring stays as it is. Sign in to read why."),
)
