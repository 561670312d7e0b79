"""The wish for another mentor, and that the present one stays."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from growth.mentoring import actions
from growth.mentoring.actions.common import may_keep
from growth.mentoring.choices import Side
from growth.mentoring.forms import ReasonForm, WishForm
from growth.mentoring.models import Pair
from growth.mentoring.views.common import form_page, is_sent, pair_crumbs, pair_or_404, side_or_404, try_action
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.forms import PageForm


@requires(P.OWN_FILE, P.MENTOR, P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def wish_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Wish another mentor, or say that the present one stays."""
    row = pair_or_404(request, pk)
    side = side_or_404(request, row)
    return _keep(request, row, side) if row.change_asked_at else _wish(request, row, side)


def _wish(request: SignedInRequest, row: Pair, side: str) -> HttpResponse:
    is_office = side == Side.OFFICE
    form: PageForm = (WishForm if is_office else ReasonForm)(request.POST or None)
    if is_sent(request, form) and try_action(form, request, actions.ask_for_change, pair=row, **form.cleaned_data)[0]:
        messages.success(
            request, _("It is stored, and the two are told.") if is_office else _("The office knows of it.")
        )
        return redirect(row.get_absolute_url())
    lead = {
        Side.TALENT: _("The present mentor stays until another has accepted, and reads the reason as the office does."),
        Side.MENTOR: _("You stay until another mentor has accepted. The talent reads the reason, and may say no."),
        Side.OFFICE: _("Enter what one of the two has told you; both are told and read the reason."),
    }[Side(side)]
    title, back = _("Wish another mentor"), row.get_absolute_url()
    crumbs = pair_crumbs(request, row)
    return form_page(request, form, title=title, back=back, lead=lead, submit=title, crumbs=crumbs)


def _keep(request: SignedInRequest, row: Pair, side: str) -> HttpResponse:
    if not may_keep(side, row):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if is_sent(request, form) and try_action(form, request, actions.refuse_change, pair=row, **form.cleaned_data)[0]:
        messages.success(request, _("The mentor stays. Both are told why."))
        return redirect(row.get_absolute_url())
    title, back = _("Keep the present mentor"), row.get_absolute_url()
    lead = _("Who wished it reads the answer. A request that is open with another mentor is taken back.")
    crumbs = pair_crumbs(request, row)
    return form_page(request, form, title=title, back=back, lead=lead, submit=title, crumbs=crumbs)
