"""The first page, the switches of the frame, and the health of the machine."""

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from talentmap.accounts import actions as accounts
from talentmap.accounts.access import SignedInRequest, next_page, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import registry
from talentmap.ui.context import LARGE_TEXT_COOKIE
from talentmap.ui.navigation import home_of

YEAR = 365 * 24 * 3600


@requires(P.PUBLIC)
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """A visitor sees what the office offers; who signed in goes where the day's work is."""
    if request.user.is_authenticated:
        return redirect(home_of(request.user))
    return render(request, "ui/home.html", {"schemes": registry.all()})


@requires(P.PUBLIC)
@require_POST
def choose_language(request: SignedInRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    response = redirect(next_page(request, "home"))
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:  # else the next sign-in would undo it
            accounts.choose_language(by=request.user, at=timezone.now(), language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@requires(P.PUBLIC)
@require_POST
def choose_text_size(request: SignedInRequest) -> HttpResponse:
    response = redirect(next_page(request, "home"))
    if request.POST.get("large") == "1":
        response.set_cookie(LARGE_TEXT_COOKIE, "1", max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(LARGE_TEXT_COOKIE, samesite="Lax")
    return response


@requires(P.SIGNED_IN)
@require_POST
def stay_signed_in(request: SignedInRequest) -> HttpResponse:
    """The person answered the warning before the idle time-out: the session starts counting anew."""
    request.session.modified = True
    return HttpResponse(status=204)


@requires(P.PUBLIC)
@require_safe
def favicon(request: SignedInRequest) -> HttpResponse:
    """Asked for by browsers on their own for whatever is no page of ours: a file, a download."""
    return HttpResponseRedirect(static("img/mark.svg"))


@requires(P.PUBLIC)
@never_cache
@require_GET
def live(request: SignedInRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@requires(P.PUBLIC)
@never_cache
@require_GET
def ready(request: SignedInRequest) -> HttpResponse:
    """The process can work: database and cache answer. Says which one does not, and nothing else."""
    checks = {"database": _database_answers(), "cache": _cache_answers()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Exception:  # whatever the driver says, the answer is no
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.set("health", "1", 5)
        return cache.get("health") == "1"
    except Exception:  # as above
        return False
