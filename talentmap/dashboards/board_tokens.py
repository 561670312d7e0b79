"""What lets an open board ask for its figures after its reader's session is over: for these figures and nothing else.

A token is signed, not stored. It names the reader, the place and the period, and is void with whatever would end the
reader's sessions; what the reader may see is looked up anew each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.dashboards.scope import Scope

SALT = "talentmap.dashboards.board"
SECONDS_A_DAY = 24 * 3600


class NoMore(Exception):
    """The token opens nothing: `why` is `expired` for an old one, `ended` for every other."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Told:
    """Who reads, what the page was opened with, and the code of the township that came of it."""

    reader: User
    query: dict[str, str]
    place: str


def issue(reader: User, query: Mapping[str, str], scope: Scope) -> str:
    told = {"reader": reader.pk, "bound": _bound(reader), "query": dict(query), "place": _code(scope)}
    return signing.dumps(told, salt=SALT, compress=True)


def read(token: str) -> Told:
    """Raises NoMore."""
    try:
        told = signing.loads(token, salt=SALT, max_age=settings.BOARD_DAYS * SECONDS_A_DAY)
    except signing.SignatureExpired:
        raise NoMore("expired") from None
    except signing.BadSignature:
        raise NoMore("ended") from None
    reader = User.objects.people().filter(pk=told["reader"], is_active=True).first()
    if reader is None or not constant_time_compare(told["bound"], _bound(reader)) or not _may_read(reader):
        raise NoMore("ended")
    return Told(reader, told["query"], told["place"])


def check_place(told: Told, scope: Scope) -> None:
    """A township that is out of reach or gone would be answered with all that is within. Raises NoMore."""
    if _code(scope) != told.place:
        raise NoMore("ended")


def _code(scope: Scope) -> str:
    return scope.region.code if scope.region else ""


def _bound(reader: User) -> str:
    """Another one after a change of password, second factor or roles."""
    held = sorted((each.role, each.region_code or "", each.organisation_id or 0) for each in reader.roles_held)
    known = (reader.get_session_auth_hash(), str(reader.second_factor_since), reader.is_superuser, held)
    return str(salted_hmac(SALT, repr(known), algorithm="sha256").hexdigest())


def _may_read(reader: User) -> bool:
    """Nothing is owed that would keep a session at the door."""
    owes = reader.must_change_password or (reader.needs_second_factor and not reader.second_factor_since)
    return reader.may(Permission.VIEW_DASHBOARDS) and not owes
