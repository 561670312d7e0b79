"""Whose answers a result is of: the dimensions of the tallies, and what a reader chose of them. Pure but for labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import ResponseState


class Dimension(TextChoices):
    """By what results are crossed and filtered; the value is the tallies' column."""

    TOWNSHIP = "township", _("Township")
    AGE_BAND = "age_band", _("Age band")
    OCCUPATION = "occupation", pgettext_lazy("respondent", "Occupation")
    SEX = "sex", pgettext_lazy("respondent", "Sex")
    VERSION = "version", _("Questionnaire version")


DEFAULT_STATES = frozenset({ResponseState.APPROVED.value})
NOT_SAID = "-"
"""In addresses and columns what a respondent did not say; the tallies have "" there."""


@dataclass(frozen=True)
class Filters:
    """Chosen categories by dimension, as text; a dimension that is not named is not filtered."""

    chosen: Mapping[Dimension, frozenset[str]] = field(default_factory=dict)
    states: frozenset[str] = DEFAULT_STATES

    def __bool__(self) -> bool:
        return bool(self.chosen) or self.states != DEFAULT_STATES

    def without(self, dimension: Dimension) -> "Filters":
        return replace(self, chosen={each: values for each, values in self.chosen.items() if each != dimension})

    def only(self, dimension: Dimension, values: Iterable[str]) -> "Filters":
        """Narrowed to these categories: what was chosen outside of them falls away."""
        wanted = frozenset(values)
        kept = self.chosen.get(dimension)
        return replace(self, chosen={**self.chosen, dimension: wanted if kept is None else kept & wanted})

    @property
    def asks_more_states(self) -> bool:
        """Approved answers and others: what is more than the approved ones is a rest to be protected."""
        return self.states > DEFAULT_STATES


def filters_of(**chosen: Any) -> Filters:
    """For callers in code: `filters_of(township=[3, 4], sex=["female"], states=["approved", "pending"])`."""
    states = frozenset(chosen.pop("states", None) or DEFAULT_STATES)
    picked = {Dimension(name): frozenset(_word(each) for each in values) for name, values in chosen.items() if values}
    return Filters(picked, states)


def _word(value: Any) -> str:
    return "" if value in (NOT_SAID, None) else str(value)
