"""Organisations: find, see, register, correct; their names for whoever types one."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.people import actions
from talentmap.people.forms_office import OrganisationFilter, OrganisationForm
from talentmap.people.models import Organisation, Talent
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage

OFFERED = 12
HEADER = (
    pgettext_lazy("organisation", "Name"),
    gettext_lazy("Kind"),
    gettext_lazy("Unified social credit code"),
    gettext_lazy("Industry"),
    gettext_lazy("Township or village"),
    gettext_lazy("Contact person"),
    gettext_lazy("Contact phone"),
    gettext_lazy("Active"),
)


def _visible(request: SignedInRequest) -> QuerySet:
    return Organisation.objects.visible_to(request.user).select_related("region__parent")


def _list(request: SignedInRequest) -> ListPage:
    return ListPage(
        request,
        _visible(request),
        OrganisationFilter,
        sorts={"name": "name_sort_key", "kind": ("kind", "name_sort_key"), "region": ("region__code", "name_sort_key")},
        default_sort="name",
    )


@requires(P.VIEW_ORGANISATIONS)
@require_safe
def organisation_list(request: SignedInRequest) -> HttpResponse:
    context = {"list": _list(request), "may_add": request.user.may(P.EDIT_ORGANISATIONS)}
    return render(request, "people/organisation_list.html", context)


@requires(P.VIEW_ORGANISATIONS)
@require_safe
def export(request: SignedInRequest) -> HttpResponseBase:
    rows = (
        [
            each.name, each.get_kind_display(), each.credit_code, each.get_industry_display(),
            each.region.full_name if each.region else "", each.contact_name, each.contact_phone,
            _("yes") if each.is_active else _("no"),
        ]
        for each in _list(request).queryset
    )  # fmt: skip
    return xlsx_response(_("Organisations"), HEADER, rows)


@requires(P.SIGNED_IN)
@require_safe
def names(request: SignedInRequest) -> HttpResponse:
    """Options for an input that takes an organisation; names are public, nothing else is given."""
    typed = request.GET.get(request.GET.get("field", ""), "")
    found = Organisation.objects.filter(is_active=True).search(typed).order_by("name_sort_key")
    offered = found.values_list("name", flat=True)[:OFFERED] if typed.strip() else []
    return render(request, "people/parts/organisation_names.html", {"names": offered})


@requires(P.VIEW_ORGANISATIONS)
@require_safe
def organisation_detail(request: SignedInRequest, organisation_pk: int) -> HttpResponse:
    organisation = get_object_or_404(_visible(request), pk=organisation_pk)
    people = Talent.objects.visible_to(request.user).registered().without_sensitive()
    context = {
        "organisation": organisation,
        "facts": _facts(organisation),
        "employees": people.filter(employer=organisation).order_by("name_sort_key")[:50],
        "employee_count": people.filter(employer=organisation).count(),
        "founders": people.filter(enterprise=organisation).order_by("name_sort_key")[:20],
        "may_edit": request.user.may(P.EDIT_ORGANISATIONS, organisation),
    }
    return render(request, "people/organisation_detail.html", context)


def _facts(organisation: Organisation) -> list[tuple[str, str]]:
    return [
        (_("Kind"), organisation.get_kind_display()),
        (_("Unified social credit code"), organisation.credit_code),
        (_("Industry"), organisation.get_industry_display()),
        (_("Township or village"), organisation.region.full_name if organisation.region else ""),
        (_("Contact person"), organisation.contact_name),
        (_("Contact phone"), organisation.contact_phone),
    ]


@requires(P.EDIT_ORGANISATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request: SignedInRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            check_may(request.user, P.EDIT_ORGANISATIONS, Organisation(region=form.cleaned_data.get("region")))
            made = actions.create_organisation(by=request.user, at=timezone.now(), data=form.cleaned_data)
            _say_saved(request, made)
            return redirect("people:organisation_detail", made.pk)
    return render(request, "people/organisation_edit.html", {"form": form})


@requires(P.EDIT_ORGANISATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: SignedInRequest, organisation_pk: int) -> HttpResponse:
    organisation = get_object_or_404(_visible(request), pk=organisation_pk)
    check_may(request.user, P.EDIT_ORGANISATIONS, organisation)
    name = organisation.name
    form = OrganisationForm(request.POST or None, instance=organisation)
    if form.is_valid():
        with told_on(form):
            saved = actions.update_organisation(
                by=request.user, at=timezone.now(), organisation=organisation, changes=form.cleaned_data
            )
            _say_saved(request, saved)
            return redirect("people:organisation_detail", saved.pk)
    context = {"form": form, "organisation": organisation, "name": name}
    return render(request, "people/organisation_edit.html", context)


def _say_saved(request: SignedInRequest, organisation: Organisation) -> None:
    messages.success(request, _("Saved."))
    if organisation.credit_code_warning:
        messages.warning(
            request, _("The check digit of the credit code does not match: please compare it with the licence.")
        )
