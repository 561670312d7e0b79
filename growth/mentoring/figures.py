"""The figures of mentoring."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from growth.mentoring import matching
from growth.mentoring.choices import MentoringKind, MentorKind
from growth.mentoring.models import Meeting, Mentor, MentoringApplication, Pair
from talentmap.accounts.permissions import Permission
from talentmap.casework import calendar
from talentmap.casework.states import State
from talentmap.dashboards import attention
from talentmap.dashboards.attention import ALARM, WARNING, Attention, Finding
from talentmap.dashboards.registry import Column, Figure, Split, register

PEOPLE = pgettext_lazy("unit", "people")
PAIRS = pgettext_lazy("unit", "pairs")
MEETINGS = pgettext_lazy("unit", "meetings")
PLACES = pgettext_lazy("unit", "places")
SILENCE = timedelta(days=60)  # a pair plans month by month: two months without a meeting are one missed
LONG_WAIT = 30  # days beyond the time in which a mentor answers
BY_KIND = Split("kind", _("By kind"), "kind", dict(MentoringKind.choices))


def _place(region: Any) -> Any:
    return region and region.full_name


PAIR_COLUMNS = (
    Column(_("Talent"), lambda row: row.talent.name, personal=True),
    Column(_("Mentor"), lambda row: row.mentor.name),
    Column(_("Township"), lambda row: _place(row.talent.region)),
    Column(_("Kind"), lambda row: row.get_kind_display()),
    Column(_("Together since"), lambda row: row.started_on),
    Column(_("Until"), lambda row: row.last_day),
    Column(pgettext_lazy("pair", "State"), lambda row: row.get_state_display()),
)
MENTOR_COLUMNS = (
    Column(_("Mentor"), lambda row: row.name),
    Column(_("Organisation"), lambda row: row.organisation_label),
    Column(_("Township"), lambda row: _place(row.region)),
    Column(_("Places"), lambda row: row.capacity),
    Column(_("Places taken"), lambda row: row.taken),
)
WAITING_COLUMNS = (
    Column(_("Name"), lambda row: row.application.applicant.name, personal=True),
    Column(_("Township"), lambda row: _place(row.application.region)),
    Column(_("Kind of mentor"), lambda row: row.get_kind_display()),
    Column(_("Case number"), lambda row: row.application.number, personal=True),
    Column(_("Sent on"), lambda row: timezone.localdate(row.application.submitted_at)),
)
MEETING_COLUMNS = (
    Column(_("Talent"), lambda row: row.pair.talent.name, personal=True),
    Column(_("Mentor"), lambda row: row.pair.mentor.name),
    Column(_("Township"), lambda row: _place(row.pair.talent.region)),
    Column(_("Topic"), lambda row: row.topic, personal=True),
    Column(_("When"), lambda row: timezone.localtime(row.starts_at)),
    Column(_("Minutes"), lambda row: row.minutes),
)


def _pairs() -> QuerySet:
    return Pair.objects.without_secrets()


def _running(today: date | None = None) -> QuerySet:
    """The pairs that run; `is_silent` says of each that it had the time to meet and has not met."""
    since = (today or timezone.localdate()) - SILENCE
    met = Meeting.objects.filter(
        pair=OuterRef("pk"),
        state__in=(Meeting.State.LOGGED, Meeting.State.CONFIRMED),
        starts_at__gte=calendar.start_of(since),
    )
    silent = ExpressionWrapper(Q(started_on__lte=since) & ~Exists(met), output_field=BooleanField())
    return Pair.objects.active().without_secrets().annotate(is_silent=silent)


def _waiting() -> QuerySet:
    """All whom the office has passed and who have no mentor yet, also those for whom somebody is asked."""
    return MentoringApplication.objects.filter(
        application__scheme=matching.SCHEME,
        application__state=State.IN_REVIEW,
        application__stage=matching.MENTOR_STAGE,
    ).defer(*(f"application__applicant__{name}" for name in ("id_number", "bank_account", "health_note")))


def _waiting_late(today: date | None = None) -> QuerySet:
    """Whom no mentor accepted in the time in which one answers."""
    return _waiting().filter(application__stage_due_on__lt=today or timezone.localdate())


def _meetings() -> QuerySet:
    return Meeting.objects.filter(state=Meeting.State.CONFIRMED).defer(
        "pair__mentor__bank_account",
        "pair__talent__id_number",
        "pair__talent__bank_account",
        "pair__talent__health_note",
    )


def _open_mentors() -> QuerySet:
    return Mentor.objects.open_on(timezone.localdate()).without_secrets()


def _mentoring(
    code: str, label: Any, definition: Any, order: int, rows: Callable[[], QuerySet], **options: Any
) -> Figure:
    given: dict[str, Any] = {"row_permission": Permission.VIEW_MENTORING} | options
    return Figure(f"mentoring.{code}", label, definition, rows=rows, page="growth", order=order, **given)


_OF_PAIRS: dict[str, Any] = {
    "unit": PAIRS,
    "region": "talent__region",
    "columns": PAIR_COLUMNS,
    "related": ("talent__region__parent", "mentor"),
    "link": lambda row: reverse("mentoring:pair", args=[row.pk]),
    "splits": (BY_KIND,),
}
_OF_WAITING: dict[str, Any] = {
    "unit": PEOPLE,
    "region": "application__region",
    "columns": WAITING_COLUMNS,
    "related": ("application__applicant", "application__region__parent"),
    "link": lambda row: reverse("mentoring:waiting_one", args=[row.pk]),
    "splits": (BY_KIND,),
}
_OF_MENTORS: dict[str, Any] = {
    "region": "region",
    "columns": MENTOR_COLUMNS,
    "related": ("region__parent", "organisation"),
    "link": lambda row: reverse("mentoring:mentor", args=[row.pk]),
    "splits": (Split("kind", _("By kind"), "kind", dict(MentorKind.choices)),),
}

register(
    _mentoring(
        "pairs_active",
        _("Mentoring pairs running"),
        _("Pairs of a talent and a mentor that run today."),
        10,
        lambda: _pairs().active(),  # type: ignore[attr-defined]
        headline=True,
        **_OF_PAIRS,
    ),
    _mentoring(
        "pairs_begun",
        _("Mentoring pairs begun"),
        _("Pairs that began in the period, also those that have ended since."),
        11,
        _pairs,
        headline=True,
        date="started_on",
        **_OF_PAIRS,
    ),
    _mentoring(
        "waiting",
        _("Talents waiting for a mentor"),
        _("Applications that the office has passed and that no mentor has accepted yet."),
        12,
        _waiting,
        **_OF_WAITING,
    ),
    _mentoring(
        "waiting_late",
        _("Talents waiting too long for a mentor"),
        _("Of those who wait for a mentor all whose time set for an answer is over today."),
        17,
        _waiting_late,
        good_when="low",
        **_OF_WAITING,
    ),
    _mentoring(
        "meetings",
        _("Mentoring meetings"),
        _("Meetings held in the period and confirmed by both sides."),
        13,
        _meetings,
        unit=MEETINGS,
        date="starts_at",
        region="pair__talent__region",
        columns=MEETING_COLUMNS,
        related=("pair__talent__region__parent", "pair__mentor"),
        link=lambda row: reverse("mentoring:meeting", args=[row.pk]),
    ),
    _mentoring(
        "mentors",
        _("Mentors verified"),
        _("Mentors whom the office has verified and who have not left."),
        14,
        lambda: Mentor.objects.public().without_secrets(),
        unit=PEOPLE,
        **_OF_MENTORS,
    ),
    _mentoring(
        "places_free",
        _("Free places of mentors"),
        _("Places that nobody has and nobody was promised, of the mentors who take no pause today."),
        15,
        _open_mentors,
        unit=PLACES,
        measure=Sum(F("capacity") - F("taken")),
        **_OF_MENTORS,
    ),
    _mentoring(
        "silent",
        _("Pairs without a meeting"),
        _("Of the pairs that run today those that have lasted 60 days or more and did not meet in the last 60 days."),
        16,
        _running,
        part=Q(is_silent=True),
        good_when="low",
        **_OF_PAIRS,
    ),
)


def _find_waiting(reader: Any, today: date) -> Finding | None:
    reach = reader.reach(Permission.VIEW_DASHBOARDS).q(region="application__region")
    found = _waiting_late(today).filter(reach).aggregate(count=Count("pk"), oldest=Min("application__stage_due_on"))
    if not found["count"]:
        return None
    days = (today - found["oldest"]).days
    return Finding(ALARM if days > LONG_WAIT else WARNING, found["count"], {"days": days})


def _tell_waiting(found: Finding) -> tuple[str, str]:
    what = ngettext("%(count)s talent waits too long for a mentor", "%(count)s talents wait too long for a mentor",
                    found.count)  # fmt: skip
    return what % {"count": found.count}, gettext("The longest for %(days)s days beyond the time set.") % found.facts


def _find_silent(reader: Any, today: date) -> Finding | None:
    reach = reader.reach(Permission.VIEW_DASHBOARDS).q(region="talent__region")
    count = _running(today).filter(reach, is_silent=True).count()
    return Finding(WARNING, count) if count else None


def _tell_silent(found: Finding) -> tuple[str, str]:
    what = ngettext("%(count)s mentoring pair does not meet", "%(count)s mentoring pairs do not meet", found.count)
    why = gettext("No meeting in the last %(days)s days.") % {"days": SILENCE.days}
    return what % {"count": found.count}, why


attention.register(
    Attention(
        "mentoring.waiting",
        "growth",
        find=_find_waiting,
        tell=_tell_waiting,
        url=lambda found: reverse("dashboards:figure", args=["mentoring.waiting_late"]),
    ),
    Attention(
        "mentoring.silent",
        "growth",
        find=_find_silent,
        tell=_tell_silent,
        url=lambda found: reverse("dashboards:figure", args=["mentoring.silent"]) + "?only=met",
    ),
)
