"""Pictures and files of a response: sent before it, each under the id that its device gave it; safe to send twice."""

import uuid
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from needs.surveys.filling.refusals import Conflict, Malformed, Mistaken, Reason
from needs.surveys.filling.wire import files_in
from needs.surveys.responses.models import Response, ResponseFile
from talentmap.casework.documents import checked, safe_name
from talentmap.ui.errors import Refused

MOST_A_RESPONSE = 40


def keep(*, campaign_id: int, key: uuid.UUID, upload: UploadedFile, by: Any, at: datetime) -> tuple[ResponseFile, bool]:
    """(the row, whether it is new); raises Malformed for no file of a kind that is taken, Conflict for another
    under `key`."""
    try:
        ready = checked(upload, recordings=True)
    except Refused as refusal:
        raise Malformed(Reason("bad_file", str(refusal))) from refusal
    if found := _found(key, campaign_id, ready.sha256, by):
        return found, False
    saved = default_storage.save(f"surveys/{at:%Y/%m}/{uuid.uuid4().hex}.{ready.extension}", ContentFile(ready.content))
    try:
        with transaction.atomic():
            row = ResponseFile.objects.create(
                uuid=key,
                campaign_id=campaign_id,
                file=saved,
                name=safe_name(upload.name or "", ready.extension),
                size=len(ready.content),
                content_type=ready.content_type,
                sha256=ready.sha256,
                uploaded_at=at,
                uploaded_by=by,
            )
    except IntegrityError:
        default_storage.delete(saved)
        if found := _found(key, campaign_id, ready.sha256, by):
            return found, False
        raise
    except Exception:
        default_storage.delete(saved)
        raise
    return row, True


def _found(key: uuid.UUID, campaign_id: int, sha256: str, by: Any) -> ResponseFile | None:
    row = ResponseFile.objects.filter(uuid=key).first()
    if row is None or (row.sha256, row.campaign_id, row.uploaded_by_id) == (sha256, campaign_id, by and by.pk):
        return row
    raise Conflict(Reason("other_file", _("Another file was sent under the same id.")))


class _Mistake:
    def __init__(self, path: str, code: str, text: str) -> None:
        self.path, self.code, self.text = path, code, text


def named(answers: dict[str, Any], campaign_id: int, response: Response | None, by: Any) -> list[ResponseFile]:
    """The files that the answers name; raises Mistaken at every one that was not sent, or belongs elsewhere."""
    wanted = list(files_in(answers))
    if not wanted:
        return []
    if len(wanted) > MOST_A_RESPONSE:
        text = _("At most %(count)s files a response.") % {"count": MOST_A_RESPONSE}
        raise Mistaken([_Mistake(wanted[MOST_A_RESPONSE][0], "too_many_files", text)])
    known = {str(row.uuid): row for row in _rows(wanted, campaign_id, response, by)}
    missing = [path for path, key in wanted if key not in known]
    if missing:
        raise Mistaken([_Mistake(path, "unknown_file", _("This file was not sent.")) for path in missing])
    return list(known.values())


def _rows(wanted: list[tuple[str, str]], campaign_id: int, response: Response | None, by: Any) -> list[ResponseFile]:
    keys = [key for key in map(_key, {key for _path, key in wanted}) if key]
    rows = ResponseFile.objects.filter(uuid__in=keys, campaign=campaign_id)
    own = response.pk if response else None
    return [
        row
        for row in rows
        if row.response_id == own is not None or (row.response_id is None and row.uploaded_by_id == (by and by.pk))
    ]


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def attach(rows: list[ResponseFile], response: Response) -> None:
    """Row by row, so that the audit history says of each where it went; there are few."""
    for row in rows:
        if row.response_id is None:
            row.response = response
            row.save(update_fields=["response"])
