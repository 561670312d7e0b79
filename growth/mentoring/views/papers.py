"""What the office enters for a talent without an account, from papers that the talent has signed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from growth.mentoring import actions
from growth.mentoring.choices import Side
from growth.mentoring.forms import PaperAssessmentForm, PaperForm
from growth.mentoring.models import Agreement, Assessment, Meeting
from growth.mentoring.views.common import form_page, is_sent, of_pair_or_404, pair_crumbs, try_action
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.numbers import number_from


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def agreement(request: SignedInRequest, pk: int) -> HttpResponse:
    lead = _("Print the agreement and let the talent sign it. With the signed paper it is in force and stays as it is.")
    row, _side = of_pair_or_404(request, Agreement, pk, Side.OFFICE)
    return _confirm(
        request, row, actions.confirm_agreement_on_paper, "agreement", _("Enter the signed agreement"), lead
    )


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    lead = _(
        "Print the meeting and let the talent sign it. Where something is not right, the mentor corrects it first."
    )
    row, _side = of_pair_or_404(request, Meeting, pk, Side.OFFICE)
    return _confirm(request, row, actions.confirm_meeting_on_paper, "meeting", _("Enter the signed log"), lead)


def _confirm(request: SignedInRequest, row: Any, act: Any, name: str, title: str, lead: str) -> HttpResponse:
    form = PaperForm(request.POST or None, request.FILES or None)
    version, back = row.version, row.pair.get_absolute_url()
    if request.method == "POST":
        version = number_from(request.POST.get("version"))
    if (
        is_sent(request, form)
        and try_action(form, request, act, version=version, **{name: row}, **form.cleaned_data)[0]
    ):
        messages.success(request, _("The signed paper is stored: it is confirmed."))
        return redirect(f"{back}#{name}{'s' if name == 'meeting' else ''}")
    crumbs = pair_crumbs(request, row.pair)
    return form_page(request, form, title=title, back=back, lead=lead, crumbs=crumbs, version=version)


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def assess(request: SignedInRequest, pk: int, phase: str) -> HttpResponse:
    row, _side = of_pair_or_404(request, Agreement, pk, Side.OFFICE)
    if phase not in Assessment.Phase.values:
        raise Http404
    form = PaperAssessmentForm(request.POST or None, request.FILES or None)
    back = row.pair.get_absolute_url()
    if is_sent(request, form):
        values = dict(form.cleaned_data)
        values["paper"] = values.pop("upload")
        if try_action(form, request, actions.assess_pair, agreement=row, phase=phase, **values)[0]:
            messages.success(request, _("The assessment is stored."))
            return redirect(f"{back}#assessments")
    title = _("Assessment of the talent on paper: %(phase)s") % {"phase": Assessment.Phase(phase).label}
    lead = _("Enter what the talent has written and signed. It cannot be changed later.")
    return form_page(request, form, title=title, back=back, lead=lead, crumbs=pair_crumbs(request, row.pair))
