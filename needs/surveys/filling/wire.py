"""A response on the wire: from bytes that anybody may have sent to a record that is safe to work with."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from needs.surveys.filling.refusals import Malformed, Reason

MOST_BYTES = 1024 * 1024
DEEPEST = 12
LARGEST_ID = 2**63 - 1
CHANNELS = ("interview", "desk")
# The database keeps no NUL, and half of a surrogate pair is no letter.
_UNKEPT = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
EARLIEST, LATEST = 2000, 2100
_MISSING = object()


@dataclass(frozen=True)
class Sent:
    """What a device says about one response. `digest` is of all of it."""

    uuid: uuid.UUID
    campaign: int
    version: int
    township: int
    village: int | None
    device: str
    started_at: datetime
    finished_at: datetime
    language: str
    username: str
    answers: dict[str, Any]
    revises: int
    channel: str
    digest: str


def read_request(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that a request brings; a form's fields are none."""
    if request.content_type != "application/json":
        raise _malformed("not_json", _("A response is sent as application/json."))
    return read(request.body)


def read(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`; raises Malformed with what is wrong, never anything else."""
    if len(body) > MOST_BYTES:
        raise _malformed("too_large", _("A response has at most %(most)s KB.") % {"most": MOST_BYTES // 1024})
    try:
        found = json.loads(body, object_pairs_hook=_object, parse_constant=_refuse_constant)
        if not isinstance(found, dict):
            raise _malformed("not_an_object", _("A response is a JSON object."))
        _check_values(found, 0)
    except Malformed:
        raise
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # also what is no UTF-8, and a number of thousands of digits
        raise _malformed("not_json", _("This is not valid JSON.")) from error
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _malformed("duplicate_key", _("A name stands twice in the same object."))
    return found


def _refuse_constant(name: str) -> None:
    raise _malformed("not_a_number", _("%(value)s is no number.") % {"value": name})


def _check_values(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key)
            _check_values(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_values(inner, depth + 1)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise _malformed("not_a_number", _("A number is too large."))


def _check_text(text: str) -> None:
    if _UNKEPT.search(text):
        raise _malformed("bad_character", _("A text has a character that cannot be kept."))


def sent(found: dict[str, Any]) -> Sent:
    """What `read` gave, field by field; raises Malformed naming every field that is wrong."""
    faults: list[Reason] = []
    values = {name: _field(found, name, faults) for name in _FIELDS}
    if faults:
        raise Malformed(*faults)
    unknown = sorted(set(found) - set(_FIELDS))
    if unknown:
        raise _malformed("unknown_field", _("Unknown: %(names)s") % {"names": ", ".join(unknown)[:200]})
    return Sent(**values, digest=digest(found))


def digest(found: dict[str, Any]) -> str:
    plain = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _field(found: dict[str, Any], name: str, faults: list[Reason]) -> Any:
    parse, default = _FIELDS[name]
    given = found.get(name, default)
    try:
        if given is _MISSING:
            raise ValueError
        return parse(given)
    except (ValueError, TypeError, OverflowError):
        told = _("missing") if given is _MISSING else _("not what is expected there")
        faults.append(Reason("bad_field", f"{name}: {told}"))
    return None


def _uuid(value: Any) -> uuid.UUID:
    return uuid.UUID(_text(value, 36))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ID:
        raise ValueError
    return value


def _whole_or_none(value: Any) -> int | None:
    return None if value is None else _whole(value)


def _revises(value: Any) -> int:
    return 0 if value is None else min(_whole(value), 2**31 - 1)


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError
    return value


def _moment(value: Any) -> datetime:
    parsed = parse_datetime(_text(value, 40))
    if parsed is None or timezone.is_naive(parsed) or not EARLIEST <= parsed.year < LATEST:
        raise ValueError
    return parsed


def _answers(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _channel(value: Any) -> str:
    if value not in CHANNELS:
        raise ValueError
    return str(value)


_FIELDS: dict[str, tuple[Any, Any]] = {
    "uuid": (_uuid, _MISSING),
    "campaign": (_whole, _MISSING),
    "version": (_whole, _MISSING),
    "township": (_whole, _MISSING),
    "village": (_whole_or_none, None),
    "device": (lambda value: _text(value, 64), ""),
    "started_at": (_moment, _MISSING),
    "finished_at": (_moment, _MISSING),
    "language": (lambda value: _text(value, 40), ""),
    "username": (lambda value: _text(value, 150), ""),
    "answers": (_answers, _MISSING),
    "revises": (_revises, None),
    "channel": (_channel, "interview"),
}


def _malformed(code: str, text: str) -> Malformed:
    return Malformed(Reason(code, text))


def _too_deep() -> Malformed:
    return _malformed("too_deep", _("Lists and objects are nested deeper than any questionnaire."))


def files_in(value: Any, path: str = "") -> Iterable[tuple[str, str]]:
    """(path, id) of every file that answers name."""
    if isinstance(value, dict):
        if "file" in value and set(value) <= {"file", "name"}:
            yield path, str(value["file"])
            return
        for key, inner in value.items():
            yield from files_in(inner, f"{path}/{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value, start=1):
            yield from files_in(inner, f"{path}[{index}]")
