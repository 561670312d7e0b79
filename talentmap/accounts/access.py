"""Who may open a view. Every view says so with `@requires`; a test walks all URLs and finds none without."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from talentmap.accounts.permissions import Permission

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from talentmap.accounts.models import User

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """What a view gets that `@requires` lets nobody into who is not signed in; a type for annotations only."""

    user: "User"  # type: ignore[assignment]
    htmx: "HtmxDetails"


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let a view be opened by who holds any of `permissions`; others get the sign-in page or 403.

    `PUBLIC` lets anyone in, `SIGNED_IN` anyone with an account. Reach over one object is the view's own
    business: fetch through `visible_to(user)` (404), then ask `user.may(permission, obj)` (403).
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if Permission.PUBLIC in permissions:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return send_to(request, reverse("sign_in"))
            if Permission.SIGNED_IN in permissions or any(request.user.may(p) for p in permissions):
                return view(request, *args, **kwargs)
            raise PermissionDenied

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def check_may(user: Any, permission: Permission, obj: Any = None) -> None:
    """Raise PermissionDenied (403) unless `user` holds `permission` over `obj`."""
    if not user.may(permission, obj):
        raise PermissionDenied


def send_to(request: HttpRequest, url: str, query: dict[str, str] | None = None) -> HttpResponseBase:
    """Redirect the whole page, also when htmx asked for a part of it, and remember where to come back to."""
    wanted = {"next": _came_from(request), **(query or {})}
    target = f"{url}?{urlencode({key: value for key, value in wanted.items() if value})}".rstrip("?")
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _came_from(request: HttpRequest) -> str:
    """The page the person sees: for a form or a fragment that is the one around it, not the address it went to."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def next_page(request: HttpRequest, default: str) -> str:
    """The address to go on to, as far as it is a path or an address of this site."""
    return _wanted(request) or reverse(default)


def with_next(request: HttpRequest, name: str) -> str:
    """The address of a page on the way, such as registering, that goes on where this one would."""
    wanted = _wanted(request)
    return f"{reverse(name)}?{urlencode({'next': wanted})}" if wanted else reverse(name)


def _wanted(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_address = "/" in wanted  # `redirect` takes a word for the name of a page
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_address and is_ours else ""
