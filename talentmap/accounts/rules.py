"""Who may manage whom, and what a fresh password looks like. No database here."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from talentmap.accounts.permissions import MAY_GRANT, Role
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
