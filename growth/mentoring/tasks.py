import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from growth.mentoring import actions, rules, waiting
from growth.mentoring.choices import Side
from growth.mentoring.models import Agreement, Meeting, MentorRequest, Pair
from growth.mentoring.tariff import in_force
from talentmap.accounts.models import User

__all__ = ["lapse_requests", "remind"]

log = logging.getLogger(__name__)


@shared_task
def lapse_requests() -> int:
    """End the requests that nobody answered in time, and ask the next."""
    return lapse_all(at=timezone.now())


@shared_task
def remind() -> int:
    """Remind of the meetings that are near and of assessments whose time has come; nobody is told twice."""
    at = timezone.now()
    remind_to_assess(at=at)
    return remind_of_meetings(at=at)


def lapse_all(*, at: datetime) -> int:
    late = MentorRequest.objects.late(timezone.localdate(at)).order_by("pk")
    return _for_each(late, lambda by, row: actions.lapse_request(by=by, at=at, asked=row))


def remind_of_meetings(*, at: datetime) -> int:
    """Those of today and of as many days ahead as the tariff says."""
    today = timezone.localdate(at)
    last = today + timedelta(days=int(in_force(today)["reminder.days"]))
    near = Meeting.objects.filter(state=Meeting.State.PLANNED, starts_at__gt=at, starts_at__date__lte=last)
    return _for_each(near.order_by("pk"), lambda by, row: actions.remind_of_meeting(by=by, at=at, meeting=row))


def remind_to_assess(*, at: datetime) -> int:
    terms = waiting.unassessed().select_related("pair").order_by("pk")
    due = [(row, phase) for row in terms for phase in _phases(row, at)]
    _for_each(due, lambda by, each: actions.remind_to_assess(by=by, at=at, agreement=each[0], phase=each[1]))
    count = Pair.objects.filter(waiting.to_assess(timezone.localdate(at))).count()
    if count:
        link = f"{reverse('mentoring:pair_list')}?waits=assessment"
        actions.remind_office(by=User.objects.system(), at=at, count=count, link=link)
    return len(due)


def _phases(row: Agreement, at: datetime) -> tuple[str, ...]:
    """What the two may give, each of them the same."""
    return rules.phases_open(row.starts_on, row.ends_on, row.pair.ended_on, timezone.localdate(at), Side.TALENT)


def _for_each(rows: Iterable[Any], act: Callable[[User, Any], Any]) -> int:
    """One that cannot be done does not hold up the others."""
    system, done = User.objects.system(), 0
    for row in rows:
        try:
            done += bool(act(system, row))
        except Exception:
            log.exception("mentoring: %s could not be brought up to date", _named(row))
    return done


def _named(row: Any) -> str:
    """By kind and key: what a row is called in words names people, who have no place in a log."""
    if isinstance(row, tuple):
        return _named(row[0])
    return f"{row._meta.model_name} {row.pk}"
