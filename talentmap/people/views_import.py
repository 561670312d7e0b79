"""Importing people: upload, preview, confirm."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.people import actions
from talentmap.people.actions_import import KEPT_FOR, readings_of
from talentmap.people.forms_office import ImportForm
from talentmap.people.import_cells import COLUMNS
from talentmap.people.importing import Reading, unpacked
from talentmap.people.models import Talent
from talentmap.people.records import ImportPreview
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.workbooks import BadFile

SHOWN = 100


@requires(P.IMPORT_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": COLUMNS}
    if form.is_valid():
        try:
            preview = actions.preview_import(by=request.user, at=timezone.now(), upload=form.cleaned_data["file"])
        except BadFile as bad:
            context |= {"fault": bad, "errors": bad.errors}
        else:
            return redirect("people:import_preview", preview.pk)
    return render(request, "people/import.html", context)


@requires(P.IMPORT_PEOPLE)
@require_safe
def template(request: SignedInRequest) -> HttpResponseBase:
    """An empty table with the headings that the import knows."""
    return xlsx_response(_("Import of people"), [column.title for column in COLUMNS], [])


def _own_preview(request: SignedInRequest, preview_pk: int) -> ImportPreview:
    kept = Q(confirmed_at__isnull=False) | Q(created_at__gte=timezone.now() - KEPT_FOR)
    return get_object_or_404(ImportPreview.objects.filter(kept, created_by=request.user), pk=preview_pk)


@requires(P.IMPORT_PEOPLE)
@never_cache
@require_safe
def preview(request: SignedInRequest, preview_pk: int) -> HttpResponse:
    """What the table would write; nothing is saved yet."""
    kept = _own_preview(request, preview_pk)
    readings = readings_of(kept, request.user, timezone.now())
    counts = dict.fromkeys(("new", "update", "same", "error"), 0)
    for reading in readings:
        counts[reading.status] += 1
    context = {
        "preview": kept,
        "counts": counts,
        "to_write": counts["new"] + counts["update"],
        "faulty": [reading for reading in readings if reading.errors][:SHOWN],
        "sound": [(r, _changed(r)) for r in readings if r.status in ("new", "update")][:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "people/import_preview.html", context)


@requires(P.IMPORT_PEOPLE)
@never_cache
@require_safe
def faults(request: SignedInRequest, preview_pk: int) -> HttpResponseBase:
    """The rows that are left out, as they were typed and with what is wrong: to be corrected and imported again."""
    kept = _own_preview(request, preview_pk)
    wrong = {
        reading.number: "\n".join(str(error) for error in reading.errors)
        for reading in readings_of(kept, request.user, timezone.now())
        if reading.errors
    }
    rows = unpacked(kept.rows).rows if kept.rows else ()
    table = [[*(row[column.name] for column in COLUMNS), wrong[row.number]] for row in rows if row.number in wrong]
    return xlsx_response(_("Rows with errors"), [*(column.title for column in COLUMNS), _("What is wrong")], table)


def _changed(reading: Reading) -> list[str]:
    """The names of the entries that would change; their values stay off the page."""
    return [str(getattr(Talent._meta.get_field(name), "verbose_name", name)) for name in reading.changes]


@requires(P.IMPORT_PEOPLE)
@require_POST
def confirm(request: SignedInRequest, preview_pk: int) -> HttpResponse:
    kept = _own_preview(request, preview_pk)
    with told_on_page(request):
        declared = request.POST.get("declared") == "1"
        done = actions.import_rows(by=request.user, at=timezone.now(), preview=kept, declared=declared)
        told = _("%(created)s files opened, %(updated)s changed, %(skipped)s rows left out.")
        messages.success(request, told % {"created": done.created, "updated": done.updated, "skipped": done.skipped})
        return redirect("people:talent_list")
    return redirect("people:import_preview", kept.pk)


@requires(P.IMPORT_PEOPLE)
@require_POST
def discard(request: SignedInRequest, preview_pk: int) -> HttpResponse:
    kept = _own_preview(request, preview_pk)
    actions.discard_import(by=request.user, at=timezone.now(), preview=kept)
    messages.info(request, _("The table was dropped, nothing was saved."))
    return redirect("people:talent_import")
