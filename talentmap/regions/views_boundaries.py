"""The boundaries of townships: versions, upload with a look before it counts, putting in use and removing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.regions import actions_boundaries as actions
from talentmap.regions import boundaries
from talentmap.regions.boundary_models import Boundary, BoundarySet
from talentmap.regions.geojson import MOST_BYTES, BadBoundaries
from talentmap.ui.forms import PageForm
from talentmap.ui.lists import ListPage

A_YEAR = 365 * 24 * 3600


class BoundaryForm(PageForm):
    file = forms.FileField(
        label=gettext_lazy("GeoJSON file"),
        help_text=gettext_lazy(
            "A FeatureCollection in degrees (WGS 84), one area a township, up to 5 MB and 200,000 points. A township is"
            " recognised by either of its codes or by its name."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source and date"),
        max_length=200,
        help_text=gettext_lazy("Who drew these boundaries and when, for example: 县自然资源局, 2026-03."),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Simplify the outlines."))
        return file


def _seen_by(user: Any) -> QuerySet[BoundarySet]:
    """Every version that was in use, and one's own that is not confirmed yet."""
    found = BoundarySet.objects.confirmed() | BoundarySet.objects.filter(uploaded_by=user)
    return found.select_related("uploaded_by", "confirmed_by", "ended_by")


@requires(P.EDIT_BOUNDARIES)
@require_safe
def boundary_list(request: SignedInRequest) -> HttpResponse:
    found = ListPage(request, _seen_by(request.user).annotate(count=Count("boundaries")), default_sort="-pk")
    in_use = boundaries.current()
    context = {"list": found, "in_use": in_use, "missing": _missing(in_use) if in_use else []}
    return render(request, "regions/boundaries.html", context)


@requires(P.EDIT_BOUNDARIES)
@require_http_methods(["GET", "HEAD", "POST"])
def boundary_upload(request: SignedInRequest) -> HttpResponse:
    form = BoundaryForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = actions.upload_boundaries(
                by=request.user,
                at=timezone.now(),
                file_name=file.name or "boundaries.geojson",
                source=form.cleaned_data["source"],
                content=file.read(),
            )
            return redirect("regions:boundary_detail", made.pk)
        except BadBoundaries as bad:
            context |= {"fault": str(bad), "problems": bad.problems}
    return render(request, "regions/boundary_upload.html", context)


@requires(P.EDIT_BOUNDARIES)
@require_safe
def boundary_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A version: its map, the shapes that belong nowhere, the townships without a shape."""
    shown = get_object_or_404(_seen_by(request.user), pk=pk)
    rows = list(Boundary.objects.filter(boundary_set=shown).select_related("region").defer("geometry"))
    context = {
        "shown": shown,
        "rows": rows,
        "missing": _missing(shown),
        "in_use": boundaries.current(),
        "map_data": {
            "id": "boundaries",
            "title": str(_("Boundaries")),
            "boundaries": reverse("regions:boundaries_json", args=[shown.pk]),
            "places": [{"code": row.region.code, "name": row.region.name, "text": "", "shade": 1} for row in rows],
            "words": {},
        },
    }
    return render(request, "regions/boundary_detail.html", context)


def _missing(shown: BoundarySet) -> list[str]:
    there = set(Boundary.objects.filter(boundary_set=shown).values_list("region", flat=True))
    return [each.name for each in boundaries.known_townships() if each.pk not in there]


@requires(P.EDIT_BOUNDARIES)
@require_POST
def boundary_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(_seen_by(request.user), pk=pk)
    with told_on_page(request):
        actions.use_boundaries(by=request.user, at=timezone.now(), boundaries=shown)
        messages.success(request, _("Maps are drawn with these boundaries now."))
    return redirect("regions:boundary_list")


@requires(P.EDIT_BOUNDARIES)
@require_POST
def boundary_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(_seen_by(request.user), pk=pk)
    with told_on_page(request):
        actions.remove_boundaries(by=request.user, at=timezone.now(), boundaries=shown)
        messages.success(request, _("Maps are drawn with tiles now. The version is kept."))
    return redirect("regions:boundary_list")


@requires(P.VIEW_DASHBOARDS, P.EDIT_BOUNDARIES)
@require_safe
def boundaries_json(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a version holds never changes, so a browser may keep it."""
    shown = get_object_or_404(_seen_by(request.user), pk=pk)
    response = JsonResponse(boundaries.as_geojson(shown))
    if shown.confirmed_at:
        patch_cache_control(response, private=True, max_age=A_YEAR, immutable=True)
    return response
