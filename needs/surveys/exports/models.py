"""Files of answers that are made in the background."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import person
from talentmap.audit.triggers import AuditTrigger

__all__ = ["ExportJob"]


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    def visible_to(self, user: Any) -> "ExportJobQuerySet":
        """One's own: it holds what its maker may read, no more and no less."""
        return self.filter(made_by=user)


class ExportJob(models.Model):
    """What was asked for, how far it is, and what came of it. `options` has columns, labels, language, filters."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"
        SPSS = "sav", "SPSS (SAV)"
        XLSFORM = "xlsform", _("XLSForm and codebook")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "Waiting")
        RUNNING = "running", pgettext_lazy("export", "Running")
        READY = "ready", pgettext_lazy("export", "Ready")
        FAILED = "failed", pgettext_lazy("export", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("export", "Cancelled")
        EXPIRED = "expired", pgettext_lazy("export", "Expired")

    campaign = models.ForeignKey(
        "needs.Campaign", models.CASCADE, related_name="exports", verbose_name=_("survey campaign")
    )
    format = models.CharField(_("format"), max_length=8, choices=Format.choices)
    options = models.JSONField(_("options"))
    with_personal = models.BooleanField(_("with personal answers"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    state = models.CharField(
        pgettext_lazy("export", "state"), max_length=9, choices=State.choices, default=State.WAITING
    )
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    rows_expected = models.PositiveIntegerField(_("rows to write"), default=0)
    rows_written = models.PositiveIntegerField(_("rows written"), default=0)
    file = models.FileField(_("file"), max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, default="")
    error = models.CharField(pgettext_lazy("export", "what went wrong"), max_length=300, blank=True, default="")

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of answers")
        verbose_name_plural = _("exports of answers")
        ordering = ("-pk",)
        triggers = (AuditTrigger(skip=("rows_written",)),)
        indexes = (models.Index(fields=["made_by", "-id"], name="needs_exportjob_own"),)
        constraints = (
            models.CheckConstraint(
                name="needs_exportjob_personal_has_reason",
                condition=Q(with_personal=False) | ~Q(reason=""),
                violation_error_message=_("Say why personal answers are exported."),
            ),
            models.CheckConstraint(
                name="needs_exportjob_ready_is_whole",
                condition=~Q(state="ready") | (~Q(file="") & ~Q(sha256="") & Q(rows_written=F("rows_expected"))),
                violation_error_message=_("An export is ready when every row is written."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} {self.get_format_display()}"

    @property
    def reach_user_id(self) -> int:
        return self.made_by_id
