"""Ticking a milestone with evidence, answering a tick, reading its file."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from growth.pathways import actions, deeds, evidence, facts
from growth.pathways.forms import ConfirmForm, SendBackForm, TickForm, WithdrawForm
from growth.pathways.models import Journey, Tick
from growth.pathways.parts import is_own, parts_of, withdrawal_says_why
from growth.pathways.presentation import MilestoneView, Roadmap
from growth.pathways.views.common import READERS, ask, changed, journey_or_404
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.audit.actions import log_access

DOING = READERS


@requires(*DOING)
@require_http_methods(["GET", "POST"])
def tick(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    journey = journey_or_404(request, pk)
    view = _milestone(request, journey, code)
    if not parts_of(request.user, journey):
        raise PermissionDenied
    choices = [(deed.key, _words(deed)) for deed in deeds.of(journey.talent, request.user)]
    form = TickForm(request.POST or None, request.FILES or None, choices=choices, limits=evidence.limits())
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = _tick(request, journey, code, form.cleaned_data)
            messages.success(request, _waits(made))
            return changed(request, journey, view.element)
    return ask(request, journey, view.row.title, form, text=view.hint, submit=_("Tick it"), milestone=view)


def _tick(request: SignedInRequest, journey: Journey, code: str, typed: dict[str, Any]) -> Tick:
    return actions.tick(
        by=request.user,
        at=timezone.now(),
        journey=journey,
        code=code,
        text=typed["text"],
        deed=typed.get("deed", ""),
        upload=typed["file"],
    )


def _words(deed: deeds.Deed) -> str:
    return " · ".join(str(part) for part in (deed.title, deed.text, deed.day) if part)


def _waits(made: Tick) -> str:
    if made.needs:
        return _("Ticked. It counts once it is confirmed.")
    return _("Ticked: the milestone is met.")


def _milestone(request: SignedInRequest, journey: Journey, code: str) -> MilestoneView:
    roadmap = Roadmap(journey, request.user, timezone.now())
    for stage in roadmap.stages:
        for view in stage.milestones:
            if view.row.code == code:
                return view
    raise Http404


ANSWERS: dict[str, Any] = {"confirm": actions.confirm, "send-back": actions.send_back, "withdraw": actions.withdraw}


@requires(*DOING)
@require_http_methods(["GET", "POST"])
def answer(request: SignedInRequest, pk: int, tick_pk: int, what: str) -> HttpResponse:
    """Confirm a tick, send it back, or take it back."""
    if what not in ANSWERS:
        raise Http404
    journey = journey_or_404(request, pk)
    found = _tick_of(journey, tick_pk)
    if not parts_of(request.user, journey):
        raise PermissionDenied
    form = _answer_form(request, found, what)
    if form.is_valid():
        with told_on(form):
            ANSWERS[what](by=request.user, at=timezone.now(), tick=found, **form.cleaned_data)
            messages.success(request, _done(what))
            return changed(request, journey, f"m-{found.code}")
    asked = {"confirm": _("Confirm"), "send-back": _("Send back"), "withdraw": pgettext("milestone", "Take back")}[what]
    title = f"{asked}: {found.title}"
    return ask(request, journey, title, form, submit=asked, tick=found, danger=what == "withdraw")


def _tick_of(journey: Journey, tick_pk: int) -> Tick:
    return get_object_or_404(journey.ticks.select_related("journey", "evidence", "by"), pk=tick_pk)


def _answer_form(request: SignedInRequest, found: Tick, what: str) -> Any:
    data = request.POST if request.method == "POST" else None
    if what == "withdraw":
        state = facts.tick_lines([found])[0].state
        return WithdrawForm(data, says_why=withdrawal_says_why(request.user, found, state))
    return ConfirmForm(data) if what == "confirm" else SendBackForm(data)


def _done(what: str) -> str:
    return {
        "confirm": _("Confirmed: the milestone is met."),
        "send-back": _("Sent back. The person is told what is missing."),
        "withdraw": _("The tick is taken back."),
    }[what]


@requires(*READERS)
@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF], "object-src": [SELF]})  # type: ignore[arg-type]
def file(request: SignedInRequest, pk: int, tick_pk: int) -> HttpResponseBase:
    """The file itself. Whoever reads another person's is recorded."""
    journey = journey_or_404(request, pk)
    shown = getattr(_tick_of(journey, tick_pk), "evidence", None)
    if shown is None or not shown.file:
        raise Http404
    if not is_own(request.user, journey.talent):
        reason = _("Growth roadmap: %(milestone)s") % {"milestone": shown.tick.title}
        log_access(by=request.user, at=timezone.now(), subject=shown, field="file", reason=reason)
    try:
        content = shown.file.open("rb")
    except OSError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment="download" in request.GET,
        filename=shown.name,
        content_type=shown.content_type,
        headers={"Cache-Control": "private, no-store"},
    )
