"""How a state looks: a tone and an icon beside its word, the same for every list and page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    tone: str
    icon: str


NEUTRAL = Look("neutral", "circle")
RUNNING = Look("info", "arrow-right-circle")
WAITING = Look("wait", "hourglass-split")
GOOD = Look("good", "check-circle-fill")
BAD = Look("bad", "x-circle-fill")
OVER = Look("over", "dash-circle")

LOOKS: dict[str, Look] = {
    # applications
    "draft": Look("neutral", "pencil"),
    "submitted": Look("info", "send-fill"),
    "returned": Look("wait", "arrow-return-left"),
    "refused": BAD,
    "in_review": Look("info", "search"),
    "on_notice": Look("info", "megaphone-fill"),
    "awaiting_decision": Look("wait", "hourglass-split"),
    "approved": GOOD,
    "rejected": BAD,
    "withdrawn": OVER,
    "revoked": Look("bad", "slash-circle"),
    "closed": Look("over", "archive-fill"),
    # conditions
    "met": GOOD,
    "not_met": BAD,
    "unknown": Look("neutral", "question-circle"),
    "warn": Look("wait", "exclamation-triangle-fill"),
    # money
    "due": Look("wait", "clock"),
    "batched": Look("info", "collection"),
    "prepared": Look("wait", "person-check"),
    "released": Look("info", "send-check-fill"),
    "settled": GOOD,
    "paid": GOOD,
    "failed": BAD,
    "cancelled": OVER,
    "recovered": GOOD,
    "written_off": OVER,
    # entitlements, accounts, requests, messages
    "active": GOOD,
    "inactive": OVER,
    "ended": OVER,
    "pending": WAITING,
    "open": WAITING,
    "done": GOOD,
    "upheld": BAD,
    "dismissed": OVER,
    "sending": RUNNING,
    "sent": GOOD,
    "skipped": OVER,
    # files and messages made in the background
    "waiting": WAITING,
    "running": RUNNING,
    "ready": GOOD,
    "expired": OVER,
    "delivered": GOOD,
    "given_up": BAD,
    # mentoring
    "applied": WAITING,
    "invited": Look("neutral", "envelope"),
    "verified": GOOD,
    "left": OVER,
    "accepted": GOOD,
    "declined": BAD,
    "lapsed": Look("over", "alarm"),
    "completed": GOOD,
    "planned": Look("info", "calendar-event"),
    "logged": WAITING,
    "confirmed": GOOD,
    "discarded": OVER,
    "asked": RUNNING,
    "left_out": OVER,
    "not_possible": BAD,
    "excellent": Look("good", "star-fill"),
    "qualified": Look("good", "check-circle"),
    "unqualified": BAD,
    # deadlines
    "in_time": Look("neutral", "clock"),
    "near": Look("wait", "clock-history"),
    "overdue": Look("bad", "alarm-fill"),
    "paused": Look("neutral", "pause-circle"),
}


def look(state: object) -> Look:
    """The look of a state's code; an unknown one is neutral rather than wrong."""
    return LOOKS.get(str(getattr(state, "value", state)).lower(), NEUTRAL)
