"""The course of an application as its two readers see it: the applicant without the office's inner steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.models import Application, Transition
from talentmap.casework.rules import Words
from talentmap.casework.states import APPLICANT_SEES, OPEN_STATES, Action, State, applicant_label
from talentmap.ui.tones import look


@dataclass(frozen=True)
class Entry:
    """One line of a timeline, in the terms of `ui/components/timeline.html`."""

    title: Words
    at: datetime | None = None
    text: Words = ""
    by: Words = ""
    tone: str = "neutral"
    icon: str = "circle"
    current: bool = False
    told: Words = ""


TOLD: dict[str, Words] = {
    Action.SUBMIT: pgettext_lazy("timeline", "Sent"),
    Action.RESUBMIT: pgettext_lazy("timeline", "Corrected and sent again"),
    Action.WITHDRAW: pgettext_lazy("timeline", "Withdrawn"),
    Action.ACCEPT: pgettext_lazy("timeline", "Accepted for review"),
    Action.REFUSE: pgettext_lazy("timeline", "Not accepted"),
    Action.RETURN: pgettext_lazy("timeline", "Returned to you for correction"),
    Action.REJECT: pgettext_lazy("timeline", "Not approved"),
    Action.APPROVE: pgettext_lazy("timeline", "Approved"),
    Action.REVOKE: pgettext_lazy("timeline", "Revoked"),
    Action.CLOSE: pgettext_lazy("timeline", "Completed"),
    Action.REOPEN: pgettext_lazy("timeline", "Goes on"),
}
NOTICE_BEGAN = pgettext_lazy("timeline", "Public notice")

# What is still to come from each open state, in order.
_AHEAD: dict[str, tuple[str, ...]] = {
    State.DRAFT: ("submit", "accept", "review", "notice", "decision"),
    State.SUBMITTED: ("accept", "review", "notice", "decision"),
    State.RETURNED: ("resubmit", "review", "notice", "decision"),
    State.IN_REVIEW: ("review", "notice", "decision"),
    State.ON_NOTICE: ("notice", "decision"),
    State.AWAITING_DECISION: ("decision",),
}
_AHEAD_TITLES: dict[str, Words] = {
    "submit": _("Fill in and send"),
    "resubmit": _("Correct and send again"),
    "accept": _("Check that nothing is missing"),
    "review": _("Review"),
    "notice": NOTICE_BEGAN,
    "decision": pgettext_lazy("timeline", "Decision"),
}


def applicant_timeline(application: Application) -> list[Entry]:
    """What happened and what is still to come, in the applicant's words."""
    done = [entry for t in _transitions(application) for entry in _told(t, application)]
    return [*done, *_ahead(application)]


def _transitions(application: Application) -> Iterable[Transition]:
    return application.transitions.select_related("by")


def _told(transition: Transition, application: Application) -> Iterable[Entry]:
    if transition.to_state == State.ON_NOTICE and application.state != State.ON_NOTICE:
        yield Entry(NOTICE_BEGAN, transition.at, _notice_period(application), tone="good", icon="megaphone-fill")
    if transition.action not in APPLICANT_SEES:
        return
    shown = look(transition.to_state)
    yield Entry(
        TOLD.get(transition.action, applicant_label(transition.to_state)),
        transition.at,
        transition.public_note,
        tone=shown.tone if transition.to_state not in OPEN_STATES else "good",
        icon=shown.icon,
    )


def _ahead(application: Application) -> Iterable[Entry]:
    steps = [s for s in _AHEAD.get(application.state, ()) if s not in _passed(application)]
    for index, step in enumerate(steps):
        title = _AHEAD_TITLES[step]
        current = index == 0
        yield Entry(
            title,
            text=_by_when(step, application),
            tone="info" if current else "neutral",
            icon="arrow-right-circle-fill" if current else "circle",
            current=current,
        )


def _passed(application: Application) -> tuple[str, ...]:
    """What does not come (again): a service without public notice has none, and after it there is no review."""
    if not application.service.public_notice:
        return ("notice",)
    return ("review", "notice") if application.notice_from and application.state == State.RETURNED else ()


def _by_when(step: str, application: Application) -> Words:
    if step == "accept" and application.accept_due_on:
        return _until(application.accept_due_on)
    if step == "notice" and application.state == State.ON_NOTICE:
        return _notice_period(application)
    if step == "decision" and application.decide_due_on and not application.is_paused:
        return _until(application.decide_due_on)
    if step == "decision" and application.is_paused:
        return _("The promised time stands still meanwhile.")
    return ""


def _until(day: date) -> Words:
    return _("By %(date)s at the latest") % {"date": day.isoformat()}


def _notice_period(application: Application) -> Words:
    if not application.notice_from or not application.notice_until:
        return ""
    return _("From %(first)s to %(last)s") % {
        "first": application.notice_from.isoformat(),
        "last": application.notice_until.isoformat(),
    }


def staff_history(application: Application, stages: frozenset[str] | None = None) -> list[Entry]:
    """Every step with who took it and why, and what the applicant was told of it; the latest first.

    A party outside the office reads the steps of its own `stages`, and that the application was sent and accepted.
    """
    steps = reversed(list(_transitions(application)))
    return [_staff_entry(t, application) for t in steps if stages is None or _is_for_party(t, stages)]


def _is_for_party(transition: Transition, stages: frozenset[str]) -> bool:
    return transition.stage in stages or transition.action in (Action.SUBMIT, Action.ACCEPT)


def _staff_entry(transition: Transition, application: Application) -> Entry:
    shown = look(transition.to_state)
    label = Action(transition.action).label
    stage = _stage_label(application, transition.stage)
    return Entry(
        f"{label} · {stage}" if stage else label,
        transition.at,
        transition.reason,
        str(transition.by),
        shown.tone,
        shown.icon,
        told=_as_told(transition, application),
    )


def _as_told(transition: Transition, application: Application) -> str:
    """What the applicant reads of a step, in one line."""
    if transition.to_state == State.ON_NOTICE:
        return f"{NOTICE_BEGAN} {_notice_period(application)}"
    seen = (" ".join(filter(None, (str(e.title), str(e.text)))) for e in _told(transition, application))
    return " · ".join(seen)


def _stage_label(application: Application, code: str) -> Any:
    """A stage that the service no longer has keeps its code."""
    return next((stage.label for stage in application.service.stages if stage.code == code), code)
