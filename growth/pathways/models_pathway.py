"""Pathways and their versions: stages in an order, each with its milestones."""

from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.pathways.choices import RECORDS_WITH_VALUE, STANDINGS, Audience, Confirmation, Record
from growth.pathways.triggers import VERSION_OF_ITS_STAGE, drafts_only
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import both_or_neither, person


class PathwayQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """All of them for who maintains them."""
        return self if user.is_authenticated and user.may(Permission.EDIT_PATHWAYS) else self.none()

    def offered(self) -> Self:
        """Those that somebody can start."""
        published = PathwayVersion.objects.published().filter(pathway=models.OuterRef("pk"))
        return self.filter(models.Exists(published), retired_at=None)


class Pathway(models.Model):
    """A way up for one kind of talent, through all its versions. `code` names those that were shipped."""

    code = models.SlugField(pgettext_lazy("pathway", "code"), max_length=40, blank=True, default="")
    title = models.CharField(pgettext_lazy("pathway", "title"), max_length=80)
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience.choices)
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    retired_by = person(_("retired by"), null=True, blank=True)

    objects = PathwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("pathway")
        verbose_name_plural = _("pathways")
        ordering = ("title", "pk")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="growth_pathway_code_unique",
                fields=("code",),
                condition=~Q(code=""),
                violation_error_message=_("Another pathway has this code."),
            ),
            models.UniqueConstraint(
                name="growth_pathway_title_unique",
                fields=("title",),
                condition=Q(retired_at=None),
                violation_error_message=_("Another pathway has this title."),
            ),
            models.CheckConstraint(
                name="growth_pathway_retired_pair",
                condition=both_or_neither("retired_at", "retired_by"),
                violation_error_message=_("A retirement says by whom and when."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def newest(self) -> "PathwayVersion | None":
        """The newest published version; `queries.with_versions` reads those of many pathways at once."""
        known = getattr(self, "known_versions", None)
        if known is None:
            return self.versions.published().order_by("-number").first()
        return next((version for version in known if version.is_published), None)

    @property
    def draft(self) -> "PathwayVersion | None":
        known = getattr(self, "known_versions", None)
        found = self.versions.filter(published_at=None) if known is None else known
        return next((version for version in found if not version.is_published), None)


class PathwayVersionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self if user.is_authenticated and user.may(Permission.EDIT_PATHWAYS) else self.none()

    def published(self) -> Self:
        return self.exclude(published_at=None)


class PathwayVersion(models.Model):
    """One state of a pathway. A draft is edited, what is published never changes.

    `revision` counts the edits of a draft, so that two people who edit at once do not overwrite each other.
    """

    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="versions", verbose_name=_("pathway"))
    number = models.PositiveIntegerField(_("version"))
    summary = models.TextField(_("in short"), max_length=500, blank=True, default="")
    note = models.CharField(_("what is new"), max_length=300, blank=True, default="")
    revision = models.PositiveIntegerField(_("revision"), default=0)
    edited_at = models.DateTimeField(_("edited at"))
    edited_by = person(_("edited by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = person(_("published by"), null=True, blank=True)

    objects = PathwayVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("pathway version")
        verbose_name_plural = _("pathway versions")
        ordering = ("pathway", "-number")
        triggers = (
            AuditTrigger(skip=("revision", "edited_at", "edited_by")),
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_pathwayversion_number_unique",
                fields=("pathway", "number"),
                violation_error_message=_("This version exists already."),
            ),
            models.UniqueConstraint(
                name="growth_pathwayversion_one_draft",
                fields=("pathway",),
                condition=Q(published_at=None),
                violation_error_message=_("There is a draft of this pathway already."),
            ),
            models.CheckConstraint(
                name="growth_pathwayversion_published_pair",
                condition=both_or_neither("published_at", "published_by"),
                violation_error_message=_("A published version states who published it and when."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pathway} {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class PathwayStage(models.Model):
    """One stretch of the way. `standing` names where on file somebody is who begins here."""

    version = models.ForeignKey(
        PathwayVersion, models.CASCADE, related_name="stages", verbose_name=_("pathway version")
    )
    code = models.SlugField(pgettext_lazy("pathway", "code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(pgettext_lazy("pathway", "title"), max_length=60)
    description = models.TextField(_("description"), max_length=500, blank=True, default="")
    standing = models.CharField(_("who begins here"), max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("stage of a pathway")
        verbose_name_plural = _("stages of a pathway")
        ordering = ("version", "position")
        triggers = (AuditTrigger(), drafts_only())
        constraints = (
            models.UniqueConstraint(
                name="growth_pathwaystage_code_unique",
                fields=("version", "code"),
                violation_error_message=_("Another stage has this code."),
            ),
            models.UniqueConstraint(
                name="growth_pathwaystage_position_unique",
                fields=("version", "position"),
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("Two stages cannot stand at one place."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def standing_label(self) -> Any:
        kind = STANDINGS.get(self.version.pathway.audience)
        return dict(kind.choices).get(self.standing, "") if kind else ""


class PathwayMilestone(models.Model):
    """Something that is reached on a stage; ticks name it by `code`, so that they outlast the version.

    `record` says what on file meets it by itself, `services` the schemes that help towards it.
    """

    version = models.ForeignKey(
        PathwayVersion, models.CASCADE, related_name="milestones", verbose_name=_("pathway version"), editable=False
    )
    stage = models.ForeignKey(PathwayStage, models.CASCADE, related_name="milestones", verbose_name=_("stage"))
    code = models.SlugField(pgettext_lazy("pathway", "code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(pgettext_lazy("pathway", "title"), max_length=80)
    evidence = models.CharField(_("what counts as evidence"), max_length=300, blank=True, default="")
    required = models.BooleanField(_("needed to reach the next stage"), default=True)
    needs = models.CharField(
        _("confirmed by"), max_length=10, choices=Confirmation.choices, blank=True, default=Confirmation.NOBODY
    )
    record = models.CharField(_("met by itself through"), max_length=20, choices=Record.choices, blank=True, default="")
    record_value = models.CharField(_("which"), max_length=40, blank=True, default="")
    services = ArrayField(
        models.CharField(max_length=40), verbose_name=_("services that help"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("milestone of a pathway")
        verbose_name_plural = _("milestones of a pathway")
        ordering = ("stage__position", "position")
        triggers = (AuditTrigger(), drafts_only(before=VERSION_OF_ITS_STAGE))
        constraints = (
            models.UniqueConstraint(
                name="growth_pathwaymilestone_code_unique",
                fields=("version", "code"),
                violation_error_message=_("Another milestone has this code."),
            ),
            models.UniqueConstraint(
                name="growth_pathwaymilestone_position_unique",
                fields=("stage", "position"),
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("Two milestones cannot stand at one place."),
            ),
            models.CheckConstraint(
                name="growth_pathwaymilestone_record_says_which",
                condition=Q(record__in=RECORDS_WITH_VALUE) & ~Q(record_value="")
                | ~Q(record__in=RECORDS_WITH_VALUE) & Q(record_value=""),
                violation_error_message=_("What meets a milestone by itself says which service, level or kind."),
            ),
        )

    def __str__(self) -> str:
        return self.title
