"""The states of an application and the one table of its moves. Start here to see where an application travels."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission


class State(TextChoices):
    """The labels are the office's words; `APPLICANT_LABELS` has those that the applicant reads."""

    DRAFT = "draft", pgettext_lazy("application", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "To be accepted")
    RETURNED = "returned", pgettext_lazy("application", "Returned for correction")
    REFUSED = "refused", pgettext_lazy("application", "Not accepted")
    IN_REVIEW = "in_review", pgettext_lazy("application", "In review")
    ON_NOTICE = "on_notice", pgettext_lazy("application", "On public notice")
    AWAITING_DECISION = "awaiting_decision", pgettext_lazy("application", "Awaiting decision")
    APPROVED = "approved", pgettext_lazy("application", "Approved")
    REJECTED = "rejected", pgettext_lazy("application", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")
    REVOKED = "revoked", pgettext_lazy("application", "Revoked")
    CLOSED = "closed", pgettext_lazy("application", "Closed")


# The applicant is not told about the office's inner steps, only about what they must do or may expect.
APPLICANT_LABELS: dict[str, Promise] = {
    State.DRAFT: pgettext_lazy("applicant", "Not sent yet"),
    State.SUBMITTED: pgettext_lazy("applicant", "Sent, being checked"),
    State.RETURNED: pgettext_lazy("applicant", "Please correct"),
    State.REFUSED: pgettext_lazy("applicant", "Not accepted"),
    State.IN_REVIEW: pgettext_lazy("applicant", "Accepted, in review"),
    State.ON_NOTICE: pgettext_lazy("applicant", "On public notice"),
    State.AWAITING_DECISION: pgettext_lazy("applicant", "Accepted, being decided"),
    State.APPROVED: pgettext_lazy("applicant", "Approved"),
    State.REJECTED: pgettext_lazy("applicant", "Not approved"),
    State.WITHDRAWN: pgettext_lazy("applicant", "Withdrawn by you"),
    State.REVOKED: pgettext_lazy("applicant", "Revoked"),
    State.CLOSED: pgettext_lazy("applicant", "Completed"),
}

OPEN_STATES = (
    State.DRAFT,
    State.SUBMITTED,
    State.RETURNED,
    State.IN_REVIEW,
    State.ON_NOTICE,
    State.AWAITING_DECISION,
)
EDITABLE_STATES = (State.DRAFT, State.RETURNED)
RATEABLE_STATES = (State.REFUSED, State.REJECTED, State.APPROVED, State.CLOSED)


class Action(TextChoices):
    SUBMIT = "submit", pgettext_lazy("action", "Submit")
    RESUBMIT = "resubmit", pgettext_lazy("action", "Submit again")
    WITHDRAW = "withdraw", pgettext_lazy("action", "Withdraw")
    ACCEPT = "accept", pgettext_lazy("action", "Accept")
    REFUSE = "refuse", pgettext_lazy("action", "Refuse to accept")
    RETURN = "return", pgettext_lazy("action", "Return for correction")
    PASS_STAGE = "pass_stage", pgettext_lazy("action", "Pass the review")
    REJECT = "reject", pgettext_lazy("action", "Reject")
    END_NOTICE = "end_notice", pgettext_lazy("action", "End the public notice")
    APPROVE = "approve", pgettext_lazy("action", "Approve")
    REVOKE = "revoke", pgettext_lazy("action", "Revoke")
    CLOSE = "close", pgettext_lazy("action", "Close")
    REOPEN = "reopen", pgettext_lazy("action", "Reopen")
    REASSIGN = "reassign", pgettext_lazy("action", "Reassign")
    TAKE = "take", pgettext_lazy("action", "Take")


# One person may record such decisions on one stage of an application only: separation of duties.
REVIEW_ACTIONS = (Action.PASS_STAGE, Action.APPROVE, Action.REJECT)
REASON_REQUIRED = (Action.REFUSE, Action.REJECT, Action.REVOKE)
# What the history does not show to the applicant: the office's own business.
INNER_ACTIONS = (Action.REASSIGN, Action.TAKE, Action.PASS_STAGE, Action.END_NOTICE)
APPLICANT_SEES = tuple(a for a in Action if a not in INNER_ACTIONS)


class Who(StrEnum):
    """Who may make a move where no fixed permission says it."""

    APPLICANT = "applicant"  # the person, or counter staff for an application entered at the counter
    STAGE = "stage"  # who holds the permission of the stage that the application is in
    TURN = "turn"  # whoever can decide the next step, while the case is on nobody's desk
    SERVICE = "service"  # the service's own effect has come to its end: staff who may end it, or a sweep
    SYSTEM = "system"  # a sweep only


@dataclass(frozen=True)
class Move:
    source: State
    action: Action
    target: State
    who: Permission | Who


S, A, P = State, Action, Permission

TRANSITIONS: tuple[Move, ...] = (
    Move(S.DRAFT, A.SUBMIT, S.SUBMITTED, Who.APPLICANT),
    Move(S.RETURNED, A.RESUBMIT, S.SUBMITTED, Who.APPLICANT),
    Move(S.RETURNED, A.RESUBMIT, S.IN_REVIEW, Who.APPLICANT),
    Move(S.RETURNED, A.RESUBMIT, S.AWAITING_DECISION, Who.APPLICANT),
    *(Move(state, A.WITHDRAW, S.WITHDRAWN, Who.APPLICANT) for state in OPEN_STATES),
    Move(S.SUBMITTED, A.ACCEPT, S.IN_REVIEW, P.ACCEPT_CASE),
    Move(S.SUBMITTED, A.REFUSE, S.REFUSED, P.ACCEPT_CASE),
    Move(S.SUBMITTED, A.RETURN, S.RETURNED, P.ACCEPT_CASE),
    Move(S.RETURNED, A.REFUSE, S.REFUSED, P.ACCEPT_CASE),
    Move(S.RETURNED, A.REJECT, S.REJECTED, Who.STAGE),
    Move(S.IN_REVIEW, A.RETURN, S.RETURNED, Who.STAGE),
    Move(S.IN_REVIEW, A.REJECT, S.REJECTED, Who.STAGE),
    Move(S.IN_REVIEW, A.APPROVE, S.APPROVED, Who.STAGE),  # where the last stage decides
    Move(S.IN_REVIEW, A.PASS_STAGE, S.IN_REVIEW, Who.STAGE),
    Move(S.IN_REVIEW, A.PASS_STAGE, S.ON_NOTICE, Who.STAGE),
    Move(S.IN_REVIEW, A.PASS_STAGE, S.AWAITING_DECISION, Who.STAGE),
    Move(S.ON_NOTICE, A.END_NOTICE, S.AWAITING_DECISION, Who.SYSTEM),
    Move(S.ON_NOTICE, A.REJECT, S.REJECTED, P.APPROVE),
    Move(S.AWAITING_DECISION, A.RETURN, S.RETURNED, P.APPROVE),
    Move(S.AWAITING_DECISION, A.APPROVE, S.APPROVED, P.APPROVE),
    Move(S.AWAITING_DECISION, A.REJECT, S.REJECTED, P.APPROVE),
    Move(S.APPROVED, A.CLOSE, S.CLOSED, Who.SERVICE),
    Move(S.CLOSED, A.REOPEN, S.APPROVED, Who.SYSTEM),  # what had come to its end goes on
    Move(S.APPROVED, A.REVOKE, S.REVOKED, P.REVOKE_ENTITLEMENT),
    Move(S.CLOSED, A.REVOKE, S.REVOKED, P.REVOKE_ENTITLEMENT),
    *(
        Move(state, A.REASSIGN, state, P.REASSIGN)
        for state in (S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.ON_NOTICE, S.AWAITING_DECISION)
    ),
    *(Move(state, A.TAKE, state, Who.TURN) for state in (S.SUBMITTED, S.IN_REVIEW, S.AWAITING_DECISION)),
)


def moves(source: str, action: str | None = None) -> tuple[Move, ...]:
    """The table's rows that lead out of `source`, optionally by one action only."""
    return tuple(m for m in TRANSITIONS if m.source == source and action in (None, m.action))


def staff_label(state: str) -> Promise | str:
    return State(state).label


def applicant_label(state: str) -> Promise | str:
    return APPLICANT_LABELS[state]
