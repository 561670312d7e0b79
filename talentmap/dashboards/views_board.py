"""The full-screen board and the numbers that it asks for every minute.

The page is opened by who is signed in. The numbers come for the token that the page holds, so that a board hangs on the
wall for weeks without a session that anybody who walks up to it could use.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.dashboards import board_tokens, kept
from talentmap.dashboards.board import board
from talentmap.dashboards.forms import ComparedForm
from talentmap.dashboards.overview import places
from talentmap.dashboards.scope import Scope
from talentmap.regions.models import Region

REFRESH_SECONDS = 60
HEADER = "X-Board-Token"


@requires(P.VIEW_DASHBOARDS)
@never_cache
@require_safe
def board_page(request: SignedInRequest) -> HttpResponse:
    form = _form(request.user, request.GET)
    query = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "board": _shown(request.user, form),
        "place": _place(request, form.scope()),
        "seconds": REFRESH_SECONDS,
        "token": board_tokens.issue(request.user, query, form.scope()),
        "back_url": f"{reverse('dashboards:overview')}?{urlencode(query)}".rstrip("?"),
        "words": {
            "live": _("Connected"),
            "lost": _("Connection lost since {time}. The last figures stay; trying again."),
            "expired": _("Open for %(days)d days: no new figures since {time}. Sign in to go on.")
            % {"days": settings.BOARD_DAYS},
            "ended": _("Account, password or role changed: no new figures since {time}. Sign in to go on."),
            "changed": _("The board was changed by an update. Sign in to see it as it is now."),
            "none": _("No data"),
            "calm": _("Nothing needs attention now."),
            "pause": _("Stop turning"),
            "play": _("Keep turning"),
        },
    }
    return render(request, "dashboards/board.html", context)


def _place(request: SignedInRequest, scope: Scope) -> str:
    """Of what the numbers are: the township looked at, else all that the reader reaches."""
    if scope.region:
        return scope.region.name
    if request.user.reach(P.VIEW_DASHBOARDS).everything:
        return "".join(Region.objects.filter(code=settings.COUNTY_CODE).values_list("name", flat=True))
    there = places(request.user)
    return there[0].name if len(there) == 1 else _("All my townships")


@requires(P.PUBLIC)
@never_cache
@require_safe
def board_data(request: HttpRequest) -> HttpResponse:
    """For the token in its header alone, and of the place and period that the token names: the address asks nothing."""
    try:
        told = board_tokens.read(request.headers.get(HEADER, ""))
        form = _form(told.reader, told.query)
        board_tokens.check_place(told, form.scope())
    except board_tokens.NoMore as error:
        return JsonResponse({"why": error.why}, status=HTTPStatus.UNAUTHORIZED)
    return JsonResponse(_shown(told.reader, form))


board_data.by_token = True  # type: ignore[attr-defined]


def _form(reader: Any, query: Mapping[str, str]) -> ComparedForm:
    return ComparedForm(query or None, reader=reader, today=timezone.localdate())


def _shown(reader: Any, form: ComparedForm) -> dict[str, Any]:
    if reader.reach(P.VIEW_DASHBOARDS).everything:
        kept.note_watched()
    return board(reader, form.scope(), form.compared(), now=timezone.now())
