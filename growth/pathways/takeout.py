"""A person's roadmaps, for the copy of everything that is stored about them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from growth.pathways.models import Journey, Tick, TickEvidence
from talentmap.audit.takeout import readings_of
from talentmap.people.models import Talent
from talentmap.people.takeout import Entry, entries_of, numbered, taken_along


@taken_along
def roadmaps(talent: Talent) -> Iterator[Entry]:
    """Each with its steps, ticks, answers and evidence; the files themselves stand on the roadmap's page."""
    for journey in Journey.objects.filter(talent=talent).select_related("pathway", "version", "stage").order_by("pk"):
        title = f"{_('Roadmap')} {journey.pathway}"
        yield from entries_of(title, journey)
        yield from numbered(f"{title} · {_('Step')}", journey.moves.select_related("from_stage", "to_stage"))
        for tick in journey.ticks.select_related("evidence").prefetch_related("answers"):
            yield from _ticked(f"{title} · {tick.title}", tick)
    yield from readings_of(TickEvidence, TickEvidence.objects.filter(tick__journey__talent=talent))


def _ticked(title: str, tick: Tick) -> Iterator[Entry]:
    part = f"{title} {tick.attempt}"
    yield from entries_of(part, tick, leave_out=("journey", "title", "attempt"))
    if hasattr(tick, "evidence"):
        yield from entries_of(part, tick.evidence, leave_out=("tick", "deed_key"))
    yield from numbered(f"{part} · {_('Answer')}", tick.answers.all(), leave_out=("tick",))
