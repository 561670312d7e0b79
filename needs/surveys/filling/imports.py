"""A device's queue as a file: read it, and enter each response as if the device had sent it."""

import base64
import binascii
import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from needs.surveys.filling import actions, wire
from needs.surveys.filling.refusals import Conflict, NotTaken, Reason
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.ui.errors import Refused

FORMAT = "talentmap-survey-queue"
MOST_RESPONSES = 500
MOST_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class Line:
    """What became of one response of the file."""

    number: int
    uuid: str
    title: str
    outcome: str
    reasons: tuple[str, ...] = ()


def read(content: bytes) -> list[dict[str, Any]]:
    """The responses of a queue file; raises Refused when it is none, or was changed or cut on its way."""
    try:
        found = json.loads(content)
        text, checksum, kind = found["responses"], found["sha256"], found["format"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused(_("This is no file of a device's survey queue.")) from error
    if kind != FORMAT or not isinstance(text, str):
        raise Refused(_("This is no file of a device's survey queue."))
    if hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() != checksum:
        raise Refused(_("The file was changed or cut on its way: its checksum is wrong. Export it again."))
    return _responses(text)


def _responses(text: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("This is no file of a device's survey queue.")) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(_("This is no file of a device's survey queue."))
    if len(rows) > MOST_RESPONSES:
        raise Refused(_("A file has at most %(most)s responses.") % {"most": MOST_RESPONSES})
    return rows


def enter(rows: list[dict[str, Any]], *, by: User, at: datetime) -> Iterator[Line]:
    """Each response by itself: one that is refused does not stop the others."""
    for number, row in enumerate(rows, start=1):
        key, title = str(row.get("uuid", ""))[:36], str(row.get("title", ""))[:120]
        try:
            taken = _enter(row, by=by, at=at)
        except NotTaken as refusal:
            yield Line(number, key, title, "refused", tuple(reason.text for reason in refusal.reasons))
        except Refused as refusal:
            yield Line(number, key, title, "refused", (str(refusal),))
        else:
            yield Line(number, key, title, "accepted" if taken.is_new else "known")


def _enter(row: dict[str, Any], *, by: User, at: datetime) -> actions.Taken:
    files = row.get("files") or []
    body = json.dumps(row.get("response"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    sent = wire.sent(wire.read(body))
    asked_by = _interviewer(sent.username, by)
    campaign = Campaign.objects.visible_to(by, Permission.FILL_SURVEYS).filter(pk=sent.campaign).first()
    for file in files if isinstance(files, list) and campaign else []:
        _keep_file(file, campaign=campaign, by=by, asked_by=asked_by, at=at)
    return actions.accept(by=by, at=at, sent=sent, interviewer=asked_by)


def _interviewer(username: str, by: User) -> User:
    """Who asked: only the office enters for another."""
    if username in ("", by.username):
        return by
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None or not by.may(Permission.REVIEW_RESPONSES):
        raise Conflict(Reason("other_interviewer", _("Another person asked this. They or the office enter it.")))
    return found


def _keep_file(file: Any, *, campaign: Any, by: User, asked_by: User, at: datetime) -> None:
    try:
        content = base64.b64decode(file["content"], validate=True)
        key, name = uuid.UUID(file["uuid"]), str(file["name"])[:120]
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise Refused(_("A picture or file in it cannot be read.")) from error
    upload = SimpleUploadedFile(name, content)
    actions.keep_file(by=by, at=at, campaign=campaign, key=key, upload=upload, interviewer=asked_by)
