"""Who may manage whom, what a fresh password or code looks like, and how long one holds. No database here."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from talentmap.accounts.permissions import MAY_GRANT, ROLE_LEVEL, ROLE_ORGANISATION, Role
from talentmap.accounts.reach import Reach

# Without what is read or dictated wrongly: 0 O o, 1 l I, and vowels that make words.
_LETTERS = "bcdfghjkmnpqrstvwxyzBCDFGHJKLMNPQRSTVWXYZ"
_DIGITS = "23456789"
_GROUPS, _GROUP_LENGTH = 3, 4


@dataclass(frozen=True)
class Held:
    """A role and where it is held; a talent's is held where the talent lives, which may be unknown."""

    role: str
    region_code: str = ""
    organisation_id: int | None = None


@dataclass(frozen=True)
class Grant:
    """Roles that somebody may give, and where."""

    roles: frozenset[str]
    reach: Reach

    def covers(self, held: Held) -> bool:
        inside = self.reach.everything or bool(held.region_code and self.reach.covers_code(held.region_code))
        return held.role in self.roles and inside


def grants_of(held: Iterable[tuple[str, Reach]]) -> tuple[Grant, ...]:
    """What each role of a person lets them give, each within its own reach."""
    return tuple(Grant(MAY_GRANT[role], reach) for role, reach in held if role in MAY_GRANT)


def may_give(grants: Sequence[Grant], held: Held) -> bool:
    return any(grant.covers(held) for grant in grants)


def may_manage(grants: Sequence[Grant], held: Sequence[Held]) -> bool:
    """Whether every role of an account could have been given: else a reset password would open more than one's own."""
    if not held:
        return any(grant.reach.everything for grant in grants)
    return all(may_give(grants, each) for each in held)


def place_fault(role: str, level: str, kind: str) -> str:
    """The field that is wrong, `region` or `organisation`, when `role` is to be held in such a place; "" when none is.

    `level` is the region's level, `kind` the organisation's kind; either is empty where there is none.
    """
    if level and ROLE_LEVEL.get(role, level) != level:
        return "region"
    return "organisation" if kind and kind not in ROLE_ORGANISATION.get(role, {kind}) else ""


def assignable(grants: Sequence[Grant]) -> list[str]:
    """Roles that somebody may give anywhere, in the order of the roles; talents get theirs with their file."""
    given = frozenset().union(*(grant.roles for grant in grants))
    return [role.value for role in Role if role in given and role != Role.TALENT]


def fresh_password() -> str:
    """Twelve characters in three groups, fit to be read over the counter; 10**17 possibilities and more."""
    letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP_LENGTH - 2)]
    for digit in (secrets.choice(_DIGITS), secrets.choice(_DIGITS)):
        letters.insert(secrets.randbelow(len(letters) + 1), digit)
    groups = [letters[start : start + _GROUP_LENGTH] for start in range(0, len(letters), _GROUP_LENGTH)]
    return "-".join("".join(group) for group in groups)


def fresh_username() -> str:
    """A user name for somebody who signs in by mobile number and never needs to know it."""
    return "u" + secrets.token_hex(8)


# A code by text message: long enough valid to be typed, too short to be guessed.
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
CODE_EVERY = timedelta(minutes=1)
CODES_A_DAY = 10


def fresh_code() -> str:
    """Six digits, each as likely as any other."""
    return f"{secrets.randbelow(10**6):06d}"


def may_send_code(last_at: datetime | None, sent_that_day: int, at: datetime) -> bool:
    """Whether a number to which the last code went at `last_at` gets another: one a minute, ten in 24 hours."""
    if last_at is None:
        return True
    return at - last_at >= CODE_EVERY and codes_of_day(last_at, sent_that_day, at) < CODES_A_DAY


def codes_of_day(last_at: datetime, sent_that_day: int, at: datetime) -> int:
    """How many of the codes counted up to `last_at` count at `at`: all, until none was sent for a day."""
    return sent_that_day if at - last_at < timedelta(days=1) else 0


def is_code_open(sent_at: datetime, tries: int, at: datetime) -> bool:
    """Whether a code sent at `sent_at` and tried `tries` times may be tried again."""
    return tries < CODE_TRIES and at - sent_at <= CODE_LIFE
