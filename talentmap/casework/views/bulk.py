"""One decision on many cases, and the page that says what became of each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions
from talentmap.casework.decisions import bulk_choices
from talentmap.casework.filters import kept_query
from talentmap.casework.models import Application
from talentmap.casework.states import Action
from talentmap.casework.views.common import SENSITIVE
from talentmap.ui.errors import Refused

RESULT = "bulk_result"


@requires(P.VIEW_CASES)
@require_POST
def decide_many(request: SignedInRequest) -> HttpResponse:
    query = kept_query(request.POST.get("query", ""))
    inbox = f"{reverse('casework:inbox')}?{query}"
    seen = _seen(request.POST.getlist("case"))
    wanted = request.POST.get("action", "")
    if not seen:
        messages.error(request, _("Tick the cases that you want to decide on."))
        return redirect(inbox)
    if wanted not in {choice.action for choice in bulk_choices(request.user)}:
        messages.error(request, _("Choose what to decide."))
        return redirect(inbox)
    try:
        decided = actions.decide_many(by=request.user, at=timezone.now(), action=wanted, seen=seen)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(inbox)
    request.session[RESULT] = {
        "action": wanted,
        "query": query,
        "outcomes": [(outcome.application.pk, outcome.ok, outcome.reason) for outcome in decided],
    }
    return redirect("casework:decided")


def _seen(ticked: list[str]) -> dict[int, int]:
    """The version that the list showed of each ticked case, as its boxes send it ("12:3"); anything else is dropped."""
    parts = (tick.partition(":")[::2] for tick in ticked if tick.isascii() and len(tick) < 28)
    return {int(pk): int(version) for pk, version in parts if pk.isdigit() and version.isdigit() and len(pk) < 18}


@requires(P.VIEW_CASES)
@require_GET
def decided(request: SignedInRequest) -> HttpResponse:
    """The last bulk decision of this session: each case, and for those left out the reason."""
    result = request.session.get(RESULT)
    if not result:
        return redirect("casework:inbox")
    rows = _rows(request.user, result["outcomes"])
    context = {
        "action": Action(result["action"]).label,
        "done": [row for row in rows if row["ok"]],
        "left_out": [row for row in rows if not row["ok"]],
        "inbox": f"{reverse('casework:inbox')}?{result['query']}",
        "crumbs": [(_("Inbox"), reverse("casework:inbox")), (pgettext("decision on many", "Result"), "")],
    }
    return render(request, "casework/decided.html", context)


def _rows(user: Any, outcomes: list[Any]) -> list[dict[str, Any]]:
    found = Application.objects.in_reach(user).select_related("applicant", "region").defer(*SENSITIVE)
    cases = found.in_bulk([pk for pk, _ok, _reason in outcomes])
    return [{"case": cases[pk], "ok": ok, "reason": reason} for pk, ok, reason in outcomes if pk in cases]
