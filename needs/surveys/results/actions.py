"""Writes of results: population margins, weighting runs, themes and codings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses.models import Response
from needs.surveys.results import raking
from needs.surveys.results.counts import respondents
from needs.surveys.results.models import Coding, Margin, MarginSet, Theme, WeightCell, WeightRun
from needs.surveys.results.raking import Plan, Weighted
from needs.surveys.results.results import outline_of
from needs.surveys.results.statistics import Problem, Refusal
from talentmap.audit.action import action
from talentmap.ui.errors import Refused

MarginRow = tuple[str, str, int]
"""Dimension, category, population."""


class CannotRake(Refused):
    """The margins do not fit the respondents; `problems` says how, and what would help."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_("The margins do not fit the responses: no weights were made."))
        self.problems = tuple(problems)


# Population margins ----------------------------------------------------------------------------------------


@action
def make_margins(
    *, by: Any, at: datetime, title: str, source: str, as_of: date, rows: Iterable[MarginRow]
) -> MarginSet:
    made = MarginSet.objects.create(title=title, source=source, as_of=as_of, made_at=at, made_by=by)
    _write_rows(made, rows)
    return made


@action
def edit_margins(
    *, by: Any, at: datetime, margins: MarginSet, title: str, source: str, as_of: date, rows: Iterable[MarginRow]
) -> MarginSet:
    """Runs keep the numbers that they were made with."""
    locked = MarginSet.objects.select_for_update(of=("self",)).get(pk=margins.pk)
    if locked.archived_at:
        raise Refused(_("Archived margins are not changed: copy them."))
    locked.title, locked.source, locked.as_of = title, source, as_of
    locked.save(update_fields=["title", "source", "as_of"])
    _write_rows(locked, rows)
    return locked


def _write_rows(margins: MarginSet, rows: Iterable[MarginRow]) -> None:
    """Only what differs is written, so that the history shows what changed."""
    wanted = {(dimension, category): population for dimension, category, population in rows}
    if not wanted:
        raise Refused(_("Enter the population of at least one category."))
    for row in margins.margins.all():
        population = wanted.pop((row.dimension, row.category), None)
        if population is None:
            row.delete()
        elif population != row.population:
            row.population = population
            row.save(update_fields=["population"])
    Margin.objects.bulk_create(
        Margin(margin_set=margins, dimension=dimension, category=category, population=population)
        for (dimension, category), population in wanted.items()
    )


@action
def copy_margins(*, by: Any, at: datetime, margins: MarginSet) -> MarginSet:
    title = _("Copy of %(title)s") % {"title": margins.title}
    rows = list(margins.margins.values_list("dimension", "category", "population"))
    made = MarginSet.objects.create(
        title=title[:120], source=margins.source, as_of=margins.as_of, made_at=at, made_by=by
    )
    _write_rows(made, rows)
    return made


@action
def archive_margins(*, by: Any, at: datetime, margins: MarginSet) -> None:
    """Out of the lists, or back into them; nothing that was computed changes."""
    locked = MarginSet.objects.select_for_update(of=("self",)).get(pk=margins.pk)
    locked.archived_at = None if locked.archived_at else at
    locked.save(update_fields=["archived_at"])


# Weighting runs --------------------------------------------------------------------------------------------


@action
def make_run(
    *,
    by: Any,
    at: datetime,
    campaign: Campaign,
    margins: MarginSet,
    dimensions: Sequence[str],
    cap: float | None = None,
    leaves_out: bool = False,
    collapse: Mapping[tuple[str, str], str] | None = None,
    note: str = "",
) -> WeightRun:
    """Rake the approved responses. Raises CannotRake with every reason.

    The campaign is locked, so that two runs get two numbers; answers go on coming in meanwhile.
    """
    _lock(campaign)
    found = list(respondents(campaign))
    population = _population(campaign, margins, dimensions, {str(each.township) for each in found})
    plan = Plan(population, cap, leaves_out, collapse)
    weighted = raking.weigh(found, plan)
    if isinstance(weighted, Refusal):
        raise CannotRake(weighted.problems)
    last = campaign.weight_runs.aggregate(last=Max("number"))["last"] or 0
    return _store(campaign, margins, plan, weighted, number=last + 1, by=by, at=at, note=note)


def _lock(campaign: Campaign) -> None:
    """Two runs at once take turns; who answers meanwhile, and so refers to the campaign, does not wait."""
    Campaign.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=campaign.pk)


def _population(
    campaign: Campaign, margins: MarginSet, dimensions: Sequence[str], answered: set[str]
) -> dict[str, dict[str, float]]:
    rows = margins.margins.filter(dimension__in=dimensions).order_by("pk")
    found: dict[str, dict[str, float]] = {dimension: {} for dimension in dimensions}
    for dimension, category, population in rows.values_list("dimension", "category", "population"):
        found[dimension][category] = population
    townships = answered | {str(pk) for pk in campaign.townships.values_list("region_id", flat=True)}
    fitted = raking.named(raking.within(found, townships), _occupations(campaign))
    return {dimension: dict(margin) for dimension, margin in fitted.items()}


def _occupations(campaign: Campaign) -> dict[str, str]:
    """The choice's name by each of its words."""
    asked = outline_of(campaign).of_role("occupation")
    return {text: choice.name for choice in asked.choices for text in choice.label.values()} if asked else {}


def _store(
    campaign: Campaign,
    margins: MarginSet,
    plan: Plan,
    weighted: Weighted,
    *,
    number: int,
    by: Any,
    at: datetime,
    note: str,
) -> WeightRun:
    raked = weighted.raked
    used = {"id": margins.pk, "title": margins.title, "source": margins.source, "as_of": str(margins.as_of)}
    run = WeightRun.objects.create(
        campaign=campaign,
        number=number,
        made_at=at,
        made_by=by,
        margins={**used, "dimensions": plan.margins},
        options={
            "dimensions": list(plan.margins),
            "cap": plan.cap,
            "leaves_out": plan.leaves_out,
            "left_out": weighted.left_out,
            "collapse": [[dimension, source, into] for (dimension, source), into in (plan.collapse or {}).items()],
            "trimmed": raked.trimmed,
            "warnings": [[each.code, each.dimension, each.n] for each in raked.warnings],
        },
        n=raked.n,
        n_eff=raked.n_eff,
        design_effect=raked.design_effect,
        iterations=raked.iterations,
        note=note,
    )
    WeightCell.objects.bulk_create(
        (
            WeightCell(
                run=run,
                township_id=each.township,
                age_band=each.age_band,
                occupation=each.occupation,
                sex=each.sex,
                n=each.n,
                weight=weight,
            )
            for each, weight in zip(weighted.respondents, raked.weights, strict=True)
        ),
        batch_size=1000,
    )
    return run


# Themes of open answers ------------------------------------------------------------------------------------


@action
def add_theme(*, by: Any, at: datetime, campaign: Campaign, question: str, name: str) -> Theme:
    """The theme of this name, made where there is none."""
    theme, _is_new = Theme.objects.get_or_create(
        campaign=campaign, question=question, name=name.strip(), defaults={"made_at": at, "made_by": by}
    )
    return theme


@action
def rename_theme(*, by: Any, at: datetime, theme: Theme, name: str) -> None:
    if Theme.objects.filter(campaign=theme.campaign_id, question=theme.question, name=name).exclude(pk=theme.pk):
        raise Refused(_("There is a theme of this name already. To put both together, merge them."))
    theme.name = name
    theme.save(update_fields=["name"])


@action
def merge_theme(*, by: Any, at: datetime, theme: Theme, into: Theme) -> None:
    """Every answer of `theme` gets `into`, then `theme` is gone. Who coded an answer first stays its coder."""
    if theme.pk == into.pk or (theme.campaign_id, theme.question) != (into.campaign_id, into.question):
        raise Refused(_("Choose another theme of the same question."))
    known = into.codings.values("response")
    theme.codings.exclude(response__in=known).update(theme=into)
    theme.delete()


@action
def delete_theme(*, by: Any, at: datetime, theme: Theme) -> None:
    theme.delete()


@action
def code_answers(*, by: Any, at: datetime, theme: Theme, responses: Iterable[Response]) -> int:
    """Give the answers this theme; how many did not have it before."""
    rows = [Coding(theme=theme, response=each, coded_at=at, coded_by=by) for each in responses]
    before = theme.codings.count()
    Coding.objects.bulk_create(rows, ignore_conflicts=True)
    return theme.codings.count() - before


@action
def uncode_answers(*, by: Any, at: datetime, theme: Theme, responses: Iterable[Response]) -> int:
    found = theme.codings.filter(response__in=list(responses))
    count = found.count()
    found.delete()
    return count
