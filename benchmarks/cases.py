"""What a case of a busy office looks like: its state, its dates, and the steps that led there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from talentmap.accounts.models import User
from talentmap.casework.models import Application, Transition
from talentmap.casework.states import Action as A
from talentmap.casework.states import State as S

YEAR_MINUTES = 525_600
OPEN_DAYS = 30  # so old is the oldest open case; what is over its deadline is overdue
DECIDE_DAYS, STAGE_DAYS, ACCEPT_DAYS = 28, 7, 7
STAGES = ("township", "office", "director")
RETURNED_ONCE = 0.12
# Shares of a hundred cases: a year's work, an eighth of it still open.
SHARES: dict[tuple[str, str], int] = {
    (S.CLOSED, ""): 68,
    (S.APPROVED, ""): 13,
    (S.REJECTED, ""): 3,
    (S.WITHDRAWN, ""): 2,
    (S.REFUSED, ""): 1,
    (S.REVOKED, ""): 1,
    (S.SUBMITTED, ""): 3,
    (S.RETURNED, ""): 1,
    (S.IN_REVIEW, "township"): 2,
    (S.IN_REVIEW, "office"): 2,
    (S.IN_REVIEW, "director"): 1,
    (S.ON_NOTICE, "director"): 2,
    (S.AWAITING_DECISION, "director"): 1,
}
HUNDRED = [each for each, share in SHARES.items() for _case in range(share)]
GRANTED = (S.APPROVED, S.CLOSED, S.REVOKED)
OPEN = (S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.ON_NOTICE, S.AWAITING_DECISION)


@dataclass(frozen=True)
class Desks:
    """Who works on the cases: a cadre in each township (by the first nine digits of its code), staff, the director."""

    cadres: dict[str, User]
    staff: list[User]
    director: User
    system: User

    def at(self, stage: str, code: str, serial: int) -> User:
        if stage == "office":
            return self.staff[serial % len(self.staff)]
        return self.director if stage == "director" else self.cadres[code[:9]]


def application(rng: Random, serial: int, applicant: Any, desks: Desks) -> Application:
    """One case of the year, its region the applicant's."""
    state, stage = HUNDRED[serial * 37 % 100]  # mixed, and every hundred has its shares
    at = timezone.now() - timedelta(minutes=rng.randrange(60, OPEN_DAYS * 1440 if state in OPEN else YEAR_MINUTES))
    made = Application(
        scheme="housing_rent" if serial % 7 else "housing_purchase",
        number=f"ZF-2026-{serial:06d}",
        applicant=applicant,
        region=applicant.region,
        state=state,
        stage=stage,
        round=1,
        created_at=at,
        submitted_at=at,
        accept_days=5,
        accept_due_on=_day(at, ACCEPT_DAYS),
        version=1,
    )
    if state not in (S.SUBMITTED, S.RETURNED, S.REFUSED, S.WITHDRAWN):
        _accept(made, at)
    if state in OPEN and rng.random() < 0.6:
        made.handler = desks.at(stage, applicant.region.code, serial)
    return made


def _accept(case: Application, at: datetime) -> None:
    case.accepted_at = at + timedelta(days=1)
    case.promised_days, case.notice_days = 20, 5
    case.stage_days = dict.fromkeys(STAGES, 5)
    case.decide_due_on = _day(at, DECIDE_DAYS)
    case.stage_due_on = _day(at, STAGE_DAYS * (STAGES.index(case.stage) + 1)) if case.state == S.IN_REVIEW else None
    if case.state == S.ON_NOTICE:
        case.notice_from, case.notice_until = _day(at, 5), _day(at, 12)
        case.paused_at, case.remaining_days = at + timedelta(days=5), 15
    if case.state not in OPEN:
        case.decided_at = at + timedelta(days=20 if case.state != S.REJECTED else 4)
        case.decision_reason = "经核实不符合条件。" if case.state in (S.REJECTED, S.REVOKED) else ""
    if case.state == S.CLOSED:
        case.closed_at = at + timedelta(days=40)


def finish(case: Application) -> Application:
    """What a refused case has without having been accepted."""
    if case.state == S.REFUSED and case.submitted_at:
        case.decided_at, case.decision_reason = case.submitted_at + timedelta(days=1), "不属于受理范围。"
    return case


def steps(rng: Random, case: Application, desks: Desks, serial: int) -> Iterator[Transition]:
    """The case's history: two to ten steps, eight for one that ran its course."""
    code, at = case.region.code, case.submitted_at or case.created_at
    for place, (action, source, target, stage) in enumerate(_path(case, returned=rng.random() < RETURNED_ONCE)):
        by = desks.system if action in (A.END_NOTICE, A.CLOSE) else desks.at(stage, code, serial)
        yield Transition(
            application=case,
            action=action,
            from_state=source,
            to_state=target,
            stage=stage,
            by=by,
            at=at + timedelta(days=place),
            reason="按规定办理。" if action in (A.REJECT, A.REFUSE, A.REVOKE) else "",
        )


def _path(case: Application, *, returned: bool) -> Iterator[tuple[str, str, str, str]]:
    yield A.SUBMIT, S.DRAFT, S.SUBMITTED, ""
    if returned or case.state == S.RETURNED:
        yield A.RETURN, S.SUBMITTED, S.RETURNED, ""
        if case.state == S.RETURNED:
            return
        yield A.RESUBMIT, S.RETURNED, S.SUBMITTED, ""
    short = {S.WITHDRAWN: A.WITHDRAW, S.REFUSED: A.REFUSE}.get(S(case.state))
    if short:
        yield short, S.SUBMITTED, case.state, ""
    elif case.state != S.SUBMITTED:
        yield A.ACCEPT, S.SUBMITTED, S.IN_REVIEW, ""
        yield from _reviewed(case)


def _reviewed(case: Application) -> Iterator[tuple[str, str, str, str]]:
    if case.state == S.REJECTED:
        yield A.PASS_STAGE, S.IN_REVIEW, S.IN_REVIEW, "township"
        yield A.REJECT, S.IN_REVIEW, S.REJECTED, "office"
        return
    passed = STAGES.index(case.stage) if case.state == S.IN_REVIEW else len(STAGES)
    for stage in STAGES[:passed]:
        yield A.PASS_STAGE, S.IN_REVIEW, S.ON_NOTICE if stage == STAGES[-1] else S.IN_REVIEW, stage
    if case.state in (S.AWAITING_DECISION, *GRANTED):
        yield A.END_NOTICE, S.ON_NOTICE, S.AWAITING_DECISION, "director"
    if case.state in GRANTED:
        yield A.APPROVE, S.AWAITING_DECISION, S.APPROVED, "director"
    if case.state in (S.CLOSED, S.REVOKED):
        action = A.CLOSE if case.state == S.CLOSED else A.REVOKE
        yield action, S.APPROVED, case.state, "director"


def _day(at: datetime, later: int) -> Any:
    return timezone.localdate(at) + timedelta(days=later)
