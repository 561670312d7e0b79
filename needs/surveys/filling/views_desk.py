"""Entering at a desk what a device could not send itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from needs.surveys.filling import imports
from needs.surveys.filling.forms import QueueFileForm
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.errors import Refused


@requires(P.FILL_SURVEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_import(request: SignedInRequest) -> HttpResponse:
    """Upload the file that a device's queue was exported to; every response of it is answered for by itself."""
    form = QueueFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "fill_url": reverse("surveys:fill_home")}
    if form.is_valid():
        try:
            rows = imports.read(form.cleaned_data["file"].read())
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            context["lines"] = list(imports.enter(rows, by=request.user, at=timezone.now()))
            context["totals"] = _totals(context["lines"])
    return render(request, "surveys/fill/desk_import.html", context)


def _totals(lines: list[imports.Line]) -> dict[str, int]:
    return {name: sum(line.outcome == name for line in lines) for name in ("accepted", "known", "refused")}
