"""My file: see, correct, take along, ask to have it corrected or deleted."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.audit.actions import log_access
from talentmap.people import actions, erasure, showing, takeout
from talentmap.people.actions_files import OWN_REASON
from talentmap.people.choices import RequestKind
from talentmap.people.forms_office import CorrectionForm, DeletionForm
from talentmap.people.loading import own_file, rights
from talentmap.ui.downloads import xlsx_response


@requires(P.OWN_FILE)
@never_cache
@require_safe
def my_file(request: SignedInRequest) -> HttpResponse:
    talent = own_file(request)
    context = {
        "talent": talent,
        "sections": showing.sections(talent, own=True),
        "category_facts": showing.category_facts(talent),
        "skills": talent.skills.all(),
        "family": showing.family(talent),
        "consents": showing.consent_lines(talent),
        "progress": showing.progress(talent),
        "requests": talent.data_requests.all()[:10],
        **rights(request.user, talent),
    }
    return render(request, "people/my_file.html", context)


@requires(P.OWN_FILE)
@never_cache
@require_POST
def download(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Everything stored about me, in clear, as a table or for machines. A POST, because it is logged."""
    if form not in ("xlsx", "json"):
        raise Http404
    talent = own_file(request)
    log_access(by=request.user, at=timezone.now(), subject=talent, field="download", reason=OWN_REASON)
    rows = takeout.whole_file(talent)
    if form == "xlsx":
        return xlsx_response(_("My talent file"), (_("Part"), _("Entry"), _("Value")), rows)
    parts: dict[str, dict[str, str]] = {}
    for part, entry, value in rows:
        parts.setdefault(part, {})[entry] = value
    response = JsonResponse(parts, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-file.json"'
    return response


@requires(P.OWN_FILE)
@never_cache
@sensitive_post_parameters("wanted_value")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_correction(request: SignedInRequest) -> HttpResponse:
    talent = own_file(request)
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.ask_data_request(
                by=request.user,
                at=timezone.now(),
                talent=talent,
                kind=RequestKind.CORRECT,
                **form.cleaned_data,
            )
            messages.success(request, _("The office will check it and tell you."))
            return redirect("people:my_file")
    return render(request, "people/ask_correction.html", {"form": form, "talent": talent})


@requires(P.OWN_FILE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_deletion(request: SignedInRequest) -> HttpResponse:
    """Says beforehand what stands in the way and what would have to stay."""
    talent = own_file(request)
    form = DeletionForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.ask_data_request(
                by=request.user,
                at=timezone.now(),
                talent=talent,
                kind=RequestKind.DELETE,
                text=form.cleaned_data["text"],
            )
            messages.success(request, _("The office received your request and will carry it out or tell you why not."))
            return redirect("people:my_file")
    context = {
        "form": form,
        "talent": talent,
        "hindrances": erasure.hindrances(talent),
        "kept": erasure.kept_records(talent),
    }
    return render(request, "people/ask_deletion.html", context)
