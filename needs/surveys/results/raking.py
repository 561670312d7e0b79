"""From respondents and a margin set to weights, and what there is to say of a run. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from needs.surveys.results import statistics
from needs.surveys.results.counts import Respondents
from needs.surveys.results.statistics import Achieved, Cell, Margins, Problem, Raked, Refusal

Collapse = Mapping[tuple[str, str], str]
DIMENSIONS = ("township", "age_band", "sex", "occupation")


@dataclass(frozen=True)
class Plan:
    """What is to be raked: margins by dimension, and how respondents that fit nowhere are treated."""

    margins: Margins
    cap: float | None = None
    leaves_out: bool = False
    collapse: Collapse | None = None


@dataclass(frozen=True)
class Weighted:
    """`respondents` that got a weight, in the order of `raked.weights`; `left_out` counts those that did not."""

    respondents: tuple[Respondents, ...]
    raked: Raked
    left_out: int


def weigh(respondents: Sequence[Respondents], plan: Plan) -> Weighted | Refusal:
    dimensions = list(plan.margins)
    cells, margins = statistics.collapse(
        [Cell(category_of(each, dimensions), each.n) for each in respondents], plan.margins, plan.collapse or {}
    )
    kept = [i for i, cell in enumerate(cells) if not plan.leaves_out or _fits(cell, margins)]
    raked = statistics.rake([cells[i] for i in kept], margins, cap=plan.cap)
    if isinstance(raked, Refusal):
        return raked
    used = tuple(respondents[i] for i in kept)
    return Weighted(used, raked, sum(each.n for each in respondents) - raked.n)


def category_of(respondent: Respondents, dimensions: Iterable[str]) -> dict[str, str]:
    return {dimension: str(getattr(respondent, dimension)) for dimension in dimensions}


def _fits(cell: Cell, margins: Margins) -> bool:
    return all(margins[dimension].get(category) for dimension, category in cell.at.items())


def within(margins: Margins, townships: Iterable[str]) -> Margins:
    """The population of a survey is that of its townships; the others' numbers are left away."""
    wanted = set(townships)
    return {
        dimension: {c: n for c, n in margin.items() if dimension != "township" or c in wanted}
        for dimension, margin in margins.items()
    }


def named(margins: Margins, names: Mapping[str, str]) -> Margins:
    """Occupations under the names of the questionnaire's choices, where the margin calls them by their words."""
    return {
        dimension: {names.get(c, c) if dimension == "occupation" else c: n for c, n in margin.items()}
        for dimension, margin in margins.items()
    }


# What a run came to ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weighed:
    """A cell of a run as it is stored."""

    at: Mapping[str, str]
    n: int
    weight: float


@dataclass(frozen=True)
class Spread:
    """How the weights are distributed over respondents: quantiles, and classes of (from, to, respondents)."""

    least: float
    tenth: float
    median: float
    ninetieth: float
    largest: float
    classes: tuple[tuple[float, float, int], ...]


def achieved(cells: Sequence[Weighed], margins: Margins, collapse: Collapse) -> list[Achieved]:
    """Target, before and after for each category, computed again from what is stored."""
    found = []
    moved, merged = statistics.collapse([Cell(cell.at, cell.n) for cell in cells], margins, collapse)
    for dimension, margin in merged.items():
        before, after = dict.fromkeys(margin, 0.0), dict.fromkeys(margin, 0.0)
        for cell, weighed in zip(moved, cells, strict=True):
            before[cell.at[dimension]] = before.get(cell.at[dimension], 0.0) + weighed.n
            after[cell.at[dimension]] = after.get(cell.at[dimension], 0.0) + weighed.n * weighed.weight
        total, n, w = sum(margin.values()), sum(before.values()), sum(after.values())
        found += [Achieved(dimension, c, margin[c] / total, before[c] / n, after[c] / w) for c in margin if margin[c]]
    return found


def spread(cells: Sequence[Weighed], classes: int = 8) -> Spread:
    ordered = sorted(cells, key=lambda cell: cell.weight)
    least, largest = ordered[0].weight, ordered[-1].weight
    step = (largest - least) / classes
    counted = [0] * classes
    for cell in ordered:
        counted[min(int((cell.weight - least) / step), classes - 1) if step > 1e-9 else 0] += cell.n
    bounds = [(least + step * i, least + step * (i + 1), n) for i, n in enumerate(counted)]
    shown = tuple(bounds) if step > 1e-9 else ((least, largest, sum(counted)),)
    return Spread(least, _quantile(ordered, 0.1), _quantile(ordered, 0.5), _quantile(ordered, 0.9), largest, shown)


def _quantile(ordered: Sequence[Weighed], share: float) -> float:
    total, seen = sum(cell.n for cell in ordered), 0
    for cell in ordered:
        seen += cell.n
        if seen >= share * total:
            return cell.weight
    return ordered[-1].weight


@dataclass(frozen=True)
class Change:
    """A cell that weighs differently in two runs; None where a run does not have it."""

    at: Mapping[str, str]
    n: int
    before: float | None
    after: float | None

    @property
    def factor(self) -> float | None:
        return self.after / self.before if self.before and self.after else None


def changes(before: Sequence[Weighed], after: Sequence[Weighed]) -> list[Change]:
    """Every cell of either run, the most changed first; new and gone ones lead."""
    old = {tuple(sorted(cell.at.items())): cell for cell in before}
    new = {tuple(sorted(cell.at.items())): cell for cell in after}
    found = [
        Change(
            dict(key),
            (new.get(key) or old[key]).n,
            old[key].weight if key in old else None,
            new[key].weight if key in new else None,
        )
        for key in {**old, **new}
    ]
    return sorted(found, key=lambda each: -_size(each.factor))


def _size(factor: float | None) -> float:
    return float("inf") if factor is None else max(factor, 1 / factor)


__all__ = ["Change", "Plan", "Problem", "Spread", "Weighed", "Weighted", "achieved", "changes", "spread", "weigh"]
