"""The one page of a demo about itself: its date, and moving it on. Not routed outside a demo."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from talentmap.accounts.access import SignedInRequest, next_page, requires
from talentmap.accounts.permissions import Permission
from talentmap.casework import calendar
from talentmap.demo import nights
from talentmap.demo.rules import Step, days_to
from talentmap.ui.errors import Refused


@requires(Permission.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def date(request: SignedInRequest) -> HttpResponse:
    """Any person of the demo may move its date on: whoever plays one of them plays them all."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST" and _move(request):
        return redirect(next_page(request, "home"))
    today, days = timezone.localdate(), calendar.current()
    steps = [(step, days_to(step, today, days)) for step in Step]
    context = {"steps": [(step, today + timedelta(days=ahead), ahead) for step, ahead in steps]}
    return render(request, "demo/date.html", context | {"next": next_page(request, "home")})


def _move(request: SignedInRequest) -> bool:
    step = request.POST.get("step", "")
    if step not in Step.values:
        messages.error(request, _("Choose how far to move the date on."))
        return False
    days = days_to(step, timezone.localdate(), calendar.current())
    try:
        nights.pass_days(by=request.user, days=days)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    said = ngettext("%(days)s night has passed: it is %(date)s.", "%(days)s nights have passed: it is %(date)s.", days)
    messages.success(request, said % {"days": days, "date": date_format(timezone.localdate(), "Y-m-d")})
    return True
