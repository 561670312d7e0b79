"""Shared fixtures: the embedded servers, plain static files, a place for uploads."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.signals import connection_created
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's own thread


# The same examples every time, and no clock: a run fails for what was changed, never by chance. Whoever wants to find
# more asks for other ones, and many of them: --hypothesis-profile=search --hypothesis-seed=7
_unhurried = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("steady", derandomize=True, **_unhurried)
hypothesis_settings.register_profile("search", max_examples=5000, **_unhurried)
hypothesis_settings.load_profile("steady")

BASE_DIR = Path(__file__).resolve().parent.parent
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_configure(config: pytest.Config) -> None:
    from talentmap.operations.translations import compile_translations

    compile_translations(BASE_DIR)
    connection_created.connect(_may_empty_tables)
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        from talentmap.embedded import ensure_started

        ensure_started(BASE_DIR)


def _may_empty_tables(connection, **_signal):
    """Tests over real connections empty the database behind them, which nobody else may do to the logs."""
    with connection.cursor() as cursor:
        cursor.execute("set talentmap.emptying = 'on'")


@pytest.fixture(autouse=True)
def _test_surroundings(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _periods_begin_with_the_test(monkeypatch):
    """What is allowed so often a minute is counted by the clock's minutes: one that ended amid a test would let it try
    on."""
    begun = int(time.time())
    monkeypatch.setattr("django_ratelimit.core._get_window", lambda _value, period: begun + period)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all; each test opens its own context."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=CHROMIUM_ARGUMENTS,
            env={**os.environ, "LANGUAGE": "en_US"},  # decides how a date is typed
        )
        yield browser
        browser.close()


@pytest.fixture
def expected_trouble() -> tuple[str, ...]:
    """Words of console errors that a module's pages are meant to log, such as the answer to a conflict."""
    return ()


@pytest.fixture
def open_page(live_server, client, chromium, expected_trouble) -> Iterator[Any]:
    """`open_page(user, size, language)`: a page signed in as `user`; nothing may have gone wrong in it afterwards."""
    from tests.browser import is_wrong

    trouble: list[str] = []
    contexts: list[Any] = []

    def opened(user: Any, size: dict[str, int], language: str = "zh-hans") -> Any:
        client.force_login(user)
        locale = {"zh-hans": "zh-CN", "en": "en-GB"}[language]
        context = chromium.new_context(viewport=size, base_url=live_server.url, locale=locale)
        contexts.append(context)
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text) if is_wrong(said) else None)
        page.on("request", lambda asked: None if is_ours(asked.url) else trouble.append(asked.url))
        return page

    def is_ours(url: str) -> bool:
        return url.startswith((live_server.url, "data:", "blob:"))

    yield opened
    for context in contexts:
        context.close()
    assert [each for each in trouble if not any(words in each for words in expected_trouble)] == []
