"""Tokens, signatures, and when a webhook is tried again. Pure."""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

TOKEN_START = "tm_"  # noqa: S105 - what every token begins with, so that scanners of leaked secrets find it
PREFIX_LETTERS = 10
LONGEST_LIFE = timedelta(days=365)

# Six attempts within a day.
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=16),
)
MAX_ATTEMPTS = len(BACKOFF) + 1
# Whoever has claimed a delivery sends it within this time or is taken for dead; well above the time limit of a call.
LEASE = timedelta(minutes=5)

DELIVERY_HEADER = "Talentmap-Delivery"
EVENT_HEADER = "Talentmap-Event"
TIMESTAMP_HEADER = "Talentmap-Timestamp"
SIGNATURE_HEADER = "Talentmap-Signature"
APPROVED = "response.approved"


def digest_of(token: str) -> str:
    """What is kept of a token. It is random and long, so that a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`: the receiver refuses old timestamps and so repetitions by strangers."""
    signed = str(timestamp).encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When to try again after `attempts` attempts, the last of them at `at`; None when it is enough."""
    return at + BACKOFF[attempts - 1] if attempts < MAX_ATTEMPTS else None


def is_public(address: str) -> bool:
    """Whether an IP address is on the open internet, and not inside the office's network or the machine itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inner is None or is_public(str(inner)))
