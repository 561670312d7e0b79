"""Weights from population margins, and what a weighted number is worth. Pure.

Raking (iterative proportional fitting; Deming and Stephan 1940) gives every cell of respondents one weight, such that
the weighted respondents are distributed like the population in each margin. Effective sample size is Kish's,
(Σw)² / Σw²; the intervals are those of a quota sample's model: exact binomial (Clopper and Pearson 1934) with n_eff in
place of n for a share, Student's t with n_eff for a mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special

Category = str
Margins = Mapping[str, Mapping[Category, float]]

TOLERANCE = 1e-9
MOST_ITERATIONS = 1000
CONFIDENCE = 0.95
TOTALS_DIFFER = 0.001


@dataclass(frozen=True)
class Cell:
    """Respondents who are alike in everything that is raked: `at` names their category by dimension."""

    at: Mapping[str, Category]
    n: int


@dataclass(frozen=True)
class Problem:
    """Why these margins do not fit these respondents. `into` is where an empty category could be merged."""

    code: str  # empty_margin, unknown_category, no_margin, no_respondents, not_converged, bad_cap
    dimension: str = ""
    category: Category = ""
    into: Category = ""
    n: int = 0


@dataclass(frozen=True)
class Achieved:
    """One category of a margin: the population's share, the respondents' before and after weighting."""

    dimension: str
    category: Category
    target: float
    before: float
    after: float

    @property
    def gap(self) -> float:
        return self.after - self.target


@dataclass(frozen=True)
class Raked:
    """`weights` runs parallel to the cells and has the mean 1 over respondents."""

    weights: tuple[float, ...]
    n: int
    n_eff: float
    design_effect: float
    iterations: int
    trimmed: int
    achieved: tuple[Achieved, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Refusal:
    problems: tuple[Problem, ...] = field(default=())


def collapse(
    cells: Sequence[Cell], margins: Margins, into: Mapping[tuple[str, str], str]
) -> tuple[list[Cell], Margins]:
    """Merge categories in respondents and margins alike: `into[("age_band", "lt25")] = "25_34"`. Follows chains."""
    moved = [
        Cell({dimension: _end(dimension, category, into) for dimension, category in cell.at.items()}, cell.n)
        for cell in cells
    ]
    merged: dict[str, dict[str, float]] = {}
    for dimension, margin in margins.items():
        merged[dimension] = {}
        for category, population in margin.items():
            end = _end(dimension, category, into)
            merged[dimension][end] = merged[dimension].get(end, 0) + population
    return moved, merged


def _end(dimension: str, category: str, into: Mapping[tuple[str, str], str]) -> str:
    seen = {category}
    while (dimension, category) in into and into[dimension, category] not in seen:
        category = into[dimension, category]
        seen.add(category)
    return category


def check(cells: Sequence[Cell], margins: Margins) -> list[Problem]:
    """All that keeps these cells from being raked to these margins."""
    problems = [Problem("no_margin", dimension) for dimension, margin in margins.items() if not _total(margin)]
    if not sum(cell.n for cell in cells):
        return [*problems, Problem("no_respondents")]
    for dimension, margin in margins.items():
        counted = _counted(cells, dimension)
        problems += [
            Problem("unknown_category", dimension, category, n=n)
            for category, n in sorted(counted.items())
            if n and not margin.get(category)
        ]
        problems += [
            Problem("empty_margin", dimension, category, _neighbour(category, list(margin), counted))
            for category, population in margin.items()
            if population and not counted.get(category)
        ]
    return problems


def _counted(cells: Sequence[Cell], dimension: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    for cell in cells:
        counted[cell.at[dimension]] = counted.get(cell.at[dimension], 0) + cell.n
    return counted


def _neighbour(category: str, order: Sequence[str], counted: Mapping[str, int]) -> str:
    """The nearest category in the margin's order that has respondents; the earlier one where two are as near."""
    place = order.index(category)
    others = [(abs(order.index(other) - place), order.index(other)) for other in order if counted.get(other)]
    return order[min(others)[1]] if others else ""


def _total(margin: Mapping[str, float]) -> float:
    return float(sum(margin.values()))


def totals_warning(margins: Margins) -> list[Problem]:
    """Margins of different totals are scaled to shares; who reads the result should know it."""
    totals = {dimension: _total(margin) for dimension, margin in margins.items()}
    if not totals or max(totals.values()) - min(totals.values()) <= TOTALS_DIFFER * max(totals.values()):
        return []
    return [Problem("totals_differ", dimension, n=round(total)) for dimension, total in totals.items()]


def rake(
    cells: Sequence[Cell],
    margins: Margins,
    *,
    cap: float | None = None,
    tolerance: float = TOLERANCE,
    most_iterations: int = MOST_ITERATIONS,
) -> Raked | Refusal:
    """Weights that fit every margin within `tolerance` (of a share), none above `cap` times the mean weight.

    With a cap the margins are met as far as it lets them; `achieved` tells how far.
    """
    problems = check(cells, margins)
    if cap is not None and not cap > 1:
        problems.append(Problem("bad_cap"))
    if problems:
        return Refusal(tuple(problems))
    used = [cell for cell in cells if cell.n]
    n = np.array([cell.n for cell in used], dtype=float)
    plans = [_plan(used, dimension, margin) for dimension, margin in margins.items()]
    weights, iterations, converged = _fit(n, plans, cap, tolerance, most_iterations)
    if not converged:
        return Refusal((Problem("not_converged", n=iterations),))
    by_cell = dict(zip((id(cell) for cell in used), weights, strict=True))
    full = tuple(float(by_cell.get(id(cell), 1.0)) for cell in cells)
    trimmed = int(n[weights >= cap * (1 - 1e-9)].sum()) if cap is not None else 0
    effective = n_eff(float((n * weights).sum()), float((n * weights**2).sum()))
    achieved = tuple(each for plan in plans for each in _achieved(plan, n, weights))
    warnings = tuple(totals_warning(margins))
    total = int(n.sum())
    return Raked(full, total, effective, total / effective, iterations, trimmed, achieved, warnings)


@dataclass(frozen=True)
class _Plan:
    """One margin in numbers: `where[i]` is the place of cell i's category in `targets`, which are shares."""

    dimension: str
    categories: tuple[str, ...]
    where: Any
    targets: Any


def _plan(cells: Sequence[Cell], dimension: str, margin: Mapping[str, float]) -> _Plan:
    categories = tuple(category for category, population in margin.items() if population)
    places = {category: place for place, category in enumerate(categories)}
    targets = np.array([margin[category] for category in categories], dtype=float)
    where = np.array([places[cell.at[dimension]] for cell in cells])
    return _Plan(dimension, categories, where, targets / targets.sum())


def _shares(plan: _Plan, amounts: Any) -> Any:
    sums = np.bincount(plan.where, weights=amounts, minlength=len(plan.categories))
    return sums / sums.sum()


def _fit(n: Any, plans: Sequence[_Plan], cap: float | None, tolerance: float, most: int) -> tuple[Any, int, bool]:
    """Go through the margins in turn until a whole round changes nothing; the weights' mean stays 1."""
    weights = np.ones_like(n)
    for iteration in range(1, most + 1):
        before = weights
        for plan in plans:
            weights = weights * (plan.targets / _shares(plan, n * weights))[plan.where]
        weights = _trim(weights * n.sum() / (n * weights).sum(), n, cap)
        worst = max(float(np.abs(_shares(plan, n * weights) - plan.targets).max()) for plan in plans)
        still = float(np.abs(weights - before).max()) <= tolerance * float(weights.max())
        if worst <= tolerance or (cap is not None and still):
            return weights, iteration, True
    return weights, most, cap is not None and bool(np.abs(weights - before).max() < 1e-4)


def _trim(weights: Any, n: Any, cap: float | None) -> Any:
    """Cut what is above the cap and spread it over the others in proportion, until the mean is 1 and none is above."""
    if cap is None:
        return weights
    above = weights >= cap
    while True:
        room = n.sum() - cap * n[above].sum()
        below = (n * weights)[~above].sum()
        spread = np.where(above, cap, weights * (room / below if below else 1))
        more = above | (spread > cap)
        if (more == above).all():
            return spread
        above = more


def _achieved(plan: _Plan, n: Any, weights: Any) -> list[Achieved]:
    rows = zip(plan.categories, plan.targets, _shares(plan, n), _shares(plan, n * weights), strict=True)
    return [Achieved(plan.dimension, name, float(t), float(before), float(after)) for name, t, before, after in rows]


# What a number is worth ------------------------------------------------------------------------------------


def n_eff(weight: float, weight_squared: float) -> float:
    """Kish's effective sample size from Σw and Σw²."""
    return weight * weight / weight_squared if weight_squared > 0 else 0.0


def share_interval(share: float, size: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Clopper–Pearson on `size` (n or n_eff, which need not be whole): lowest and highest plausible share."""
    if size <= 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    hits = min(max(share, 0.0), 1.0) * size
    misses = size - hits
    low = float(special.betaincinv(hits, misses + 1, tail)) if hits > 1e-12 else 0.0
    high = float(special.betaincinv(hits + 1, misses, 1 - tail)) if misses > 1e-12 else 1.0
    return low, high


@dataclass(frozen=True)
class Mean:
    mean: float
    deviation: float
    low: float
    high: float


def mean_of(weight: float, total: float, squares: float, size: float, confidence: float = CONFIDENCE) -> Mean | None:
    """From Σw, Σw·x and Σw·x²: the mean, the standard deviation between people, and the mean's interval."""
    if weight <= 0 or size <= 1:
        return None
    mean = total / weight
    variance = max(squares / weight - mean * mean, 0.0) * size / (size - 1)
    half = float(special.stdtrit(size - 1, (1 + confidence) / 2)) * (variance / size) ** 0.5
    return Mean(mean, variance**0.5, mean - half, mean + half)
