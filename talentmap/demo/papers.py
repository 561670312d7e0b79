"""The papers that people of the demo county hand in: a page that says that it is a specimen."""

from functools import cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from reportlab.pdfgen.canvas import Canvas


def scan(title: str, kind: str, copy: int = 1) -> SimpleUploadedFile:
    """`title` names the file; the page itself is in Latin script, which needs no font."""
    return SimpleUploadedFile(f"{title}.pdf", _pdf(kind, copy), content_type="application/pdf")


@cache
def _pdf(kind: str, copy: int) -> bytes:
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=(420, 595), invariant=True)
    page.drawString(60, 500, f"Synthetic specimen: {kind}, copy {copy}")
    page.save()
    return buffer.getvalue()
