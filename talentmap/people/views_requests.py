"""Requests of people about their data, for the office that answers them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.people import actions, erasure
from talentmap.people.choices import IdentityField, RequestKind, Sex
from talentmap.people.forms_office import AnswerForm, CheckedAnswerForm, DataRequestFilter
from talentmap.people.loading import rights
from talentmap.people.masks import mask_id
from talentmap.people.records import DataRequest
from talentmap.people.showing import Secret
from talentmap.ui.lists import ListPage


@requires(P.ANSWER_DATA_REQUEST)
@require_safe
def data_request_list(request: SignedInRequest) -> HttpResponse:
    rows = DataRequest.objects.visible_to(request.user).select_related("talent__region__parent")
    page = ListPage(
        request,
        rows.defer("wanted_value", "talent__id_number", "talent__bank_account", "talent__health_note"),
        DataRequestFilter,
        sorts={"asked": "asked_at", "name": "talent__name_sort_key", "state": ("state", "-asked_at")},
        default_sort="-asked",
    )
    return render(request, "people/data_request_list.html", {"list": page})


@requires(P.ANSWER_DATA_REQUEST)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data_request(request: SignedInRequest, request_pk: int) -> HttpResponse:
    asked = get_object_or_404(
        DataRequest.objects.visible_to(request.user).select_related("talent__region", "answered_by"), pk=request_pk
    )
    form = (CheckedAnswerForm if asked.confirms_identity else AnswerForm)(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.answer_data_request(by=request.user, at=timezone.now(), data_request=asked, **form.cleaned_data)
            messages.success(request, _("The request is answered."))
            _warn_of_other_holder(request, asked)
            return redirect("people:data_request", asked.pk)
    deletion = asked.kind == RequestKind.DELETE and not asked.talent.is_erased
    context = {
        "form": form,
        "asked": asked,
        "wanted": _shown_value(asked, asked.wanted_value, f"request:{asked.pk}"),
        "present": _shown_value(asked, _present_value(asked), asked.field),
        "talent": asked.talent,
        **rights(request.user, asked.talent),
        "hindrances": erasure.hindrances(asked.talent) if deletion else [],
        "kept": erasure.kept_records(asked.talent) if deletion else [],
    }
    return render(request, "people/data_request.html", context)


def _warn_of_other_holder(request: SignedInRequest, asked: DataRequest) -> None:
    """A bank refuses a payment whose holder is not called as the account says."""
    asked.talent.refresh_from_db(fields=["name", "bank_account_name"])
    talent = asked.talent
    if asked.field == IdentityField.NAME and talent.bank_account_name not in ("", talent.name):
        told = _("The account holder “%(holder)s” is no longer called like the person, “%(name)s”: check the account.")
        messages.warning(request, told % {"holder": talent.bank_account_name, "name": talent.name})


def _present_value(asked: DataRequest) -> str:
    value = getattr(asked.talent, asked.field) if asked.field else ""
    return "" if value is None else str(value)


def _shown_value(asked: DataRequest, value: str, field: str) -> str | Secret:
    """An ID number as a secret that `unmask` calls `field`, a sex in words, the rest as it is."""
    if asked.field == IdentityField.ID_NUMBER:
        return Secret(field, mask_id(value))
    return str(Sex(value).label) if asked.field == IdentityField.SEX and value else value
