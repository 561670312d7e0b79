from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from support.housing import actions, presentation
from support.housing.filters import EntitlementFilter
from support.housing.forms import ApartmentForm, CorrectEndForm, EndForm, RevokeForm
from support.housing.models import Entitlement
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions as casework
from talentmap.people.models import Talent
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.errors import Refused
from talentmap.ui.lists import ListPage
from talentmap.ui.numbers import number_from

SORTS = {
    "person": "talent__name_sort_key",
    "kind": "kind",
    "amount": "total_amount",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "state": "state",
}


def _rows(request: SignedInRequest) -> QuerySet:
    found = Entitlement.objects.visible_to(request.user).select_related("talent__region__parent", "application")
    return found.without_secrets()


def _list(request: SignedInRequest) -> ListPage:
    return ListPage(request, _rows(request), EntitlementFilter, sorts=SORTS, default_sort="-starts_on")


@requires(P.VIEW_ENTITLEMENTS)
@require_safe
def entitlement_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "list": _list(request),
        "may_export": request.user.may(P.EXPORT_CASES),
        "may_record": request.user.may(P.END_ENTITLEMENT),
    }
    return render(request, "housing/entitlements.html", context)


@requires(P.EXPORT_CASES)
@require_safe
def export(request: SignedInRequest) -> HttpResponseBase:
    header = [_("Name"), _("Township"), _("Benefit"), _("Case number"), _("Monthly amount (CNY)")]
    header += [_("Total amount (CNY)"), _("From"), _("Until"), _("State")]
    rows = (
        [
            row.talent.name,
            row.talent.region.full_name if row.talent.region else "",
            row.get_kind_display(),
            row.application.number if row.application else "",
            row.monthly_amount,
            row.total_amount,
            row.starts_on,
            row.last_day,
            row.get_state_display(),
        ]
        for row in _list(request).queryset.iterator(chunk_size=1000)
    )
    return xlsx_response(_("Housing benefits"), header, rows)


def _visible(request: SignedInRequest, pk: int) -> Entitlement:
    return get_object_or_404(_rows(request), pk=pk)


@requires(P.VIEW_ENTITLEMENTS, P.OWN_FILE)
@require_safe
def entitlement(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    context = {
        "entitlement": row,
        "facts": presentation.facts(row),
        "case_url": _case_url(request, row),
        "accruals": row.accruals.select_related("payable"),
        **presentation.money_context(row),
        "may_end": row.is_running_home and request.user.may(P.END_ENTITLEMENT, row),
        "may_correct": row.is_end_correctable and request.user.may(P.END_ENTITLEMENT, row),
        "may_revoke": row.is_revocable and request.user.may(P.REVOKE_ENTITLEMENT, row),
    }
    return render(request, "housing/entitlement.html", context)


def _case_url(request: SignedInRequest, row: Entitlement) -> str:
    """The applicant's own page for the applicant, the case page for staff."""
    if row.application is None:
        return ""
    own = row.talent.user_id == request.user.pk
    return reverse("casework:application" if own else "casework:case", args=[row.application.pk])


@requires(P.END_ENTITLEMENT)
@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    check_may(request.user, P.END_ENTITLEMENT, row)
    form = EndForm(request.POST or None)
    if form.is_valid():
        done = _try(request, actions.end, entitlement=row, **form.cleaned_data)
        if done:
            messages.success(request, _ended(done))
            return redirect("housing:entitlement", row.pk)
    return render(request, "housing/end.html", {"form": form, "entitlement": row, "crumbs": _crumbs(row)})


def _ended(done: actions.Ended) -> str:
    if done.to_recover:
        return _("The benefit has ended. CNY %(amount)s was paid too much and is claimed back.") % {
            "amount": f"{done.to_recover:,.2f}"
        }
    return _("The benefit has ended. CNY %(amount)s is still to be paid.") % {"amount": f"{done.still_payable:,.2f}"}


@requires(P.END_ENTITLEMENT)
@require_http_methods(["GET", "POST"])
def correct_end(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    check_may(request.user, P.END_ENTITLEMENT, row)
    if not row.is_end_correctable:
        return redirect("housing:entitlement", row.pk)
    form = CorrectEndForm(request.POST or None)
    if form.is_valid():
        done = _try(request, actions.correct_end, entitlement=row, **form.cleaned_data)
        if done:
            messages.success(request, _corrected(done))
            return redirect("housing:entitlement", row.pk)
    return render(request, "housing/correct_end.html", {"form": form, "entitlement": row, "crumbs": _crumbs(row)})


def _corrected(done: actions.Ended) -> str:
    return _("The last day is corrected. Still to be paid: CNY %(payable)s; newly claimed back: CNY %(claimed)s.") % {
        "payable": f"{done.still_payable:,.2f}",
        "claimed": f"{done.to_recover:,.2f}",
    }


@requires(P.REVOKE_ENTITLEMENT)
@require_http_methods(["GET", "POST"])
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    check_may(request.user, P.REVOKE_ENTITLEMENT, row)
    form = RevokeForm(request.POST or None)
    if row.application and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _try(request, casework.revoke, application=row.application, reason=reason):
            messages.success(request, _("The subsidy is revoked; what was paid is claimed back."))
            return redirect("housing:entitlement", row.pk)
    return render(request, "housing/revoke.html", {"form": form, "entitlement": row, "crumbs": _crumbs(row)})


@requires(P.END_ENTITLEMENT)
@require_http_methods(["GET", "POST"])
def record_apartment(request: SignedInRequest) -> HttpResponse:
    """Without a person chosen yet: search one; then the stay."""
    talents = Talent.objects.visible_to(request.user).registered().without_sensitive()
    chosen = talents.filter(pk=number_from(request.GET.get("talent"))).first()
    form = ApartmentForm(request.POST or None, initial={"talent": chosen}, talents=talents)
    if request.method == "POST" and form.is_valid():
        row = _try(request, actions.record_apartment, **form.cleaned_data)
        if row:
            messages.success(request, _("The stay is recorded."))
            return redirect("housing:entitlement", row.pk)
    query = request.GET.get("q", "").strip()
    context = {
        "form": form,
        "chosen": chosen,
        "query": query,
        "found": talents.search(query).select_related("region__parent")[:20] if query else (),
        "crumbs": [
            (_("Housing benefits"), reverse("housing:entitlement_list")),
            (_("Record an apartment stay"), ""),
        ],
    }
    return render(request, "housing/record_apartment.html", context)


def _try(request: SignedInRequest, act: Any, **values: Any) -> Any:
    """Run an action; a refusal is shown above the form, which keeps what was typed."""
    try:
        return act(by=request.user, at=timezone.now(), **values)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None


def _crumbs(row: Entitlement) -> list[tuple[str, str]]:
    return [
        (_("Housing benefits"), reverse("housing:entitlement_list")),
        (str(row), reverse("housing:entitlement", args=[row.pk])),
        (_("End"), ""),
    ]
