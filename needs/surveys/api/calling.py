"""Posts to addresses that others entered: follows no redirect, and reaches nothing inside the office's network."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from needs.surveys.api.rules import is_public
from talentmap.ui.errors import Refused

SECONDS = 10
ANSWER_BYTES = 200


class Forbidden(Exception):
    """The address leads to where nothing may be sent."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def check_url(url: str) -> None:
    """Raise Refused for an address that is not taken: only https but in the demo, no login in it, a host."""
    try:
        parts = urlsplit(url)
        has_port_or_none = parts.port != 0
    except ValueError as error:
        raise Refused(_("This is not an address.")) from error
    if parts.scheme not in (("https", "http") if settings.DEMO else ("https",)):
        raise Refused(_("The address must begin with https://."))
    if not parts.hostname or not has_port_or_none or parts.username or parts.password or parts.fragment:
        raise Refused(_("Give a plain address: host and path, no user name, no #."))


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send `body`. Raises Forbidden, OSError, http.client.HTTPException."""
    check_url(url)
    parts = urlsplit(url)
    connection = _connection(parts)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return Answer(response.status, response.read(ANSWER_BYTES).decode("utf-8", "replace"))
    finally:
        connection.close()


def _connection(parts: Any) -> http.client.HTTPConnection:
    """Connected to an address that was looked at: asked again, a name might lead somewhere else."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    opened = socket.create_connection((_checked(parts.hostname, port), port), SECONDS)
    if parts.scheme == "https":
        opened = ssl.create_default_context().wrap_socket(opened, server_hostname=parts.hostname)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)
    connection.sock = opened
    return connection


def _checked(host: str, port: int) -> str:
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.DEMO and not all(is_public(address) for address in found):
        raise Forbidden
    return found[0]
