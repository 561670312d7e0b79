"""The plan of a pair and the files that the two share."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from growth.mentoring.models_pair import Meeting, OfPair
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import both_or_neither, person


class Milestone(OfPair):
    """A step of the plan, by a day; done with what shows it."""

    title = models.CharField(_("step"), max_length=120)
    due_on = models.DateField(_("by"))
    added_by = person(_("added by"))
    added_at = models.DateTimeField(_("added at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = person(_("ticked by"), null=True, blank=True)
    evidence = models.CharField(_("what shows it"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("due_on", "pk")
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                name="growth_milestone_done_complete",
                condition=both_or_neither("done_at", "done_by")
                & (Q(done_at__isnull=True, evidence="") | Q(done_at__isnull=False) & ~Q(evidence="")),
                violation_error_message=_("A step is done by somebody, who says what shows it."),
            ),
        )

    def __str__(self) -> str:
        return self.title


class PairFile(OfPair):
    """A file that the two share: with a meeting, as evidence of a step, or for the pair; a paper that the office
    entered; or an agreement as it came into force."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="files", null=True, blank=True, verbose_name=_("meeting")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="files", null=True, blank=True, verbose_name=_("milestone")
    )
    file = models.FileField(_("file"), upload_to="mentoring/", max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    size = models.PositiveIntegerField(_("size"))
    content_type = models.CharField(_("type"), max_length=60)
    sha256 = models.CharField(max_length=64, verbose_name=_("digest"))
    uploaded_by = person(_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("shared file")
        verbose_name_plural = _("shared files")
        ordering = ("pk",)
        triggers = (AuditTrigger(),)

    def __str__(self) -> str:
        return self.name
