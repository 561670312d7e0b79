"""One's own exports of a campaign: ask for one, watch it, fetch it."""

import mimetypes
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.campaigns.pages import campaign_page, visible_campaign
from needs.surveys.exports import actions
from needs.surveys.exports.forms import ExportForm
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.options import from_json
from needs.surveys.exports.queries import file_name
from needs.surveys.exports.ranges import ranged
from needs.surveys.exports.selecting import described
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import XLSX
from talentmap.ui.lists import ListPage

_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "sav": "application/x-spss-sav", "zip": "application/zip"}


@requires(P.EXPORT_RESPONSES)
@require_safe
def exports(request: SignedInRequest, campaign_pk: int) -> HttpResponse:
    campaign = visible_campaign(request, campaign_pk, P.EXPORT_RESPONSES)
    found = ExportJob.objects.visible_to(request.user).filter(campaign=campaign).select_related("campaign")
    page = ListPage(request, found, sorts={"made": "made_at", "size": "size"}, default_sort="-made")
    rows = [_shown(job) for job in page.rows]
    context = {
        **campaign_page(request, campaign, "surveys:exports"),
        "list": page,
        "rows": rows,
        "is_busy": any(row["is_open"] for row in rows),
        "kept_days": actions.KEPT.days,
    }
    return render(request, "surveys/exports/list.html", context)


def _shown(job: ExportJob) -> dict[str, Any]:
    done = job.rows_written * 100 // job.rows_expected if job.rows_expected else 0
    return {
        "job": job,
        "is_open": job.state in actions.OPEN,
        "percent": min(done, 99),
        "filters": described(from_json(job.options).filters),
    }


@requires(P.EXPORT_RESPONSES)
@require_http_methods(["GET", "HEAD", "POST"])
def export_new(request: SignedInRequest, campaign_pk: int) -> HttpResponse:
    campaign = visible_campaign(request, campaign_pk, P.EXPORT_RESPONSES)
    form = ExportForm(request.POST or None, campaign=campaign, user=request.user)
    if form.is_valid():
        with told_on(form):
            actions.ask(
                by=request.user,
                at=timezone.now(),
                campaign=campaign,
                format=form.cleaned_data["format"],
                options=form.options(),
                with_personal=form.cleaned_data.get("with_personal", False),
                reason=form.cleaned_data.get("reason", ""),
            )
            messages.success(request, _("The file is being made. It will be here when it is done."))
            return redirect("surveys:exports", campaign.pk)
    context = {**campaign_page(request, campaign, "surveys:exports"), "form": form}
    return render(request, "surveys/exports/new.html", context)


def _own(request: SignedInRequest, job_pk: int) -> ExportJob:
    return get_object_or_404(ExportJob.objects.visible_to(request.user).select_related("campaign"), pk=job_pk)


@requires(P.EXPORT_RESPONSES)
@require_POST
def export_cancel(request: SignedInRequest, job_pk: int) -> HttpResponse:
    job = _own(request, job_pk)
    with told_on_page(request):
        actions.cancel(by=request.user, at=timezone.now(), job=job)
        messages.success(request, _("The export was cancelled."))
    return redirect("surveys:exports", job.campaign_id)


@requires(P.EXPORT_RESPONSES)
@require_POST
def export_discard(request: SignedInRequest, job_pk: int) -> HttpResponse:
    job = _own(request, job_pk)
    with told_on_page(request):
        actions.discard(by=request.user, at=timezone.now(), job=job)
        messages.success(request, _("The file was deleted."))
    return redirect("surveys:exports", job.campaign_id)


@requires(P.EXPORT_RESPONSES)
@require_safe
def export_download(request: SignedInRequest, job_pk: int) -> HttpResponseBase:
    """The file, or the rest of it: only its maker's, and only while the maker still has what it was made with."""
    job = _own(request, job_pk)
    if job.state != ExportJob.State.READY or not job.file:
        raise Http404
    if not actions.may_have(request.user, job):
        raise PermissionDenied(_("You may not export these answers any more."))
    name = file_name(job)
    kind = _TYPES.get(name.rpartition(".")[2]) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    storage, stored = job.file.storage, str(job.file.name)
    return ranged(
        request, lambda: storage.open(stored, "rb"), size=job.size, sha256=job.sha256, name=name, content_type=kind
    )
