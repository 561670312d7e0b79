"""From counts to what may be shown: sums over the filtered answers, and which of them are hidden. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from needs.surveys.results import suppression
from needs.surveys.results.classes import Rows
from needs.surveys.results.counts import NONE, Place, Sums
from needs.surveys.results.statistics import n_eff

Pick = Callable[[Place], bool]
SEPARATE = frozenset({"several", "rank"})
"""Kinds whose choices do not add up to the answers: one person makes several."""


@dataclass(frozen=True)
class Slice:
    """One column of results: a filtered whole, or one category of a cross-table."""

    base: Sums
    sums: tuple[Sums, ...]
    hidden: tuple[bool, ...]
    is_few: bool

    @property
    def n_eff(self) -> float:
        return n_eff(self.base.w, self.base.w2)

    @property
    def is_uncertain(self) -> bool:
        return self.n_eff < suppression.LEAST_N_EFF


@dataclass(frozen=True)
class Tables:
    """Counts by row and category, first of what is shown, then of its rests; and the bases in the same order."""

    cells: tuple[Any, ...]
    bases: tuple[Any, ...]

    def mask(self, kind: str, *, forced: Any = None, hidden_totals: Sequence[bool] | None = None) -> Any:
        if not self.cells[0].size:
            return np.zeros(self.cells[0].shape, dtype=bool)
        if kind in SEPARATE:
            return suppression.hidden_choices(self.cells, self.bases, forced=forced, hidden_totals=hidden_totals)
        return suppression.hidden(self.cells, forced=forced, hidden_totals=hidden_totals)


def tables(rows: Rows, categories: Sequence[str], picks: Sequence[Pick]) -> Tables:
    cells = tuple(_matrix(rows, rows.values, categories, pick) for pick in picks)
    bases = tuple(_matrix(rows, ("",), categories, pick)[0] for pick in picks)
    kept = [0, *(i for i in range(1, len(picks)) if bases[i].any())]
    return Tables(tuple(cells[i] for i in kept), tuple(bases[i] for i in kept))


def _matrix(rows: Rows, values: Sequence[str], categories: Sequence[str], pick: Pick) -> Any:
    places = {category: i for i, category in enumerate(categories)}
    found = np.zeros((len(values), len(categories)), dtype=np.int64)
    for row, value in enumerate(values):
        for place, sums in rows.counts.get(value, {}).items():
            if place.category in places and pick(place):
                found[row, places[place.category]] += sums.n
    return found


def everything(_place: Place) -> bool:
    return True


def shown(place: Place) -> bool:
    return place.is_shown


def beyond_approved(place: Place) -> bool:
    """What more states add to the approved answers."""
    return place.is_shown and not place.is_approved


def rests(count: int) -> list[Pick]:
    """What each of several filters alone leaves out, and what all together do."""

    def only_without(filter_index: int) -> Pick:
        return lambda place: all(kept != (i == filter_index) for i, kept in enumerate(place.kept))

    alone = [only_without(i) for i in range(count)] if count > 1 else []
    return [*alone, lambda place: not place.is_shown] if count else []


def picks_of(filters: int, *, asks_more_states: bool) -> list[Pick]:
    return [shown, *rests(filters), *([beyond_approved] if asks_more_states else [])]


def sums_of(rows: Rows, value: str, keep: Pick) -> Sums:
    return sum((sums for place, sums in rows.counts.get(value, {}).items() if keep(place)), NONE)


def whole(kind: str, rows: Rows, *, filters: int, asks_more_states: bool) -> Slice:
    """All answers, or those that any number of filters keep, each seen as "kept or not"."""
    found = tables(_flat(rows), ("",), picks_of(filters, asks_more_states=asks_more_states))
    is_few = any(suppression.is_small(int(base[0])) for base in found.bases)
    mask = found.mask(kind)[:, 0]
    return _slice(rows, shown, mask, is_few)


def _flat(rows: Rows) -> Rows:
    """Without the split by category."""
    counts: dict[str, dict[Place, Sums]] = {}
    for value, places in rows.counts.items():
        target = counts.setdefault(value, {})
        for place, sums in places.items():
            flat = Place("", place.kept, place.is_approved)
            target[flat] = target[flat] + sums if flat in target else sums
    return Rows(rows.values, rows.labels, counts)


def _slice(rows: Rows, keep: Pick, mask: Sequence[bool], is_few: bool) -> Slice:
    base = sums_of(rows, "", keep)
    sums = tuple(sums_of(rows, value, keep) for value in rows.values)
    return Slice(base, sums, tuple(bool(each) for each in mask), is_few)


@dataclass(frozen=True)
class Crossed:
    """A table by categories: a slice each; `mask` and `closed` also tell what a filter by this dimension may show."""

    categories: tuple[str, ...]
    slices: Mapping[str, Slice]
    mask: Any
    closed: Any


def crossed(
    kind: str, rows: Rows, categories: Sequence[str], total: Slice, *, filters: int, asks_more_states: bool
) -> Crossed:
    """`total` is the slice of all categories together, as its own page shows it."""
    found = tables(rows, categories, picks_of(filters, asks_more_states=asks_more_states))
    few = suppression.hidden_bases(found.bases, is_total_shown=not total.is_few)
    whole_slices = {category: _slice(rows, _of(category), (), False) for category in categories}
    low = np.array([bool(s.base.n) and s.is_uncertain for s in whole_slices.values()], dtype=bool)
    forced = np.tile(few | low, (len(rows.values), 1)) if len(rows.values) else None
    totals = [hidden or total.is_few or total.is_uncertain for hidden in total.hidden]
    mask = found.mask(kind, forced=forced, hidden_totals=totals)
    if kind == "number":
        few = few | _protected_means(found, low, total)
    slices = {
        category: Slice(each.base, each.sums, tuple(bool(hidden) for hidden in mask[:, i]), bool(few[i]))
        for i, (category, each) in enumerate(whole_slices.items())
    }
    return Crossed(tuple(categories), slices, mask, few | low if kind == "number" else few)


def _protected_means(found: Tables, low: Any, total: Slice) -> Any:
    """Of numbers only means are crossed: one hidden mean follows from the total and the others, so a second goes."""
    add_up = not (total.is_few or total.is_uncertain)
    mask = suppression.hidden(
        [np.atleast_2d(base) for base in found.bases], forced=[low], choices_add_up=False, categories_add_up=add_up
    )
    return mask[0] & ~low


def _of(category: str) -> Pick:
    return lambda place: place.is_shown and place.category == category


def filtered(rows: Rows, table: Crossed, chosen: Sequence[str], total: Slice) -> Slice:
    """What a filter by one dimension may show: nothing that the table by this dimension does not add up to."""
    places = [i for i, category in enumerate(table.categories) if category in chosen]
    totals = [hidden or total.is_few or total.is_uncertain for hidden in total.hidden]
    mask = suppression.hidden_sums(table.mask, places, totals) if len(rows.values) else []
    is_few = suppression.hidden_sums(np.atleast_2d(table.closed), places, [total.is_few])[0]
    keep: Pick = lambda place: place.category in chosen  # noqa: E731
    return _slice(rows, keep, mask, is_few or suppression.is_small(sums_of(rows, "", keep).n))
