"""Quotas: overview, a township's grid, spreading a sample, files, copying."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from needs.surveys.campaigns import actions, grid, queries, quota_files
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.occupations import occupations
from needs.surveys.campaigns.pages import below_campaign, campaign_page, visible_campaign
from needs.surveys.campaigns.quota_forms import CopyForm, MarginChoiceForm, QuotaFileForm, QuotaGridForm, SpreadForm
from needs.surveys.campaigns.rules import fingerprint
from needs.surveys.campaigns.views.coverage import bands, works
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region
from talentmap.ui.downloads import csv_response, xlsx_response
from talentmap.ui.workbooks import BadFile


def _cells(campaign: Campaign, townships: list[Region]) -> grid.Cells:
    quotas = campaign.quotas.filter(region__in=townships).order_by()
    return grid.coverage(quotas.values_list("region", "age_band", "occupation", "target"), [])


@requires(P.VIEW_SURVEYS)
@require_safe
def campaign_quotas(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_campaign(request, pk)
    seen = queries.townships_of(row, request.user)
    cells = _cells(row, seen)
    sums = grid.by_township(cells)
    context = {
        **campaign_page(request, row, "surveys:campaign_quotas"),
        "lines": [(region, sums.get(region.pk, grid.NOTHING)) for region in seen],
        "total": grid.total(cells.values()),
        "matrix": grid.matrix(cells, bands(), works(row)),
        "is_part": not request.user.reach(P.VIEW_SURVEYS).everything,
    }
    return render(request, "surveys/campaigns/quotas.html", context)


@requires(P.VIEW_SURVEYS)
@require_safe
def quotas_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    row = visible_campaign(request, pk)
    rows = quota_files.rows_of(row, queries.townships_of(row, request.user), occupations(row.version))
    title = _("Quotas %(title)s") % {"title": row.title}
    answer = csv_response if request.GET.get("format") == "csv" else xlsx_response
    return answer(title, quota_files.header(), rows)


def _changeable(request: SignedInRequest, pk: int) -> Campaign:
    row = visible_campaign(request, pk)
    check_may(request.user, P.MANAGE_CAMPAIGNS)
    return row


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def quotas_edit(request: SignedInRequest, pk: int, region_pk: int) -> HttpResponse:
    row = _changeable(request, pk)
    townships = queries.townships_of(row, request.user)
    region = get_object_or_404(Region, pk__in=[each.pk for each in townships if each.pk == region_pk])
    stored = {(q.age_band, q.occupation): q.target for q in row.quotas.filter(region=region)}
    form = QuotaGridForm(
        request.POST or None,
        occupations=occupations(row.version),
        targets=stored,
        initial={"seen": fingerprint({(region.pk, *cell): target for cell, target in stored.items()})},
    )
    if form.is_valid():
        with told_on(form):
            targets = {(region.pk, *cell): target for cell, target in form.targets.items()}
            seen = form.cleaned_data["seen"]
            actions.set_quotas(
                by=request.user, at=timezone.now(), campaign=row, targets=targets, townships=[region.pk], seen=seen
            )
            messages.success(request, _("The quotas of %(place)s are saved.") % {"place": region.name})
            return redirect("surveys:campaign_quotas", row.pk)
    crumbs = below_campaign(row, _("Quotas of %(place)s") % {"place": region.name})
    context = {"form": form, "campaign": row, "region": region, "townships": townships, "crumbs": crumbs}
    return render(request, "surveys/campaigns/quotas_edit.html", context)


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def quotas_spread(request: SignedInRequest, pk: int) -> HttpResponse:
    """Shows what comes out first; only the second button replaces the quotas."""
    row = _changeable(request, pk)
    townships = queries.townships_of(row, request.user)
    choice = MarginChoiceForm(request.GET)
    margins = choice.cleaned_data["margins"] if choice.is_valid() else None
    known = {(m.dimension, m.category): m.population for m in margins.margins.all()} if margins else {}
    form = SpreadForm(request.POST or None, townships=townships, occupations=occupations(row.version), known=known)
    context: dict[str, Any] = {"form": form, "campaign": row, "choice": choice, "margins": margins}
    if form.is_valid():
        targets = form.targets
        if "save" in request.POST:
            with told_on(form):
                places = [each.pk for each in townships]
                count = actions.set_quotas(
                    by=request.user, at=timezone.now(), campaign=row, targets=targets, townships=places
                )
                messages.success(request, _saved(count))
                return redirect("surveys:campaign_quotas", row.pk)
        context |= _preview(row, townships, targets)
    crumbs = below_campaign(row, _("Spread a sample"))
    return render(request, "surveys/campaigns/quotas_spread.html", {**context, "crumbs": crumbs})


def _preview(row: Campaign, townships: list[Region], targets: dict[grid.Place, int]) -> dict[str, Any]:
    cells = grid.coverage([(*place, target) for place, target in targets.items()], [])
    sums = grid.by_township(cells)
    return {
        "lines": [(region, sums.get(region.pk, grid.NOTHING)) for region in townships],
        "matrix": grid.matrix(cells, bands(), works(row)),
        "total": grid.total(cells.values()),
        "empty_cells": sum(1 for target in targets.values() if not target),
    }


def _saved(count: int) -> str:
    return ngettext("%(n)s quota is saved.", "%(n)s quotas are saved.", count) % {"n": count}


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def quotas_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _changeable(request, pk)
    form = QuotaFileForm(request.POST or None, request.FILES or None)
    problem: BadFile | None = None
    if form.is_valid():
        try:
            townships = queries.townships_of(row, request.user)
            found = quota_files.read(form.cleaned_data["file"], townships, occupations(row.version))
        except BadFile as error:
            problem = error
        else:
            with told_on(form):
                count = actions.set_quotas(
                    by=request.user,
                    at=timezone.now(),
                    campaign=row,
                    targets=found.targets,
                    townships=found.townships,
                )
                messages.success(request, _saved(count))
                return redirect("surveys:campaign_quotas", row.pk)
    context = {"form": form, "campaign": row, "problem": problem, "crumbs": below_campaign(row, _("Upload quotas"))}
    return render(request, "surveys/campaigns/quotas_upload.html", context)


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def quotas_copy(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _changeable(request, pk)
    form = CopyForm(request.POST or None, user=request.user, campaign=row)
    if form.is_valid():
        with told_on(form):
            names = [name for name, _label in occupations(row.version)]
            copied = actions.copy_quotas(
                by=request.user, at=timezone.now(), campaign=row, occupations=names, **form.cleaned_data
            )
            messages.success(request, _copied(copied))
            return redirect("surveys:campaign_quotas", row.pk)
    context = {"form": form, "campaign": row, "crumbs": below_campaign(row, _("Copy quotas"))}
    return render(request, "surveys/campaigns/quotas_copy.html", context)


def _copied(copied: actions.Copied) -> str:
    if copied.left_out:
        told = _("%(n)s quotas are copied; %(left_out)s do not fit this campaign and were left out.")
        return told % {"n": copied.quotas, "left_out": copied.left_out}
    return _saved(copied.quotas)
