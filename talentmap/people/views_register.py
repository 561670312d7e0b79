"""The register for staff: find, see, open, correct, verify, hand out."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.models import User
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.people import actions, exporting, showing
from talentmap.people.forms import NewFileForm, StaffFileForm
from talentmap.people.forms_office import ClearNumberForm, ExportForm, FindByIdForm, LinkAccountForm, TalentFilter
from talentmap.people.loading import rights, visible
from talentmap.people.models import Talent
from talentmap.ui import panels
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage

SORTS = {
    "name": "name_sort_key",
    "region": ("region__code", "name_sort_key"),
    "category": ("category", "name_sort_key"),
    "education": ("education", "name_sort_key"),
    "created": "created_at",
}


def _rows(request: SignedInRequest) -> QuerySet:
    people = Talent.objects.visible_to(request.user).registered().without_sensitive()
    return people.select_related("region__parent", "employer")


def _list(request: SignedInRequest) -> ListPage:
    return ListPage(request, _rows(request), TalentFilter, sorts=SORTS, default_sort="name")


@requires(P.VIEW_PEOPLE)
@require_safe
def talent_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "list": _list(request),
        "find_form": FindByIdForm(prefix="find"),
        "may_add": request.user.may(P.EDIT_PEOPLE),
        "may_import": request.user.may(P.IMPORT_PEOPLE),
        "may_export": request.user.may(P.EXPORT_PEOPLE),
    }
    return render(request, "people/talent_list.html", context)


@requires(P.VIEW_PEOPLE)
@never_cache
@require_POST
def find(request: SignedInRequest) -> HttpResponse:
    """Find by ID number. A POST, so that the number stands in no address, log or history."""
    form = FindByIdForm(request.POST, prefix="find")
    if not form.is_valid():
        messages.error(request, " ".join(str(told) for told in form["id_number"].errors))
        return redirect("people:talent_list")
    people = Talent.objects.visible_to(request.user)
    found = people.with_id_number(form.cleaned_data["id_number"]).first()
    if found is None:
        messages.info(request, _("Nobody in your area is registered with this ID number."))
        return redirect("people:talent_list")
    return redirect("people:talent_detail", found.pk)


@requires(P.VIEW_PEOPLE)
@never_cache
@require_safe
def talent_detail(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = visible(request, talent_pk)
    requests = talent.data_requests.filter(state="open") if request.user.may(P.ANSWER_DATA_REQUEST) else ()
    context = {
        "talent": talent,
        "sections": showing.sections(talent, own=False),
        "category_facts": showing.category_facts(talent),
        "skills": talent.skills.all(),
        "family": showing.family(talent),
        "consents": showing.consent_lines(talent),
        "progress": showing.progress(talent),
        "requests": requests,
        "panels": panels.drawn("person", request, talent),
        **rights(request.user, talent),
    }
    return render(request, "people/talent_detail.html", context)


@requires(P.EDIT_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talent_new(request: SignedInRequest) -> HttpResponse:
    form = NewFileForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            check_may(request.user, P.EDIT_PEOPLE, Talent(region=form.cleaned_data.get("region")))
            talent = actions.create_talent(
                by=request.user, at=timezone.now(), data=form.changes(), consented=form.cleaned_data["consent"]
            )
            messages.success(request, _("The file was opened."))
            return redirect("people:talent_detail", talent.pk)
    return render(request, "people/talent_edit.html", {"form": form, "known": _known(request, form)})


def _known(request: SignedInRequest, form: StaffFileForm) -> Talent | None:
    """The file that the typed ID number already has, to go there instead of typing on."""
    number = getattr(form, "cleaned_data", {}).get("id_number")
    if not number:
        return None
    return Talent.objects.visible_to(request.user).with_id_number(number).first()


@requires(P.EDIT_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talent_edit(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = visible(request, talent_pk)
    check_may(request.user, P.EDIT_PEOPLE, talent)
    form = StaffFileForm(request.POST or None, instance=talent)
    if form.is_valid():
        with told_on(form):
            actions.update_talent(
                by=request.user,
                at=timezone.now(),
                talent=talent,
                changes=form.changes(),
                expected_version=form.cleaned_data["version"],
            )
            messages.success(request, _("Saved."))
            return redirect("people:talent_detail", talent.pk)
    known = _known(request, form)
    context = {"form": form, "talent": form.stored, "known": known if known != talent else None}
    return render(request, "people/talent_edit.html", context)


@requires(P.EDIT_PEOPLE)
@require_POST
def verify(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = visible(request, talent_pk)
    check_may(request.user, P.EDIT_PEOPLE, talent)
    with told_on_page(request):
        actions.verify_identity(by=request.user, at=timezone.now(), talent=talent)
        messages.success(request, _("The identity is recorded as verified."))
    return redirect("people:talent_detail", talent.pk)


@requires(P.EDIT_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clear_number(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = visible(request, talent_pk)
    check_may(request.user, P.EDIT_PEOPLE, talent)
    form = ClearNumberForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.clear_id_number(by=request.user, at=timezone.now(), talent=talent, **form.cleaned_data)
            messages.success(request, _("The ID number was taken out of the file."))
            return redirect("people:talent_detail", talent.pk)
    return render(request, "people/clear_number.html", {"form": form, "talent": talent})


@requires(P.EDIT_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_account(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = visible(request, talent_pk)
    check_may(request.user, P.EDIT_PEOPLE, talent)
    form = LinkAccountForm(request.POST or None)
    if form.is_valid():
        proven = User.objects.people().filter(mobile_verified_at__isnull=False, is_active=True)
        user = proven.filter(mobile=form.cleaned_data["mobile"]).first()
        if user is None:
            form.add_error("mobile", _("There is no account whose person has confirmed this mobile number."))
        else:
            with told_on(form):
                actions.link_account(by=request.user, at=timezone.now(), talent=talent, user=user)
                messages.success(request, _("The file now belongs to the account."))
                return redirect("people:talent_detail", talent.pk)
    return render(request, "people/link_account.html", {"form": form, "talent": talent})


@requires(P.EXPORT_PEOPLE)
@require_safe
def export(request: SignedInRequest) -> HttpResponseBase:
    """The list as filtered, identifiers masked."""
    return xlsx_response(_("Talent register"), exporting.HEADER, exporting.masked_rows(_exported(request)))


def _exported(request: SignedInRequest) -> QuerySet:
    """The people of the filtered list that lie inside the reach of the export, sensitive columns included."""
    reached = request.user.reach(P.EXPORT_PEOPLE).q(region="region")
    chosen: Any = _list(request).queryset.filter(reached).order_by().values("pk")
    return Talent.objects.filter(pk__in=chosen).select_related("region__parent", "employer")


@requires(P.EXPORT_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_full(request: SignedInRequest) -> HttpResponseBase:
    """The list as filtered with ID numbers and phones: for a reason, one line in the access log a person."""
    form = ExportForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            rows = exporting.full_rows(
                by=request.user,
                at=timezone.now(),
                people=_exported(request),
                reason=form.cleaned_data["reason"],
            )
            return xlsx_response(_("Talent register"), exporting.HEADER, rows)
    page = _list(request)
    return render(request, "people/export.html", {"form": form, "list": page, "limit": exporting.FULL_LIMIT})
