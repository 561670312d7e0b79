"""Meetings: planning, the log, confirming, and the entry for a calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from growth.mentoring import actions, calendar_entry, presentation
from growth.mentoring.actions.common import side_of
from growth.mentoring.choices import Side
from growth.mentoring.forms import LogMeetingForm, PlanMeetingForm, ReasonForm, file_limits
from growth.mentoring.models import Meeting
from growth.mentoring.views.common import (
    PAIR_READERS,
    PARTNERS,
    attempt_and_go,
    form_page,
    is_sent,
    of_pair_or_404,
    pair_crumbs,
    pair_or_404,
    side_or_404,
    try_action,
)
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.casework.documents import ACCEPT
from talentmap.ui.numbers import number_from

BOTH = (Side.TALENT, Side.MENTOR)


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def plan(request: SignedInRequest, pk: int) -> HttpResponse:
    pair = pair_or_404(request, pk)
    side_or_404(request, pair, *BOTH)
    return _write(request, pair, None, PlanMeetingForm, actions.plan_meeting, _("Plan a meeting"))


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def log(request: SignedInRequest, pk: int) -> HttpResponse:
    pair = pair_or_404(request, pk)
    side_or_404(request, pair, *BOTH)
    return _write(request, pair, None, LogMeetingForm, actions.log_meeting, _("Write a meeting down"))


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, Meeting, pk, *BOTH)
    return _write(request, row.pair, row, PlanMeetingForm, actions.plan_meeting, _("Move the meeting"))


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def log_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down what was planned, or correct one's own words."""
    row, _side = of_pair_or_404(request, Meeting, pk, *BOTH)
    return _write(request, row.pair, row, LogMeetingForm, actions.log_meeting, _("Write the meeting down"))


def _write(
    request: SignedInRequest, pair: Any, row: Meeting | None, form_class: Any, act: Any, title: str
) -> HttpResponse:
    begin = None if row else {"minutes": 60}
    form = form_class(request.POST or None, instance=row, initial=begin, pair=pair)
    version = row.version if row else None
    if request.method == "POST":
        version = number_from(request.POST.get("version")) if row else None
        if form.is_valid():
            values = dict(form.cleaned_data)
            done, meeting = try_action(form, request, act, pair=pair, values=values, meeting=row, version=version)
            if done:
                messages.success(request, _("Saved. The other side is told."))
                return redirect("mentoring:meeting", meeting.pk)
    back = reverse("mentoring:meeting", args=[row.pk]) if row else pair.get_absolute_url()
    return form_page(request, form, title=title, back=back, crumbs=pair_crumbs(request, pair), version=version)


@requires(*PAIR_READERS)
@require_safe
def meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    found = Meeting.objects.visible_to(request.user).select_related("planned_by", "logged_by", "confirmed_by")
    row = get_object_or_404(found, pk=pk)
    row.pair = pair_or_404(request, row.pair_id)
    is_two = row.pair.side_of(request.user) in BOTH
    is_own = row.logged_by_id == request.user.pk
    waits = row.state == Meeting.State.LOGGED
    runs = is_two and row.pair.is_active
    context = {
        "meeting": row,
        "pair": row.pair,
        "facts": presentation.meeting_facts(row),
        "files": row.files.all(),
        "may_move": runs and row.state == Meeting.State.PLANNED and row.starts_at > timezone.now(),
        "may_cancel": is_two and row.state == Meeting.State.PLANNED,
        "may_log": is_two
        and row.starts_at <= timezone.now()
        and (row.state == Meeting.State.PLANNED or (waits and is_own)),
        "may_confirm": is_two and waits and not is_own,
        "enters_papers": row.pair.talent.user_id is None and waits and side_of(request.user, row.pair) == Side.OFFICE,
        "is_to_sign": row.pair.talent.user_id is None and waits,
        "may_share": runs and row.state in (Meeting.State.PLANNED, Meeting.State.LOGGED),
        "limits": file_limits(),
        "accept": ACCEPT,
        "crumbs": [*pair_crumbs(request, row.pair), (row.topic, "")],
    }
    return render(request, "mentoring/meeting.html", context)


@requires(*PARTNERS)
@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, Meeting, pk, *BOTH)
    version = number_from(request.POST.get("version"))
    back = reverse("mentoring:meeting", args=[pk])
    done = _("Confirmed: the meeting is on the log.")
    return attempt_and_go(request, back, done, actions.confirm_meeting, meeting=row, version=version)


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def object_to(request: SignedInRequest, pk: int) -> HttpResponse:
    return _say(request, pk, _("Something is not right"), actions.object_to_meeting, "objection")


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    return _say(request, pk, _("Cancel the meeting"), actions.cancel_meeting, "reason")


def _say(request: SignedInRequest, pk: int, title: str, act: Any, name: str) -> HttpResponse:
    row, _side = of_pair_or_404(request, Meeting, pk, *BOTH)
    form = ReasonForm(request.POST or None)
    back = reverse("mentoring:meeting", args=[pk])
    if is_sent(request, form) and try_action(form, request, act, meeting=row, **{name: form.cleaned_data["reason"]})[0]:
        messages.success(request, _("The other side is told."))
        return redirect(back)
    return form_page(request, form, title=title, back=back, submit=title, crumbs=pair_crumbs(request, row.pair))


@requires(*PAIR_READERS)
@require_GET
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """The meeting as a file that every calendar opens."""
    found = Meeting.objects.visible_to(request.user).select_related("pair__talent", "pair__mentor")
    row = get_object_or_404(found, pk=pk)
    address = request.build_absolute_uri(reverse("mentoring:meeting", args=[pk]))
    response = HttpResponse(calendar_entry.entry(row, address), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meeting-{pk}.ics"'
    return response
