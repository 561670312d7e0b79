"""Responses, their earlier revisions and files, and what reviewers decided."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import AgeBand, ResponseState, Sex, append_only, both_or_neither, occupation, person
from needs.surveys.responses.triggers import KnowsItsChanges, NotOnesOwnResponse
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.people.fields import EncryptedTextField

__all__ = ["Response", "ResponseFile", "ResponseRevision", "ReviewEvent"]


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_RESPONSES) -> "ResponseQuerySet":
        """Those of the townships in reach, and one's own."""
        reach = user.reach(permission)
        if reach.everything:
            return self
        return self.filter(reach.q(region="township") | Q(interviewer=user))

    def without_answers(self) -> "ResponseQuerySet":
        """For lists: leave what is long or encrypted in the database."""
        return self.defer("answers", "personal", "tallied")


class Response(models.Model):
    """One respondent's answers, under the id that the device gave them: it arrives once, however often it is sent.

    `answers` holds what is public of them, `personal` (JSON, encrypted) the answers that name a person; both by stable
    id. `digest` tells the same response sent again from another under its id. `tallied` is what the tallies count of it
    at present; `is_dirty` marks what they do not know yet.
    """

    class Channel(models.TextChoices):
        INTERVIEW = "interview", _("Interview")
        SELF = "self", _("By oneself, through a link")
        DESK = "desk", _("Entered at a desk")

    State = ResponseState

    uuid = models.UUIDField(_("id made on the device"), unique=True)
    campaign = models.ForeignKey(
        "needs.Campaign", models.PROTECT, related_name="responses", db_index=False, verbose_name=_("survey campaign")
    )
    version = models.ForeignKey(
        "needs.Version", models.PROTECT, related_name="+", db_index=False, verbose_name=_("questionnaire version")
    )
    township = models.ForeignKey(
        "talentmap.Region", models.PROTECT, related_name="+", db_index=False, verbose_name=_("township")
    )
    village = models.ForeignKey(
        "talentmap.Region",
        models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("village"),
    )
    channel = models.CharField(_("channel"), max_length=9, choices=Channel.choices)
    interviewer = person(_("interviewer"), null=True, blank=True, db_index=False)
    link = models.ForeignKey(
        "needs.PublicLink",
        models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("public link"),
    )
    # Who answered through a link, as far as the link's rule asks: a keyed digest of device, number or code.
    respondent = models.CharField(_("digest of the respondent"), max_length=64, blank=True, default="")
    device = models.CharField(_("device"), max_length=64, blank=True, default="")
    language = models.CharField(_("language"), max_length=40, blank=True, default="")
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    received_at = models.DateTimeField(_("received at"))
    answers = models.JSONField(_("answers"))
    personal = EncryptedTextField(_("personal answers"), blank=True, default="")
    digest = models.CharField(_("digest of what was sent"), max_length=64)
    fingerprint = models.CharField(_("fingerprint of the answers"), max_length=64)
    age_band = models.CharField(_("age band"), max_length=6, choices=AgeBand.choices, blank=True, default="")
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True, default="")
    occupation = occupation()
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    state = models.CharField(
        pgettext_lazy("survey response", "state"),
        max_length=8,
        choices=ResponseState.choices,
        default=ResponseState.PENDING,
    )
    flags = ArrayField(models.CharField(max_length=20), verbose_name=_("suspicions"), default=list, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    is_dirty = models.BooleanField(_("not counted yet"), default=True)
    tallied = models.JSONField(_("counted as"), null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey response")
        verbose_name_plural = _("survey responses")
        ordering = ("-pk",)
        triggers = (
            AuditTrigger(hide=("answers",), skip=("is_dirty", "tallied")),
            KnowsItsChanges(name="knows_its_changes"),
        )
        indexes = (
            models.Index(fields=["campaign", "id"], name="needs_response_by_campaign"),
            models.Index(fields=["campaign", "state", "id"], name="needs_response_by_state"),
            models.Index(fields=["campaign", "township", "id"], name="needs_response_by_township"),
            models.Index(fields=["campaign", "interviewer", "id"], name="needs_response_by_interviewer"),
            models.Index(fields=["campaign", "fingerprint"], name="needs_response_fingerprint"),
            models.Index(fields=["id"], name="needs_response_dirty", condition=Q(is_dirty=True)),
            models.Index(fields=["campaign", "id"], name="needs_response_flagged", condition=~Q(flags=[])),
            models.Index(
                fields=["campaign", "device"],
                name="needs_response_device",
                condition=Q(channel="self") & ~Q(device=""),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="needs_response_channel_fits",
                condition=Q(channel="self", link__isnull=False, interviewer=None)
                | Q(channel__in=("interview", "desk"), link=None, interviewer__isnull=False),
                violation_error_message=_("An interview names its interviewer, an answer by oneself its link."),
            ),
            models.CheckConstraint(
                name="needs_response_place_paired",
                condition=both_or_neither("latitude", "longitude"),
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
            models.UniqueConstraint(
                name="needs_response_one_each",
                fields=("link", "respondent"),
                condition=~Q(respondent=""),
                violation_error_message=_("This person has answered already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def short_id(self) -> str:
        """What people read out and search by: the first eight signs of the id."""
        return str(self.uuid)[:8]

    @property
    def reach_region(self) -> Any:
        return self.township

    @property
    def reach_user_id(self) -> int | None:
        return self.interviewer_id


class ResponseRevision(models.Model):
    """What a response said before it was corrected."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="revisions", verbose_name=_("survey response"))
    number = models.PositiveIntegerField(_("revision"))
    version = models.ForeignKey(
        "needs.Version", models.PROTECT, related_name="+", verbose_name=_("questionnaire version")
    )
    answers = models.JSONField(_("answers"))
    personal = EncryptedTextField(_("personal answers"), blank=True, default="")
    replaced_at = models.DateTimeField(_("replaced at"))
    replaced_by = person(_("replaced by"), null=True, blank=True)

    class Meta:
        verbose_name = _("earlier revision of a response")
        verbose_name_plural = _("earlier revisions of a response")
        ordering = ("number",)
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_responserevision_number_unique",
                fields=("response", "number"),
                violation_error_message=_("This revision is kept already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.response_id}/{self.number}"


class ReviewEvent(models.Model):
    """A reviewer's decision on a response, or that it was corrected."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="reviews", verbose_name=_("survey response"))
    at = models.DateTimeField(pgettext_lazy("moment", "at"))
    by = person(pgettext_lazy("actor", "by"), null=True, blank=True)
    from_state = models.CharField(_("from state"), max_length=8, choices=ResponseState.choices)
    to_state = models.CharField(_("to state"), max_length=8, choices=ResponseState.choices)
    comment = models.CharField(_("comment"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("review of a response")
        verbose_name_plural = _("reviews of responses")
        ordering = ("pk",)
        triggers = (append_only(), NotOnesOwnResponse(name="not_ones_own_response"))
        constraints = (
            models.CheckConstraint(
                name="needs_reviewevent_says_why",
                condition=Q(to_state__in=("pending", "approved")) | ~Q(comment=""),
                violation_error_message=_("Say why the response is returned or rejected."),
            ),
            models.CheckConstraint(
                name="needs_reviewevent_taken_back_says_why",
                condition=~Q(from_state="approved", to_state="pending") | ~Q(comment=""),
                violation_error_message=_("Say why the approval is taken back."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.response_id}: {self.to_state}"


class ResponseFile(models.Model):
    """A picture or file of a response, under the id that the device gave it. Sent before the response that names it."""

    uuid = models.UUIDField(_("id made on the device"), unique=True)
    response = models.ForeignKey(
        Response, models.PROTECT, related_name="files", null=True, blank=True, verbose_name=_("survey response")
    )
    campaign = models.ForeignKey("needs.Campaign", models.PROTECT, related_name="+", verbose_name=_("survey campaign"))
    file = models.FileField(_("file"), max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    size = models.PositiveIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=60)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = person(_("uploaded by"), null=True, blank=True)

    class Meta:
        verbose_name = _("file of a response")
        verbose_name_plural = _("files of responses")
        ordering = ("pk",)
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                name="needs_responsefile_not_empty",
                condition=Q(size__gt=0),
                violation_error_message=_("The file is empty."),
            ),
        )

    def __str__(self) -> str:
        return self.name
