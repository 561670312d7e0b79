"""What stands between a session and the pages: idle time-out, second factor, first password."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from talentmap.accounts.access import send_to

LAST_SEEN = "last_seen"
# A request a minute is enough to know that somebody is there, and saves a write on every other.
NOTED_EVERY = 60
# Asked by the page on its own: nobody moved.
PASSIVE_HEADER = "X-Passive"

ALWAYS_OPEN = frozenset(
    {"sign_out", "choose_language", "choose_text_size", "favicon", "health", "health_live", "health_ready"}
)
PASSWORD_PAGES = frozenset({"password_change"})


class SessionGuardMiddleware:
    """Ends idle sessions and holds back who still owes a second factor or a password of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Here the page is known already: addresses are looked up once a request."""
        page = request.resolver_match.view_name or "unnamed" if request.resolver_match else "unnamed"
        # Where a token decides, a session that comes along is neither asked nor kept alive.
        if page in ALWAYS_OPEN or getattr(view, "by_token", False) or not request.user.is_authenticated:
            return None
        now = time.time()
        if _is_idle(request, now):
            logout(request)
            return send_to(request, reverse("sign_in"), {"expired": "1"})
        _note(request, now)
        owed = _owed(request, page)
        return send_to(request, reverse(owed)) if owed else None


def _is_idle(request: HttpRequest, now: float) -> bool:
    seen = request.session.get(LAST_SEEN)
    return seen is not None and now - seen > settings.SESSION_COOKIE_AGE


def _note(request: HttpRequest, now: float) -> None:
    if PASSIVE_HEADER in request.headers and LAST_SEEN in request.session:
        return
    if now - request.session.get(LAST_SEEN, 0) >= NOTED_EVERY:
        request.session[LAST_SEEN] = int(now)


def _owed(request: HttpRequest, page: str) -> str:
    """The page that has to be dealt with first, "" when none has to."""
    user: Any = request.user
    if user.second_factor_since and not user.is_verified():  # also in a session that is older than the factor
        return "" if page == "second_factor_verify" else "second_factor_verify"
    if user.must_change_password:
        return "" if page in PASSWORD_PAGES else "password_change"
    if user.needs_second_factor and not user.second_factor_since:
        return "" if page == "second_factor_setup" else "second_factor_setup"
    return ""
