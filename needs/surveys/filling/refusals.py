"""The three ways in which a response is not taken, as the device is told them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from talentmap.ui.errors import Refused


@dataclass(frozen=True)
class Reason:
    """`code` is for the device, `text` for the person who holds it."""

    code: str
    text: str


class NotTaken(Refused):
    """What was sent stays on the device with `reasons`."""

    status = HTTPStatus.CONFLICT

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(" ".join(reason.text for reason in reasons))
        self.reasons = reasons

    def body(self) -> dict[str, Any]:
        return {"reasons": [asdict(reason) for reason in self.reasons]}


class Malformed(NotTaken):
    """It is no response at all, whatever it says."""

    status = HTTPStatus.BAD_REQUEST


class Conflict(NotTaken):
    """Another response has this id, or the campaign does not take it."""


class Mistaken(NotTaken):
    """Answers that the questionnaire does not allow, each with its place."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, mistakes: Sequence[Any]) -> None:
        super().__init__(*(Reason(mistake.code, mistake.text) for mistake in mistakes))
        self.mistakes = tuple(mistakes)

    def body(self) -> dict[str, Any]:
        return {
            "mistakes": [{"path": each.path, "code": each.code, "text": str(each.text)} for each in self.mistakes],
            **super().body(),
        }
