"""Every form that any page offers to any role, fed with hostile and absurd values: an answer, never a 500."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.accounts.page_forms import Control, PageForm, forms_of
from tests.accounts.sweep import World, signed_in
from tests.accounts.test_url_sweep import AREAS, of, sample_of
from tests.factories import housing

NASTY = [
    "", " ", "\u3000", "\x00", "\x1f", "'; drop table talentmap_talent; --", "<script>alert(1)</script>", "{{ 7*7 }}",
    "%s%n%00", "../../etc/passwd", "=1+1", "张" * 5000, "𠮷", "\u202eabc", "👍" * 60, "0", "0" * 400, "-1", "1e309",
    "1e-999", "NaN", "Infinity", "9" * 30, "2147483648", "0000-00-00", "9999-12-31", "0001-01-01", "10000-01-01",
    "2026-02-30", "2026-11-25T25:61", "true", "null", "[]", "{\"a\":1}", "\ud7ff\ue000", "１２３", "②", "¥1,5", "\r\n",
]  # fmt: skip
text = st.one_of(st.sampled_from(NASTY), st.text(max_size=80), st.integers().map(str), st.dates().map(str))
CONTENTS = [
    b"", b"\x00" * 64, b"%PDF-1.7 broken", b"PK\x03\x04" + b"\x00" * 40, b"\x89PNG\r\n\x1a\n" + b"\x00" * 20,
    "姓名,金额\n=1+1,NaN\n".encode("gb18030"), b"\xff\xfe\xfd" * 99, b"MZ\x90\x00" * 9, b"a,b\n" * 3000,
]  # fmt: skip
NAMES = [
    "a.png",
    "a.pdf",
    "a.xlsx",
    "a.csv",
    "a.exe",
    "../../a.csv",
    "张" * 200 + ".pdf",
    "a\x00.png",
    ".",
    "a\r\nb.csv",
]
uploads = st.tuples(st.sampled_from(NAMES), st.sampled_from(CONTENTS))
EXAMPLES = 12


def sent_in(control: Control) -> st.SearchStrategy[Any]:
    """What may arrive under the control's name: often what it offers, so that the rest gets past the first check."""
    if control.is_file:
        return uploads
    offered = st.sampled_from(control.values)
    return st.one_of(offered, offered, text, st.lists(text, min_size=2, max_size=3))


def contents_of(form: PageForm) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={control.name: sent_in(control) for control in form.controls})


def body(values: dict[str, Any]) -> dict[str, Any]:
    return {name: upload(*value) if isinstance(value, tuple) else value for name, value in values.items()}


def upload(name: str, content: bytes) -> BytesIO:
    """A file with any name: Django's own class for it refuses the absurd ones before they are sent."""
    file = BytesIO(content)
    file.name = name
    return file


@contextmanager
def undone() -> Iterator[None]:
    save = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(save)


def browser(session: str = "") -> Client:
    """Tells an error of ours as a visitor would see it."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[django_settings.SESSION_COOKIE_NAME] = session
    return client


class Offered:
    """The forms on pages, each once, wherever it is met again."""

    def __init__(self) -> None:
        self.seen: set[Any] = set()

    def on(self, page: str, session: str) -> Iterator[PageForm]:
        with undone():
            response = browser(session).get(page)
        if response.status_code != 200 or "text/html" not in response.headers.get("Content-Type", ""):
            return
        for form in forms_of(response.content.decode(), page):
            if form.key not in self.seen:
                self.seen.add(form.key)
                yield form


def forms_in(area: str, world: World) -> Iterator[tuple[str, PageForm]]:
    """Each form of the area with the session of somebody to whom a page offers it; the thing it is about stays in the
    database while its form is being tried."""
    offered = Offered()
    for url in of(area):
        with sample_of(url, world) as found:
            for role, session in [("", ""), *world.sessions.items()]:
                page = reverse(url.name, kwargs=found.here_for.get(role, found.here))
                yield from ((session, form) for form in offered.on(page, session))


def failures(session: str, form: PageForm) -> list[Any]:
    """What was sent where the answer was an error of ours."""
    found: list[Any] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(contents_of(form))
    def send(values: dict[str, Any]) -> None:
        with undone():
            response = getattr(browser(session), form.method)(form.address, body(values))
        if response.status_code >= 500:
            found.append((form.method, form.address, values))

    send()
    return found[:1]


@pytest.mark.parametrize("area", AREAS)
def test_no_form_can_be_made_to_fail(area, world):
    found = [each for session, form in forms_in(area, world) for each in failures(session, form)]
    assert found == []


@pytest.mark.parametrize("scheme", [housing.RENT, housing.PURCHASE])
def test_no_page_of_an_application_can_be_made_to_fail(scheme, db):
    person = housing.talent(housing.office())
    application = housing.draft(person, scheme, timezone.localdate())
    session, offered = signed_in(person.user), Offered()
    codes = application.service.page_codes
    pages = [reverse("casework:form_page", args=[application.pk, code]) for code in codes]
    pages += [reverse(f"casework:{name}", args=[application.pk]) for name in ("documents", "check", "withdraw")]
    forms = [form for page in pages for form in offered.on(page, session)]
    assert {form.view for form in forms} >= {"casework:form_page", "casework:autosave", "casework:check"}
    assert [each for form in forms for each in failures(session, form)] == []
