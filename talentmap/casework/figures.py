"""The figures of the service: how many cases, how fast, how satisfied."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.casework.models import Application, Rating, Transition
from talentmap.casework.states import Action, State
from talentmap.dashboards import attention
from talentmap.dashboards.attention import Attention, Finding
from talentmap.dashboards.registry import Column, Figure, Words, register

UNIT = pgettext_lazy("unit", "cases")
LOWEST_GOOD = 4
HIGHEST_POOR = 2


def _service(row: Application) -> Any:
    return row.service.title


CASE_COLUMNS = (
    Column(_("Number"), lambda row: row.number, personal=True),
    Column(_("Applicant"), lambda row: row.applicant.name, personal=True),
    Column(_("Service"), _service),
    Column(_("Township"), lambda row: row.region.full_name),
    Column(_("State"), lambda row: row.get_state_display()),
    Column(_("Submitted"), lambda row: row.sent_on),
    Column(_("Due"), lambda row: row.decide_due_on or row.accept_due_on),
)
RATING_COLUMNS = (
    Column(_("Number"), lambda row: row.application.number, personal=True),
    Column(_("Service"), lambda row: _service(row.application)),
    Column(_("Township"), lambda row: row.application.region.full_name),
    Column(pgettext_lazy("rating", "Grade"), lambda row: row.score),
    Column(_("Rated on"), lambda row: timezone.localdate(row.rated_at)),
)


def _sent() -> QuerySet:
    return Application.objects.sent()


def _decided() -> QuerySet:
    return _sent().filter(decided_at__isnull=False, accepted_at__isnull=False)


def _poor() -> QuerySet:
    return Rating.objects.filter(score__lte=HIGHEST_POOR)


def _not_mended(today: date | None = None) -> QuerySet:
    """What was to be put right by now and is not."""
    return _poor().filter(mended_at=None, mended_due_on__lt=today or timezone.localdate())


def _overdue() -> QuerySet:
    return Application.objects.overdue(timezone.localdate())


def _with_returned() -> QuerySet:
    returned = Transition.objects.filter(application=OuterRef("pk"), action=Action.RETURN)
    return _sent().annotate(was_returned=Exists(returned))


def _cases(code: str, label: Any, definition: Any, order: int, **options: Any) -> Figure:
    given: dict[str, Any] = {"rows": _sent, "date": "submitted_at", "unit": UNIT} | options
    return Figure(
        f"service.{code}",
        label,
        definition,
        page="service_quality",
        order=order,
        region="region",
        columns=CASE_COLUMNS,
        related=("applicant", "region__parent"),
        link=lambda row: reverse("casework:case", args=[row.pk]),
        **given,
    )


def _ratings(code: str, label: Any, definition: Any, order: int, **options: Any) -> Figure:
    given: dict[str, Any] = {"rows": Rating.objects.all, "date": "rated_at"} | options
    return Figure(
        f"service.{code}",
        label,
        definition,
        page="service_quality",
        order=order,
        region="application__region",
        columns=RATING_COLUMNS,
        related=("application__region__parent",),
        link=lambda row: reverse("casework:case", args=[row.application_id]),
        **given,
    )


register(
    _cases("received", _("Applications received"), _("Applications sent in during the period."), 10, headline=True),
    _cases(
        "accepted_in_time",
        _("Accepted in time"),
        _("Of the applications accepted in the period, those accepted by the day they were due."),
        20,
        rows=lambda: _sent().filter(accepted_at__isnull=False),
        date="accepted_at",
        part=Q(accepted_at__date__lte=F("accept_due_on")),
        good_when="high",
    ),
    _cases(
        "decided",
        _("Applications decided"),
        _("Accepted applications that were approved, rejected or revoked in the period."),
        30,
        rows=_decided,
        date="decided_at",
    ),
    _cases(
        "decided_in_time",
        _("Decided in time"),
        _(
            "Of the applications decided in the period, those decided by the promised day. Waiting for the"
            " applicant's correction and the public notice are not counted in the promise."
        ),
        31,
        rows=_decided,
        date="decided_at",
        part=Q(decided_at__date__lte=F("decide_due_on")),
        good_when="high",
        headline=True,
    ),
    _cases(
        "returned",
        _("Returned for correction"),
        _("Of the applications sent in during the period, those returned for correction at least once."),
        40,
        rows=_with_returned,
        part=Q(was_returned=True),
        good_when="low",
    ),
    _cases(
        "approved",
        _("Applications approved"),
        _("Applications approved in the period, also those completed or revoked since."),
        32,
        rows=lambda: _decided().filter(state__in=(State.APPROVED, State.CLOSED, State.REVOKED)),
        date="decided_at",
    ),
    _cases(
        "overdue",
        _("Overdue now"),
        _("Open applications whose deadline is past today."),
        50,
        rows=_overdue,
        date="",
        good_when="low",
        headline=True,
    ),
    _ratings(
        "satisfied",
        _("Satisfaction"),
        _("Of the grades given in the period, the two best of five."),
        60,
        part=Q(score__gte=LOWEST_GOOD),
        good_when="high",
        headline=True,
    ),
    _ratings("rated", _("Grades given"), _("Grades that applicants gave in the period."), 61, unit=UNIT),
    _ratings(
        "poor",
        _("Poor grades"),
        _("Grades of the two lowest of five that were given in the period."),
        62,
        unit=UNIT,
        rows=_poor,
        good_when="low",
    ),
    _ratings(
        "mended",
        _("Poor grades mended"),
        _("Of the poor grades given in the period, those called back and marked as mended."),
        63,
        rows=_poor,
        part=Q(mended_at__isnull=False),
        good_when="high",
    ),
    _ratings(
        "not_mended",
        _("Poor grades not mended in time"),
        _("Poor grades of which what was promised is past its day today and not marked as mended."),
        64,
        unit=UNIT,
        rows=_not_mended,
        date="",
        good_when="low",
    ),
)


def _within(reader: Any, region: str) -> Q:
    return reader.reach(Permission.VIEW_DASHBOARDS).q(region=region)


def _find_overdue(reader: Any, today: date) -> Finding | None:
    found = Application.objects.overdue(today).filter(_within(reader, "region"))
    sums = found.aggregate(count=Count("pk"), oldest=Min("due_on"))
    if not sums["count"]:
        return None
    days = (today - sums["oldest"]).days
    return Finding(attention.ALARM if days > LONG_OVERDUE else attention.WARNING, sums["count"], {"days": days})


def _tell_overdue(found: Finding) -> tuple[Words, Words]:
    what = ngettext("%(count)s application is overdue", "%(count)s applications are overdue", found.count)
    why = ngettext("The oldest was due %(days)s day ago.", "The oldest was due %(days)s days ago.", found.facts["days"])
    return what % {"count": found.count}, why % found.facts


def _find_not_mended(reader: Any, today: date) -> Finding | None:
    count = _not_mended(today).filter(_within(reader, "application__region")).count()
    return Finding(attention.WARNING, count) if count else None


def _tell_not_mended(found: Finding) -> tuple[Words, Words]:
    what = ngettext("%(count)s poor grade is not mended in time", "%(count)s poor grades are not mended in time",
                    found.count)  # fmt: skip
    return what % {"count": found.count}, _("The applicant was promised that what was poor is put right by now.")


LONG_OVERDUE = 7
attention.register(
    Attention(
        "service.overdue",
        "service_quality",
        find=_find_overdue,
        tell=_tell_overdue,
        url=lambda found: reverse("dashboards:figure", args=["service.overdue"]),
    ),
    Attention(
        "service.not_mended",
        "service_quality",
        find=_find_not_mended,
        tell=_tell_not_mended,
        url=lambda found: reverse("dashboards:figure", args=["service.not_mended"]),
    ),
)
