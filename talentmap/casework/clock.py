"""The running deadlines of a case, as columns to write: set at acceptance, stopped and resumed, never recomputed
from today's rules."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from talentmap.casework import policy, rules
from talentmap.casework.models import Application
from talentmap.casework.rules import WorkingCalendar
from talentmap.casework.scheme import Scheme

Columns = dict[str, Any]


def to_accept(today: date, days: int, calendar: WorkingCalendar) -> Columns:
    return {"accept_days": days, "accept_due_on": rules.add_working_days(today, days, calendar)}


def promise(scheme: Scheme, today: date, calendar: WorkingCalendar) -> Columns:
    """What acceptance fixes: the rules now in force, and the dates that follow from them."""
    rule = policy.deadlines(today)
    return {
        "promised_days": rule.decide,
        "notice_days": rule.notice,
        "stage_days": scheme.stage_days(today),
        "decide_due_on": rules.add_working_days(today, rule.decide, calendar),
    }


def at_stage(stage: str, days: int, today: date, calendar: WorkingCalendar) -> Columns:
    return {"stage": stage, "stage_due_on": rules.add_working_days(today, days, calendar)}


def stopped(application: Application, at: datetime, calendar: WorkingCalendar) -> Columns:
    """Stop the promised time; before acceptance none runs yet."""
    if application.decide_due_on is None:
        return {}
    today = timezone.localdate(at)
    left = rules.pause(today, application.decide_due_on, application.stage_due_on, calendar)
    return {
        "paused_at": at,
        "remaining_days": left.remaining_days,
        "stage_remaining_days": left.stage_remaining_days,
    }


def running(application: Application, day: date, calendar: WorkingCalendar) -> Columns:
    """Let the promised time run on after `day` with what was left."""
    if application.remaining_days is None:
        return {}
    stage_left = application.stage_remaining_days
    return {
        "decide_due_on": rules.resume(day, application.remaining_days, calendar),
        "stage_due_on": None if stage_left is None else rules.resume(day, stage_left, calendar),
        **ENDED,
    }


# Written when the clock starts again, and when a decision ends it for good.
ENDED: Columns = {"paused_at": None, "remaining_days": None, "stage_remaining_days": None}
