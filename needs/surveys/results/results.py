"""Results as everybody gets them: pages, charts, files and the API ask here, and nothing is hidden anywhere else.

    question_results(user, campaign, filters_of(sex=["female"]), run) -> [QuestionResult, …]
    cross_table(user, campaign, "wish", Dimension.TOWNSHIP, filters_of(), run) -> CrossTable

Everything is read from the tallies. A reader of some townships gets these townships' answers only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from needs.surveys.campaigns.models import Campaign
from needs.surveys.questionnaires.models import Version
from needs.surveys.results import assembly, classes, statistics
from needs.surveys.results.assembly import Slice
from needs.surveys.results.classes import Rows
from needs.surveys.results.counts import Counts, Sums, count, count_themes
from needs.surveys.results.filters import Dimension, Filters
from needs.surveys.results.models import WeightRun
from needs.surveys.results.outline import Choice, Outline, Question, Texts, outline
from talentmap.accounts.permissions import Permission
from talentmap.regions.models import Region

RESPONSES = ""
"""The tallies' key of the responses themselves."""
THEMES = "themes"
"""The type of an open question as its themes make it; see `coded`."""


@dataclass(frozen=True)
class Cell:
    """A number and its share of those who answered, with the share's 95% interval; all None where it is hidden.

    `position` is the mean rank of a choice that people put in order.
    """

    n: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    position: float | None = None
    is_hidden: bool = True


@dataclass(frozen=True)
class Numbers:
    """Mean with its interval, standard deviation between people, and the median where single numbers are told."""

    mean: float
    low: float
    high: float
    deviation: float
    median: float | None


@dataclass(frozen=True)
class ResultRow:
    value: str
    label: Texts
    cell: Cell


@dataclass(frozen=True)
class QuestionResult:
    """`n` is how many answered (None: too few to tell). `withheld` is why there are no rows to show: "none" answered,
    "few" did, or the result is "uncertain" (n_eff under 30)."""

    question: Question
    n: int | None
    n_eff: float | None
    design_effect: float | None
    rows: tuple[ResultRow, ...]
    numbers: Numbers | None
    withheld: str

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def has_hidden(self) -> bool:
        return not self.withheld and any(row.cell.is_hidden for row in self.rows)


@dataclass(frozen=True)
class Column:
    """One category of a cross-table: its own base and, for numbers, its own mean."""

    category: str
    n: int | None
    n_eff: float | None
    cells: tuple[Cell, ...]
    numbers: Numbers | None
    withheld: str


@dataclass(frozen=True)
class CrossTable:
    result: QuestionResult
    dimension: Dimension
    columns: tuple[Column, ...]

    @property
    def has_hidden(self) -> bool:
        return any(column.withheld or any(cell.is_hidden for cell in column.cells) for column in self.columns)


def outline_of(campaign: Campaign, versions: Iterable[int] = ()) -> Outline:
    """The questions of the campaign's version and of the others (by id) whose answers it has."""
    found = Version.objects.filter(pk__in={campaign.version_id, *versions}).order_by("-number")
    return outline(list(found.values_list("number", "compiled")))


def narrowed(user: Any, filters: Filters) -> Filters:
    """No further than the townships in which `user` may read results."""
    reach = user.reach(Permission.VIEW_RESULTS)
    if reach.everything:
        return filters
    townships = Region.objects.townships().values_list("pk", "code")
    return filters.only(Dimension.TOWNSHIP, (str(pk) for pk, code in townships if reach.covers_code(code)))


def question_results(
    user: Any,
    campaign: Campaign,
    filters: Filters | None = None,
    weights: WeightRun | None = None,
    *,
    questions: Sequence[Question] | None = None,
) -> list[QuestionResult]:
    """The results of these questions, or of all that the campaign asks, with one query for all."""
    filters = narrowed(user, filters or Filters())
    asked = list(outline_of(campaign).questions if questions is None else questions)
    counts, axis = _read(campaign, asked, filters, weights)
    return [_result(question, counts, filters, axis) for question in asked]


def response_count(user: Any, campaign: Campaign, filters: Filters, weights: WeightRun | None = None) -> QuestionResult:
    """The responses themselves, as the result of a question without choices."""
    everyone = Question(RESPONSES, "answered", "", {}, {}, (), ())
    return question_results(user, campaign, filters, weights, questions=[everyone])[0]


def coded(campaign: Campaign, question: Question) -> Question | None:
    """An open question as its themes make it: one of several answers, the themes its choices; None without any."""
    themes = campaign.themes.filter(question=question.key).order_by("name").values_list("pk", "name")
    choices = tuple(Choice(str(pk), {"": name}) for pk, name in themes)
    return replace(question, kind="several", type=THEMES, choices=choices) if choices else None


def _count(
    campaign: Campaign,
    questions: Sequence[Question],
    filters: Filters,
    *,
    axis: Dimension | None,
    chosen: Mapping[Dimension, frozenset[str]],
    run: WeightRun | None,
) -> Counts:
    """From the tallies; what people coded is counted from the codings."""
    more: dict[str, Any] = {"axis": axis, "filters": chosen, "run": run}
    counts = count(campaign, [question.key for question in questions], filters.states, **more)
    themed = {
        question.key: {
            "": counts.get(question.key, {}).get("", {}),
            **count_themes(campaign, question.key, filters.states, **more),
        }
        for question in questions
        if question.type == THEMES
    }
    return {**counts, **themed}


def _read(
    campaign: Campaign, questions: Sequence[Question], filters: Filters, run: WeightRun | None
) -> tuple[Counts, Dimension | None]:
    """One filter is read category by category, several as kept or not."""
    axis = next(iter(filters.chosen)) if len(filters.chosen) == 1 else None
    chosen = {} if axis else filters.chosen
    return _count(campaign, questions, filters, axis=axis, chosen=chosen, run=run), axis


def _result(question: Question, counts: Counts, filters: Filters, axis: Dimension | None) -> QuestionResult:
    rows = classes.rows_of(question, counts.get(question.key, {}))
    slice_ = _slice(question, rows, filters, axis)
    cells = _cells(question, slice_)
    return QuestionResult(
        question=question,
        n=None if slice_.is_few else slice_.base.n,
        n_eff=None if slice_.is_few else slice_.n_eff,
        design_effect=_design_effect(slice_),
        rows=tuple(ResultRow(*row) for row in zip(rows.values, rows.labels, cells, strict=True)),
        numbers=_numbers(question, rows, slice_),
        withheld=_withheld(slice_),
    )


def _slice(question: Question, rows: Rows, filters: Filters, axis: Dimension | None) -> Slice:
    more = filters.asks_more_states
    if axis is None:
        return assembly.whole(question.kind, rows, filters=len(filters.chosen), asks_more_states=more)
    total = assembly.whole(question.kind, rows, filters=0, asks_more_states=more)
    table = assembly.crossed(question.kind, rows, _found(rows), total, filters=0, asks_more_states=more)
    return assembly.filtered(rows, table, sorted(filters.chosen[axis]), total)


def _found(rows: Rows) -> list[str]:
    return sorted({place.category for places in rows.counts.values() for place in places})


def _withheld(slice_: Slice) -> str:
    if slice_.is_few:
        return "few"
    if not slice_.base.n:
        return "none"
    return "uncertain" if slice_.is_uncertain else ""


def _design_effect(slice_: Slice) -> float | None:
    return slice_.base.n / slice_.n_eff if slice_.n_eff and not slice_.is_few else None


def _cells(question: Question, slice_: Slice) -> tuple[Cell, ...]:
    if _withheld(slice_):
        return tuple(Cell() for _sums in slice_.sums)
    pairs = zip(slice_.sums, slice_.hidden, strict=True)
    return tuple(Cell() if hidden else _cell(question, sums, slice_) for sums, hidden in pairs)


def _cell(question: Question, sums: Sums, slice_: Slice) -> Cell:
    share = sums.w / slice_.base.w
    low, high = statistics.share_interval(share, slice_.n_eff)
    position = sums.x / sums.w if question.kind == "rank" and sums.w else None
    return Cell(sums.n, share, low, high, position, is_hidden=False)


def _numbers(question: Question, rows: Rows, slice_: Slice) -> Numbers | None:
    if question.kind != "number" or _withheld(slice_):
        return None
    base = slice_.base
    found = statistics.mean_of(base.w, base.x, base.x2, slice_.n_eff)
    if found is None:
        return None
    # A median would tell of single numbers that are hidden, and of classes it would be a guess.
    is_told = not rows.are_classes and not any(slice_.hidden)
    values = dict(zip(rows.values, slice_.sums, strict=True)) if is_told else {}
    return Numbers(found.mean, found.low, found.high, found.deviation, classes.median_of(values))


def cross_table(
    user: Any,
    campaign: Campaign,
    question: Question,
    dimension: Dimension,
    filters: Filters | None = None,
    weights: WeightRun | None = None,
) -> CrossTable:
    """The question's result by the categories of a dimension; a filter by that dimension chooses among them."""
    filters = narrowed(user, filters or Filters())
    others = filters.without(dimension)
    result = question_results(user, campaign, filters, weights, questions=[question])[0]
    counts = _count(campaign, [question], filters, axis=dimension, chosen=others.chosen, run=weights)
    rows = classes.rows_of(question, counts.get(question.key, {}))
    total = _total(question, campaign, others, weights)
    shown = Rows((), (), rows.counts) if question.kind == "number" else rows
    plain = Slice(total.base, total.sums[: len(shown.values)], total.hidden[: len(shown.values)], total.is_few)
    table = assembly.crossed(
        question.kind,
        shown,
        _found(rows),
        plain,
        filters=len(others.chosen),
        asks_more_states=filters.asks_more_states,
    )
    wanted = filters.chosen.get(dimension)
    columns = tuple(
        _column(question, category, table.slices[category], shown)
        for category in table.categories
        if wanted is None or category in wanted
    )
    return CrossTable(result, dimension, columns)


def _total(question: Question, campaign: Campaign, filters: Filters, run: WeightRun | None) -> Slice:
    """All categories of the crossed dimension together, as the question's own page shows them."""
    counts, axis = _read(campaign, [question], filters, run)
    return _slice(question, classes.rows_of(question, counts.get(question.key, {})), filters, axis)


def _column(question: Question, category: str, slice_: Slice, rows: Rows) -> Column:
    return Column(
        category=category,
        n=None if slice_.is_few else slice_.base.n,
        n_eff=None if slice_.is_few else slice_.n_eff,
        cells=_cells(question, slice_),
        numbers=_numbers(question, rows, slice_),
        withheld=_withheld(slice_),
    )
