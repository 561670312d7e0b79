"""A questionnaire in the field: when, where, by whom, and how many answers are wanted of whom."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import AgeBand, occupation, person
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger

__all__ = ["Assignment", "Campaign", "CampaignTownship", "InvitationCode", "PublicLink", "Quota", "Reminder"]


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_SURVEYS) -> "CampaignQuerySet":
        """Those with a township inside the reach in which `user` holds `permission`.

        What is still being prepared is seen by those who run campaigns only.
        """
        found = self if user.may(Permission.MANAGE_CAMPAIGNS) else self.exclude(state=Campaign.State.DRAFT)
        reach = user.reach(permission)
        if reach.everything:
            return found
        return found.filter(Exists(CampaignTownship.objects.filter(reach.q(region="region"), campaign=OuterRef("pk"))))

    def with_questionnaire(self) -> "CampaignQuerySet":
        """With what a page's head shows of questionnaire and version, without their long documents."""
        return self.select_related("questionnaire", "version").defer("version__document", "version__compiled")

    def taking_answers(self, today: date) -> "CampaignQuerySet":
        """Open, and within the period."""
        return self.filter(state=Campaign.State.OPEN, starts_on__lte=today, ends_on__gte=today)


class Campaign(models.Model):
    """Answers to older published versions of the questionnaire are always taken; `version` is what is handed out."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("campaign", "Being prepared")
        OPEN = "open", pgettext_lazy("campaign", "In the field")
        PAUSED = "paused", pgettext_lazy("campaign", "Paused")
        CLOSED = "closed", pgettext_lazy("campaign", "Closed")

    title = models.CharField(pgettext_lazy("campaign", "title"), max_length=120)
    questionnaire = models.ForeignKey(
        "needs.Questionnaire", models.PROTECT, related_name="campaigns", verbose_name=_("questionnaire")
    )
    version = models.ForeignKey(
        "needs.Version", models.PROTECT, related_name="+", verbose_name=_("questionnaire version")
    )
    state = models.CharField(
        pgettext_lazy("campaign", "state"), max_length=8, choices=State.choices, default=State.DRAFT
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    shortest_minutes = models.DecimalField(
        _("shortest plausible duration (minutes)"), max_digits=5, decimal_places=1, default=3
    )
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey campaign")
        verbose_name_plural = _("survey campaigns")
        ordering = ("-starts_on", "-pk")
        triggers = (AuditTrigger(),)
        indexes = (models.Index(fields=["state", "-starts_on"], name="needs_campaign_state"),)
        constraints = (
            models.CheckConstraint(
                name="needs_campaign_period_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The campaign ends before it begins."),
            ),
            models.CheckConstraint(
                name="needs_campaign_closed_dated",
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                violation_error_message=_("A closed campaign states when it was closed."),
            ),
            models.CheckConstraint(
                name="needs_campaign_duration_not_negative",
                condition=Q(shortest_minutes__gte=0),
                violation_error_message=_("A duration cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def takes_answers(self, today: date) -> bool:
        return self.state == self.State.OPEN and self.starts_on <= today <= self.ends_on


class CampaignTownship(models.Model):
    """A township that takes part."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="townships", verbose_name=_("survey campaign"))
    region = models.ForeignKey("talentmap.Region", models.PROTECT, related_name="+", verbose_name=_("township"))

    class Meta:
        verbose_name = _("township of a campaign")
        verbose_name_plural = _("townships of a campaign")
        ordering = ("region__code",)
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_campaigntownship_once",
                fields=("campaign", "region"),
                violation_error_message=_("The township takes part already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} · {self.region}"


class Quota(models.Model):
    """How many answers are wanted of one age band and occupation in one township; "" stands for any."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="quotas", verbose_name=_("survey campaign"))
    region = models.ForeignKey("talentmap.Region", models.PROTECT, related_name="+", verbose_name=_("township"))
    age_band = models.CharField(_("age band"), max_length=6, choices=AgeBand.choices, blank=True, default="")
    occupation = occupation()
    target = models.PositiveIntegerField(_("target"))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ("region__code", "age_band", "occupation")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_quota_cell_unique",
                fields=("campaign", "region", "age_band", "occupation"),
                violation_error_message=_("This cell has a quota already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.age_band} {self.occupation}: {self.target}"


class Assignment(models.Model):
    """Who goes where: an interviewer in one township, or in one village of it."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="assignments", verbose_name=_("survey campaign")
    )
    interviewer = person(_("interviewer"), related_name="survey_assignments")
    region = models.ForeignKey(
        "talentmap.Region", models.PROTECT, related_name="+", verbose_name=_("township or village")
    )
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("assigned at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("region__code", "pk")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_assignment_once",
                fields=("campaign", "interviewer", "region"),
                condition=Q(ended_at=None),
                violation_error_message=_("This interviewer has this assignment already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.interviewer} · {self.region}"


class PublicLink(models.Model):
    """An address at which anybody answers by themselves. `token` is part of it, unguessable, and no secret."""

    class OneEach(models.TextChoices):
        ANY = "any", _("as often as they like")
        DEVICE = "device", _("once a device")
        MOBILE = "mobile", _("once a mobile number, confirmed by a code")
        INVITATION = "invitation", _("once an invitation code")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="links", verbose_name=_("survey campaign"))
    region = models.ForeignKey(
        "talentmap.Region", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("township")
    )
    token = models.CharField(_("token"), max_length=32, unique=True)
    one_each = models.CharField(
        _("a person may answer"), max_length=10, choices=OneEach.choices, default=OneEach.DEVICE
    )
    per_hour = models.PositiveIntegerField(_("most answers an hour from one address"), default=30)
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("public link")
        verbose_name_plural = _("public links")
        ordering = ("region__code", "pk")
        triggers = (AuditTrigger(),)

    def __str__(self) -> str:
        return f"{self.campaign} · {self.region or _('all townships')}"


class InvitationCode(models.Model):
    """One person's code for one public link; only its keyed digest is kept."""

    link = models.ForeignKey(PublicLink, models.CASCADE, related_name="codes", verbose_name=_("public link"))
    digest = models.CharField(_("digest"), max_length=64)
    made_at = models.DateTimeField(_("made at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation code")
        verbose_name_plural = _("invitation codes")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                name="needs_invitationcode_unique",
                fields=("link", "digest"),
                violation_error_message=_("This code exists already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.link} #{self.pk}"


class Reminder(models.Model):
    """That a township was told that it lags, and by how much."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reminders", verbose_name=_("survey campaign"))
    region = models.ForeignKey("talentmap.Region", models.PROTECT, related_name="+", verbose_name=_("township"))
    sent_on = models.DateField(_("sent on"))
    sent_by = person(_("sent by"))
    target = models.PositiveIntegerField(_("target"))
    done = models.PositiveIntegerField(_("done"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-sent_on", "-pk")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_reminder_once_a_day",
                fields=("campaign", "region", "sent_on"),
                violation_error_message=_("The township was reminded today already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} · {self.region} · {self.sent_on}"
