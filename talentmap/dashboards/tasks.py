"""Briefs in the background, and the overview counted before anybody has to wait for it."""

from datetime import date, datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from talentmap.accounts.models import User
from talentmap.dashboards import actions, brief_making, kept
from talentmap.dashboards.brief_models import Brief
from talentmap.dashboards.overview import overview
from talentmap.dashboards.scope import ONE_DAY, Scope, before, period
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused

__all__ = ["ask_monthly_brief", "count_overview", "make_brief", "sweep_briefs"]

PATIENCE = timedelta(minutes=10)


@shared_task(name="dashboards.make_brief")
def make_brief(pk: int) -> None:
    brief_making.make(pk, timezone.now)


@shared_task(name="dashboards.ask_monthly_brief")
def ask_monthly_brief() -> None:
    """Daily: last month's brief of the county is asked for on the first day on which a worker is there, and after a
    failure on the day after."""
    monthly_brief(at=timezone.now())


def monthly_brief(*, at: datetime) -> Brief | None:
    county = Region.objects.filter(code=settings.COUNTY_CODE).first()
    month = last_month(timezone.localdate(at))
    if county is None:
        return None
    there = Brief.objects.filter(region=county, month=month, is_scheduled=True)
    if there.exclude(state=Brief.State.FAILED).exists():
        return None
    system, failed = User.objects.system(), there.order_by("-pk").first()
    if failed is not None:
        return actions.ask_brief_again(by=system, at=at, brief=failed)
    try:
        return actions.ask_brief(by=system, at=at, region=county, month=month, is_scheduled=True)
    except Refused:  # another worker was first
        return None


def last_month(today: date) -> date:
    return (today.replace(day=1) - ONE_DAY).replace(day=1)


@shared_task(name="dashboards.sweep_briefs")
def sweep_briefs() -> None:
    """Send again what nobody has begun, and what a worker left unfinished."""
    at = timezone.now() - PATIENCE
    late = Brief.objects.open().filter(Q(state="waiting", asked_at__lt=at) | Q(state="running", started_at__lt=at))
    for pk in late.values_list("pk", flat=True):
        make_brief.apply_async((pk,), expires=60)


@shared_task(name="dashboards.count_overview")
def count_overview() -> None:
    """While somebody looks at the county's overview now and then: count it anew before what is kept grows old."""
    if kept.is_watched():
        now = timezone.now()
        scope = Scope(*period("year", timezone.localdate(now)))
        overview(User.objects.system(), scope, before(scope, "year"), now=now, fresh=True)
