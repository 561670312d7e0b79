"""What a demo has beside the product: moving its date on, and its bank. Not routed outside a demo."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, next_page, requires
from talentmap.accounts.permissions import Permission
from talentmap.casework import calendar
from talentmap.demo import bank, nights
from talentmap.demo.rules import Step, days_to
from talentmap.money.models import PaymentBatch
from talentmap.ui.downloads import CSV
from talentmap.ui.errors import Refused


@requires(Permission.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def date(request: SignedInRequest) -> HttpResponse:
    """Any person of the demo may move its date on: whoever plays one of them plays them all."""
    _only_in_a_demo()
    if request.method == "POST" and _move(request):
        return redirect(next_page(request, "home"))
    today, days = timezone.localdate(), calendar.current()
    steps = [(step, days_to(step, today, days)) for step in Step]
    context: dict[str, Any] = {"steps": [(step, today + timedelta(days=ahead), ahead) for step, ahead in steps]}
    batches = PaymentBatch.objects.filter(state=PaymentBatch.State.RELEASED).order_by("-pk")
    context["batches"] = batches if request.user.may(Permission.IMPORT_RETURN) else ()
    return render(request, "demo/date.html", context | {"next": next_page(request, "home")})


@requires(Permission.IMPORT_RETURN)
@require_safe
def return_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the bank would send back when it has paid everything: the part that nobody of the office plays."""
    _only_in_a_demo()
    batch = get_object_or_404(PaymentBatch.objects.visible_to(request.user), pk=pk)
    name = content_disposition_header(True, f"{batch.number}-return.csv") or "attachment"
    return HttpResponse(bank.answer(bank.sent(batch)), content_type=CSV, headers={"Content-Disposition": name})


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise Http404


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
