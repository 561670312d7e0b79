"""Production refuses to start with what the demo is happy with."""

from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

SHORTEST_SECRET = 50
SHORTEST_INDEX_KEY = 32
CONSOLE_SMS = "talentmap.notices.channels.ConsoleSms"
NO_MAIL = frozenset(
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "filebased", "dummy", "locmem")
)


@register(Tags.security)
def production_secrets(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [] if settings.DEMO else [Error(text, id=f"talentmap.{code}") for code, text in _faults()]


@register(Tags.security, deploy=True)
def production_services(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What works without being what an office wants: messages that nobody gets, a database beside the code."""
    return [] if settings.DEMO else [Warning(text, id=f"talentmap.{code}") for code, text in _gaps()]


def _gaps() -> Iterator[tuple[str, str]]:
    if settings.SMS_CHANNEL == CONSOLE_SMS:
        yield "W001", _("SMS_CHANNEL writes text messages into files: nobody can register or be told anything by them.")
    if settings.EMAIL_BACKEND in NO_MAIL:
        yield "W002", _("EMAIL_URL sends no mail: nobody is told anything by it.")
    if not settings.DATABASE_URL_SET:
        yield "W003", _("DATABASE_URL is not set: the embedded database is meant for the demo.")


def refuse_demo_secrets() -> None:
    """Raise unless the settings are fit for what the mode says; web server and workers call it as they start."""
    if faults := production_secrets():
        raise ImproperlyConfigured(" ".join(str(fault.msg) for fault in faults))


def _faults() -> Iterator[tuple[str, str]]:
    if settings.SECRET_KEY == settings.DEMO_SECRET_KEY or len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield "E001", _("SECRET_KEY must be set to 50 or more random characters of your own.")
    if not settings.FIELD_KEYS or settings.DEMO_FIELD_KEY in settings.FIELD_KEYS:
        yield "E002", _("FIELD_KEYS must be set to your own keys; the demo's is public.")
    elif not all(_is_key(key) for key in settings.FIELD_KEYS):
        yield "E003", _("Every key in FIELD_KEYS must be 32 random bytes in URL-safe base64.")
    if settings.BLIND_INDEX_KEY.startswith("demo-only") or len(settings.BLIND_INDEX_KEY) < SHORTEST_INDEX_KEY:
        yield "E004", _("BLIND_INDEX_KEY must be set to 32 or more random characters of your own.")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield "E005", _("ALLOWED_HOSTS must name the hosts that serve the product.")
    if not settings.SECOND_FACTOR_REQUIRED:
        yield "E006", _("SECOND_FACTOR_REQUIRED must stay on outside the demo.")
    if settings.DEBUG:
        yield "E007", _("DEBUG must be off outside the demo.")


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
