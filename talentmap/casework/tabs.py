"""The inbox's tabs: each a question that staff ask every morning, with how many cases answer it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.models import Application
from talentmap.casework.states import OPEN_STATES, State

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


def shown_tabs(user: Any, today: date, current: str, waiting: int | None = None) -> list[ShownTab]:
    """Each tab with its count, in one query however many tabs there are; `waiting` where it is known already."""
    counts = _counts(user, today, waiting)
    return [ShownTab(tab, counts.get(tab.code), tab.code == current) for tab in TABS]


def _counts(user: Any, today: date, waiting: int | None) -> dict[str, int]:
    """None is counted further than is shown, so that a tab costs the same in a busy office as in a small one."""
    opened = Application.objects.in_reach(user).filter(state__in=OPEN)
    counted = {tab.code: opened.filter(tab.condition(user, today)) for tab in TABS if tab.condition is not None}
    if waiting is None:
        counted[FIRST] = Application.objects.waiting_for(user)
    first, *others = (_some(cases, code) for code, cases in counted.items())
    found = Counter(row["tab"] for row in first.union(*others, all=True))
    return {code: found[code] for code in counted} | ({} if waiting is None else {FIRST: waiting})


def _some(cases: QuerySet, code: str) -> QuerySet:
    return cases.order_by().annotate(tab=Value(code)).values("tab")[: MOST_COUNTED + 1]


def narrowed(code: str, user: Any, today: date) -> QuerySet:
    """The cases of one tab within the person's reach."""
    if code == FIRST:
        return Application.objects.waiting_for(user)
    reached, tab = Application.objects.in_reach(user), BY_CODE[code]
    return reached.filter(tab.condition(user, today)) if tab.condition else reached
