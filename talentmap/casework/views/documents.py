"""Documents of an application: attaching and removing them, and handing them out to who may see the case."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.audit.actions import log_access
from talentmap.casework import actions
from talentmap.casework import documents as uploads
from talentmap.casework.duties import readable_kinds
from talentmap.casework.filling import Filling
from talentmap.casework.models import Document
from talentmap.casework.states import State
from talentmap.casework.steps import DOCUMENTS
from talentmap.casework.views.common import attempt, case_or_404, frame_of, own_application


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_http_methods(["GET", "POST"])
def documents(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    if not found.is_editable or not found.service.documents:
        return redirect("casework:form", pk)
    if request.method == "POST":
        _attach_all(request, found)
        return redirect(_back(request, found.state), pk)
    filling = Filling(found, timezone.now())
    context = {
        "application": found,
        "scheme": filling.scheme,
        "steps": filling.steps(DOCUMENTS),
        "rows": filling.document_rows(),
        "limits": uploads.limits(),
        "accept": uploads.ACCEPT,
        "layout": frame_of(request, found),
    }
    return render(request, "casework/documents.html", context)


def _attach_all(request: SignedInRequest, application: Any) -> None:
    """Each file by itself: what is wrong with one does not lose the others."""
    files = request.FILES.getlist("file")
    if not files:
        messages.error(request, _("Choose a file first."))
    kept = [
        str(upload.name)
        for upload in files
        if attempt(request, actions.attach, application=application, kind=request.POST.get("kind", ""), upload=upload)[
            0
        ]
    ]
    if kept:
        messages.success(request, _("Attached: %(names)s") % {"names": pgettext("list", ", ").join(kept)})


def _back(request: SignedInRequest, state: str) -> str:
    wants_correction = request.POST.get("then") == "correct" and state == State.RETURNED
    return "casework:correct" if wants_correction else "casework:documents"


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_POST
def remove(request: SignedInRequest, pk: int, document_pk: int) -> HttpResponse:
    found = own_application(request, pk)
    document = get_object_or_404(found.documents.current(), pk=document_pk)
    if attempt(request, actions.remove_document, document=document)[0]:
        messages.success(request, _("Removed: %(name)s") % {"name": document.name})
    return redirect(_back(request, found.state), pk)


@requires(P.APPLY, P.ENTER_FOR_PERSON, P.VIEW_CASES)
@require_GET
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF], "object-src": [SELF]})  # type: ignore[arg-type]
def download(request: SignedInRequest, pk: int, document_pk: int) -> HttpResponseBase:
    """The file itself. Whoever reads another person's document is recorded with the case they handle."""
    document = _visible(request, pk, document_pk)
    if not document.file:  # erased on the person's request
        raise Http404
    if document.application.applicant.user_id != request.user.pk:
        log_access(
            by=request.user,
            at=timezone.now(),
            subject=document,
            field="file",
            reason=_("Handling of %(number)s") % {"number": document.application},
        )
    try:
        content = document.file.open("rb")
    except OSError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment="download" in request.GET,
        filename=document.name,
        content_type=document.content_type,
        headers={"Cache-Control": "private, no-store"},
    )


def _visible(request: SignedInRequest, pk: int, document_pk: int) -> Document:
    rows = Document.objects.visible_to(request.user).select_related("application__applicant", "application__region")
    found = get_object_or_404(rows, application=pk, pk=document_pk)
    kinds = readable_kinds(request.user, found.application)
    if kinds is not None and found.kind not in kinds:
        raise Http404
    return found


@requires(P.VIEW_CASES)
@require_GET
def viewer(request: SignedInRequest, pk: int, document_pk: int) -> HttpResponse:
    """One document beside the case; htmx puts the same piece into the case page."""
    found = case_or_404(request, pk)
    kinds = readable_kinds(request.user, found)
    files = list(found.documents.all() if kinds is None else found.documents.current().filter(kind__in=kinds))
    position = next((i for i, document in enumerate(files) if document.pk == document_pk), None)
    if position is None:
        raise Http404
    document = files[position]
    context = {
        "application": found,
        "document": document,
        "label": found.service.label_of(document.kind),
        "previous": files[position - 1] if position else None,
        "following": files[position + 1] if position + 1 < len(files) else None,
        "crumbs": [(_("Inbox"), "/cases/"), (found, f"/cases/{pk}/"), (document.name, "")],
    }
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "casework/parts/viewer.html" if fragment else "casework/viewer.html", context)
