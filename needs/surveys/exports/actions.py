"""Asking for an export, calling it off, and what the worker writes down about it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.options import Options
from talentmap.accounts.permissions import Permission as P
from talentmap.audit.action import action
from talentmap.audit.actions import log_access
from talentmap.people.writing import checked_reason
from talentmap.ui.errors import Refused

log = logging.getLogger(__name__)
KEPT = timedelta(days=7)
MOST_STARTS = 3
MOST_OPEN = 3
State = ExportJob.State
OPEN = (State.WAITING, State.RUNNING)


@action
def ask(
    *, by: Any, at: datetime, campaign: Campaign, format: str, options: Options, with_personal: bool, reason: str = ""
) -> ExportJob:
    """Have a file made in the background. With answers that name a person, the reason enters the access log.

    Raises PermissionDenied; Refused when too many are being made or the reason is missing.
    """
    if not by.may(P.EXPORT_RESPONSES) or (with_personal and not by.may(P.READ_RESPONDENTS)):
        raise PermissionDenied
    if ExportJob.objects.filter(made_by=by, state__in=OPEN).count() >= MOST_OPEN:
        raise Refused(_("Three of your exports are being made. Wait for one, or cancel it."))
    reason = checked_reason(reason)[:200] if with_personal else ""
    job = ExportJob.objects.create(
        campaign=campaign,
        format=format,
        options={**options.to_json(), "reach": _reach(by)},
        with_personal=with_personal,
        reason=reason,
        made_at=at,
        made_by=by,
    )
    if with_personal:
        log_access(by=by, at=at, subject=job, field="with_personal", reason=reason)
    transaction.on_commit(_enqueue(job.pk), robust=True)
    return job


def _reach(by: Any) -> list[str]:
    """Where `by` may export at present: a file made with it is handed out only while that still holds."""
    reach = by.reach(P.EXPORT_RESPONSES)
    return [""] if reach.everything else list(reach.region_codes)


def _enqueue(job_pk: int) -> Callable[[], Any]:
    from needs.surveys.exports.tasks import make_export

    # One try only: where the broker is away, the sweep sends it later and nobody waits now.
    return lambda: make_export.apply_async((job_pk,), retry=False)


@action
def cancel(*, by: Any, at: datetime, job: ExportJob) -> ExportJob:
    """Call off an export that is not done yet. Raises PermissionDenied, Refused."""
    if job.made_by_id != by.pk:
        raise PermissionDenied
    locked = _locked(job.pk)
    if locked.state not in OPEN:
        raise Refused(_("This export is done already."))
    return _set(locked, state=State.CANCELLED, finished_at=at)


@action
def discard(*, by: Any, at: datetime, job: ExportJob) -> ExportJob:
    """Delete a finished file before it expires. Raises PermissionDenied, Refused."""
    if job.made_by_id != by.pk:
        raise PermissionDenied
    locked = _locked(job.pk)
    if locked.state != State.READY:
        raise Refused(_("There is no file any more."))
    return _expired(locked)


@action
def start(*, by: Any, at: datetime, job_pk: int) -> ExportJob | None:
    """Take the job; None when there is nothing to make. One that brought down its worker three times is given up."""
    jobs = ExportJob.objects.select_for_update(of=("self",)).select_related("made_by", "campaign")
    job = jobs.get(pk=job_pk)
    if job.state not in OPEN:
        return None
    if job.attempts >= MOST_STARTS:
        _set(job, state=State.FAILED, finished_at=at, error=_("It was interrupted three times."))
        return None
    if not may_have(job.made_by, job):
        _set(job, state=State.FAILED, finished_at=at, error=_("You may not export these answers any more."))
        return None
    return _set(job, state=State.RUNNING, started_at=at, rows_written=0, rows_expected=0, attempts=job.attempts + 1)


def may_have(user: Any, job: ExportJob) -> bool:
    """Whether its maker still holds what the export was asked with."""
    if not user.may(P.EXPORT_RESPONSES) or (job.with_personal and not user.may(P.READ_RESPONDENTS)):
        return False
    reach = user.reach(P.EXPORT_RESPONSES)
    return all(reach.everything if not code else reach.covers_code(code) for code in job.options.get("reach", [""]))


@action
def expect(*, by: Any, job: ExportJob, rows: int) -> None:
    """Note how many rows the snapshot has."""
    _running(job).update(rows_expected=rows)


@action
def progress(*, by: Any, job: ExportJob, rows: int) -> bool:
    """Note how many rows are written; False when the job was cancelled meanwhile."""
    return bool(_running(job).update(rows_written=rows))


@action
def finish(
    *, by: Any, at: datetime, job: ExportJob, file: str, size: int, sha256: str, rows_written: int
) -> ExportJob | None:
    """Offer the file. The database refuses it unless as many rows were written as the snapshot counted.

    Where the job was cancelled at the last moment, the file goes away again.
    """
    locked = _locked(job.pk)
    locked.file.name = file
    if locked.state != State.RUNNING:
        transaction.on_commit(lambda: locked.file.storage.delete(file))
        return None
    return _set(
        locked,
        state=State.READY,
        file=file,
        size=size,
        sha256=sha256,
        rows_written=rows_written,
        finished_at=at,
        expires_at=at + KEPT,
        error="",
    )


@action
def fail(*, by: Any, at: datetime, job: ExportJob, error: str) -> None:
    _running(job).update(state=State.FAILED, finished_at=at, error=error[:300])


def told(error: Exception) -> str:
    """What the page says of an error: a refusal's own words, of anything else only that it happened."""
    if isinstance(error, Refused):
        return str(error)
    return _("Something went wrong on our side. Try again; if it fails again, tell the administrator.")


@action
def expire(*, by: Any, at: datetime) -> int:
    """Delete the files whose time is over; gives their number."""
    over = ExportJob.objects.select_for_update(skip_locked=True).filter(state=State.READY, expires_at__lte=at)
    jobs = list(over)
    for job in jobs:
        _expired(job)
    return len(jobs)


def _expired(job: ExportJob) -> ExportJob:
    storage, name = job.file.storage, str(job.file.name)
    _set(job, state=State.EXPIRED, file="")
    transaction.on_commit(lambda: storage.delete(name))
    return job


def _locked(pk: int) -> ExportJob:
    return ExportJob.objects.select_for_update(of=("self",)).get(pk=pk)


def _running(job: ExportJob) -> Any:
    return ExportJob.objects.filter(pk=job.pk, state=State.RUNNING)


def _set(job: ExportJob, **values: Any) -> ExportJob:
    for name, value in values.items():
        setattr(job, name, value)
    job.save(update_fields=list(values))
    return job
