"""Questions that several pages ask of pathways and journeys."""

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from growth.pathways.models import Journey, Pathway, PathwayMilestone, PathwayVersion, Tick


def offered() -> Any:
    """The pathways that can be started, with their newest published version at hand as `.newest`."""
    return with_versions(Pathway.objects.offered())


def with_versions(pathways: Any) -> Any:
    versions = PathwayVersion.objects.order_by("-number")
    return pathways.prefetch_related(Prefetch("versions", versions, to_attr="known_versions"))


def with_counts(journeys: Any, reader: Any) -> Any:
    """How many milestones each journey needs and how many of them are met, as `Roadmap.needed` and `.met` say it; how
    many ticks wait for the reader."""
    of_journey = Tick.objects.filter(journey=OuterRef("pk")).order_by()
    met = of_journey.met().filter(
        code__in=Subquery(
            PathwayMilestone.objects.filter(version=OuterRef("journey__version"), required=True).values("code")
        )
    )
    return journeys.annotate(
        needed=_count(_needed().values("version")), met=_count(met.values("journey")),
        waiting=_count(of_journey.waiting_for(reader).values("journey")),
    )  # fmt: skip


def _needed() -> Any:
    """From the present stage on everything; of the stages behind it, only what is met."""
    ahead = Q(stage__position__gte=OuterRef("stage__position"))
    met = Tick.objects.filter(journey=OuterRef(OuterRef("pk"))).met().values("code")
    asked = PathwayMilestone.objects.filter(version=OuterRef("version"), required=True)
    return asked.filter(ahead | Q(code__in=Subquery(met))).order_by()


def _count(grouped: Any) -> Any:
    return Coalesce(Subquery(grouped.annotate(number=Count("pk")).values("number")), 0)


def having_ticks_waiting_for(reader: Any, journeys: Any) -> Any:
    return journeys.filter(Q(pk__in=Tick.objects.waiting_for(reader).values("journey")))


def on_older_versions(pathway: Any) -> Any:
    newest = pathway.newest
    return (
        Journey.objects.active().filter(pathway=pathway).exclude(version=newest) if newest else Journey.objects.none()
    )
