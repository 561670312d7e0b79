"""Cuts an expression into tokens."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from needs.surveys.expressions.errors import ExpressionError

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<string>'[^']*'|"[^"]*")
    | (?P<ref>\$\{[^}]*\})
    | (?P<up>\.\.(?:\s*/\s*\.\.)*)
    | (?P<self>\.)
    | (?P<operator>!=|<=|>=|[=<>+\-*(),])
    | (?P<name>[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    position: int


def tokens_of(text: str) -> list[Token]:
    """Raise ExpressionError at the first character that begins nothing."""
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _unreadable(text, at)
        found.append(Token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup) + 1))
        at = match.end()
    return found


def _unreadable(text: str, at: int) -> ExpressionError:
    while text[at].isspace():
        at += 1
    rest = text[at:]
    message: Any = _("“%(character)s” is not understood here.") % {"character": rest[0]}
    if rest[0] in "'\"":
        message = _("The quotation mark is not closed.")
    elif rest.startswith("${"):
        message = _("“${” is not closed by “}”.")
    elif rest[0] in "“”‘’":
        message = _("Write straight quotation marks (' or \") instead of curly ones.")
    elif rest[0] in "/[]|@":
        message = _("Paths and conditions in brackets are not supported: refer to a question by ${name}.")
    return ExpressionError("unreadable", message, at + 1)
