"""Parts of a file by HTTP (RFC 9110, section 14), so that a download that broke off goes on where it was."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Bytes `first` to `last` of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(ValueError):
    """The part begins behind the end of the file."""


def wanted_part(header: str, size: int) -> Part | None:
    """The one range that is asked for; None for none, for several, and for what cannot be read: all of it is sent.

    Raises Unsatisfiable.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or found.group(1, 2) == ("", "") or any(len(digits) > 18 for digits in found.groups()):
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Part(max(size - int(last), 0), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


def ranged(
    request: HttpRequest, opened: Callable[[], IO[bytes]], *, size: int, sha256: str, name: str, content_type: str
) -> HttpResponseBase:
    """The file or the part of it that is asked for. Its digest is the strong ETag by which a client resumes."""
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
    }
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag in known or f"W/{etag}" in known:
        return HttpResponse(status=304, headers=headers)
    try:
        part = _part(request, size, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    return _response(opened, part, size, content_type, headers)


def _part(request: HttpRequest, size: int, etag: str) -> Part | None:
    """None where another file is meant than the one that is here: then all of it is sent."""
    header = request.headers.get("Range", "")
    if not header or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    return wanted_part(header, size)


def _response(
    opened: Callable[[], IO[bytes]], part: Part | None, size: int, content_type: str, headers: dict[str, str]
) -> HttpResponseBase:
    sent = part or Part(0, size - 1)
    headers = {**headers, "Content-Length": str(sent.length)}
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return StreamingHttpResponse(
        _chunks(opened, sent), status=206 if part else 200, content_type=content_type, headers=headers
    )


def _chunks(opened: Callable[[], IO[bytes]], part: Part) -> Iterator[bytes]:
    with opened() as file:
        file.seek(part.first)
        left = part.length
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
