"""What the public reads: applications on public notice with masked names, and how to object."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_ratelimit.core import is_ratelimited

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.addresses import client_ip
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions, calendar, rules
from talentmap.casework.forms import ObjectionForm
from talentmap.casework.models import Application, Objection
from talentmap.casework.views.common import SENSITIVE, try_action
from talentmap.ui.lists import ListPage

REFERENCE = "objection_reference"
OBJECTIONS_AN_HOUR = "10/h"
TOO_MANY_REQUESTS = 429
SORTS = {"until": "notice_until", "from": "notice_from"}


def _on_notice() -> Any:
    found = Application.objects.on_public_notice(timezone.localdate())
    return found.select_related("applicant", "region", "region__parent").defer(*SENSITIVE)


@requires(P.PUBLIC)
@require_GET
def public_notices(request: SignedInRequest) -> HttpResponse:
    page = ListPage(request, _on_notice(), sorts=SORTS, default_sort="until", page_size=20)
    today, days = timezone.localdate(), calendar.current()
    for row in page.rows:
        _as_published(row, today, days)
    return render(request, "casework/public_notices.html", {"list": page})


def _as_published(row: Any, today: Any, days: rules.WorkingCalendar) -> None:
    """What a notice says: the service, the masked name, the township, and how long it still runs."""
    row.days_left = max(0, rules.working_days_between(today, row.notice_until, days))
    row.lines = row.notice_lines.get(get_language(), [])
    row.township = township_of(row.region)


def township_of(region: Any) -> Any:
    """A village would point at one person, so the notice names its township."""
    return region.parent if region.level == "village" and region.parent else region


@requires(P.PUBLIC)
@require_http_methods(["GET", "POST"])
def object_to(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_on_notice(), pk=pk)
    _as_published(found, timezone.localdate(), calendar.current())
    form = ObjectionForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if _too_many(request):
            form.add_error(None, _("Many objections came from your connection just now. Please try again in an hour."))
            status = TOO_MANY_REQUESTS
        elif (made := try_action(form, request, actions.object_to, application=found, **form.cleaned_data))[0]:
            request.session[REFERENCE] = reference_of(made[1])
            return redirect("casework:objection_received")
    context = {
        "application": found,
        "form": form,
        "crumbs": [(_("Public notices"), reverse("casework:public_notices")), (_("Objection"), "")],
    }
    return render(request, "casework/object_to.html", context, status=status)


def _too_many(request: SignedInRequest) -> bool:
    return bool(
        is_ratelimited(
            request,
            group="casework.object_to",
            key=lambda group, asked: client_ip(asked),
            rate=OBJECTIONS_AN_HOUR,
            increment=True,
        )
    )


def reference_of(objection: Objection) -> str:
    """What somebody names when they ask about their objection; it opens nothing."""
    return f"YY-{objection.made_at:%Y}-{objection.pk:06d}"


@requires(P.PUBLIC)
@require_GET
def objection_received(request: SignedInRequest) -> HttpResponse:
    reference = request.session.get(REFERENCE)
    if not reference:
        return redirect("casework:public_notices")
    return render(request, "casework/objection_received.html", {"reference": reference})
