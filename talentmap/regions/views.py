"""The regions: list, correction, import with preview."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.regions import actions
from talentmap.regions.forms import RegionForm, RegionImportForm
from talentmap.regions.imports import COLUMNS, HEADER, exported_rows, packed, read_regions, unpacked
from talentmap.regions.models import Level, Region
from talentmap.regions.rules import Change, Plan
from talentmap.ui.downloads import csv_response
from talentmap.ui.lists import ListPage
from talentmap.ui.workbooks import BadFile, CellError

SALT = "talentmap.regions.import"
PREVIEW_SECONDS = 2 * 3600
SHOWN_CHANGES = 200


class RegionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=gettext_lazy("Name or code"), method="search")
    township = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Township"),
        queryset=Region.objects.townships(),
        method="below",
        empty_label=gettext_lazy("All"),
    )
    level = django_filters.ChoiceFilter(
        label=pgettext_lazy("region", "Level"), choices=Level.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Region
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.filter(name__icontains=value.strip())
        return found | queryset.filter(code__startswith=value.strip()) if value.strip().isdigit() else found

    def below(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(code__startswith=value.prefix)


@requires(P.MANAGE_REGIONS)
@require_safe
def region_list(request: SignedInRequest) -> HttpResponse:
    page = ListPage(
        request,
        Region.objects.select_related("parent"),
        RegionFilter,
        sorts={"code": "code", "name": "name", "population": "population"},
        default_sort="code",
        page_size=50,
    )
    return render(request, "regions/list.html", {"list": page})


@requires(P.MANAGE_REGIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def region_edit(request: SignedInRequest, region_pk: int) -> HttpResponse:
    region = get_object_or_404(Region.objects.select_related("parent"), pk=region_pk)
    check_may(request.user, P.MANAGE_REGIONS, region)
    heading = region.full_name
    form = RegionForm(request.POST or None, instance=region)
    if form.is_valid():
        with told_on(form):
            values = form.cleaned_data
            seen = values.pop("version")
            actions.save_region(by=request.user, at=timezone.now(), region=region, values=values, expected_version=seen)
            messages.success(request, _("Saved."))
            return redirect("regions:list")
    return render(request, "regions/edit.html", {"form": form, "heading": heading})


@requires(P.MANAGE_REGIONS)
@require_safe
def download(request: SignedInRequest) -> HttpResponseBase:
    return csv_response("regions", HEADER, exported_rows())


@requires(P.MANAGE_REGIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: SignedInRequest) -> HttpResponse:
    """Shows what an uploaded table would change. Nothing is saved: the rows wait, signed, in the page."""
    form = RegionImportForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(request, "regions/import.html", {"form": form})
    try:
        rows = read_regions(form.cleaned_data["file"])
    except BadFile as bad:
        return render(request, "regions/import.html", {"form": form, "fault": bad, "errors": bad.errors})
    planned = actions.plan_import(rows)
    if planned.problems:
        return render(request, "regions/import.html", {"form": form, "fault": _FAULTY, "errors": _told(planned)})
    signed = signing.dumps({"by": request.user.pk, "rows": packed(rows)}, salt=SALT, compress=True)
    return render(
        request,
        "regions/import_preview.html",
        {"plan": planned, "changes": _shown(planned), "signed": signed, "shown": SHOWN_CHANGES},
    )


def _shown(planned: Plan) -> list[tuple[Change, list[tuple[Any, Any, Any]]]]:
    """The first changes, each with its lines of (field, was, becomes)."""
    labels = {column.name: column.title for column in COLUMNS}
    return [
        (change, [(labels[name], change.was.get(name), value) for name, value in change.becomes.items()])
        for change in planned.changes[:SHOWN_CHANGES]
    ]


_FAULTY = gettext_lazy("Nothing was read: correct these rows and upload the file again.")


def _told(planned: Plan) -> list[CellError]:
    return [CellError(problem.number, "", "", str(problem.message)) for problem in planned.problems]


@requires(P.MANAGE_REGIONS)
@require_POST
def import_confirm(request: SignedInRequest) -> HttpResponse:
    try:
        wanted = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        wanted = {}
    if wanted.get("by") != request.user.pk:
        messages.error(request, _("The preview is too old. Upload the file again."))
        return redirect("regions:import")
    with told_on_page(request):
        done = actions.import_regions(by=request.user, at=timezone.now(), rows=unpacked(wanted["rows"]))
        counts = {"created": done.created, "updated": done.updated}
        messages.success(request, _("Regions created: %(created)s, changed: %(updated)s.") % counts)
        return redirect("regions:list")
    return redirect("regions:import")
