"""Which way a review may go: the one table of (from, to)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import ResponseState as S

MOVES: Mapping[str, tuple[S, ...]] = {
    S.PENDING: (S.APPROVED, S.RETURNED, S.REJECTED),
    S.RETURNED: (S.REJECTED, S.PENDING),
    S.APPROVED: (S.PENDING,),
    S.REJECTED: (S.PENDING,),
}
BULK = (S.APPROVED, S.REJECTED)


@dataclass(frozen=True)
class Choice:
    """One thing that a reviewer may decide. `effect` says beforehand what happens then."""

    to: S
    label: Any
    icon: str
    effect: Any
    needs_comment: bool = True
    danger: bool = False


APPROVE = Choice(
    S.APPROVED,
    pgettext_lazy("survey response", "Approve"),
    "check2-circle",
    _("It counts towards the quota and in the results."),
    needs_comment=False,
)
RETURN = Choice(
    S.RETURNED,
    pgettext_lazy("survey response", "Return"),
    "arrow-return-left",
    _("The interviewer is told, reads your comment and corrects the answers."),
)
REJECT = Choice(
    S.REJECTED,
    pgettext_lazy("survey response", "Reject"),
    "x-circle",
    _("It counts nowhere any more; the answers are kept."),
    danger=True,
)
TAKE_BACK = Choice(
    S.PENDING,
    pgettext_lazy("survey response", "Take back"),
    "arrow-counterclockwise",
    _("It waits for a decision again."),
)
CHOICES: Mapping[str, Choice] = {choice.to: choice for choice in (APPROVE, RETURN, REJECT, TAKE_BACK)}


def may_move(source: str, target: str) -> bool:
    return target in MOVES.get(source, ())


def choices_from(state: str, *, has_interviewer: bool) -> list[Choice]:
    """What may be decided in this state; what nobody can correct is not returned."""
    return [CHOICES[target] for target in MOVES[state] if target != S.RETURNED or has_interviewer]
