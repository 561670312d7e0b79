"""The monthly briefs: kept with the figures as they were."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import person

__all__ = ["Brief"]


class BriefQuerySet(models.QuerySet["Brief"]):
    def visible_to(self, user: Any) -> "BriefQuerySet":
        """Of the places within reach, and of the county those whose every figure the reader may see, and while they
        hold none those that failed or are made on schedule."""
        if not user.may(Permission.VIEW_DASHBOARDS):
            return self.none()
        held = [each for each in user.permissions if user.reach(each).everything]
        mine = Q(made_by=user) & user.reach(Permission.VIEW_DASHBOARDS).q(region="region")
        without = Q(shows=[]) & (Q(state=Brief.State.FAILED) | Q(is_scheduled=True))
        county = (Q(shows__contained_by=held) & ~Q(shows=[])) | without
        within = user.reach(Permission.VIEW_DASHBOARDS).q(region="region")
        return self.filter(mine | (within & (Q(is_county=False) | county)))

    def open(self) -> "BriefQuerySet":
        return self.filter(state__in=Brief.OPEN)


class Brief(models.Model):
    """One month of one place. `figures` is what was counted, `shows` which permissions that took.

    A brief that is ready never changes: the database refuses it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("brief", "Waiting")
        RUNNING = "running", pgettext_lazy("brief", "Being made")
        READY = "ready", pgettext_lazy("brief", "Ready")
        FAILED = "failed", pgettext_lazy("brief", "Failed")

    OPEN = (State.WAITING, State.RUNNING)

    region = models.ForeignKey("talentmap.Region", models.PROTECT, related_name="+", verbose_name=_("place"))
    is_county = models.BooleanField(_("of the whole county"))
    month = models.DateField(_("month"))
    is_scheduled = models.BooleanField(_("made on schedule"), default=False)
    state = models.CharField(
        pgettext_lazy("brief", "state"), max_length=7, choices=State.choices, default=State.WAITING
    )
    percent = models.PositiveSmallIntegerField(_("percent done"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(pgettext_lazy("brief", "what went wrong"), max_length=300, blank=True, default="")
    asked_at = models.DateTimeField(_("asked for at"))
    made_by = person(_("made by"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    figures = models.JSONField(_("figures as they were"), default=dict)
    shows = ArrayField(models.CharField(max_length=40), verbose_name=_("permissions of its figures"), default=list)
    docx = models.FileField("DOCX", max_length=200, blank=True, default="")
    pdf = models.FileField("PDF", max_length=200, blank=True, default="")

    objects = BriefQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly brief")
        verbose_name_plural = _("monthly briefs")
        ordering = ("-month", "-pk")
        triggers = (
            AuditTrigger(skip=("percent",), hide=("figures",)),
            pgtrigger.Protect(
                name="ready_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="ready"),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="talentmap_brief_month_begins",
                condition=Q(month__day=1),
                violation_error_message=_("A month is named by its first day."),
            ),
            models.UniqueConstraint(
                name="talentmap_brief_scheduled_once",
                fields=("region", "month"),
                condition=Q(is_scheduled=True) & ~Q(state="failed"),
                violation_error_message=_("The brief of this month is there already."),
            ),
            models.CheckConstraint(
                name="talentmap_brief_ready_is_whole",
                condition=~Q(state="ready") | (~Q(docx="") & ~Q(pdf="") & Q(finished_at__isnull=False)),
                violation_error_message=_("A brief is ready when both its files are there."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.month:%Y-%m}"

    @property
    def reach_region(self) -> Any:
        return self.region

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
