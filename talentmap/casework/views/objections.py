"""Objections to public notices: the list, and the office's answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions
from talentmap.casework.filters import ObjectionFilter
from talentmap.casework.forms import AnswerForm
from talentmap.casework.models import Application, Objection
from talentmap.casework.views.common import try_action
from talentmap.casework.views.public import reference_of
from talentmap.ui.lists import ListPage

APPLICANT = tuple(f"application__applicant__{name}" for name in ("id_number", "bank_account", "health_note"))
SORTS = {"made": "made_at", "state": ("state", "made_at")}


@requires(P.ANSWER_OBJECTION)
@require_GET
def objections(request: SignedInRequest) -> HttpResponse:
    reached = Application.objects.in_reach(request.user, P.ANSWER_OBJECTION).values("pk")
    found = Objection.objects.filter(application__in=reached)
    rows = found.select_related("application__applicant", "application__region", "answered_by")
    page = ListPage(request, rows.defer("contact", *APPLICANT), ObjectionFilter, sorts=SORTS, default_sort="-made")
    for row in page.rows:
        row.reference = reference_of(row)
    return render(request, "casework/objections.html", {"list": page})


@requires(P.ANSWER_OBJECTION)
@require_http_methods(["GET", "POST"])
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Objection.objects.filter(application__in=Application.objects.in_reach(request.user).values("pk"))
    objection = get_object_or_404(rows.select_related("application__applicant", "answered_by"), pk=pk)
    application = objection.application
    check_may(request.user, P.ANSWER_OBJECTION, application)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        upheld, text = form.cleaned_data["verdict"] == "upheld", form.cleaned_data["answer"]
        done, _row = try_action(
            form, request, actions.answer_objection, objection=objection, upheld=upheld, answer=text
        )
        if done:
            messages.success(request, _("The objection to %(number)s is answered.") % {"number": application})
            return redirect("casework:objections")
    context = {
        "objection": objection,
        "reference": reference_of(objection),
        "application": application,
        "form": form,
        "crumbs": [(_("Objections"), reverse("casework:objections")), (application, "")],
    }
    return render(request, "casework/objection.html", context)
