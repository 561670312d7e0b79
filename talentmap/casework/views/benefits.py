""" "What can I get?": every service for one person, with the amount and each condition."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework.benefits import benefits_of


@requires(P.APPLY)
@require_GET
def benefits(request: SignedInRequest) -> HttpResponse:
    talent = getattr(request.user, "talent", None)
    if talent is None:
        return redirect("people:my_file")
    context = {"benefits": benefits_of(talent, timezone.now()), "talent": talent, "own_file": True}
    return render(request, "casework/benefits.html", context)
