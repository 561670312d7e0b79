"""Results as files: the same numbers as the pages, with the same cells hidden and the definition below."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from needs.surveys.results import presentation, results
from needs.surveys.results.asked import Asked
from needs.surveys.results.results import Cell, CrossTable, QuestionResult
from needs.surveys.results.views.browsing import crossed, dimension_of, question_of
from needs.surveys.results.views.frame import campaign_of
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import csv_response, xlsx_response

Line = list[Any]


@requires(P.VIEW_RESULTS)
@require_safe
def results_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Every question that the page's search and filters keep."""
    campaign = campaign_of(request, pk)
    asked = Asked(request.user, campaign, request.GET)
    found = results.question_results(request.user, campaign, asked.filters, asked.run, questions=asked.questions())
    lines = (line for result in found for line in _lines(asked, result))
    title = _("%(campaign)s results") % {"campaign": campaign.title}
    return _file(request, asked, title, [_("Question id"), _("Question"), *_heads()], lines)


@requires(P.VIEW_RESULTS)
@require_safe
def question_file(request: SignedInRequest, pk: int, key: str) -> HttpResponseBase:
    """One question, in total and by the dimension that the page shows."""
    campaign = campaign_of(request, pk)
    asked = Asked(request.user, campaign, request.GET)
    question = question_of(asked, key)
    table = crossed(asked, question, dimension_of(request))
    heads = [str(table.dimension.label), *_heads()]
    title = f"{asked.say(question.label, question.key)[:60]} {table.dimension.label}"
    return _file(request, asked, title, heads, _cross_lines(asked, table))


def _heads() -> list[str]:
    return [
        pgettext("survey", "Answer"),
        pgettext("survey result", "Answered"),
        _("Count"),
        _("Share"),
        _("Lower bound (95%)"),
        _("Upper bound (95%)"),
        _("Mean"),
        "n_eff",
        _("Remark"),
    ]


def _lines(asked: Asked, result: QuestionResult) -> Iterator[Line]:
    question = [result.key, asked.say(result.question.label, result.key)]
    for line in _body(asked, result, [row.cell for row in result.rows]):
        yield [*question, *line]


def _body(asked: Asked, result: Any, cells: Sequence[Cell], labels: Sequence[str] = ()) -> Iterator[Line]:
    """A line of the base, then one a choice; `result` is a question's or a category's."""
    mean = result.numbers.mean if result.numbers else None
    bounds = [result.numbers.low, result.numbers.high] if result.numbers else [None, None]
    remark = presentation.withheld_text(result.withheld)
    n_eff = None if result.n_eff is None else round(result.n_eff, 1)
    yield [_("All who answered"), result.n, result.n, None, *bounds, mean, n_eff, remark]
    words = labels or [asked.say(row.label, row.value) for row in result.rows]
    for label, cell in zip(words, cells, strict=not result.withheld):
        if not result.withheld:
            hidden = _("not shown") if cell.is_hidden else ""
            yield [label, result.n, cell.n, cell.share, cell.low, cell.high, cell.position, n_eff, hidden]


def _cross_lines(asked: Asked, table: CrossTable) -> Iterator[Line]:
    labels = [asked.say(row.label, row.value) for row in table.result.rows]
    for line in _body(asked, table.result, [row.cell for row in table.result.rows]):
        yield [pgettext("people", "Total"), *line]
    for column in presentation.ordered(asked, table):
        words = labels[: len(column.cells)] or [""] * len(column.cells)
        for line in _body(asked, column, column.cells, words):
            yield [asked.word(table.dimension, column.category), *line]


def _file(
    request: SignedInRequest, asked: Asked, title: str, heads: list[str], lines: Iterator[Line]
) -> HttpResponseBase:
    everyone = results.response_count(request.user, asked.campaign, asked.filters, asked.run)
    facts = [[], *([label, text] for label, text in presentation.definition(asked, everyone))]
    rows = [*lines, *facts]
    if request.GET.get("format") == "csv":
        return csv_response(title, heads, rows)
    return xlsx_response(title, heads, rows, sheet=title)
