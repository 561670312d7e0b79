"""What the product answers when it says no: refusals of a rule, and the error pages.

The pages need neither the database nor a session, so that they can be shown when those are what failed.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_ratelimit.exceptions import Ratelimited

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class Refused(ValueError):
    """A rule of the business says no; the message is translated and meant for the person who asked."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def given(text: str) -> str:
    """The words without blanks around them; raises Refused where there are none: who decides says why."""
    if not text.strip():
        raise Refused(_("Say why."))
    return text.strip()


def reasons(error: BaseException) -> list[str]:
    """What to tell the person about an exception; empty when it is a fault of ours, not of the input."""
    if isinstance(error, Refused):
        return [str(error)]
    if isinstance(error, ValidationError):
        return [str(message) for message in error.messages]
    if isinstance(error, IntegrityError):
        return list(_violated(error))
    return []


def _violated(error: IntegrityError) -> Iterator[str]:
    """Race losers learn from the database; the constraint's own message says what of."""
    diagnosis = getattr(error.__cause__, "diag", None)
    message = _constraint_messages().get(getattr(diagnosis, "constraint_name", None) or "")
    if message:
        yield str(message)


@lru_cache(maxsize=1)
def _constraint_messages() -> dict[str, Any]:
    """The declared messages by constraint name; Django's stock message would tell nobody anything."""
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }


def error_page(request: HttpRequest, status: int, details: list[str] | None = None, template: str = "") -> HttpResponse:
    """The page of one status, with what precisely was wrong where that is known."""
    context = {"status": status, "details": details or [], "who": _who(request)}
    return HttpResponse(loader.render_to_string(template or f"{status}.html", context), status=status)


def _who(request: HttpRequest) -> str:
    """The signed-in person, if somebody already asked the database: an error page asks nothing."""
    user = getattr(request, "_cached_user", None)
    return str(user) if user is not None and user.is_authenticated else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_LARGE):
        return error_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return error_page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, Ratelimited):
        return _too_many(request, getattr(exception, "seconds", 60))
    said = str(exception) if exception.args else ""
    return error_page(request, HTTPStatus.FORBIDDEN, [said] if said else [])


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    minutes = max(1, math.ceil(seconds / 60))
    told = ngettext("You can try again in %(count)d minute.", "You can try again in %(count)d minutes.", minutes)
    response = error_page(request, HTTPStatus.TOO_MANY_REQUESTS, [told % {"count": minutes}])
    response["Retry-After"] = str(seconds)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session: the person must reload it, not read about tokens."""
    told = _("This page was open for too long or in another window. Go back, reload it and send it again.")
    return error_page(request, HTTPStatus.FORBIDDEN, [told], template="csrf.html")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    try:
        return error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    except Exception:  # the templates or the static files may be what is broken
        return HttpResponse(
            _("Something went wrong on our side."), status=500, content_type="text/plain; charset=utf-8"
        )
