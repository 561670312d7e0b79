"""The full-screen board and the numbers that it asks for every minute."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.dashboards import kept
from talentmap.dashboards.board import board
from talentmap.dashboards.forms import ComparedForm
from talentmap.dashboards.overview import places
from talentmap.dashboards.scope import Scope
from talentmap.regions.models import Region

REFRESH_SECONDS = 60


@requires(P.VIEW_DASHBOARDS)
@never_cache
@require_safe
def board_page(request: SignedInRequest) -> HttpResponse:
    form, shown = _shown(request)
    query = urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})
    context = {
        "board": shown,
        "place": _place(request, form.scope()),
        "seconds": REFRESH_SECONDS,
        "data_url": f"{reverse('dashboards:board_data')}?{query}".rstrip("?"),
        "back_url": f"{reverse('dashboards:overview')}?{query}".rstrip("?"),
        "words": {
            "live": _("Connected"),
            "lost": _("Connection lost since {time}. The last figures stay; trying again."),
            "ended": _("Signed out since {time}. The last figures stay."),
            "denied": _("You may not read these figures any more, since {time}."),
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


@requires(P.VIEW_DASHBOARDS)
@never_cache
@require_safe
def board_data(request: SignedInRequest) -> HttpResponse:
    return JsonResponse(_shown(request)[1])


def _shown(request: SignedInRequest) -> tuple[ComparedForm, dict[str, Any]]:
    form = ComparedForm(request.GET or None, reader=request.user, today=timezone.localdate())
    if request.user.reach(P.VIEW_DASHBOARDS).everything:
        kept.note_watched()
    return form, board(request.user, form.scope(), form.compared(), now=timezone.now())
