"""XLSForm in and out. Between report and acceptance nothing is stored: the page carries what was read, signed."""

import io
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys import engine
from needs.surveys.questionnaires import actions, differences
from needs.surveys.questionnaires.documents import BadDocument, Document, checked, question_count
from needs.surveys.questionnaires.forms import AcceptDraftForm, AcceptForm, UploadForm
from needs.surveys.questionnaires.models import Questionnaire
from needs.surveys.questionnaires.settled import before, retired_keys, settled
from needs.surveys.questionnaires.views.common import (
    crumbs,
    of_questionnaire,
    questionnaire_of,
    version_of,
)
from needs.surveys.xlsform import Imported, TextTooLong, import_document, read, write
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import XLSX

SALT = "needs.surveys.upload"
HOURS = 24


@requires(P.EDIT_QUESTIONNAIRES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_upload(request: SignedInRequest) -> HttpResponse:
    context: dict[str, Any] = {"crumbs": crumbs((_("Upload an XLSForm"), ""))}
    return _upload(request, None, context)


@requires(P.EDIT_QUESTIONNAIRES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    row = questionnaire_of(request, pk)
    context = {"questionnaire": row, "crumbs": of_questionnaire(row, _("Upload an XLSForm"))}
    return _upload(request, row, context)


def _upload(request: SignedInRequest, row: Questionnaire | None, context: dict[str, Any]) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    context["form"] = form
    if not form.is_valid():
        return render(request, "surveys/questionnaires/upload.html", context)
    file = form.cleaned_data["file"]
    imported = import_document(read(file, file.name))
    context |= {"imported": imported, "file_name": file.name}
    if imported.ok:
        context |= _readable(request, row, imported, file)
    return render(request, "surveys/questionnaires/report.html", context)


def _readable(request: SignedInRequest, row: Questionnaire | None, imported: Imported, file: File) -> dict[str, Any]:
    """What the report shows of a workbook without mistakes."""
    try:
        document = checked(imported.document)
    except BadDocument as bad:
        return {"reasons": bad.reasons}
    context: dict[str, Any] = {"document": document, "questions": question_count(document)}
    if row is None:
        title = document["settings"].get("title") or (file.name or "").rpartition(".")[0]
        initial = {"payload": _signed(request, document, None, None), "title": title[:120]}
        return context | {"accept_form": AcceptForm(initial=initial)}
    last = row.versions.order_by("-number").first()
    assert last is not None
    present, published = settled(last), last if last.is_published else before(last)
    document = engine.assign_ids(document, published.document if published else present, retired_keys(row))
    revision = None if last.is_published else last.revision
    return context | {
        "accept_form": AcceptDraftForm(initial={"payload": _signed(request, document, row, revision)}),
        "last": last,
        "changes": differences.between(present, document),
    }


def _signed(request: SignedInRequest, document: Document, row: Questionnaire | None, revision: int | None) -> str:
    content = [request.user.pk, row.pk if row else None, revision, document]
    return signing.dumps(content, salt=SALT, compress=True)


def _payload(request: SignedInRequest, text: str, row: Questionnaire | None) -> tuple[int | None, Document] | None:
    """The revision and the document that the person saw; None when the page is not theirs or too old."""
    try:
        user, questionnaire, revision, document = signing.loads(text, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    return (revision, document) if (user, questionnaire) == (request.user.pk, row.pk if row else None) else None


def _too_old(request: SignedInRequest) -> None:
    messages.error(request, _("This page is too old or was changed. Upload the workbook again; nothing was saved."))


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def upload_accept(request: SignedInRequest) -> HttpResponse:
    form = AcceptForm(request.POST)
    found = _payload(request, request.POST.get("payload", ""), None)
    if found is None:
        _too_old(request)
        return redirect("surveys:questionnaire_upload")
    document = found[1]
    if form.is_valid():
        with told_on(form):
            del form.cleaned_data["payload"]
            made = actions.make_questionnaire(
                by=request.user, at=timezone.now(), document=document, keeps_form_id=True, **form.cleaned_data
            )
            messages.success(request, _("The questionnaire was made from the workbook."))
            return redirect("surveys:questionnaire", made.pk)
    context = {
        "accept_form": form,
        "imported": Imported(document),
        "document": document,
        "questions": question_count(document),
        "crumbs": crumbs((_("Upload an XLSForm"), "")),
    }
    return render(request, "surveys/questionnaires/report.html", context)


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def draft_upload_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    row = questionnaire_of(request, pk)
    form = AcceptDraftForm(request.POST)
    found = _payload(request, request.POST.get("payload", ""), row)
    if found is None or not form.is_valid():
        _too_old(request)
        return redirect("surveys:draft_upload", row.pk)
    with told_on(form):
        draft = actions.take_upload(
            by=request.user, at=timezone.now(), questionnaire=row, draft_revision=found[0], document=found[1]
        )
        messages.success(request, _("The workbook is the draft of version %(number)s.") % {"number": draft.number})
        return redirect("surveys:questionnaire", row.pk)
    for reason in form.non_field_errors():
        messages.error(request, str(reason))
    return redirect("surveys:draft_upload", row.pk)


@requires(P.VIEW_SURVEYS)
@require_safe
def version_xlsform(request: SignedInRequest, pk: int) -> HttpResponseBase:
    version = version_of(request, pk)
    try:
        content = write(version.document)
    except TextTooLong as error:
        messages.error(request, str(error))
        return redirect("surveys:version", version.pk)
    name = f"{version.questionnaire.title} v{version.number}.xlsx"
    kept = {"Cache-Control": "private, no-store"}
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=XLSX, headers=kept)
