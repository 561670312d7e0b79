"""The plan's steps with what shows that they are done, and the files that the two share."""

import hashlib
import uuid
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from growth.mentoring.actions.common import lock_running
from growth.mentoring.models import Meeting, Milestone, Pair, PairFile
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import documents
from talentmap.ui.errors import Refused, given

MOST_STEPS = 60  # so that one page shows them all


@action
def add_step(*, by: User, at: datetime, pair: Pair, title: str, due_on: date) -> Milestone:
    locked, _side = lock_running(by, pair)
    if locked.milestones.count() >= MOST_STEPS:
        raise Refused(_("A plan has at most %(count)s steps.") % {"count": MOST_STEPS})
    return Milestone.objects.create(pair=locked, title=title.strip(), due_on=due_on, added_by=by, added_at=at)


@action
def finish_step(*, by: User, at: datetime, step: Milestone, evidence: str) -> Milestone:
    """Tick a step off, saying what shows that it is done; a second click changes nothing."""
    lock_running(by, step.pair)
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if row.done_at is None:
        row.done_at, row.done_by, row.evidence = at, by, given(evidence)
        row.save(update_fields=["done_at", "done_by", "evidence"])
    return row


@action
def reopen_step(*, by: User, at: datetime, step: Milestone) -> Milestone:
    """Take a tick back that was set by mistake."""
    lock_running(by, step.pair)
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=step.pk)
    row.done_at = row.done_by = None
    row.evidence = ""
    row.save(update_fields=["done_at", "done_by", "evidence"])
    return row


@action
def remove_step(*, by: User, at: datetime, step: Milestone) -> None:
    """Take a step out of the plan that is not done and has no files."""
    lock_running(by, step.pair)
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if row.done_at or row.files.exists():
        raise Refused(_("A step that is done, or has files, stays in the plan."))
    row.delete()


@action
def share_file(
    *,
    by: User,
    at: datetime,
    pair: Pair,
    upload: UploadedFile,
    meeting: Meeting | None = None,
    milestone: Milestone | None = None,
) -> PairFile:
    """Keep a picture or PDF for both; raises Refused saying what is wrong with it, and keeps nothing then. A meeting
    that is confirmed or cancelled takes none any more."""
    locked, _side = lock_running(by, pair)
    if meeting:
        _check_open(meeting)
    found = locked.pairfiles.filter(meeting=meeting, milestone=milestone, document_of=None)
    if found.count() >= documents.MOST_DOCUMENTS:
        raise Refused(_("At most %(count)s files can be attached.") % {"count": documents.MOST_DOCUMENTS})
    return keep_file(by, at, locked, upload, meeting=meeting, milestone=milestone)


def _check_open(meeting: Meeting) -> None:
    """What was confirmed stays as it was confirmed."""
    row = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if row.state not in (Meeting.State.PLANNED, Meeting.State.LOGGED):
        raise Refused(_("This meeting is “%(state)s”.") % {"state": row.get_state_display()})


def keep_file(
    by: User,
    at: datetime,
    pair: Pair,
    upload: UploadedFile,
    *,
    meeting: Meeting | None = None,
    milestone: Milestone | None = None,
) -> PairFile:
    """Check an upload and keep it with a locked pair. Only for actions."""
    ready = documents.checked(upload)
    name = documents.safe_name(upload.name or "", ready.extension)
    return _keep(by, at, pair, ready, name, meeting=meeting, milestone=milestone)


def keep_document(at: datetime, pair: Pair, content: bytes, name: str) -> PairFile:
    """Keep a PDF that the system wrote; its own, so that neither of the two removes it. Only for actions."""
    ready = documents.Checked(content, "application/pdf", hashlib.sha256(content).hexdigest())
    return _keep(User.objects.system(), at, pair, ready, name)


def _keep(by: User, at: datetime, pair: Pair, ready: documents.Checked, name: str, **belongs: Any) -> PairFile:
    saved = default_storage.save(
        f"mentoring/{at:%Y/%m}/{uuid.uuid4().hex}.{ready.extension}", ContentFile(ready.content)
    )
    try:
        with transaction.atomic():
            return PairFile.objects.create(
                pair=pair,
                file=saved,
                name=name,
                size=len(ready.content),
                content_type=ready.content_type,
                sha256=ready.sha256,
                uploaded_by=by,
                uploaded_at=at,
                **belongs,
            )
    except Exception:
        default_storage.delete(saved)
        raise


@action
def remove_file(*, by: User, at: datetime, file: PairFile) -> None:
    """Delete a file of one's own; what a confirmed meeting or a step that is done rests on stays."""
    lock_running(by, file.pair)
    row = PairFile.objects.select_for_update(of=("self",)).select_related("meeting", "milestone").get(pk=file.pk)
    if row.uploaded_by_id != by.pk:
        raise PermissionDenied
    if row.meeting and row.meeting.state == Meeting.State.CONFIRMED:
        raise Refused(_("A file of a confirmed meeting stays."))
    if row.milestone and row.milestone.done_at:
        raise Refused(_("A file that shows a step to be done stays; open the step again first."))
    path = str(row.file.name)
    row.delete()
    transaction.on_commit(partial(default_storage.delete, path))
