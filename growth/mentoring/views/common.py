"""What the pages share: finding what the person may see, running an action, the way back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from growth.mentoring.actions.common import side_of
from growth.mentoring.models import Mentor, Pair
from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.permissions import Permission as P
from talentmap.casework.views.common import attempt, try_action

__all__ = [
    "attempt",
    "attempt_and_go",
    "form_page",
    "is_sent",
    "mentor_or_404",
    "own_mentor",
    "pair_or_404",
    "side_or_404",
    "try_action",
]

PAIR_READERS = (P.OWN_FILE, P.MENTOR, P.VIEW_MENTORING)
PARTNERS = (P.OWN_FILE, P.MENTOR)


def pair_or_404(request: SignedInRequest, pk: int) -> Pair:
    found = Pair.objects.visible_to(request.user).without_secrets()
    return get_object_or_404(
        found.select_related("talent__region__parent", "talent__user", "mentor__organisation", "mentor__user",
                             "mentor__region", "application"),
        pk=pk,
    )  # fmt: skip


def side_or_404(request: SignedInRequest, pair: Pair, *sides: str) -> str:
    """Which part the person has in a pair; whoever has none of `sides` finds nothing here."""
    side = side_of(request.user, pair)
    if not side or (sides and side not in sides):
        raise Http404
    return side


def of_pair_or_404(request: SignedInRequest, model: Any, pk: int, *sides: str) -> tuple[Any, str]:
    """A row of a pair that the person sees, and which of `sides` they are."""
    row = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    row.pair = pair_or_404(request, row.pair_id)
    return row, side_or_404(request, row.pair, *sides)


def own_mentor(request: SignedInRequest) -> Mentor | None:
    return Mentor.objects.filter(user=request.user).select_related("organisation", "region__parent").first()


def mentor_or_404(request: SignedInRequest, pk: int) -> Mentor:
    """A mentor in the reach of the office or the township."""
    found = Mentor.objects.visible_to(request.user).without_secrets()
    return get_object_or_404(
        found.select_related("organisation", "region__parent", "user", "decided_by", "invited_by"), pk=pk
    )


def form_page(request: SignedInRequest, form: Any, *, title: Any, back: str, **context: Any) -> HttpResponse:
    """A form by itself on a page."""
    version = context.pop("version", None)
    if version is not None:  # what the person saw: whoever changed it meanwhile is not overwritten
        context["extra"] = format_html('<input type="hidden" name="version" value="{}">', version)
    shown = {"form": form, "title": title, "back": back, "crumbs": [*context.pop("crumbs", []), (title, "")]}
    return render(request, "mentoring/form.html", shown | context)


def is_sent(request: SignedInRequest, form: Any) -> bool:
    return request.method == "POST" and form.is_valid()


def attempt_and_go(request: SignedInRequest, to: str, done: Any, action: Any, **values: Any) -> HttpResponse:
    """Run one action, say what was done or why not, and go on."""
    if attempt(request, action, **values)[0]:
        messages.success(request, done)
    return redirect(to)


def pair_crumbs(request: SignedInRequest, pair: Pair) -> list[tuple[Any, str]]:
    """The way back, which for the office leads over the list of all pairs."""
    own = bool(pair.side_of(request.user))
    above = (
        (_("My mentoring"), reverse("mentoring:my_pairs"))
        if own
        else (_("Mentoring pairs"), reverse("mentoring:pair_list"))
    )
    return [above, (str(pair), pair.get_absolute_url())]
