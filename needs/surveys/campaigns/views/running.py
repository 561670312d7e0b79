"""Making a campaign, editing it, and taking it through its states."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from needs.surveys.campaigns import actions
from needs.surveys.campaigns.forms import CampaignForm, LastDayForm, StepForm, VersionForm
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.pages import below_campaign, visible_campaign
from needs.surveys.campaigns.queries import readiness
from needs.surveys.campaigns.states import RUNNING, STEPS
from needs.surveys.campaigns.words import OBSTACLES, doubts
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    version = request.GET.get("version", "")
    form = CampaignForm(request.POST or None, initial={"starts_on": today, "version": version})
    if form.is_valid():
        with told_on(form):
            made = actions.make_campaign(by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The campaign is prepared. Set quotas and interviewers, then open it."))
            return redirect("surveys:campaign", made.pk)
    crumbs = [(_("Survey campaigns"), reverse("surveys:campaign_list")), (_("New campaign"), "")]
    return render(request, "surveys/campaigns/new.html", {"form": form, "crumbs": crumbs})


def _managed(request: SignedInRequest, pk: int) -> Campaign:
    row = visible_campaign(request, pk)
    check_may(request.user, P.MANAGE_CAMPAIGNS)
    return row


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    form = CampaignForm(request.POST or None, instance=row)
    if form.is_valid():
        with told_on(form):
            actions.edit_campaign(by=request.user, at=timezone.now(), campaign=row, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("surveys:campaign", row.pk)
    context = {
        "form": form,
        "campaign": row,
        "crumbs": below_campaign(row, _("Edit")),
        "is_running": row.state in RUNNING,
        "is_closed": row.state == Campaign.State.CLOSED,
    }
    return render(request, "surveys/campaigns/edit.html", context)


@requires(P.MANAGE_CAMPAIGNS, P.REOPEN_CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    row, chosen = visible_campaign(request, pk), STEPS.get(step)
    if chosen is None:
        raise Http404
    check_may(request.user, chosen.permission)
    form = StepForm(request.POST if request.method == "POST" else None, step=chosen, campaign=row)
    if form.is_valid():
        with told_on(form):
            values = form.cleaned_data
            actions.change_state(by=request.user, at=timezone.now(), campaign=row, step=step, **values)
            messages.success(request, chosen.done)
            return redirect("surveys:campaign", row.pk)
    context = {
        "form": form,
        "campaign": row,
        "step": chosen,
        "is_possible": row.state in chosen.before,
        "crumbs": below_campaign(row, chosen.label),
        **_checks(row, step),
    }
    return render(request, "surveys/campaigns/step.html", context)


def _checks(row: Campaign, step: str) -> dict[str, Any]:
    """What stands in the way of opening, and what is worth a second look."""
    if step != "open":
        return {}
    ready = readiness(row)
    obstacles = [OBSTACLES[code] for code in ready.obstacles(timezone.localdate())]
    return {"obstacles": obstacles, "doubts": doubts(ready), "ready": ready}


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_extend(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    form = LastDayForm(request.POST or None, initial={"ends_on": row.ends_on})
    if form.is_valid():
        with told_on(form):
            actions.change_last_day(by=request.user, at=timezone.now(), campaign=row, **form.cleaned_data)
            messages.success(request, _("The last day is %(date)s now.") % form_day(form))
            return redirect("surveys:campaign", row.pk)
    context = {"form": form, "campaign": row, "crumbs": below_campaign(row, _("Change the last day"))}
    return render(request, "surveys/campaigns/extend.html", context)


def form_day(form: LastDayForm) -> dict[str, Any]:
    return {"date": f"{form.cleaned_data['ends_on']:%Y-%m-%d}"}


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_version(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    form = VersionForm(request.POST or None, campaign=row)
    if form.is_valid():
        with told_on(form):
            actions.change_version(by=request.user, at=timezone.now(), campaign=row, **form.cleaned_data)
            messages.success(request, _("The campaign hands out the chosen version from now on."))
            return redirect("surveys:campaign", row.pk)
    has_others = form.fields["version"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "campaign": row, "has_others": has_others}
    return render(
        request,
        "surveys/campaigns/version.html",
        {**context, "crumbs": below_campaign(row, _("Change the version"))},
    )
