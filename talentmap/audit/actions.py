"""Writes of the audit area that do not come from a trigger."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models

from talentmap.accounts.permissions import Permission, Role
from talentmap.audit import kinds, rules, seals
from talentmap.audit.action import action
from talentmap.audit.models import AccessLog, DaySeal, SealCheck
from talentmap.notices.actions import notify_each


@action
def log_access(*, by: Any, at: datetime, subject: models.Model, field: str, reason: str) -> AccessLog:
    """Record that `by` read the sensitive `field` of `subject`; call it before the value is handed out."""
    return AccessLog.objects.create(
        user=by,
        at=at,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        field=field,
        reason=reason.strip(),
    )


@action
def log_accesses(*, by: Any, at: datetime, subjects: Sequence[models.Model], field: str, reason: str) -> None:
    """`log_access` for many at once, a line each."""
    AccessLog.objects.bulk_create(
        AccessLog(
            user=by,
            at=at,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            field=field,
            reason=reason.strip(),
        )
        for subject in subjects
    )


@action
def log_export(*, by: Any, at: datetime, reason: str) -> AccessLog:
    """Record that `by` takes a copy of the history out of the platform. Raises PermissionDenied."""
    if not by.may(Permission.VIEW_AUDIT):
        raise PermissionDenied
    return AccessLog.objects.create(
        user=by, at=at, subject_type="talentmap.auditentry", subject_id="", field="export", reason=reason.strip()
    )


@action
def seal_until(*, by: Any, at: datetime, last: date) -> list[DaySeal]:
    """Seal every day up to `last` that has no seal yet; days without records too, or their loss would not show.

    `last` must be over (`seals.settle()` first), else its later records would break its seal. Raises ValueError.
    """
    if last > seals.yesterday(at):
        raise ValueError(f"{last} is not over")
    head = DaySeal.objects.order_by("-day").first()
    first = head.day + timedelta(days=1) if head else seals.first_day()
    previous = head.digest if head else ""
    sealed = []
    for day in rules.days_between(first, last) if first else ():
        sealed.append(_seal(day, previous, at))
        previous = sealed[-1].digest
    return sealed


def _seal(day: date, previous: str, at: datetime) -> DaySeal:
    found = seals.records_of(day, previous)
    return DaySeal.objects.create(
        day=day,
        entries=found.entries,
        accesses=found.accesses,
        previous=previous,
        digest=found.digest,
        sealed_at=at,
    )


@action
def check_seals(*, by: Any, at: datetime) -> SealCheck:
    """Verify the whole chain, keep the outcome, and tell directors and administrators when it is broken.

    Raises PermissionDenied.
    """
    if not by.may(Permission.VIEW_AUDIT):
        raise PermissionDenied
    finding = seals.verify()
    check = SealCheck.objects.create(
        at=at, days=finding.days, broken_day=finding.broken_day, fault=finding.fault, head=finding.head
    )
    if not finding.sound:
        notify_each(
            recipients=_watchers(),
            by=by,
            at=at,
            kind=kinds.SEAL_BROKEN,
            params={"day": f"{finding.broken_day:%Y-%m-%d}"},
            link="/audit/seals/",
            key=f"seal-broken-{finding.broken_day}-{finding.fault}",
        )
    return check


def _watchers() -> models.QuerySet:
    return (
        get_user_model()
        .objects.filter(
            is_active=True,
            memberships__ended_at=None,
            memberships__role__in=[Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR],
        )
        .distinct()
    )
