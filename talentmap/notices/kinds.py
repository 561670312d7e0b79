"""The kinds of notices and their words.

An area declares its kinds in its own `kinds.py` and imports it from its `actions.py`:

    CASE_RETURNED = register(
        NoticeKind(
            code="case_returned",
            group=Group.CASES,
            subject=_("Please complete application %(number)s"),
            text=_("Application %(number)s needs %(count)s corrections by you. …"),
            channels=("email", "sms"),
        )
    )

A notice leaves the platform over wires that others read. So its words may only hold what `SAFE_WORDS` names: never
a person's name, an amount, an identifier, a condition or a reason. Those stay behind the link and its sign-in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

SAFE_WORDS = frozenset(
    {"number", "service", "count", "days", "day", "date", "year", "month", "quarter", "fund", "batch", "place"}
)


class Group(TextChoices):
    """What a person chooses channels for."""

    CASES = "cases", _("My applications")
    WORK = "work", _("Work that waits for me")
    MONEY = "money", _("Payments")
    ACCOUNT = "account", _("Account and security")


# Nobody can turn off being told that their own account was changed.
ALWAYS_SENT = frozenset({Group.ACCOUNT})


@dataclass(frozen=True)
class NoticeKind:
    """Words with `%(name)s` placeholders, and the channels used unless a person prefers otherwise.

    `words` may turn stored parameters into readable ones when the notice is rendered, such as a scheme's code
    into its title in the reader's language. `even_closed` sends to who can no longer sign in: that they cannot.
    """

    code: str
    group: Group
    subject: Words
    text: Words
    channels: tuple[str, ...] = ("email",)
    words: Any = None
    even_closed: bool = False

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(re.findall(r"%\((\w+)\)", f"{self.subject} {self.text}"))

    def render_subject(self, params: Mapping[str, Any]) -> str:
        return self._render(self.subject, params)

    def render_text(self, params: Mapping[str, Any]) -> str:
        return self._render(self.text, params)

    def _render(self, template: Words, params: Mapping[str, Any]) -> str:
        known = {**dict.fromkeys(self.placeholders, ""), **params}
        return str(template) % (self.words(known) if self.words else known)


# A notice of a kind that a later release no longer knows still opens.
UNKNOWN = NoticeKind("unknown", Group.CASES, _("Notice"), _("Please open the link for details."), ())

_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> NoticeKind:
    """Add `kind`; refuses a second one of the same code and words that could tell a secret."""
    if kind.code in _kinds and _kinds[kind.code] != kind:
        raise ValueError(f"notice kind {kind.code} is registered twice")
    if unsafe := kind.placeholders - SAFE_WORDS:
        raise ValueError(f"notice kind {kind.code} would send {', '.join(sorted(unsafe))} over open wires")
    _kinds[kind.code] = kind
    return kind


def get(code: str) -> NoticeKind:
    return _kinds.get(code, UNKNOWN)


def registered() -> tuple[NoticeKind, ...]:
    return tuple(_kinds.values())
