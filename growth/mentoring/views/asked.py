"""The requests to mentors as the office watches over them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from growth.mentoring import actions
from growth.mentoring.filters import RequestFilter
from growth.mentoring.forms import ReasonForm
from growth.mentoring.models import MentorRequest
from growth.mentoring.views.common import form_page, is_sent, try_action
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.people.querysets import SENSITIVE_COLUMNS
from talentmap.ui.lists import ListPage

SORTS = {
    "person": "application__applicant__name_sort_key",
    "mentor": "mentor__name_sort_key",
    "asked": "asked_at",
    "due": "due_on",
    "state": "state",
}
PRIVATE = ("mentor__bank_account", *(f"application__applicant__{name}" for name in SENSITIVE_COLUMNS))


@requires(P.VIEW_MENTORING)
@require_safe
def request_list(request: SignedInRequest) -> HttpResponse:
    rows = MentorRequest.objects.filter(request.user.reach(P.VIEW_MENTORING).q(region="application__region"))
    rows = rows.select_related("application__applicant", "application__region__parent", "mentor").defer(*PRIVATE)
    context = {
        "list": ListPage(request, rows, RequestFilter, sorts=SORTS, default_sort="-asked"),
        "today": timezone.localdate(),
        "may_manage": request.user.may(P.MANAGE_MENTORING),
        "crumbs": [(_("Waiting for a mentor"), reverse("mentoring:waiting")), (_("Requests to mentors"), "")],
    }
    return render(request, "mentoring/office_requests.html", context)


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def withdraw_request(request: SignedInRequest, pk: int) -> HttpResponse:
    found = MentorRequest.objects.filter(request.user.reach(P.MANAGE_MENTORING).q(region="application__region"))
    row = get_object_or_404(found.select_related("application__applicant", "mentor"), pk=pk)
    form = ReasonForm(request.POST or None)
    back = reverse("mentoring:waiting_one", args=[row.application_id])
    if (
        is_sent(request, form)
        and try_action(form, request, actions.withdraw_request, asked=row, **form.cleaned_data)[0]
    ):
        messages.success(request, _("The request is taken back."))
        return redirect(back)
    title = _("Take the request back")
    crumbs = [(_("Waiting for a mentor"), reverse("mentoring:waiting")), (str(row), back)]
    return form_page(request, form, title=title, back=back, submit=title, crumbs=crumbs)
