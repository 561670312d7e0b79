import pytest
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.test import RequestFactory
from django_ratelimit.exceptions import Ratelimited

from talentmap.ui import errors

PAGES = {400: "400", 403: "403", 404: "404", 405: "405", 413: "413", 429: "429", 500: "500"}


@pytest.fixture
def request_():
    return RequestFactory().get("/")


def test_a_refusal_is_a_value_error_that_carries_its_reason():
    refusal = errors.Refused("short of 12.00")
    assert isinstance(refusal, ValueError)
    assert str(refusal) == refusal.message == "short of 12.00"


@pytest.mark.parametrize("status", PAGES)
def test_every_error_page_needs_neither_database_nor_session(status, request_):
    """No `db` mark: a query would fail this test."""
    response = errors.error_page(request_, status, ["what exactly"])
    assert response.status_code == status
    assert "what exactly" in response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_error_page_speaks_the_language_in_force(request_, language):
    from django.utils import translation

    with translation.override(language):
        assert f'lang="{language}"' in errors.error_page(request_, 404).content.decode()


def test_each_cause_has_its_status(request_):
    assert errors.bad_request(request_, RequestDataTooBig()).status_code == 413
    assert errors.bad_request(request_, ValueError()).status_code == 400
    assert errors.permission_denied(request_, Ratelimited()).status_code == 429
    assert errors.permission_denied(request_, Ratelimited())["Retry-After"] == "60"
    assert errors.page_not_found(request_, Exception()).status_code == 404


def test_the_last_page_works_when_the_templates_do_not(request_, monkeypatch):
    monkeypatch.setattr(errors.loader, "render_to_string", lambda *a, **k: 1 / 0)
    response = errors.server_error(request_)
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/plain")


def test_details_are_escaped(request_):
    page = errors.error_page(request_, 400, ["<script>alert(1)</script>"]).content.decode()
    assert "<script>alert" not in page


def test_reasons_are_given_only_for_what_the_person_can_change():
    assert errors.reasons(errors.Refused("no")) == ["no"]
    assert errors.reasons(ValidationError(["a", "b"])) == ["a", "b"]
    assert errors.reasons(RuntimeError("ours")) == []
