"""Questionnaires, their versions, the questions that all versions share, and the question bank."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import both_or_neither, person
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger

__all__ = ["BankQuestion", "Question", "Questionnaire", "Version"]


class Audience(models.TextChoices):
    VILLAGERS = "villagers", _("Villagers")
    ENTERPRISES = "enterprises", _("Enterprises")
    TALENTS = "talents", pgettext_lazy("audience", "Talents")
    OTHER = "other", pgettext_lazy("audience", "Others")


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: Any) -> "QuestionnaireQuerySet":
        """All of them for who edits them; else those that are in the field within reach."""
        if user.reach(Permission.EDIT_QUESTIONNAIRES):
            return self
        within = user.reach(Permission.VIEW_SURVEYS).q(region="campaigns__townships__region")
        return self.filter(within, campaigns__isnull=False).distinct()


class Questionnaire(models.Model):
    """What is asked of one audience, through all its versions."""

    Audience = Audience

    title = models.CharField(pgettext_lazy("questionnaire", "title"), max_length=120)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.OTHER)
    description = models.TextField(_("description"), max_length=1000, blank=True, default="")
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ("title", "pk")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_questionnaire_title_unique",
                fields=("title",),
                condition=Q(archived_at=None),
                violation_error_message=_("Another questionnaire has this title."),
            ),
        )

    def __str__(self) -> str:
        return self.title


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, user: Any) -> "VersionQuerySet":
        """Drafts are seen by who edits them; what is published by who sees its questionnaire."""
        if user.reach(Permission.EDIT_QUESTIONNAIRES):
            return self
        return self.published().filter(questionnaire__in=Questionnaire.objects.visible_to(user).values("pk"))

    def published(self) -> "VersionQuerySet":
        return self.exclude(published_at=None)


class Version(models.Model):
    """One state of a questionnaire. A draft is edited, what is published never changes.

    `document` is what staff edit and XLSForm says, `compiled` what is run: see `docs/surveys.md`. `revision` counts
    the edits of a draft, so that two people who edit at once do not overwrite each other.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="versions", verbose_name=_("questionnaire")
    )
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField(pgettext_lazy("questionnaire", "document"))
    compiled = models.JSONField(_("what is run"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    note = models.CharField(_("what is new"), max_length=300, blank=True, default="")
    edited_at = models.DateTimeField(_("edited at"))
    edited_by = person(_("edited by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = person(_("published by"), null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        ordering = ("questionnaire", "-number")
        triggers = (
            AuditTrigger(hide=("document", "compiled")),
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                name="needs_version_number_unique",
                fields=("questionnaire", "number"),
                violation_error_message=_("This version exists already."),
            ),
            models.UniqueConstraint(
                name="needs_version_one_draft",
                fields=("questionnaire",),
                condition=Q(published_at=None),
                violation_error_message=_("There is a draft of this questionnaire already."),
            ),
            models.CheckConstraint(
                name="needs_version_published_complete",
                condition=both_or_neither("published_at", "published_by")
                & (Q(published_at=None) | Q(compiled__isnull=False)),
                violation_error_message=_("A published version states who published it and what is run."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Question(models.Model):
    """A question through all versions: answers are stored, counted and merged by `key`, the stable id.

    `retired_at` marks a key that the newest version no longer has; it is never given to another question.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="questions", verbose_name=_("questionnaire")
    )
    key = models.CharField(_("stable id"), max_length=80)
    kind = models.CharField(_("type of answer"), max_length=20)
    label = models.JSONField(_("newest label"), default=dict)
    position = models.PositiveIntegerField(_("position"), default=0)
    first_version = models.ForeignKey(Version, models.PROTECT, related_name="+", verbose_name=_("first version"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("questionnaire", "position")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_question_key_unique",
                fields=("questionnaire", "key"),
                violation_error_message=_("Another question has this id."),
            ),
        )

    def __str__(self) -> str:
        return self.key


class BankQuestion(models.Model):
    """A question or a group of them, kept for use in other questionnaires, with the choice lists that it needs."""

    title = models.CharField(pgettext_lazy("question bank", "title"), max_length=120)
    topic = models.CharField(_("topic"), max_length=60, blank=True, default="")
    item = models.JSONField(pgettext_lazy("question bank", "question"))
    choices = models.JSONField(_("choice lists"), default=dict, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))

    class Meta:
        verbose_name = _("question of the bank")
        verbose_name_plural = _("question bank")
        ordering = ("topic", "title")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_bankquestion_title_unique",
                fields=("title",),
                violation_error_message=_("The bank has a question with this title."),
            ),
        )

    def __str__(self) -> str:
        return self.title
