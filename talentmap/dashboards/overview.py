"""The three maps and the quality of service on one page: what each leads with, its course, its townships, and the one
thing that needs attention.

All of it comes from `kept`: one query a figure, and one more for each map of townships, however many rows there are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.dashboards import attention, compute, kept, presentation, registry
from talentmap.dashboards.attention import Attention, Finding
from talentmap.dashboards.compute import Summary
from talentmap.dashboards.registry import Figure, Number, Words
from talentmap.dashboards.scope import Scope, townships_for
from talentmap.regions.models import Region

ICONS = {"needs": "binoculars", "growth": "signpost-2", "support": "house-heart", "service_quality": "speedometer2"}
Townships = dict[str, tuple[Number, Number]]


@dataclass(frozen=True)
class Change:
    """Against the period before. `tone` is "" unless the figure says which way is good."""

    text: str
    direction: str  # "up", "down" or "same"
    tone: str = ""


@dataclass(frozen=True)
class Headline:
    figure: Figure
    summary: Summary
    at: datetime

    @property
    def shown(self) -> str:
        return presentation.shown(self.figure, self.summary.value)

    @property
    def is_known(self) -> bool:
        return self.summary.value is not None

    @property
    def change(self) -> Change | None:
        return change(self.figure, self.summary.value, self.summary.before)


@dataclass(frozen=True)
class Warned:
    """What needs attention, in the reader's words."""

    page: str
    level: int
    what: str
    why: str
    url: str

    @property
    def tone(self) -> str:
        return attention.TONES[self.level]


@dataclass(frozen=True)
class Map:
    """One of the maps as its reader sees it; `chosen` is the figure that is drawn, None where there is none."""

    code: str
    label: Words
    headlines: tuple[Headline, ...]
    chosen: Headline | None
    townships: Townships
    warned: Warned | None
    at: datetime

    @property
    def icon(self) -> str:
        return ICONS[self.code]

    @property
    def choices(self) -> list[Figure]:
        """What can be drawn by township."""
        return [headline.figure for headline in self.headlines if headline.figure.region]


@dataclass(frozen=True)
class Overview:
    maps: tuple[Map, ...]
    warnings: tuple[Warned, ...]
    at: datetime  # of the oldest number on it


def overview(
    reader: Any,
    scope: Scope,
    before: Scope,
    *,
    now: datetime,
    chosen: Mapping[str, str] | None = None,
    fresh: bool = False,
) -> Overview:
    """`chosen` names by map the figure to draw; a map draws its first otherwise."""
    pages = {page: registry.seen_by(reader, registry.headlines(page)) for page in registry.PAGES}
    drawn = {page: figure_to_draw(figures, (chosen or {}).get(page, "")) for page, figures in pages.items()}
    looking = attention.Narrowed(reader, scope.region) if scope.region else reader
    watched = attention.seen_by(looking)
    figures = [figure for found in pages.values() for figure in found]
    wanted = {
        **{_summary_key(f, reader, scope, before): _summarising(f, reader, scope, before) for f in figures},
        **{_map_key(f, reader, scope, before): _mapping(f, reader, scope, before) for f in drawn.values() if f},
        **{_watch_key(each, looking, now): _watching(each, looking, now) for each in watched},
    }
    found = kept.many(wanted, now=now, fresh=fresh)
    warnings = _warnings(scope, [(each, found[_watch_key(each, looking, now)].value) for each in watched])
    headlines = {f.code: Headline(f, *_kept(found[_summary_key(f, reader, scope, before)])) for f in figures}
    maps = []
    for page, label in registry.PAGES.items():
        figure = drawn[page]
        lines = tuple(headlines[each.code] for each in pages[page])
        maps.append(
            Map(
                page,
                label,
                lines,
                headlines[figure.code] if figure else None,
                found[_map_key(figure, reader, scope, before)].value if figure else {},
                next((warned for warned in warnings if warned.page == page), None),
                min((line.at for line in lines), default=now),
            )
        )
    return Overview(tuple(maps), tuple(warnings), min((each.at for each in found.values()), default=now))


def summaries(
    reader: Any, figures: Sequence[Figure], scope: Scope, before: Scope, *, now: datetime
) -> dict[str, Summary]:
    """Of each figure by its code, one query each at most."""
    keys = {figure.code: _summary_key(figure, reader, scope, before) for figure in figures}
    found = kept.many({keys[f.code]: _summarising(f, reader, scope, before) for f in figures}, now=now)
    return {code: found[key].value for code, key in keys.items()}


def figures_by_township(
    reader: Any, figures: Sequence[Figure], scope: Scope, before: Scope, *, now: datetime
) -> dict[str, Townships]:
    """Of each figure by its code, one query each at most."""
    keys = {figure.code: _map_key(figure, reader, scope, before) for figure in figures}
    found = kept.many({keys[f.code]: _mapping(f, reader, scope, before) for f in figures}, now=now)
    return {code: found[key].value for code, key in keys.items()}


def _kept(found: kept.Kept) -> tuple[Summary, datetime]:
    return found.value, found.at


def figure_to_draw(figures: Sequence[Figure], wanted: str) -> Figure | None:
    """The figure asked for, else the first that has a course and townships, else the first with townships."""
    able = [figure for figure in figures if figure.region]
    by_code = {figure.code: figure for figure in able}
    return by_code.get(wanted) or next((f for f in able if f.date), None) or next(iter(able), None)


def _summary_key(figure: Figure, reader: Any, scope: Scope, before: Scope) -> str:
    return kept.key("summary", figure.code, reader, figure.permission, scope, before)


def _map_key(figure: Figure, reader: Any, scope: Scope, before: Scope) -> str:
    return kept.key("townships", figure.code, reader, figure.permission, _everywhere(scope), _everywhere(before))


def _watch_key(watched: Attention, reader: Any, now: datetime) -> str:
    return kept.key("attention", watched.code, reader, watched.permission, str(timezone.localdate(now)))


def _summarising(figure: Figure, reader: Any, scope: Scope, before: Scope) -> Callable[[], Summary]:
    return lambda: compute.summary(figure, reader, scope, before)


def _mapping(figure: Figure, reader: Any, scope: Scope, before: Scope) -> Callable[[], Townships]:
    return lambda: compute.townships(figure, reader, _everywhere(scope), _everywhere(before))


def _watching(watched: Attention, reader: Any, now: datetime) -> Callable[[], Finding | None]:
    return lambda: watched.find(reader, timezone.localdate(now))


def _everywhere(scope: Scope) -> Scope:
    """The map shows all townships in reach, the one looked at among them."""
    return Scope(scope.first, scope.last)


def _warnings(scope: Scope, found: Sequence[tuple[Attention, Finding | None]]) -> list[Warned]:
    told = []
    for watched, finding in attention.by_urgency(found):
        what, why = watched.tell(finding)
        told.append(Warned(watched.page, finding.level, str(what), str(why), _there(watched.url(finding), scope)))
    return told


def _there(url: str, scope: Scope) -> str:
    """The rows behind it are those of the township that is looked at."""
    return f"{url}{'&' if '?' in url else '?'}township={scope.region.code}" if scope.region else url


# comparing ------------------------------------------------------------------------------------------------


def change(figure: Figure, value: Number, before: Number) -> Change | None:
    """How far a number is from the one before; None where there is nothing to compare."""
    if value is None or before is None:
        return None
    difference = Decimal(str(value)) - Decimal(str(before))
    if not difference:
        return Change(_("unchanged"), "same")
    direction = "up" if difference > 0 else "down"
    return Change(_told(figure, difference, Decimal(str(before))), direction, _tone(figure, direction))


def _told(figure: Figure, difference: Decimal, before: Decimal) -> str:
    sign = "+" if difference > 0 else "−"
    if figure.is_share:
        return _("%(points)s points") % {"points": f"{sign}{presentation.shown(figure, abs(difference))}"}
    number = f"{sign}{presentation.shown(figure, abs(difference) if figure.is_money else _plain(abs(difference)))}"
    return f"{number} ({sign}{abs(difference) / before:.1%})" if before > 0 else number


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else number


def _tone(figure: Figure, direction: str) -> str:
    if not figure.good_when:
        return ""
    return "good" if (direction == "up") == (figure.good_when == "high") else "bad"


# places ---------------------------------------------------------------------------------------------------


def places(reader: Any) -> list[Region]:
    """The townships that a reader may look at, by code."""
    return list(townships_for(reader, Permission.VIEW_DASHBOARDS).order_by("code"))


def outside(figure: Figure, reader: Any, townships: Townships) -> tuple[Number, Number]:
    """What the figure comes to in no township, now and before; none of a rate, which has no population there."""
    if figure.per_inhabitants:
        return None, None
    nothing = compute.nothing(figure)
    if not compute.shows_outside(figure, reader, townships):
        return nothing, nothing if figure.date else None
    return townships[compute.OUTSIDE]


def at_place(figure: Figure, townships: Townships, place: Region) -> tuple[Number, Number]:
    """What the figure comes to in a township, now and before."""
    now, before = townships.get(place.code[:9], (None, None))
    return compute.at_place(figure, place, now), compute.at_place(figure, place, before) if figure.date else None
