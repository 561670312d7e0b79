"""What shows that a milestone is met: kept with its tick, its file privately like every upload."""

import uuid
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from growth.pathways.models import Tick, TickEvidence
from talentmap.casework.documents import checked, most_bytes, safe_name


def limits() -> str:
    """What may be attached, to be said before somebody tries."""
    return _("One picture (JPEG, PNG, WebP) or PDF of at most %(size)s") % {"size": filesizeformat(most_bytes())}


def keep(
    tick: Tick, *, at: datetime, text: str, deed_key: str, deed_title: str, upload: UploadedFile | None
) -> TickEvidence:
    """Raises Refused for a file that is none that is taken. The file goes away again when its row cannot be written."""
    row = TickEvidence(tick=tick, text=text, deed_key=deed_key, deed_title=deed_title)
    if upload is None:
        row.save(force_insert=True)
        return row
    ready = checked(upload)
    saved = default_storage.save(
        f"pathways/{at:%Y/%m}/{uuid.uuid4().hex}.{ready.extension}", ContentFile(ready.content)
    )
    row.file, row.name = saved, safe_name(upload.name or "", ready.extension)
    row.size, row.content_type, row.sha256 = len(ready.content), ready.content_type, ready.sha256
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except Exception:
        default_storage.delete(saved)
        raise
    return row


def erase(row: Any, at: datetime) -> None:
    """Empty the evidence and keep only that there was some."""
    path = str(row.file.name)
    row.text = row.deed_key = row.deed_title = row.name = row.content_type = row.sha256 = ""
    row.file, row.size, row.erased_at = "", 0, at
    row.save()
    if path:
        transaction.on_commit(partial(default_storage.delete, path))
