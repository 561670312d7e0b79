"""The inbox's tabs: each a question that staff ask every morning, with how many cases answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.models import Application
from talentmap.casework.states import OPEN_STATES, State
from talentmap.ui.counts import count_together

# A bigger number says no more than "many", and costs the more the longer an office has been at work.
MOST_COUNTED = 99
OPEN = tuple(state for state in OPEN_STATES if state != State.DRAFT)


@dataclass(frozen=True)
class Tab:
    """`condition(user, today)` picks among the open cases; a tab without one is a queue or a place to search."""

    code: str
    label: Any
    icon: str
    condition: Callable[[Any, date], Q] | None = None


@dataclass(frozen=True)
class ShownTab:
    tab: Tab
    count: int | None
    current: bool

    @property
    def is_many(self) -> bool:
        return self.count is not None and self.count > MOST_COUNTED


def _in_state(state: State, icon: str, label: Any = "") -> Tab:
    return Tab(state.value, label or state.label, icon, lambda user, today: Q(state=state))


FIRST, EVERYTHING = "waiting", "all"
TABS: tuple[Tab, ...] = (
    Tab(FIRST, _("For me to decide"), "inbox"),
    Tab("mine", _("On my desk"), "person-workspace", lambda user, today: Q(handler=user, state__in=OPEN)),
    Tab("overdue", pgettext_lazy("tab", "Overdue"), "alarm-fill", lambda user, today: Q(due_on__lt=today)),
    _in_state(State.SUBMITTED, "send-fill"),
    _in_state(State.IN_REVIEW, "search"),
    _in_state(State.RETURNED, "arrow-return-left", pgettext_lazy("tab", "Returned")),
    _in_state(State.ON_NOTICE, "megaphone-fill"),
    _in_state(State.AWAITING_DECISION, "hourglass-split"),
    Tab(EVERYTHING, pgettext_lazy("tab", "All"), "collection"),
)
BY_CODE = {tab.code: tab for tab in TABS}


def shown_tabs(user: Any, today: date, current: str) -> list[ShownTab]:
    """Each tab with its count, in one query however many tabs there are."""
    counts = _counts(user, today)
    return [ShownTab(tab, counts.get(tab.code), tab.code == current) for tab in TABS]


def _counts(user: Any, today: date) -> dict[str, int]:
    """None is counted further than is shown, so that a tab costs the same in a busy office as in a small one."""
    reached = Application.objects.in_reach(user)
    asked = {tab.code: reached.filter(tab.condition(user, today)) for tab in TABS if tab.condition is not None}
    asked[FIRST] = Application.objects.waiting_for(user)
    return count_together(asked, MOST_COUNTED + 1)


def narrowed(code: str, user: Any, today: date) -> QuerySet:
    """The cases of one tab within the person's reach."""
    if code == FIRST:
        return Application.objects.waiting_for(user)
    reached, tab = Application.objects.in_reach(user), BY_CODE[code]
    return reached.filter(tab.condition(user, today)) if tab.condition else reached
