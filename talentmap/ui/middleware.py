"""The language that was chosen, and a plain answer to whatever a browser may send."""

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from talentmap.ui.errors import Refused, error_page, reasons

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
NUL = "\x00"


class ChosenLocaleMiddleware:
    """Chinese unless the person chose otherwise: what the browser prefers is not a choice."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _chosen(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


def _chosen(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class ContentSecurityMiddleware(CSPMiddleware):
    """The one policy, and under `/admin/` what its theme cannot do without on top of it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(reverse("admin:index")):
            parts.update = settings.ADMIN_CONTENT_SECURITY
        return parts


class BadInputMiddleware:
    """Absurd input is answered, never a server error; a refusal that a view forgot reaches the person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_nul(request):
            raise BadRequest("NUL")
        response = self.get_response(request)
        return _explained(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused | ValidationError | IntegrityError):
            told = reasons(error)
            return _back_with(request, told) if told else None
        if isinstance(error, DataError | OverflowError):
            log.warning("Bad input at %s: %s", request.path, error)
            return error_page(request, HTTPStatus.BAD_REQUEST)
        return None


def _explained(request: HttpRequest, refused: HttpResponseNotAllowed) -> HttpResponse:
    """A form's target typed or reloaded as a page: Django would answer with nothing at all."""
    page = error_page(request, HTTPStatus.METHOD_NOT_ALLOWED)
    page.headers["Allow"] = refused.headers["Allow"]
    return page


def _has_nul(request: HttpRequest) -> bool:
    if NUL in request.path:
        return True
    return any(NUL in text for text in _texts(request))


def _texts(request: HttpRequest) -> Iterable[str]:
    for source in (request.GET, request.POST):
        for name, values in source.lists():
            yield name
            yield from values
    yield from (upload.name or "" for _, uploads in request.FILES.lists() for upload in uploads)


def _back_with(request: HttpRequest, told: list[str]) -> HttpResponse:
    """To the page the person came from, which says why; where there is none, an error page says it."""
    partial = bool(getattr(request, "htmx", False))
    back = _came_from(request)
    if not partial and not back:
        return error_page(request, HTTPStatus.BAD_REQUEST, told)
    for reason in told:
        messages.error(request, reason)
    return HttpResponse(headers={"HX-Refresh": "true"}) if partial else HttpResponseRedirect(back)


def _came_from(request: HttpRequest) -> str:
    """The referring page of this host; "" where going there would ask the same question again."""
    back = request.headers.get("Referer", "")
    in_circles = request.method == "GET" and back == request.build_absolute_uri()
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if ours and not in_circles else ""
