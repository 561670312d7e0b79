"""How the device's questions are answered: JSON, also where somebody may not ask."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django_ratelimit.exceptions import Ratelimited

from needs.surveys.filling.refusals import NotTaken
from talentmap.ui.errors import Refused

View = Callable[..., HttpResponseBase]


def told(status: int, code: str, text: str) -> JsonResponse:
    return JsonResponse({"reasons": [{"code": code, "text": text}]}, status=status)


def speaks_json(view: View) -> View:
    """Around `@requires`: a device that asks for JSON is told 401, 403, 413 or 429 in JSON, not by a page."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wants_json = "application/json" in request.headers.get("Accept", "")
        if wants_json and _is_closed(answered, request):
            return told(HTTPStatus.UNAUTHORIZED, "signed_out", _("Sign in to send your answers."))
        try:
            return view(request, *args, **kwargs)
        except (Refused, RequestDataTooBig, Ratelimited) as error:
            return _explained(error)
        except PermissionDenied:
            if not wants_json:
                raise
            return told(HTTPStatus.FORBIDDEN, "not_allowed", _("You do not fill in surveys."))

    return answered


def _explained(error: Exception) -> JsonResponse:
    if isinstance(error, NotTaken):
        return JsonResponse(error.body(), status=error.status)
    if isinstance(error, RequestDataTooBig):
        return told(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", _("This is larger than any response."))
    if isinstance(error, Ratelimited):
        return _too_many(getattr(error, "seconds", 60))
    # Another transaction was in the way: the device tries again.
    return told(HTTPStatus.SERVICE_UNAVAILABLE, "busy", str(error))


def _is_closed(view: Any, request: Any) -> bool:
    return "public" not in getattr(view, "permissions", ()) and not request.user.is_authenticated


def _too_many(seconds: int) -> JsonResponse:
    answer = told(HTTPStatus.TOO_MANY_REQUESTS, "too_many", _("Too many answers from one address. Please try later."))
    answer["Retry-After"] = str(seconds)
    return answer
