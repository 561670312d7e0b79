"""What a reader asked for in the address: whose answers, in which states, with which weights; and what is offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from needs.surveys.columns import AgeBand, ResponseState, Sex
from needs.surveys.questionnaires.models import Version
from needs.surveys.results import results
from needs.surveys.results.counts import categories
from needs.surveys.results.filters import DEFAULT_STATES, NOT_SAID, Dimension, Filters
from needs.surveys.results.models import WeightRun
from needs.surveys.results.outline import Outline, Question, Texts, say
from talentmap.accounts.permissions import Permission
from talentmap.regions.models import Region

UNWEIGHTED = ""


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """One filter: its name in the address, its options, and what is chosen of them in words."""

    name: str
    label: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> str:
        return pgettext("between items of a list", ", ").join(each.label for each in self.options if each.is_chosen)


class Asked:
    """One reader's choices for one campaign. What is not offered is ignored: an old address still opens."""

    def __init__(self, user: Any, campaign: Campaign, query: QueryDict) -> None:
        self.user, self.campaign, self.query = user, campaign, query
        self.language = get_language() or ""
        self.reach = user.reach(Permission.VIEW_RESULTS)

    @cached_property
    def _found(self) -> dict[Dimension, set[str]]:
        return categories(self.campaign)

    @cached_property
    def outline(self) -> Outline:
        return results.outline_of(self.campaign, map(int, self._found[Dimension.VERSION]))

    @cached_property
    def townships(self) -> dict[str, Region]:
        """Those in reach that take part or answered, by id."""
        ids = self._found[Dimension.TOWNSHIP] | set(map(str, self._planned))
        regions = Region.objects.filter(pk__in=ids).order_by("code")
        return {str(region.pk): region for region in regions if self.reach.covers_code(region.code)}

    @cached_property
    def _planned(self) -> list[int]:
        return list(self.campaign.townships.values_list("region_id", flat=True))

    @cached_property
    def _versions(self) -> dict[str, int]:
        found = Version.objects.filter(pk__in=map(int, self._found[Dimension.VERSION])).order_by("number")
        return {str(pk): number for pk, number in found.values_list("pk", "number")}

    @cached_property
    def runs(self) -> list[WeightRun]:
        return list(self.campaign.weight_runs.order_by("-number"))

    @cached_property
    def run(self) -> WeightRun | None:
        wanted = self.query.get("weights", UNWEIGHTED)
        return next((run for run in self.runs if str(run.number) == wanted), None)

    @cached_property
    def filters(self) -> Filters:
        chosen = {dimension: self._chosen(dimension) for dimension in Dimension}
        states = frozenset(self.query.getlist("state")) & set(ResponseState.values)
        return Filters({dimension: values for dimension, values in chosen.items() if values}, states or DEFAULT_STATES)

    def _chosen(self, dimension: Dimension) -> frozenset[str]:
        asked = {"" if value == NOT_SAID else value for value in self.query.getlist(dimension.value)}
        return frozenset(asked & set(self.offered(dimension))) if asked else frozenset()

    def offered(self, dimension: Dimension) -> dict[str, str]:
        """Categories with their words, in the order of a page."""
        if dimension == Dimension.TOWNSHIP:
            return {pk: region.name for pk, region in self.townships.items()}
        if dimension == Dimension.VERSION:
            return {pk: _("Version %(number)s") % {"number": number} for pk, number in self._versions.items()}
        found = self._found[dimension]
        known = {name: label for name, label in self._words(dimension).items() if name in found}
        return known | {name: name or _("not said") for name in sorted(found, reverse=True) if name not in known}

    def _words(self, dimension: Dimension) -> dict[str, str]:
        if dimension == Dimension.AGE_BAND:
            return {band.value: str(band.label) for band in AgeBand}
        if dimension == Dimension.SEX:
            return {sex.value: str(sex.label) for sex in Sex}
        asked = self.outline.of_role("occupation")
        return {choice.name: self.say(choice.label, choice.name) for choice in asked.choices} if asked else {}

    def all_words(self, dimension: Dimension) -> dict[str, str]:
        """The words of every category, whether anybody answered or not."""
        if dimension == Dimension.TOWNSHIP:
            return self._township_names
        return self.offered(dimension) if dimension == Dimension.VERSION else self._words(dimension)

    @cached_property
    def _township_names(self) -> dict[str, str]:
        return {str(pk): name for pk, name in Region.objects.townships().values_list("pk", "name")}

    def word(self, dimension: Dimension, category: str) -> str:
        return self.offered(dimension).get(category) or category or _("not said")

    def say(self, texts: Texts, otherwise: str = "") -> str:
        return say(texts, self.language, self.outline.default_language, otherwise)

    @cached_property
    def fields(self) -> list[Field]:
        """The filters; one with a single option filters nothing and is not offered."""
        found = [
            Field(dimension.value, str(dimension.label), self._options(dimension))
            for dimension in Dimension
            if len(self.offered(dimension)) > 1
        ]
        states = tuple(
            Option(state.value, str(state.label), state.value in self.filters.states) for state in ResponseState
        )
        return [*found, Field("state", _("Review state"), states)]

    def _options(self, dimension: Dimension) -> tuple[Option, ...]:
        chosen = self.filters.chosen.get(dimension, frozenset())
        words = self.offered(dimension).items()
        return tuple(Option(value or NOT_SAID, label, value in chosen) for value, label in words)

    def address(self, **changes: Any) -> str:
        """The choices as a query string, some of them changed (None: dropped)."""
        query = self.query.copy()
        for name, value in {"page": None, **changes}.items():
            query.pop(name, None)
            if value not in (None, ""):
                query[name] = str(value)
        return query.urlencode()

    def questions(self) -> list[Question]:
        """Those that the search and the chosen group keep."""
        text = self.query.get("q", "").strip().casefold()
        group = self.query.get("group", "")
        return [each for each in self.outline.questions if self._matches(each, text, group)]

    def _matches(self, question: Question, text: str, group: str) -> bool:
        if group and self.say(question.group) != group:
            return False
        words: list[Mapping[str, str]] = [question.label, *(choice.label for choice in question.choices)]
        said = [question.key, *(each for texts in words for each in texts.values())]
        return not text or any(text in each.casefold() for each in said)

    @cached_property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(self.say(each.group) for each in self.outline.questions if each.group))
