"""The builder: one page that holds the draft, and the address it saves to."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from needs.surveys.questionnaires import actions, builder_words, trouble
from needs.surveys.questionnaires.documents import MAX_BYTES, BadDocument, parsed, too_large
from needs.surveys.questionnaires.models import Version
from needs.surveys.questionnaires.views.common import draft_of, name_of, of_questionnaire, version_of
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.errors import Refused


@requires(P.EDIT_QUESTIONNAIRES)
@never_cache
@require_safe
def builder(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    if version.is_published:
        messages.info(request, _("This version is published and does not change. Begin a draft of the next one."))
        return redirect("surveys:questionnaire", version.questionnaire_id)
    context = {
        "version": version,
        "questionnaire": version.questionnaire,
        "name": name_of(version),
        "setup": _setup(version),
        "document": version.document,
        "crumbs": of_questionnaire(version.questionnaire, _("Builder")),
    }
    return render(request, "surveys/questionnaires/builder.html", context)


def _setup(version: Version) -> dict[str, Any]:
    return {
        "urls": {
            "save": reverse("surveys:draft_save", args=[version.pk]),
            "bank": reverse("surveys:bank_items"),
            "keep": reverse("surveys:bank_keep"),
        },
        "title": version.questionnaire.title,
        "revision": version.revision,
        "limit": MAX_BYTES,
        "problems": trouble.of_version(version),
        **builder_words.setup(),
    }


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def draft_save(request: SignedInRequest, pk: int) -> JsonResponse:
    """Takes `{"revision", "document"}`; 200 with the next revision, 400 with reasons, 409 when somebody was faster."""
    version = version_of(request, pk)
    try:
        sent = read_json(request)
        revision = sent.get("revision")
        if isinstance(revision, bool) or not isinstance(revision, int):
            raise BadDocument([_("The revision is missing.")])
        row = actions.save_draft(
            by=request.user, at=timezone.now(), version=version, revision=revision, document=sent.get("document")
        )
    except BadDocument as bad:
        return refused(bad.reasons)
    except actions.Stale as stale:
        return _stale(stale)
    except Refused as gone:
        return JsonResponse({"reasons": [str(gone)]}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"revision": row.revision, "problems": trouble.of_version(row)})


def read_json(request: SignedInRequest) -> dict[str, Any]:
    """The object that was sent; raises BadDocument."""
    try:
        sent = parsed(request.body)
    except RequestDataTooBig as error:
        raise BadDocument([too_large()]) from error
    except RawPostDataException as error:  # a form's body, which was read as such already
        raise BadDocument([_("This is no JSON that can be read.")]) from error
    if not isinstance(sent, dict):
        raise BadDocument([_("This is no JSON that can be read.")])
    return sent


def refused(reasons: list[str]) -> JsonResponse:
    return JsonResponse({"reasons": reasons}, status=HTTPStatus.BAD_REQUEST)


def _stale(stale: actions.Stale) -> JsonResponse:
    theirs = stale.version
    when = date_format(timezone.localtime(theirs.edited_at), "Y-m-d H:i")
    said = {"reasons": [str(stale)], "revision": theirs.revision, "by": str(theirs.edited_by), "at": when}
    return JsonResponse(said, status=HTTPStatus.CONFLICT)


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def draft_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    version = draft_of(request, pk)
    questionnaire_pk = version.questionnaire_id
    with told_on_page(request):
        if actions.delete_draft(by=request.user, at=timezone.now(), version=version):
            messages.success(request, _("The draft is deleted, and the questionnaire with it."))
            return redirect("surveys:questionnaire_list")
        messages.success(request, _("The draft is deleted."))
    return redirect("surveys:questionnaire", questionnaire_pk)
