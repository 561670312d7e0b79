"""Uploads: judged by content, never by name; kept privately under a name of our own."""

import hashlib
import io
import re
import unicodedata
import uuid
import warnings
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader

from talentmap.casework.models import Application, Document
from talentmap.ui.errors import Refused

TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
# What telephones record; where a form asks for a recording.
RECORDINGS = {
    "audio/aac": "aac", "audio/amr": "amr", "audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/ogg": "ogg",
    "audio/x-wav": "wav", "video/3gpp": "3gp", "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip
ACCEPT = ",".join(TYPES)  # for the file input
MOST_PIXELS = 50_000_000
MOST_PAGES = 200
MOST_DOCUMENTS = 30
LONGEST_NAME = 100


@dataclass(frozen=True)
class Checked:
    """An upload that is what it claims to be."""

    content: bytes
    content_type: str
    sha256: str

    @property
    def extension(self) -> str:
        return {**TYPES, **RECORDINGS}[self.content_type]


def limits() -> str:
    """What may be uploaded, to be said before somebody tries."""
    return _("JPEG, PNG, WebP or PDF, at most %(size)s a file, %(count)s files an application") % {
        "size": filesizeformat(most_bytes()),
        "count": MOST_DOCUMENTS,
    }


def most_bytes() -> int:
    return int(settings.UPLOAD_LIMIT_MB) * 1024 * 1024


def checked(upload: UploadedFile, *, recordings: bool = False) -> Checked:
    """Read the upload and judge its content; raises Refused with what is wrong. `recordings`: sound and video too."""
    if not upload.size:
        raise Refused(_("The file is empty."))
    if upload.size > most_bytes():
        raise Refused(
            _("The file has %(size)s; at most %(most)s are possible.")
            % {"size": filesizeformat(upload.size), "most": filesizeformat(most_bytes())}
        )
    upload.seek(0)
    content = upload.read()
    content_type = filetype.guess_mime(content) or ""
    if content_type in TYPES:
        _check_readable(content, content_type)
    elif not recordings:
        raise Refused(_("Only pictures (JPEG, PNG, WebP) and PDF files can be uploaded."))
    elif content_type not in RECORDINGS:
        raise Refused(_("Only pictures (JPEG, PNG, WebP), PDF files, sound and video recordings can be uploaded."))
    return Checked(content, content_type, hashlib.sha256(content).hexdigest())


def _check_readable(content: bytes, content_type: str) -> None:
    try:
        if content_type == "application/pdf":
            _check_pdf(content)
        else:
            _check_picture(content)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(_too_many_pixels()) from error
    except Exception as error:  # the parsers raise whatever a hostile file provokes
        raise Refused(_("The file is damaged and cannot be opened.")) from error


def _check_picture(content: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_too_many_pixels())
            picture.load()


def _too_many_pixels() -> str:
    return _("The picture has too many pixels; please send a smaller one.")


def _check_pdf(content: bytes) -> None:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused(_("The PDF is protected by a password; please send one that opens without."))
    if not 1 <= len(reader.pages) <= MOST_PAGES:
        raise Refused(_("The PDF has no pages, or more than %(most)s.") % {"most": MOST_PAGES})


def safe_name(name: str, extension: str) -> str:
    """What the uploader called it, without anything that a file system, header or page could trip over."""
    plain = unicodedata.normalize("NFC", name or "").replace("\\", "/")
    stem = PurePath(plain).stem
    stem = re.sub(r"[^\w\-（）()《》、，。 ]+", "_", stem).strip(" ._")
    return f"{stem[:LONGEST_NAME] or 'document'}.{extension}"


def check_room(application: Application) -> None:
    """Raise Refused when the application holds as many files as it may."""
    if Document.objects.filter(application=application).current().count() >= MOST_DOCUMENTS:
        raise Refused(_("At most %(count)s files can be attached.") % {"count": MOST_DOCUMENTS})


def store(application: Application, kind: str, upload: UploadedFile, *, by: Any, at: datetime) -> Document:
    """Check and keep an upload. The file goes away again when its row cannot be written."""
    ready = checked(upload)
    path = f"documents/{at:%Y/%m}/{uuid.uuid4().hex}.{ready.extension}"
    saved = default_storage.save(path, ContentFile(ready.content))
    try:
        with transaction.atomic():
            return Document.objects.create(
                application=application,
                kind=kind,
                file=saved,
                name=safe_name(upload.name or "", ready.extension),
                size=len(ready.content),
                content_type=ready.content_type,
                sha256=ready.sha256,
                round=application.round,
                uploaded_by=by,
                uploaded_at=at,
            )
    except Exception:
        default_storage.delete(saved)
        raise


def discard(document: Document) -> None:
    """Forget a document that nobody has been sent; what it replaced counts again. The file goes once the row is
    surely gone."""
    path = str(document.file.name)
    document.replaces.update(replaced_by=None, removed_at=None)
    document.delete()
    transaction.on_commit(partial(default_storage.delete, path))


def erase(document: Document, at: datetime) -> None:
    """Delete the file of a document and keep only that there was one."""
    path = str(document.file.name)
    document.file, document.name, document.removed_at = "", "", document.removed_at or at
    document.save(update_fields=["file", "name", "removed_at"])
    if path:
        transaction.on_commit(partial(default_storage.delete, path))
