"""Uploads are judged by content; what is wrong is said, and nothing is kept then."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from talentmap.casework import actions, documents
from talentmap.casework.models import Document
from talentmap.ui.errors import Refused
from tests.factories import casework as cases
from tests.factories.casework import moment, picture


def upload(content: bytes, name: str = "lease.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pdf(pages: int = 1, password: str = "") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(72, 72)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would unpack to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures(kind):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    assert documents.checked(upload(out.getvalue(), "x.exe")).content_type == f"image/{kind.lower()}"


def test_pdf():
    assert documents.checked(upload(pdf())).extension == "pdf"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"hello", "Only pictures"),
        (b"<html><script>", "Only pictures"),
        (b"PK\x03\x04" + b"\0" * 100, "Only pictures"),
        (b"MZ" + b"\0" * 100, "Only pictures"),
        (b"GIF89a" + b"\0" * 100, "Only pictures"),
        (b"%PDF-1.7 nothing follows", "damaged"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged"),
        (pdf(password="x"), "password"),
        (pdf(pages=documents.MOST_PAGES + 1), "no pages, or more"),
        (png_that_claims(30_000, 30_000), "too many pixels"),
        (png_that_claims(8_000, 8_000), "too many pixels"),
    ],
)
def test_what_is_refused(content, said):
    with pytest.raises(Refused, match=said):
        documents.checked(upload(content))


def test_too_large(settings):
    settings.UPLOAD_LIMIT_MB = 0
    with pytest.raises(Refused, match="at most"):
        documents.checked(upload(pdf()))


@given(st.binary(max_size=300))
def test_no_content_breaks_it(content):
    for head in (b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF....WEBP"):
        with suppress(Refused):
            documents.checked(upload(head + content))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\租房合同.PDF", "租房合同.pdf"),
        ('a"b\r\nX-Header: 1.pdf', "a_b_X-Header_ 1.pdf"),
        ("", "document.pdf"),
        ("....", "document.pdf"),
        ("x" * 500, "x" * 100 + ".pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert documents.safe_name(name, "pdf") == safe


@given(st.text(max_size=300))
def test_no_name_is_dangerous(name):
    safe = documents.safe_name(name, "pdf")
    assert safe.endswith(".pdf")
    assert not set(safe) & set('/\\"\r\n\0')
    assert len(safe) <= 120


@pytest.mark.django_db
def test_kept_privately_under_a_name_of_our_own(people, settings):
    draft = cases.draft(people.talent)
    document = actions.attach(
        by=people.talent, at=moment(), application=draft, kind="photo", upload=picture("../me.png")
    )
    path = Path(document.file.path)
    assert (document.name, path.suffix, path.stat().st_mode & 0o077) == ("me.png", ".png", 0)
    assert "me" not in path.name
    with pytest.raises(Refused):
        actions.attach(by=people.talent, at=moment(), application=draft, kind="photo", upload=upload(b"x"))
    assert len(files(settings)) == Document.objects.count() == 1


@pytest.mark.django_db
def test_a_row_that_cannot_be_written_leaves_no_file(people, settings, monkeypatch):
    draft = cases.draft(people.talent)
    monkeypatch.setattr(Document.objects, "create", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.attach(by=people.talent, at=moment(), application=draft, kind="photo", upload=picture())
    assert files(settings) == []


@pytest.mark.django_db
def test_a_removed_file_goes_after_the_commit(people, settings, django_capture_on_commit_callbacks):
    draft = cases.draft(people.talent, cost=5000)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_document(by=people.talent, at=moment(), document=draft.documents.get())
    assert files(settings) == []


@pytest.mark.django_db
def test_there_is_an_end_to_the_number_of_files(people, monkeypatch):
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 1)
    draft = cases.draft(people.talent, cost=5000)
    with pytest.raises(Refused, match="At most 1"):
        actions.attach(by=people.talent, at=moment(), application=draft, kind="photo", upload=picture())


@pytest.mark.django_db
def test_a_kind_that_nobody_asked_for(people):
    with pytest.raises(Refused):
        actions.attach(
            by=people.talent, at=moment(), application=cases.draft(people.talent), kind="x", upload=picture()
        )


def test_the_limits_are_stated():
    assert "30" in documents.limits()
