"""What happened: changes of rows, readings of sensitive data, and the seals that make tampering visible."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import NeverEmptied


def _append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class AuditQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "AuditQuerySet":
        """All of it for who may read the history, nothing for others: a history with holes would be no history."""
        return self if user.may(Permission.VIEW_AUDIT) else self.none()


class AuditEntry(models.Model):
    """One change of one row. Written by `AuditTrigger` alone; the database refuses any other hand."""

    class Operation(models.TextChoices):
        INSERT = "insert", pgettext_lazy("operation", "Created")
        UPDATE = "update", pgettext_lazy("operation", "Changed")
        DELETE = "delete", pgettext_lazy("operation", "Deleted")

    at = models.DateTimeField(_("time"))
    # No foreign key in the database: an entry outlives whatever it speaks of.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("audit", "by"),
    )
    action = models.CharField(_("action"), max_length=100)
    reason = models.TextField(_("reason"))
    table_name = models.CharField(_("table"), max_length=63)
    row_id = models.CharField(_("row"), max_length=64)
    operation = models.CharField(_("operation"), max_length=6, choices=Operation.choices)
    changes = models.JSONField(_("changes"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index("table_name", "row_id", name="talentmap_auditentry_row"),
            models.Index("actor", "at", name="talentmap_auditentry_actor"),
            models.Index("at", "id", name="talentmap_auditentry_at"),
        ]
        triggers = [
            _append_only(),
            NeverEmptied(),
            pgtrigger.Protect(
                name="by_trigger_only",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table_name}:{self.row_id} {self.operation}"


class AccessLog(models.Model):
    """Somebody read something sensitive, and said why."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("reader"),
    )
    at = models.DateTimeField(_("time"))
    subject_type = models.CharField(_("kind of subject"), max_length=100)
    subject_id = models.CharField(_("subject"), max_length=64)
    field = models.CharField(_("what was read"), max_length=100)
    reason = models.TextField(_("reason"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("access log entry")
        verbose_name_plural = _("access log")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="talentmap_accesslog_reason_given",
                violation_error_message=_("Say why you need to read this."),
            ),
        ]
        indexes = [
            models.Index("subject_type", "subject_id", name="talentmap_accesslog_subject"),
            models.Index("user", "at", name="talentmap_accesslog_user"),
            models.Index("at", "id", name="talentmap_accesslog_at"),
        ]
        triggers = [_append_only(), NeverEmptied()]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {self.field}"


class DaySeal(models.Model):
    """The digest of one day's entries and readings, chained to the day before."""

    day = models.DateField(_("day"))
    entries = models.PositiveIntegerField(_("audit entries"))
    accesses = models.PositiveIntegerField(_("readings"))
    previous = models.CharField(_("digest of the day before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("day seal")
        verbose_name_plural = _("day seals")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"],
                name="talentmap_dayseal_once_a_day",
                violation_error_message=_("This day is sealed already."),
            ),
            models.UniqueConstraint(
                fields=["previous"],
                name="talentmap_dayseal_one_chain",
                violation_error_message=_("Two seals cannot follow the same day."),
            ),
        ]
        triggers = [_append_only(), NeverEmptied()]

    def __str__(self) -> str:
        return f"{self.day} {self.digest[:12]}"


class SealCheck(models.Model):
    """One verification of the whole chain and what it found."""

    at = models.DateTimeField(_("time"), db_index=True)
    days = models.PositiveIntegerField(_("days checked"))
    broken_day = models.DateField(_("first broken day"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=20, blank=True)
    head = models.CharField(_("digest of the last day"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("check of the seals")
        verbose_name_plural = _("checks of the seals")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(broken_day=None, fault="") | models.Q(broken_day__isnull=False, fault__gt=""),
                name="talentmap_sealcheck_fault_has_day",
                violation_error_message=_("A fault needs the day it was found on."),
            ),
        ]
        triggers = [_append_only(), NeverEmptied()]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.fault or 'sound'}"
