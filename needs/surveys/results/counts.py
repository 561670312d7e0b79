"""Reads the tallies: everything that results are made of, added up by the database in one query."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from needs.surveys.campaigns.models import Campaign
from needs.surveys.results.filters import DEFAULT_STATES, Dimension
from needs.surveys.results.models import WeightRun

_COLUMNS = {
    Dimension.TOWNSHIP: "t.township_id::text",
    Dimension.AGE_BAND: "t.age_band",
    Dimension.OCCUPATION: "t.occupation",
    Dimension.SEX: "t.sex",
    Dimension.VERSION: "t.version_id::text",
}
_WEIGHTS = """
    LEFT JOIN needs_weightcell c ON c.run_id = %(run)s AND c.township_id = t.township_id AND c.age_band = t.age_band
        AND c.occupation = t.occupation AND c.sex = t.sex"""


@dataclass(frozen=True)
class Sums:
    """Of some responses: how many, Σw, Σw², and for numbers and ranks Σw·x and Σw·x²."""

    n: int = 0
    w: float = 0.0
    w2: float = 0.0
    x: float = 0.0
    x2: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.w + other.w, self.w2 + other.w2, self.x + other.x, self.x2 + other.x2)


NONE = Sums()


@dataclass(frozen=True)
class Place:
    """Where a sum belongs: the category of the axis, whether each filter keeps it, and whether it is approved."""

    category: str
    kept: tuple[bool, ...]
    is_approved: bool

    @property
    def is_shown(self) -> bool:
        return all(self.kept)


Counts = Mapping[str, Mapping[str, Mapping[Place, Sums]]]
"""By question, value and place."""


def count(
    campaign: Campaign,
    questions: Sequence[str],
    states: frozenset[str],
    *,
    axis: Dimension | None = None,
    filters: Mapping[Dimension, frozenset[str]] | None = None,
    run: WeightRun | None = None,
) -> Counts:
    """Every tally of `questions` in `states`, split by `axis` and by whether each of `filters` keeps it.

    Weights are those of `run`, or 1. A response in a cell that the run does not know counts, but weighs nothing.
    """
    chosen = list((filters or {}).items())
    columns = _split(axis, chosen)
    groups = ", ".join(str(i) for i in range(1, len(columns) + 3))
    sql = f"""
        SELECT t.question, t.value, {", ".join(columns)}, sum(t.n::float8), {_weighted(run)}
          FROM needs_tally t {_WEIGHTS if run else ""}
         WHERE t.campaign_id = %(campaign)s AND t.question = ANY(%(questions)s) AND t.state = ANY(%(states)s)
         GROUP BY {groups}
        HAVING sum(t.n) <> 0"""  # noqa: S608
    values = _parameters(campaign, states, chosen, run) | {"questions": list(questions)}
    found: dict[str, dict[str, dict[Place, Sums]]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for question, value, category, *rest in cursor.fetchall():
            place, sums = _place_and_sums(category, rest, len(chosen))
            found[question][value][place] = sums
    return found


def _weighted(run: WeightRun | None) -> str:
    """Σw, Σw², Σw·x, Σw·x². Without weights the first two are n again; most rows have no x, and are quicker skipped."""
    if run is None:
        return """NULL, NULL, sum(t.total) FILTER (WHERE t.total <> 0),
               sum(t.total_squares) FILTER (WHERE t.total_squares <> 0)"""
    weight = "coalesce(c.weight, 0)"
    return f"""sum(t.n * {weight}), sum(t.n * {weight} * {weight}), sum(t.total * {weight}) FILTER (WHERE t.total <> 0),
               sum(t.total_squares * {weight}) FILTER (WHERE t.total_squares <> 0)"""


def _sums(row: Sequence[Any]) -> Sums:
    n, w, w2, x, x2 = row
    return Sums(int(n), float(n if w is None else w), float(n if w2 is None else w2), float(x or 0), float(x2 or 0))


def count_themes(
    campaign: Campaign,
    question: str,
    states: frozenset[str],
    *,
    axis: Dimension | None = None,
    filters: Mapping[Dimension, frozenset[str]] | None = None,
    run: WeightRun | None = None,
) -> dict[str, dict[Place, Sums]]:
    """The answers of each theme (by its id), split as `count` splits the tallies: codings are few enough to count."""
    chosen = list((filters or {}).items())
    weight = "coalesce(c.weight, 0)" if run else "1"
    columns = _split(axis, chosen)
    groups = ", ".join(str(i) for i in range(1, len(columns) + 2))
    sql = f"""
        SELECT k.theme_id::text, {", ".join(columns)}, count(*), sum({weight}), sum({weight} * {weight}), 0, 0
          FROM needs_coding k JOIN needs_theme h ON h.id = k.theme_id JOIN needs_response t ON t.id = k.response_id
               {_WEIGHTS if run else ""}
         WHERE h.campaign_id = %(campaign)s AND h.question = %(question)s AND t.state = ANY(%(states)s)
         GROUP BY {groups}"""  # noqa: S608
    values = _parameters(campaign, states, chosen, run) | {"question": question}
    found: dict[str, dict[Place, Sums]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for theme, category, *rest in cursor.fetchall():
            place, sums = _place_and_sums(category, rest, len(chosen))
            found[theme][place] = sums
    return found


def _split(axis: Dimension | None, chosen: Sequence[tuple[Dimension, frozenset[str]]]) -> list[str]:
    """The columns by which sums are kept apart. Names of our own; what a person chose is passed as parameters."""
    columns = [_COLUMNS[axis] if axis else "''"]
    columns += [f"{_COLUMNS[dimension]} = ANY(%(f{i})s)" for i, (dimension, _values) in enumerate(chosen)]
    return [*columns, f"t.state = '{min(DEFAULT_STATES)}'"]


def _parameters(
    campaign: Campaign,
    states: frozenset[str],
    chosen: Sequence[tuple[Dimension, frozenset[str]]],
    run: WeightRun | None,
) -> dict[str, Any]:
    values: dict[str, Any] = {f"f{i}": sorted(wanted) for i, (_dimension, wanted) in enumerate(chosen)}
    return values | {"campaign": campaign.pk, "states": sorted(states), "run": run.pk if run else None}


def _place_and_sums(category: str, rest: Sequence[Any], filters: int) -> tuple[Place, Sums]:
    return Place(category, tuple(rest[:filters]), rest[filters]), _sums(rest[filters + 1 :])


@dataclass(frozen=True)
class Respondents:
    """A cell of respondents who are alike in all that is raked."""

    township: int
    age_band: str
    occupation: str
    sex: str
    n: int


def respondents(campaign: Campaign, states: frozenset[str] = DEFAULT_STATES) -> Iterator[Respondents]:
    """Whoever answered, by cell."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT township_id, age_band, occupation, sex, sum(n) FROM needs_tally
                WHERE campaign_id = %s AND question = '' AND value = '' AND state = ANY(%s)
                GROUP BY 1, 2, 3, 4 HAVING sum(n) > 0 ORDER BY 1, 2, 3, 4""",
            [campaign.pk, sorted(states)],
        )
        for township, age_band, occupation, sex, n in cursor.fetchall():
            yield Respondents(township, age_band, occupation, sex, int(n))


def categories(campaign: Campaign) -> dict[Dimension, set[str]]:
    """Which townships, ages, occupations, sexes and versions the campaign's responses have: what can be filtered."""
    found: dict[Dimension, set[str]] = {dimension: set() for dimension in Dimension}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT township_id::text, age_band, occupation, sex, version_id::text FROM needs_tally
                WHERE campaign_id = %s AND question = '' AND value = '' AND n > 0""",
            [campaign.pk],
        )
        for row in cursor.fetchall():
            for dimension, category in zip(Dimension, row, strict=True):
                found[dimension].add(category)
    return found
