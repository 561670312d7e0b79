"""The list of surveys with results, a survey's results, and one question's."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from needs.surveys.campaigns.models import Campaign
from needs.surveys.results import presentation, results
from needs.surveys.results.asked import Asked
from needs.surveys.results.filters import DEFAULT_STATES, Dimension
from needs.surveys.results.matrix import panels
from needs.surveys.results.outline import Question
from needs.surveys.results.results import CrossTable
from needs.surveys.results.shelf import Shelf
from needs.surveys.results.suppression import LEAST_CELL, is_small
from needs.surveys.results.views.frame import campaign_of, page
from needs.surveys.tallies.models import Tally
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.lists import ListPage
from talentmap.ui.search import SearchFilter
from talentmap.ui.tiles import Place, TileMap, tile_map

PER_PAGE = 20
SORTS = {"title": "title", "questionnaire": "questionnaire__title", "starts": "starts_on", "ends": "ends_on",
         "state": "state"}  # fmt: skip


class ResultFilter(django_filters.FilterSet):
    q = SearchFilter(method="by_text", label=_("Title"), max_length=50)
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("campaign", "State"),
        choices=[(state.value, state.label) for state in Campaign.State if state != Campaign.State.DRAFT],
        empty_label=_("All states"),
    )

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = ()

    def by_text(self, found: QuerySet, _name: str, text: str) -> QuerySet:
        return found.filter(title__icontains=text) | found.filter(questionnaire__title__icontains=text)


@requires(P.VIEW_RESULTS)
@require_safe
def result_list(request: SignedInRequest) -> HttpResponse:
    """The surveys that have left the desk, with how many approved responses there are within reach."""
    seen = Campaign.objects.visible_to(request.user, P.VIEW_RESULTS).exclude(state=Campaign.State.DRAFT)
    found = ListPage(request, seen.select_related("questionnaire"), ResultFilter, sorts=SORTS, default_sort="-starts")
    counts = _approved(request, found.rows)
    rows = [(row, counts.get(row.pk, 0)) for row in found.rows]
    context = {
        "list": found,
        "campaigns": [(row, f"< {LEAST_CELL}" if is_small(n) else presentation.whole(n)) for row, n in rows],
        "is_part": not request.user.reach(P.VIEW_RESULTS).everything,
    }
    return render(request, "surveys/results/list.html", context)


def _approved(request: SignedInRequest, campaigns: Sequence[Any]) -> dict[int, int]:
    within = request.user.reach(P.VIEW_RESULTS).q(region="township")
    found = Tally.objects.filter(within, campaign__in=campaigns, question="", value="", state__in=DEFAULT_STATES)
    return dict(found.values_list("campaign").annotate(total=Sum("n")))


@requires(P.VIEW_RESULTS)
@require_safe
def campaign_results(request: SignedInRequest, pk: int) -> HttpResponse:
    """All questions of a survey, twenty a page."""
    campaign = campaign_of(request, pk)
    asked = Asked(request.user, campaign, request.GET)
    shelf = Shelf(asked.questions(), request.GET.get("page"), PER_PAGE, asked.address)
    found = results.question_results(request.user, campaign, asked.filters, asked.run, questions=shelf.rows)
    context = {
        **page(request, campaign),
        **_asked_context(asked),
        "list": shelf,
        "shown": list(panels(asked, found)),
        "is_searched": bool(request.GET.get("q") or request.GET.get("group")),
    }
    return render(request, "surveys/results/results.html", context)


def _asked_context(asked: Asked) -> dict[str, Any]:
    everyone = results.response_count(asked.user, asked.campaign, asked.filters, asked.run)
    weights: list[tuple[str, Any, bool]] = [("", _("Unweighted"), asked.run is None)]
    weights += [(str(run.number), _("Weighted, run %(number)s") % {"number": run.number}, run == asked.run)
                for run in asked.runs[:3]]  # fmt: skip
    if asked.run and asked.run not in asked.runs[:3]:
        weights.append((str(asked.run.number), _("Weighted, run %(number)s") % {"number": asked.run.number}, True))
    return {
        "asked": asked,
        "query": asked.address(),
        "everyone": everyone,
        "query_plain": asked.address(q=None, group=None, by=None, choice=None),
        "kept": [(name, asked.query.get(name, "")) for name in ("by", "choice")],
        "definition_n": presentation.base_text(everyone.n, everyone.n_eff, everyone.design_effect),
        "everyone_text": presentation.withheld_text(everyone.withheld),
        "definition": presentation.definition(asked, everyone),
        "weights": [(f"?{asked.address(weights=number)}", label, is_on) for number, label, is_on in weights],
        "may_weight": asked.user.may(P.WEIGHT_RESULTS),
        "is_filtered": bool(asked.filters),
    }


def question_of(asked: Asked, key: str) -> Question:
    question = asked.outline.find(key)
    if question is None:
        raise Http404
    return question


@requires(P.VIEW_RESULTS)
@require_safe
def question_result(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """One question whole: its chart and table, by a dimension, and where an answer is given on the map."""
    campaign = campaign_of(request, pk)
    asked = Asked(request.user, campaign, request.GET)
    question = question_of(asked, key)
    dimension = dimension_of(request)
    item, table = _tables(asked, question, dimension)
    label = asked.say(question.label, question.key)
    context = {
        **page(request, campaign, (label, "")),
        **_asked_context(asked),
        "question": question,
        "label": label,
        "group": asked.say(question.group),
        "item": item,
        "dimension": dimension,
        "dimensions": [(f"?{asked.address(by=each.value)}", each.label, each == dimension) for each in Dimension],
        "crossing": presentation.crossing(asked, table),
        **_map(asked, table),
        "themes": presentation.shown(asked, table.result) if table.result.question is not question else None,
        "may_read_answers": question.kind == "text" and request.user.may(P.VIEW_RESPONSES),
    }
    return render(request, "surveys/results/question.html", context)


def crossed(asked: Asked, question: Question, dimension: Dimension) -> CrossTable:
    """By a dimension: the themes of an open question, where coding was begun, or the question as it was asked."""
    wanted = (results.coded(asked.campaign, question) if question.kind == "text" else None) or question
    return results.cross_table(asked.user, asked.campaign, wanted, dimension, asked.filters, asked.run)


def _tables(asked: Asked, question: Question, dimension: Dimension) -> tuple[presentation.Shown, CrossTable]:
    """The question's own result, and the table by the dimension."""
    table = crossed(asked, question, dimension)
    own = table.result
    if own.question is not question:
        (own,) = results.question_results(asked.user, asked.campaign, asked.filters, asked.run, questions=[question])
    return presentation.shown(asked, own), table


def dimension_of(request: SignedInRequest) -> Dimension:
    wanted = request.GET.get("by", "")
    return Dimension(wanted) if wanted in Dimension.values else Dimension.TOWNSHIP


def _map(asked: Asked, table: CrossTable) -> dict[str, Any]:
    """The map of one choice, where the table is by township and there is more than one to compare."""
    values = [row.value for row in table.result.rows]
    if (
        table.dimension != Dimension.TOWNSHIP
        or len(asked.townships) < 2
        or table.result.question.kind not in MAPPED
        or not values
    ):
        return {"map": None}
    wanted = asked.query.get("choice", "")
    place = values.index(wanted) if wanted in values else 0
    labels = [asked.say(row.label, row.value) for row in table.result.rows]
    return {
        "map": _tiles(asked, table, place),
        "map_choice": labels[place],
        "map_choices": [
            (value, label, i == place) for i, (value, label) in enumerate(zip(values, labels, strict=True))
        ],
    }


MAPPED = ("choice", "several", "rank")


def _tiles(asked: Asked, table: CrossTable, place: int) -> TileMap | None:
    """The very cells of the table: what is hidden there has no shade here."""
    cells = {column.category: column.cells[place] for column in table.columns}
    places = []
    for pk, region in asked.townships.items():
        share = cells[pk].share if pk in cells else None
        text = presentation.percent(share) if pk in cells else "—"
        url = reverse("surveys:question_result", args=[asked.campaign.pk, table.result.key])
        address = f"{url}?{asked.address(township=pk, by=None)}"
        places.append(Place(region.name, region.tile_x, region.tile_y, share, text, address))
    return tile_map(places, _numbered, "%")


def _numbered(share: float) -> str:
    return f"{share * 100:.1f}"
