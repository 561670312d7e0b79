"""Weighting runs of a survey: made, looked through, compared."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from needs.surveys.campaigns.models import Campaign
from needs.surveys.results import actions, presentation, raking
from needs.surveys.results.asked import Asked
from needs.surveys.results.counts import respondents
from needs.surveys.results.filters import Dimension
from needs.surveys.results.forms import RunForm
from needs.surveys.results.models import MarginSet, WeightRun
from needs.surveys.results.raking import Weighed
from needs.surveys.results.statistics import Achieved, Problem
from needs.surveys.results.suppression import LEAST_CELL, is_small
from needs.surveys.results.views.frame import campaign_of, page
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage

SORTS = {"number": "number", "n": "n", "n_eff": "n_eff", "deff": "design_effect", "made": "made_at"}
EXTREMES = 10
MOST_CHANGES = 30


@requires(P.WEIGHT_RESULTS)
@require_safe
def weight_runs(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = campaign_of(request, pk, P.WEIGHT_RESULTS)
    found = ListPage(request, campaign.weight_runs.select_related("made_by"), sorts=SORTS, default_sort="-number")
    context = {
        **page(request, campaign, (_("Weighting runs"), "")),
        "list": found,
        "since": _since(campaign, campaign.weight_runs.first()),
    }
    return render(request, "surveys/results/weights/list.html", context)


def _since(campaign: Campaign, run: WeightRun | None) -> str:
    if run is None:
        return ""
    approved = sum(each.n for each in respondents(campaign))
    return presentation.since_run_text(approved, run.n + run.options.get("left_out", 0))


@requires(P.WEIGHT_RESULTS)
@require_http_methods(["GET", "POST"])
def weight_run_new(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = campaign_of(request, pk, P.WEIGHT_RESULTS)
    asked = Asked(request.user, campaign, request.GET)
    form = RunForm(
        request.POST or None, initial=_last_choices(campaign), margin_sets=MarginSet.objects.filter(archived_at=None)
    )
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("margins", "dimensions", "cap", "leaves_out", "note")}
        try:
            run = actions.make_run(
                by=request.user, at=timezone.now(), campaign=campaign, collapse=form.collapse, **chosen
            )
        except actions.CannotRake as refusal:
            problems = refusal.problems
            form.offer([*_ticked(asked, form), *_merges(asked, problems)])
        else:
            messages.success(request, _("Run %(number)s is made.") % {"number": run.number})
            return redirect("surveys:weight_run", campaign.pk, run.number)
    context = {
        **page(request, campaign, (_("Weighting runs"), _runs_url(campaign)), (_("New run"), "")),
        "form": form,
        "problems": [_problem(asked, each) for each in problems],
        "has_margins": MarginSet.objects.filter(archived_at=None).exists(),
    }
    return render(request, "surveys/results/weights/new.html", context)


def _runs_url(campaign: Campaign) -> str:
    return reverse("surveys:weight_runs", args=[campaign.pk])


def _last_choices(campaign: Campaign) -> dict[str, Any]:
    """What the run before was made of."""
    run = campaign.weight_runs.first()
    if run is None:
        return {"dimensions": ["township", "age_band", "sex"], "cap": 5}
    return {
        "margins": run.margins.get("id"),
        **{name: run.options.get(name) for name in ("dimensions", "cap", "leaves_out")},
    }


def _merges(asked: Asked, problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    found = [each for each in problems if each.code == "empty_margin" and each.into]
    return [
        (f"{each.dimension}|{each.category}|{each.into}", _merge_text(asked, each.dimension, each.category, each.into))
        for each in found
    ]


def _ticked(asked: Asked, form: RunForm) -> list[tuple[str, str]]:
    return [(f"{d}|{c}|{into}", _merge_text(asked, d, c, into)) for (d, c), into in form.collapse.items()]


def _merge_text(asked: Asked, dimension: str, category: str, into: str) -> str:
    told = {"category": _word(asked, dimension, category), "into": _word(asked, dimension, into)}
    return _("%(category)s together with %(into)s") % told


def _word(asked: Asked, dimension: str, category: str) -> str:
    if dimension not in Dimension.values:
        return category
    known = asked.all_words(Dimension(dimension))
    return known.get(category) or category or _("not said")


def _problem(asked: Asked, problem: Problem) -> str:
    label = str(Dimension(problem.dimension).label) if problem.dimension else ""
    told = {"dimension": label, "category": _word(asked, problem.dimension, problem.category), "n": problem.n}
    return {
        "empty_margin": _("%(dimension)s: nobody of “%(category)s” has answered. Merge it with another category."),
        "unknown_category": _("%(dimension)s: %(n)s respondents are “%(category)s”, which the margins do not have. "
                              "Leave them out, or complete the margins."),
        "no_margin": _("%(dimension)s: the margins have no numbers for the townships of this survey."),
        "no_respondents": _("There is no approved response yet."),
        "not_converged": _("No weights meet these margins together: some groups of people are missing among the "
                           "respondents. Weight by fewer dimensions, or set a largest weight."),
        "bad_cap": _("The largest weight must be more than 1."),
    }[problem.code] % told  # fmt: skip


@requires(P.WEIGHT_RESULTS)
@require_safe
def weight_run(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    campaign = campaign_of(request, pk, P.WEIGHT_RESULTS)
    run = get_object_or_404(campaign.weight_runs.select_related("made_by"), number=number)
    asked = Asked(request.user, campaign, request.GET)
    cells = _cells(run)
    title = _("Run %(number)s") % {"number": run.number}
    spread = raking.spread(cells)
    context = {
        **page(request, campaign, (_("Weighting runs"), _runs_url(campaign)), (title, "")),
        "run": run,
        "title": title,
        "facts": _facts(asked, run),
        "achieved": _achieved(asked, run, cells),
        "spread": spread,
        "classes": _classes(spread),
        "extremes": [_extreme(asked, cell) for cell in sorted(cells, key=lambda each: -each.weight)[:EXTREMES]],
        "warnings": _warnings(run),
        "since": _since(campaign, run),
        "others": campaign.weight_runs.exclude(pk=run.pk).values_list("number", flat=True)[:50],
    }
    return render(request, "surveys/results/weights/run.html", context)


def _cells(run: WeightRun) -> list[Weighed]:
    rows = run.cells.order_by("pk").values_list("township_id", "age_band", "occupation", "sex", "n", "weight")
    return [
        Weighed({"township": str(township), "age_band": age_band, "occupation": occupation, "sex": sex}, n, weight)
        for township, age_band, occupation, sex, n, weight in rows
    ]


def _facts(asked: Asked, run: WeightRun) -> list[tuple[str, str]]:
    comma = pgettext("between items of a list", ", ")
    options = run.options
    merged = [_merge_text(asked, d, c, into) for d, c, into in options.get("collapse", [])]
    return [
        (_("Made"), f"{timezone.localtime(run.made_at):%Y-%m-%d %H:%M} · {run.made_by}"),
        (_("Margins"), f"{run.margins['title']} ({run.margins['as_of']})"),
        (_("Source"), run.margins["source"]),
        (_("Weighted by"), comma.join(str(Dimension(each).label) for each in options["dimensions"])),
        (_("Largest weight allowed"), f"{options['cap']:g}" if options.get("cap") else _("no limit")),
        (_("Left out"), presentation.whole(options.get("left_out", 0))),
        (_("Merged"), comma.join(merged)),
        (pgettext("weighting run", "Note"), run.note),
    ]


def _achieved(asked: Asked, run: WeightRun, cells: list[Weighed]) -> list[tuple[str, list[tuple[str, ...]]]]:
    """By dimension: category, target, before, after, gap; shares of few respondents are not told."""
    collapse = {(d, c): into for d, c, into in run.options.get("collapse", [])}
    tables: dict[str, list[tuple[str, ...]]] = {}
    for row in sorted(raking.achieved(cells, run.margins["dimensions"], collapse), key=partial(_order, asked)):
        few = is_small(round(row.before * run.n))
        tables.setdefault(str(Dimension(row.dimension).label), []).append((
            _word(asked, row.dimension, row.category),
            presentation.percent(row.target),
            presentation.HIDDEN if few else presentation.percent(row.before),
            presentation.percent(row.after),
            f"{row.gap * 100:+.1f}" if abs(row.gap) >= 0.0005 else "0.0",
        ))  # fmt: skip
    return list(tables.items())


def _order(asked: Asked, row: Achieved) -> tuple[int, int, str]:
    """JSON keeps no order: categories stand as everywhere else."""
    known = list(asked.all_words(Dimension(row.dimension)))
    place = known.index(row.category) if row.category in known else len(known)
    return raking.DIMENSIONS.index(row.dimension), place, row.category


def _classes(spread: raking.Spread) -> list[tuple[str, str, int]]:
    most = max(n for _low, _high, n in spread.classes)
    return [
        (f"{low:.2f}–{high:.2f}", f"< {LEAST_CELL}" if is_small(n) else presentation.whole(n), round(n / most * 100))
        for low, high, n in spread.classes
    ]


def _extreme(asked: Asked, cell: Weighed) -> tuple[str, str, str]:
    return _cell_text(asked, cell.at), f"< {LEAST_CELL}" if is_small(cell.n) else str(cell.n), f"{cell.weight:.2f}"


def _cell_text(asked: Asked, at: Any) -> str:
    return " · ".join(_word(asked, dimension, at[dimension]) for dimension in raking.DIMENSIONS)


def _warnings(run: WeightRun) -> list[str]:
    totals = [(d, n) for code, d, n in run.options.get("warnings", []) if code == "totals_differ"]
    if not totals:
        return []
    said = "; ".join(f"{Dimension(d).label} {presentation.whole(n)}" for d, n in totals)
    return [_("The margins have different totals (%(totals)s); each was taken as shares.") % {"totals": said}]


@requires(P.WEIGHT_RESULTS)
@require_safe
def weight_run_file(request: SignedInRequest, pk: int, number: int) -> HttpResponseBase:
    """The weights cell by cell; how many people of few is not told."""
    campaign = campaign_of(request, pk, P.WEIGHT_RESULTS)
    run = get_object_or_404(campaign.weight_runs, number=number)
    asked = Asked(request.user, campaign, request.GET)
    header = [str(Dimension(each).label) for each in raking.DIMENSIONS] + [_("Responses"), _("Weight")]
    rows = (
        [*(_word(asked, d, cell.at[d]) for d in raking.DIMENSIONS), None if is_small(cell.n) else cell.n, cell.weight]
        for cell in _cells(run)
    )
    return xlsx_response(_("Weights of run %(number)s") % {"number": run.number}, header, rows)


@requires(P.WEIGHT_RESULTS)
@require_safe
def weight_compare(request: SignedInRequest, pk: int, number: int, other: int) -> HttpResponse:
    campaign = campaign_of(request, pk, P.WEIGHT_RESULTS)
    runs = [get_object_or_404(campaign.weight_runs.select_related("made_by"), number=each) for each in (number, other)]
    asked = Asked(request.user, campaign, request.GET)
    changes = raking.changes(*(_cells(run) for run in runs))
    title = _("Runs %(number)s and %(other)s") % {"number": number, "other": other}
    numbers = [
        (_("Responses"), *(presentation.whole(run.n) for run in runs)),
        ("n_eff", *(presentation.whole(run.n_eff) for run in runs)),
        (_("Design effect"), *(f"{run.design_effect:.2f}" for run in runs)),
        (_("Iterations"), *(str(run.iterations) for run in runs)),
    ]
    facts = zip(*(_facts(asked, run) for run in runs), strict=True)
    context = {
        **page(request, campaign, (_("Weighting runs"), _runs_url(campaign)), (title, "")),
        "title": title,
        "runs": runs,
        "lines": [*numbers, *((label, first, second) for (label, first), (_label, second) in facts)],
        "changes": [_change(asked, each) for each in changes[:MOST_CHANGES]],
        "change_count": len(changes),
        "most": MOST_CHANGES,
    }
    return render(request, "surveys/results/weights/compare.html", context)


def _change(asked: Asked, change: raking.Change) -> tuple[str, str, str, str, str]:
    weights = ["—" if each is None else f"{each:.2f}" for each in (change.before, change.after)]
    factor = "—" if change.factor is None else f"× {change.factor:.2f}"
    n = f"< {LEAST_CELL}" if is_small(change.n) else str(change.n)
    return _cell_text(asked, change.at), n, weights[0], weights[1], factor
