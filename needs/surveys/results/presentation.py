"""Results as a reader sees them: words, numbers as text, what a chart draws. Hidden numbers are gone before this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from needs.surveys.columns import ResponseState
from needs.surveys.results.asked import Asked
from needs.surveys.results.filters import Dimension
from needs.surveys.results.results import Cell, Column, CrossTable, QuestionResult
from needs.surveys.results.suppression import LEAST_CELL, LEAST_N_EFF

HIDDEN = "•"


def withheld_text(code: str) -> str:
    return {
        "": "",
        "none": _("Nobody has answered this question yet."),
        "few": _("Fewer than %(least)s people answered, here or among those left out: not shown.")
        % {"least": LEAST_CELL},
        "uncertain": _("The effective sample size is under %(least)s: too uncertain to be shown.")
        % {"least": int(LEAST_N_EFF)},
    }[code]


def percent(share: float | None) -> str:
    return HIDDEN if share is None else f"{share * 100:.1f}%"


def interval(low: float | None, high: float | None) -> str:
    return HIDDEN if low is None or high is None else f"{low * 100:.1f}–{high * 100:.1f}%"


def whole(number: float | None) -> str:
    return HIDDEN if number is None else str(number_format(round(number), force_grouping=True))


def amount(number: float | None) -> str:
    """A mean or deviation with as many decimals as its size asks for."""
    if number is None:
        return HIDDEN
    places = 0 if abs(number) >= 1000 else 1 if abs(number) >= 100 else 2
    return str(number_format(round(number, places), decimal_pos=places, force_grouping=True))


@dataclass(frozen=True)
class ShownRow:
    label: str
    n: str
    share: str
    interval: str
    position: str
    is_hidden: bool
    fraction: float | None


@dataclass(frozen=True)
class Shown:
    """One question's result: rows of text, facts about its base, and what `results-charts.js` draws."""

    result: QuestionResult
    label: str
    group: str
    kind: str
    rows: tuple[ShownRow, ...]
    base: str
    numbers: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    withheld: str
    chart: dict[str, Any] | None

    @property
    def key(self) -> str:
        return self.result.key

    @property
    def chart_data_id(self) -> str:
        return f"{self.chart['id']}-data" if self.chart else ""

    is_matrix = False

    @property
    def has_positions(self) -> bool:
        return self.result.question.kind == "rank"


def shown(asked: Asked, result: QuestionResult) -> Shown:
    rows = tuple(_row(asked.say(row.label, row.value) or _option(row.value), row.cell) for row in result.rows)
    question = result.question
    is_told = not result.withheld and bool(rows)
    is_bare = question.kind in ("text", "answered")  # nothing but how many answered, which is certain
    return Shown(
        result=result,
        label=asked.say(question.label, question.key),
        group=asked.say(question.group),
        kind=kind_label(question.kind),
        rows=rows if is_told else (),
        base=base_text(result.n, result.n_eff, result.design_effect, in_repeat=question.in_repeat),
        numbers=numbers_text(result),
        notes=(*notes(asked, result), *([hidden_note()] if result.has_hidden else [])),
        withheld="" if is_bare and result.withheld == "uncertain" else withheld_text(result.withheld),
        chart=_chart(asked, result, rows) if is_told else None,
    )


def _option(value: str) -> str:
    return _("Confirmed") if value == "OK" else value


def _row(label: str, cell: Cell) -> ShownRow:
    return ShownRow(
        label=label,
        n=whole(cell.n),
        share=percent(cell.share),
        interval=interval(cell.low, cell.high),
        position="—" if cell.position is None and not cell.is_hidden else amount(cell.position),
        is_hidden=cell.is_hidden,
        fraction=cell.share,
    )


def kind_label(kind: str) -> str:
    return {
        "choice": _("one answer"),
        "several": _("several answers"),
        "rank": _("put in order"),
        "number": pgettext("type of question", "number"),
        "date": pgettext("type of question", "date"),
        "text": pgettext("type of question", "open answer"),
        "answered": _("answered or not"),
    }[kind]


def base_text(n: int | None, n_eff: float | None, design_effect: float | None, *, in_repeat: bool = False) -> str:
    """How many answered, and where weights are at work what that is worth."""
    if n is None:
        return _("n < %(least)s") % {"least": LEAST_CELL}
    said = (_("%(n)s entries") if in_repeat else _("n = %(n)s")) % {"n": whole(n)}
    if not n_eff or design_effect is None or abs(design_effect - 1) < 1e-9:
        return said
    return f"{said} · n_eff = {whole(n_eff)} · deff = {design_effect:.2f}"


def numbers_text(result: QuestionResult) -> tuple[tuple[str, str], ...]:
    if result.numbers is None:
        return ()
    found = result.numbers
    rows = [
        (_("Mean"), amount(found.mean)),
        (_("95% interval of the mean"), f"{amount(found.low)} – {amount(found.high)}"),
        (_("Standard deviation"), amount(found.deviation)),
    ]
    return tuple(rows if found.median is None else [*rows, (_("Median"), amount(found.median))])


def notes(asked: Asked, result: QuestionResult) -> list[str]:
    """What a reader has to know about the question; see `hidden_note` for what is not shown of it."""
    question = result.question
    found = []
    if set(question.versions) < set(asked.outline.versions):
        numbers = pgettext("between items of a list", ", ").join(map(str, sorted(question.versions)))
        found.append(_("Asked in version %(numbers)s only.") % {"numbers": numbers})
    if question.in_repeat and result.n:
        found.append(_("Asked in a repeated group: every entry counts."))
    if question.kind == "number" and result.rows:
        found.append(_("Numbers are counted to two significant digits; the mean is exact."))
    if question.kind == "several":
        found.append(_("People chose several answers: the shares add up to more than 100%."))
    return found


def hidden_note() -> str:
    told = {"mark": HIDDEN, "least": LEAST_CELL}
    return _("%(mark)s not shown: fewer than %(least)s people, or it would tell of them.") % told


# Charts ----------------------------------------------------------------------------------------------------


def _chart(asked: Asked, result: QuestionResult, rows: Sequence[ShownRow]) -> dict[str, Any]:
    question = result.question
    kind = "likert" if question.is_likert else {"number": "histogram", "date": "histogram"}.get(question.kind, "bars")
    cells = [row.cell for row in result.rows]
    return {
        "id": f"chart-{question.key}-{question.kind}",
        "kind": kind,
        "title": asked.say(question.label, question.key),
        "labels": [row.label for row in rows],
        "values": [hundredths(cell.share) for cell in cells],
        "lows": [hundredths(cell.low) for cell in cells],
        "highs": [hundredths(cell.high) for cell in cells],
        "texts": [tooltip(row) for row in rows],
        "words": {"hidden": _("not shown")},
    }


def hundredths(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


def tooltip(row: ShownRow) -> str:
    if row.is_hidden:
        return f"{row.label}: {_('not shown')}"
    told = {"label": row.label, "n": row.n, "share": row.share, "interval": row.interval}
    return _("%(label)s: %(share)s (%(interval)s), %(n)s people") % told


# Tables by category ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CrossRow:
    """One category: its number of answers and a cell for each choice, or its mean."""

    label: str
    n: str
    n_eff: str
    cells: tuple[tuple[str, str, str], ...]
    numbers: tuple[str, str]
    withheld: str
    url: str


@dataclass(frozen=True)
class Crossing:
    table: CrossTable
    heads: tuple[str, ...]
    rows: tuple[CrossRow, ...]
    chart: dict[str, Any] | None

    @property
    def chart_data_id(self) -> str:
        return f"{self.chart['id']}-data" if self.chart else ""


def crossing(asked: Asked, table: CrossTable) -> Crossing:
    is_number = table.result.question.kind == "number"
    columns = ordered(asked, table)
    heads = () if is_number else tuple(asked.say(row.label, row.value) for row in table.result.rows)
    rows = tuple(_cross_row(asked, table.dimension, column) for column in columns)
    chart = _cross_chart(asked, table, columns, heads) if heads and rows else None
    return Crossing(table, heads, rows, chart)


def ordered(asked: Asked, table: CrossTable) -> list[Column]:
    """In the order in which the categories are offered; townships in which nobody answered are left out."""
    order = list(asked.offered(table.dimension))
    return sorted(table.columns, key=lambda each: order.index(each.category) if each.category in order else len(order))


def _cross_row(asked: Asked, dimension: Dimension, column: Column) -> CrossRow:
    numbers = column.numbers
    return CrossRow(
        label=asked.word(dimension, column.category),
        n=f"< {LEAST_CELL}" if column.n is None else whole(column.n),
        n_eff=HIDDEN if column.n_eff is None else whole(column.n_eff),
        cells=tuple((percent(cell.share), whole(cell.n), interval(cell.low, cell.high)) for cell in column.cells),
        numbers=(amount(numbers.mean), f"{amount(numbers.low)} – {amount(numbers.high)}") if numbers else ("", ""),
        withheld=withheld_text(column.withheld),
        url=asked.address(**{dimension.value: column.category or "-", "by": None}),
    )


def _cross_chart(asked: Asked, table: CrossTable, columns: Sequence[Column], heads: Sequence[str]) -> dict[str, Any]:
    labels = [asked.word(table.dimension, column.category) for column in columns]
    question = table.result.question
    return {
        "id": f"cross-{question.key}",
        "kind": "stacked" if question.kind in ("choice", "date") else "grouped",
        "title": f"{asked.say(question.label, question.key)} – {table.dimension.label}",
        "labels": labels,
        "series": [
            {
                "name": head,
                "values": [hundredths(column.cells[i].share) for column in columns],
                "texts": [
                    tooltip(_row(f"{label} · {head}", column.cells[i]))
                    for label, column in zip(labels, columns, strict=True)
                ],
            }
            for i, head in enumerate(heads)
        ],
        "words": {"hidden": _("not shown")},
    }


# What the numbers mean -------------------------------------------------------------------------------------


def definition(asked: Asked, result: QuestionResult) -> list[tuple[str, str]]:
    """The 口径 that stands beside every result and in every file; `result` is that of the responses."""
    comma = pgettext("between items of a list", ", ")
    states = comma.join(str(state.label) for state in ResponseState if state.value in asked.filters.states)
    chosen = [f"{field.label}: {field.chosen}" for field in asked.fields if field.name != "state" and field.chosen]
    facts = [
        (_("Base"), _("Responses to “%(campaign)s” in the state: %(states)s") % {
            "campaign": asked.campaign.title, "states": states}),
        (_("Whose answers"), "; ".join(chosen) or _("all")),
        (_("Responses"), base_text(result.n, result.n_eff, result.design_effect)),
        (_("As of"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
        (_("Weights"), weights_text(asked)),
        (_("Interval"), _("95%: model-based interval of a quota sample (Clopper–Pearson on n_eff for shares).")),
        (_("Not shown"), _("Numbers of fewer than %(cell)s people, what would tell of them, and results with an "
                           "effective sample size under %(n_eff)s.") % {"cell": LEAST_CELL, "n_eff": int(LEAST_N_EFF)}),
    ]  # fmt: skip
    if not asked.reach.everything:
        names = comma.join(region.name for region in asked.townships.values())
        facts.insert(1, (_("Your reach"), _("Only %(names)s; totals are of it, not of the county.") % {"names": names}))
    return facts


def weights_text(asked: Asked) -> str:
    if asked.run is None:
        return _("none: every response counts alike")
    told = {
        "number": asked.run.number,
        "day": timezone.localtime(asked.run.made_at).strftime("%Y-%m-%d"),
        "margins": asked.run.margins.get("title", ""),
        "as_of": asked.run.margins.get("as_of", ""),
    }
    return _("run %(number)s of %(day)s, raked to “%(margins)s” (population of %(as_of)s)") % told


def since_run_text(responses: int, run_n: int) -> str:
    more = responses - run_n
    if more <= 0:
        return ""
    return ngettext("%(more)s response came since the run.", "%(more)s responses came since the run.", more) % {
        "more": more
    }
