"""The interviewers' board: who has brought in what, how fast, and when last."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet

from needs.surveys.campaigns.models import Assignment, Campaign
from needs.surveys.columns import ResponseState
from needs.surveys.responses.models import Response
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass
class BoardRow:
    """`interviewer` of None stands for all who answered by themselves, through a link."""

    interviewer: User | None
    approved: int = 0
    pending: int = 0
    returned: int = 0
    rejected: int = 0
    flagged: int = 0
    median: timedelta | None = None
    last: datetime | None = None
    target: int = 0
    places: list[Region] = field(default_factory=list)

    @property
    def name_key(self) -> str:
        return self.interviewer.name_sort_key if self.interviewer else "\uffff"

    @property
    def collected(self) -> int:
        return self.approved + self.pending

    @property
    def minutes(self) -> float | None:
        return round(self.median.total_seconds() / 60, 1) if self.median is not None else None


SORTS: dict[str, Any] = {
    "name": lambda row: row.name_key,
    "target": lambda row: row.target,
    "approved": lambda row: row.approved,
    "pending": lambda row: row.pending,
    "returned": lambda row: row.returned,
    "rejected": lambda row: row.rejected,
    "flagged": lambda row: row.flagged,
    "minutes": lambda row: row.minutes if row.minutes is not None else -1,
    "last": lambda row: row.last.timestamp() if row.last else 0,
}


def board_of(campaign: Campaign, user: Any) -> list[BoardRow]:
    """Within the person's townships, and their own work wherever it was; in three queries."""
    reach = user.reach(P.VIEW_SURVEYS)
    answers = Response.objects.filter(reach.q(region="township") | Q(interviewer=user), campaign=campaign)
    assigned = Assignment.objects.filter(reach.q(region="region") | Q(interviewer=user), campaign=campaign)
    places = assigned.select_related("interviewer", "region__parent").order_by("region__code")
    counts = {found.pop("interviewer"): found for found in _counts(answers)}
    people = {row.interviewer_id: row.interviewer for row in places}
    people |= User.objects.in_bulk([pk for pk in counts if pk is not None and pk not in people])
    rows = {pk: BoardRow(person, **counts.get(pk, {})) for pk, person in people.items()}
    _add_places(rows, places)
    alone = [BoardRow(None, **counts[None])] if None in counts else []
    return [*rows.values(), *alone]


def _counts(answers: QuerySet[Response]) -> QuerySet[Any, Any]:
    taken = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    states = {state.value: Count("pk", filter=Q(state=state)) for state in ResponseState}
    flagged = Count("pk", filter=~Q(flags=[]))
    return (
        answers.order_by()
        .values("interviewer")
        .annotate(**states, flagged=flagged, median=Median(taken), last=Max("received_at"))
    )


def _add_places(rows: dict[int, BoardRow], places: Iterable[Assignment]) -> None:
    """Ended assignments keep their row, but neither place nor target."""
    for assignment in places:
        if assignment.ended_at is None:
            row = rows[assignment.interviewer_id]
            row.places.append(assignment.region)
            row.target += assignment.target or 0


def in_order(rows: list[BoardRow], sort: str) -> list[BoardRow]:
    """By the column named, "-" first for downwards; names settle ties."""
    key = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    by_name = sorted(rows, key=SORTS["name"])
    return sorted(by_name, key=key, reverse=sort.startswith("-"))
