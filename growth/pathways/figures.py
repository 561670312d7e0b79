"""The figures of growth paths."""

from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.pathways.choices import Audience, Move, Part
from growth.pathways.models import Journey, JourneyMove, Tick
from talentmap.accounts.permissions import Permission
from talentmap.dashboards.registry import Column, Figure, Split, register

PEOPLE = pgettext_lazy("unit", "people")
MILESTONES = pgettext_lazy("unit", "milestones")


def _of(journey: str) -> dict[str, Any]:
    """What figures over rows have in common that lead to a journey by this path."""
    to = f"{journey}__" if journey else ""

    def row_of(row: Any) -> Journey:
        found: Journey = getattr(row, journey) if journey else row
        return found

    return {
        "region": f"{to}talent__region",
        "related": (f"{to}talent__region__parent", f"{to}pathway", f"{to}stage"),
        "link": lambda row: reverse("pathways:journey", args=[row_of(row).pk]),
        "columns": (
            Column(_("Name"), lambda row: row_of(row).talent.name, personal=True),
            Column(_("Township"), lambda row: _township(row_of(row))),
            Column(_("Pathway"), lambda row: row_of(row).pathway.title),
            Column(_("Stage"), lambda row: row_of(row).stage.title),
        ),
    }


def _township(journey: Journey) -> str:
    return journey.talent.region.full_name if journey.talent.region else ""


def _pathways(code: str, label: Any, definition: Any, order: int, journey: str = "", **options: Any) -> Figure:
    shared = _of(journey)
    more = options.pop("columns", ())
    return Figure(
        f"pathways.{code}",
        label,
        definition,
        page="growth",
        order=order,
        row_permission=Permission.VIEW_PEOPLE,
        export_permission=Permission.EXPORT_PEOPLE,
        **{**shared, "columns": (*shared["columns"], *more), **options},
    )


def _under_way() -> Any:
    return Journey.objects.active()


def _met() -> Any:
    return Tick.objects.met()


def _waiting() -> Any:
    return Tick.objects.waiting().filter(journey__state=Journey.State.ACTIVE)


def _reached() -> Any:
    """The first time: whom the office put back, and who came there again, has not reached more."""
    before = JourneyMove.objects.filter(
        journey=OuterRef("journey"), kind=OuterRef("kind"), to_stage__code=OuterRef("to_stage__code"),
        pk__lt=OuterRef("pk"),
    )  # fmt: skip
    return JourneyMove.objects.filter(~Exists(before), kind__in=(Move.REACHED, Move.FINISHED))


TICKED = (
    Column(_("Milestone"), lambda row: row.title),
    Column(pgettext_lazy("tick", "Ticked on"), lambda row: timezone.localdate(row.at)),
)
BY_AUDIENCE = Split("audience", _("For whom"), "pathway__audience", dict(Audience.choices))

register(
    _pathways(
        "under_way",
        _("People on a pathway"),
        _("People whose growth roadmap is under way today, each person once."),
        80,
        rows=_under_way,
        unit=PEOPLE,
        measure=Count("talent", distinct=True),
        splits=(Split("stage", _("By stage"), "stage__title", {}), BY_AUDIENCE),
    ),
    _pathways(
        "started",
        _("Roadmaps started"),
        _("Growth roadmaps that were started in the period, whatever became of them."),
        81,
        rows=Journey.objects.all,
        unit=pgettext_lazy("unit", "roadmaps"),
        date="started_at",
        splits=(BY_AUDIENCE,),
    ),
    _pathways(
        "met",
        _("Milestones met"),
        _(
            "Milestones that were ticked in the period and count as met today: confirmed where a confirmation is"
            " wanted, and not taken back."
        ),
        82,
        "journey",
        rows=_met,
        unit=MILESTONES,
        date="at",
        columns=TICKED,
        splits=(Split("part", _("By who ticked"), "part", dict(Part.choices)),),
    ),
    _pathways(
        "reached",
        _("Stages reached"),
        _(
            "Stages that people reached by their milestones or their file in the period, each once on a roadmap, and"
            " pathways that they completed."
        ),
        83,
        "journey",
        rows=_reached,
        unit=pgettext_lazy("unit", "stages"),
        date="at",
        columns=(Column(_("Reached"), lambda row: timezone.localdate(row.at)),),
    ),
    _pathways(
        "waiting",
        _("Milestones waiting for confirmation"),
        _("Ticks of milestones that nobody has confirmed or sent back yet, on roadmaps that are under way."),
        84,
        "journey",
        rows=_waiting,
        unit=MILESTONES,
        columns=TICKED,
    ),
)
