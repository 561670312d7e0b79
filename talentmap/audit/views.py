"""The director's pages: who changed what, who read what, and whether the history is still what it was."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission
from talentmap.accounts.records import SignIn
from talentmap.audit import actions, readable
from talentmap.audit.filters import AccessFilter, HistoryFilter, SignInFilter
from talentmap.audit.forms import ExportForm
from talentmap.audit.models import AccessLog, AuditEntry, DaySeal, SealCheck
from talentmap.audit.pages import KeyPage
from talentmap.audit.tasks import check_seals_now
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage

EXPORT_LIMIT = 20_000
VERIFIED_AFTER = 5  # seconds


@requires(Permission.VIEW_AUDIT)
@require_safe
def history(request: SignedInRequest) -> HttpResponse:
    page = _history_page(request)
    return render(request, "audit/history.html", {"list": page, "lines": readable.lines(page.rows)})


def _history_page(request: SignedInRequest) -> KeyPage:
    entries = AuditEntry.objects.visible_to(request.user).select_related("actor")
    return KeyPage(request, entries, HistoryFilter)


@requires(Permission.VIEW_AUDIT)
@require_http_methods(["GET", "POST"])
def export(request: SignedInRequest) -> HttpResponseBase:
    """Ask what for, then hand out everything that the filter in the address finds."""
    found = _history_page(request)
    form = ExportForm(request.POST or None)
    count = found.filter.qs[: EXPORT_LIMIT + 1].count()
    if form.is_valid() and count <= EXPORT_LIMIT:
        actions.log_export(by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        return xlsx_response(_("Audit history"), _export_header(), _export_rows(found))
    context = {
        "form": form,
        "count": count,
        "is_cut": found.filter.is_cut,
        "is_too_many": count > EXPORT_LIMIT,
        "limit": EXPORT_LIMIT,
        "back": f"{reverse('audit:history')}?{found.querystring}",
    }
    return render(request, "audit/export.html", context)


def _export_header() -> list[str]:
    return [
        _("Time"),
        _("Who did it"),
        pgettext("audit", "Action"),
        _("Reason"),
        _("Kind of record"),
        _("Record"),
        _("Operation"),
        _("Field"),
        _("Before"),
        _("After"),
    ]


def _export_rows(found: KeyPage) -> Iterator[list[Any]]:
    """One row a changed field, so that the workbook can be filtered by field."""
    entries = found.filter.qs.order_by("-at", "-pk")[:EXPORT_LIMIT].iterator(chunk_size=500)
    while some := list(islice(entries, 500)):
        for line in readable.lines(some):
            head = [line.entry.at, line.who, line.action, line.reason, line.kind, line.name]
            for change in line.changes:
                told = [_("hidden")] * 2 if change.is_hidden else [change.old, change.new]
                yield [*head, line.entry.get_operation_display(), change.label, *told]


@requires(Permission.VIEW_AUDIT)
@require_safe
def accesses(request: SignedInRequest) -> HttpResponse:
    page = KeyPage(request, AccessLog.objects.visible_to(request.user).select_related("user"), AccessFilter)
    return render(request, "audit/accesses.html", {"list": page, "readings": readable.readings(page.rows)})


@requires(Permission.VIEW_AUDIT)
@require_safe
def sign_ins(request: SignedInRequest) -> HttpResponse:
    page = KeyPage(request, SignIn.objects.visible_to(request.user).select_related("user"), SignInFilter)
    return render(request, "audit/sign_ins.html", {"list": page})


@requires(Permission.VIEW_AUDIT)
@require_safe
def seals(request: SignedInRequest) -> HttpResponse:
    context = {
        "list": ListPage(request, DaySeal.objects.all(), default_sort="-day", page_size=31),
        "check": SealCheck.objects.first(),
        "head": DaySeal.objects.first(),
        "first_night": timezone.localdate() + timedelta(days=1),
    }
    response = render(request, "audit/seals.html", context)
    if "verifying" in request.GET:  # once: the outcome is there in a moment, and the address without it stays
        response["Refresh"] = f"{VERIFIED_AFTER};url={request.path}"
    return response


@requires(Permission.VIEW_AUDIT)
@require_POST
def check_seals(request: SignedInRequest) -> HttpResponse:
    try:
        check_seals_now.apply_async((request.user.pk,), retry=False)
    except OperationalError:
        messages.error(request, _("The background service cannot be reached. Please try again later."))
    else:
        messages.info(request, _("The seals are being verified. This page shows the outcome in a moment by itself."))
        return redirect(f"{reverse('audit:seals')}?verifying=1")
    return redirect("audit:seals")
