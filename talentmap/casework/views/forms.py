"""Filling in an application: its form pages with autosave, the check before sending, the correction item by item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions
from talentmap.casework.answers import answer_pages
from talentmap.casework.filling import Filling, file_facts, file_url
from talentmap.casework.models import Application
from talentmap.casework.scheme import FormPage
from talentmap.casework.states import State
from talentmap.casework.steps import CHECK, first_open_step, step_url
from talentmap.casework.views.common import (
    attempt,
    frame_of,
    is_for_another,
    own_application,
    page_or_404,
    try_action,
)
from talentmap.people.actions_consents import give_consent
from talentmap.people.choices import Purpose
from talentmap.people.consents import wording


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_GET
def next_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on where something is still missing."""
    found = own_application(request, pk)
    if not found.is_editable:
        return redirect("casework:application", pk)
    if found.state == State.RETURNED:
        return redirect("casework:correct", pk)
    return redirect(step_url(found, first_open_step(found, Filling(found, timezone.now()).gaps)))


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_http_methods(["GET", "POST"])
def form_page(request: SignedInRequest, pk: int, page: str) -> HttpResponse:
    found = own_application(request, pk)
    shown = page_or_404(found.service, page)
    if not found.is_editable:
        return redirect("casework:application", pk)
    filling = Filling(found, timezone.now())
    if request.method != "POST":
        return _render_page(request, filling, shown, filling.form(shown))
    form = filling.form(shown, request.POST)
    form.is_valid()
    kept = _keep(request, filling, shown, form)
    if not kept or form.errors:
        return _render_page(request, Filling(found, timezone.now()), shown, form)
    following = filling.steps(page).following
    returned = found.state == State.RETURNED
    return redirect(step_url(found, CHECK if returned or following is None else following.code))


def _keep(request: SignedInRequest, filling: Filling, page: FormPage, form: Any) -> bool:
    """Save what is valid, whatever else is wrong with the page."""
    values = {
        name: value
        for name, value in form.cleaned_data.items()
        if name in form.fields and not form.fields[name].disabled
    }
    done, _saved = try_action(
        form, request, actions.save_page, application=filling.application, page=page.code, values=values
    )
    return done


def _render_page(request: SignedInRequest, filling: Filling, page: FormPage, form: Any) -> HttpResponse:
    application = filling.application
    for_another = is_for_another(request, application)
    context = {
        "application": application,
        "scheme": filling.scheme,
        "form_page": page,
        "form": form,
        "steps": filling.steps(page.code),
        "assessment": filling.assessment,
        "facts": file_facts(application.applicant) if page == filling.scheme.form_pages[0] else (),
        "file_url": file_url(application.applicant, for_another),
        "items": [i for i in filling.items if i.field_or_document in form.fields] if application.round else [],
        "for_another": for_another,
        "own_file": not for_another,
        "layout": frame_of(request, application),
    }
    return render(request, "casework/form_page.html", context)


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_POST
def autosave(request: SignedInRequest, pk: int, page: str) -> HttpResponse:
    """Keep the page as it is typed; answers with what was kept, and how the conditions stand now."""
    found = own_application(request, pk)
    shown = page_or_404(found.service, page)
    filling = Filling(found, timezone.now())
    form = filling.form(shown, request.POST)
    form.is_valid()
    saved = found.is_editable and _keep(request, filling, shown, form)
    typed = [name for name in form.errors if name in form.fields and form[name].data not in (None, "")]
    context = {
        "saved": saved,
        "saved_at": timezone.localtime(),
        "unsaved": [(form[name].label, form.errors[name][0]) for name in typed],
        "refusals": form.non_field_errors() if not saved else [],
        "application": found,
        "own_file": not is_for_another(request, found),
        "assessment": Filling(found, timezone.now()).assessment,
    }
    return render(request, "casework/parts/autosaved.html", context)


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_http_methods(["GET", "POST"])
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everything once more, then send."""
    found = own_application(request, pk)
    if not found.is_editable:
        return redirect("casework:submitted" if found.submitted_at else "casework:application", pk)
    filling = Filling(found, timezone.now())
    missing = missing_consents(found, request.POST)
    problems: list[Any] = []
    if request.method == "POST":
        problems = _unconfirmed(request, missing)
        if not problems and _give_and_submit(request, found, missing):
            return redirect("casework:submitted", pk)
    for_another = is_for_another(request, found)
    context = {
        "application": found,
        "scheme": filling.scheme,
        "steps": filling.steps(CHECK),
        "pages": answer_pages(found, filling.facts, filling.detail, reveal=True),
        "documents": filling.document_rows(),
        "assessment": filling.assessment,
        "gaps": [(gap, step_url(found, gap.page or "documents")) for gap in filling.gaps],
        "items_open": [i for i in filling.items if not i.answered] if found.state == State.RETURNED else [],
        "consents": missing,
        "problems": problems,
        "declared": bool(request.POST.get("declaration")),
        "facts": file_facts(found.applicant),
        "file_url": file_url(found.applicant, for_another),
        "for_another": for_another,
        "own_file": not for_another,
        "layout": frame_of(request, found),
    }
    return render(request, "casework/check.html", context)


@dataclass(frozen=True)
class ConsentAsked:
    """A consent that the service needs and the person has not given; `ticked` on the page that was sent."""

    purpose: str
    label: Any
    wording: str
    ticked: bool


def missing_consents(application: Application, sent: Mapping[str, Any]) -> list[ConsentAsked]:
    given = application.applicant.consents.filter(withdrawn_at__isnull=True).values_list("purpose", flat=True)
    wanted = [Purpose(purpose) for purpose in application.service.consent_purposes]
    held = set(given)
    return [
        ConsentAsked(purpose.value, purpose.label, wording(purpose), bool(sent.get(f"consent_{purpose.value}")))
        for purpose in wanted
        if purpose not in held
    ]


def _unconfirmed(request: SignedInRequest, missing: list[ConsentAsked]) -> list[Any]:
    """What the person has not ticked, told at once."""
    problems = [_("Please agree to: %(purpose)s") % {"purpose": asked.label} for asked in missing if not asked.ticked]
    if not request.POST.get("declaration"):
        problems.append(str(_("Please confirm that what you state is true.")))
    return problems


def _give_and_submit(request: SignedInRequest, application: Application, missing: list[ConsentAsked]) -> bool:
    """The consents stay even where sending is refused for another reason: they were given."""
    for asked in missing:
        if not attempt(request, give_consent, talent=application.applicant, purpose=asked.purpose)[0]:
            return False
    return attempt(request, actions.submit, application=application)[0]
