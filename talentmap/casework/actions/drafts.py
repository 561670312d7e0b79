"""What the applicant, or the counter for them, does before sending: begin, fill in, attach, correct."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework import documents, registry, snapshots
from talentmap.casework.actions.moving import check_editable, check_owner, locked
from talentmap.casework.models import Application, Document, ReturnItem
from talentmap.casework.states import OPEN_STATES, State
from talentmap.people.models import Organisation, Talent
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused


@action
def start_draft(
    *, by: User, at: datetime, scheme: str, talent: Talent, organisation: Organisation | None = None
) -> Application:
    """Begin an application, or go on with the one that is open: a double click makes one."""
    _check_may_begin(by, talent)
    there = _open_application(scheme, talent)
    if there:
        return there
    service = registry.get(scheme)
    if not service.is_open:
        raise Refused(_("“%(service)s” takes no applications at present.") % {"service": service.title})
    region = _region_of(talent)
    try:
        with transaction.atomic():
            return _create(by, at, scheme, talent, region, organisation)
    except IntegrityError:
        there = _open_application(scheme, talent)
        if there is None:
            raise
        return there


def _check_may_begin(by: User, talent: Talent) -> None:
    own = talent.user_id == by.pk and by.may(Permission.APPLY)
    if not own and not by.may(Permission.ENTER_FOR_PERSON, talent):
        raise PermissionDenied


def _region_of(talent: Talent) -> Region:
    if talent.region is None:
        raise Refused(_("Enter the township in the talent file first: it decides who handles the application."))
    return talent.region


def _open_application(scheme: str, talent: Talent) -> Application | None:
    return Application.objects.filter(scheme=scheme, applicant=talent, state__in=OPEN_STATES).first()


def _create(
    by: User, at: datetime, scheme: str, talent: Talent, region: Region, organisation: Organisation | None
) -> Application:
    service = registry.get(scheme)
    application = Application.objects.create(
        scheme=scheme,
        applicant=talent,
        organisation=organisation,
        entered_by=None if talent.user_id == by.pk else by,
        region=region,
        created_at=at,
    )
    service.create_detail(application)
    return application


@action
def save_page(*, by: User, at: datetime, application: Application, page: str, values: Mapping[str, Any]) -> Application:
    """Keep what is valid of a form page, complete or not: leaving and coming back loses nothing.

    `values` are cleaned values of the page's fields. While the application is returned only what was asked for
    may change. Raises Refused when it was sent already.
    """
    application = _opened(by, application)
    service = application.service
    unknown = set(values) - set(service.page(page).form_class.base_fields)
    if unknown:
        raise ValueError(f"page {page} has no field {', '.join(sorted(unknown))}")
    detail = service.detail(application)
    changed = [name for name, value in values.items() if getattr(detail, name) != value]
    _check_asked_for(application, changed, at)
    if changed:
        for name in changed:
            setattr(detail, name, values[name])
        detail.save(update_fields=changed)
        _mark_answered(application, changed)
    return application


def _opened(by: User, application: Application) -> Application:
    application = locked(application)
    check_owner(by, application)
    check_editable(application)
    return application


def _check_asked_for(application: Application, codes: list[str], at: datetime) -> None:
    open_to_change = open_codes(application, at) if codes else None
    if open_to_change is None:
        return
    closed = [code for code in codes if code not in open_to_change]
    if closed:
        labels = ", ".join(str(application.service.label_of(code)) for code in closed)
        raise Refused(_("Only what was returned for correction can be changed, not: %(fields)s") % {"fields": labels})


def open_codes(application: Application, at: datetime) -> frozenset[str] | None:
    """The fields and documents that may change now; None means all of them.

    While returned: the items asked for, and what has become incomplete through their correction.
    """
    if application.state != State.RETURNED:
        return None
    asked = set(open_items(application).values_list("field_or_document", flat=True))
    if "" in asked:
        return None
    service = application.service
    facts = service.facts(application.applicant, application=application, at=at)
    current = list(Document.objects.filter(application=application).current())
    for gap in service.gaps(application, facts, current):
        asked |= {gap.code} if gap.code else set(service.page(gap.page).form_class.base_fields)
    return frozenset(asked)


def open_items(application: Application) -> Any:
    """What the last return asked for."""
    return ReturnItem.objects.filter(application=application, round=application.round)


def _mark_answered(application: Application, codes: list[str]) -> None:
    if application.state == State.RETURNED:
        open_items(application).filter(field_or_document__in=codes).update(answered=True)


def _mark_document(application: Application, kind: str) -> None:
    """A document is corrected when other files are there than were sent last."""
    if application.state == State.RETURNED:
        same = snapshots.documents_now(application, kind) == snapshots.documents_sent(application, kind)
        open_items(application).filter(field_or_document=kind, reply="").update(answered=not same)


@action
def attach(
    *,
    by: User,
    at: datetime,
    application: Application,
    kind: str,
    upload: UploadedFile,
    replaces: Document | None = None,
) -> Document:
    """Keep an uploaded picture or PDF; raises Refused saying what is wrong with it, and keeps nothing then."""
    application = _opened(by, application)
    if kind not in application.service.document_labels:
        raise Refused(_("This service asks for no such document."))
    if replaces is not None and (replaces.application_id, replaces.kind) != (application.pk, kind):
        raise Refused(_("Only a document of the same kind can be replaced."))
    _check_asked_for(application, [kind], at)
    documents.check_room(application)
    document = documents.store(application, kind, upload, by=by, at=at)
    if replaces is not None:
        _take_away(replaces, at, by_document=document)
    _mark_document(application, kind)
    return document


@action
def remove_document(*, by: User, at: datetime, document: Document) -> None:
    """Take a document back. One that was sent stays in the history, marked as removed."""
    application = _opened(by, document.application)
    _check_asked_for(application, [document.kind], at)
    _take_away(document, at)
    _mark_document(application, document.kind)


def _take_away(document: Document, at: datetime, by_document: Document | None = None) -> None:
    document = Document.objects.select_related("application").get(pk=document.pk)
    if document.round < document.application.round:
        document.removed_at = at
        document.replaced_by = by_document
        document.save(update_fields=["removed_at", "replaced_by"])
    else:
        documents.discard(document)


@action
def answer_item(*, by: User, at: datetime, item: ReturnItem, reply: str) -> ReturnItem:
    """Answer an item in words, where nothing needs to change."""
    application = _opened(by, item.application)
    item = open_items(application).filter(pk=item.pk).first()
    if item is None:
        raise Refused(_("This item belongs to an earlier return."))
    if not reply.strip():
        raise Refused(_("Write an answer, or change what the item is about."))
    item.reply, item.answered = reply.strip(), True
    item.save(update_fields=["reply", "answered"])
    return item
