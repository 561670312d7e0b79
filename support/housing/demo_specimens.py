"""One case in every state and at every stage, whatever chance makes of the others: so that each desk has its work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.utils import timezone

from talentmap.casework import actions as casework
from talentmap.casework import registry
from talentmap.casework.models import Application
from talentmap.casework.rules import Assessment, add_working_days
from talentmap.casework.states import State
from talentmap.demo import names, people
from talentmap.demo.funds import DemoFund
from talentmap.demo.world import World
from talentmap.money import actions as money
from talentmap.people.models import Talent

RENT, PURCHASE = "housing_rent", "housing_purchase"
TO_THE_NOTICE = ("accept", "pass_on", "pass_on", "pass_on")


def _can_apply(assessment: Assessment) -> bool:
    return assessment.eligible and not assessment.to_fill_in


@dataclass(frozen=True)
class Path:
    """What happens to a case, a step a working day, and when it begins: working days before the end of the year."""

    goal: str
    begins: int
    steps: tuple[str, ...]
    scheme: str = RENT


# Ten working days lie between the acceptance and the end of the public notice.
PATHS = (
    Path(State.CLOSED, 235, (*TO_THE_NOTICE, "approve"), PURCHASE),
    Path(State.REVOKED, 150, (*TO_THE_NOTICE, "approve", "revoke")),
    Path(State.REJECTED, 90, ("accept", "pass_on", "reject"), PURCHASE),
    Path(State.REFUSED, 60, ("refuse",), PURCHASE),
    Path(State.WITHDRAWN, 40, ("withdraw",)),
    Path(State.APPROVED, 24, (*TO_THE_NOTICE, "approve")),
    Path(State.AWAITING_DECISION, 14, TO_THE_NOTICE),
    Path(State.ON_NOTICE, 7, TO_THE_NOTICE),
    Path("director", 6, TO_THE_NOTICE[:3]),
    Path("office", 5, TO_THE_NOTICE[:2], PURCHASE),
    Path("township", 4, TO_THE_NOTICE[:1]),
    Path(State.RETURNED, 4, ("send_back",), PURCHASE),
    Path(State.SUBMITTED, 2, ()),
    Path(State.DRAFT, 2, ()),
)


@dataclass
class Specimens:
    """`enter` starts a filled-in draft for a talent; chance leaves these people and their cases alone."""

    world: World
    fund: DemoFund
    enter: Callable[[str, Talent, datetime], Application]
    ids: set[int] = field(default_factory=set)

    def plan(self) -> None:
        for path, talent in zip(PATHS, self._people(), strict=False):
            self.world.kept.add(talent.pk)
            self.world.on(self._beginning(path), partial(self._begin, path, talent))

    def _beginning(self, path: Path) -> datetime:
        last = timezone.localdate(self.world.end)
        return self.world.at(add_working_days(last, -path.begins, self.world.calendar))

    def _people(self) -> list[Talent]:
        """The first on file, before the first path begins, who are eligible for either subsidy the whole year."""
        first = min(self._beginning(path) for path in PATHS)
        services = [registry.get(RENT), registry.get(PURCHASE)]
        return [
            talent
            for talent in self.world.talents[1 : people.FIRST_DAYS + 1]
            if talent.pk not in self.world.kept
            and talent.created_at < first
            and all(_can_apply(service.assess(talent, at=self.world.end)) for service in services)
        ][: len(PATHS)]

    def _begin(self, path: Path, talent: Talent, at: datetime) -> None:
        application = self.enter(path.scheme, talent, at)
        self.ids.add(application.pk)
        if path.goal == State.DRAFT:
            return
        casework.submit(by=self.world.applicant_or_counter(application), at=at, application=application)
        self._go_on(application, path.steps, at)

    def _go_on(self, application: Application, steps: tuple[str, ...], at: datetime) -> None:
        if steps:
            self.world.after(at, 1, lambda later: self._take(application, steps, later))

    def _take(self, application: Application, steps: tuple[str, ...], at: datetime) -> None:
        application.refresh_from_db()
        if application.state == State.ON_NOTICE:
            self._go_on(application, steps, at)
            return
        getattr(self, f"_{steps[0]}")(application, at)
        self._go_on(application, steps[1:], at)

    def _accept(self, application: Application, at: datetime) -> None:
        casework.accept(by=self.world.cadre_for(application), at=at, application=application)

    def _pass_on(self, application: Application, at: datetime) -> None:
        reviewers = {"township": self.world.cadre_for(application), "office": self.world.staff[0]}
        by = reviewers.get(application.stage, self.world.director)
        casework.pass_stage(by=by, at=at, application=application)

    def _approve(self, application: Application, at: datetime) -> None:
        """Where chance has spent the fund, the county adds what is missing."""
        try:
            casework.approve(by=self.world.director, at=at, application=application)
        except money.Shortfall as shortfall:
            self.fund.top_up(at, shortfall.missing, name=str(application))
            casework.approve(by=self.world.director, at=at, application=application)

    def _reject(self, application: Application, at: datetime) -> None:
        casework.reject(by=self.world.staff[1], at=at, application=application, reason=names.REJECT_REASONS[0])

    def _refuse(self, application: Application, at: datetime) -> None:
        by, reason = (
            self.world.cadre_for(application),
            "申请人提供的房屋不在本县范围内，不属于受理范围。",
        )
        casework.refuse(by=by, at=at, application=application, reason=reason)

    def _send_back(self, application: Application, at: datetime) -> None:
        by, items = (
            self.world.cadre_for(application),
            [casework.Item("certificate", names.RETURN_NOTES[1])],
        )
        casework.return_for_correction(by=by, at=at, application=application, items=items)

    def _withdraw(self, application: Application, at: datetime) -> None:
        casework.withdraw(by=self.world.applicant_or_counter(application), at=at, application=application)

    def _revoke(self, application: Application, at: datetime) -> None:
        reason = "经核查，申请人提交的合同系伪造。"
        casework.revoke(by=self.world.director, at=at, application=application, reason=reason)
