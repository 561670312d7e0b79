"""What belongs to an application: items to correct, snapshots, documents, objections, the rating."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger
from talentmap.casework import registry
from talentmap.casework.columns import append_only, both_or_neither, person
from talentmap.casework.querysets import DocumentQuerySet, OfApplicationQuerySet, PartyQuerySet
from talentmap.people.fields import EncryptedTextField

LOWEST_SCORE, POOR_SCORE, HIGHEST_SCORE = 1, 2, 5


class OfApplication(models.Model):
    """A row of one application; seen by whoever sees the application."""

    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, verbose_name=_("application"), related_name="%(class)ss"
    )

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def reach_region(self) -> object:
        return self.application.reach_region

    @property
    def reach_user_id(self) -> int | None:
        return self.application.reach_user_id


class Party(OfApplication):
    """Who outside the office decides a stage of an application: a bank, a guarantor, or one person such as a mentor.

    Sees the application from the moment of being asked. Asking another ends the row before; so the rows are the
    history of who was asked when.
    """

    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, verbose_name=_("application"), related_name="parties"
    )
    stage = models.CharField(_("review stage"), max_length=40)
    organisation = models.ForeignKey(
        "talentmap.Organisation",
        models.PROTECT,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        related_name="+",
    )
    person = person(_("person"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True)

    objects = PartyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("party to an application")
        verbose_name_plural = _("parties to applications")
        ordering = ("asked_at", "id")
        triggers = (AuditTrigger(),)
        indexes = (
            models.Index(fields=["organisation", "stage"], name="talentmap_party_organisation"),
            models.Index(fields=["person", "stage"], name="talentmap_party_person"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(person__isnull=True),
                name="talentmap_party_one_of_two",
                violation_error_message=_("A stage is decided by an organisation or by one person."),
            ),
            models.UniqueConstraint(
                fields=("application", "stage"),
                condition=Q(ended_at__isnull=True),
                name="talentmap_party_one_a_stage",
                violation_error_message=_("One party at a time is asked at a stage."),
            ),
        )

    def __str__(self) -> str:
        return str(self.organisation or self.person)

    def acts_by(self, user: Any, permission: str) -> bool:
        """Whether `user` is this party: the person, or somebody who holds `permission` in the organisation."""
        if self.person_id is not None:
            return self.person_id == user.pk and user.may(permission)
        return self.organisation_id in user.reach(permission).organisation_ids


class NumberSeries(models.Model):
    """The last case number given out, by service and year; one statement takes the next."""

    prefix = models.CharField(_("prefix"), max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            models.UniqueConstraint(
                fields=("prefix", "year"),
                name="talentmap_numberseries_one_a_year",
                violation_error_message=_("There is one series a service and year."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


class ReturnItem(OfApplication):
    """One thing that is missing or wrong, told to the applicant together with all others of the same return."""

    round = models.PositiveSmallIntegerField(_("round"))
    field_or_document = models.CharField(
        _("what it is about"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("A form field's name or a document's code; empty opens the whole form."),
    )
    note = models.TextField(_("what is missing"))
    answered = models.BooleanField(_("answered"), default=False)
    reply = models.TextField(_("reply"), blank=True, default="")

    class Meta:
        verbose_name = _("item to correct")
        verbose_name_plural = _("items to correct")
        ordering = ("round", "id")
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(note=""),
                name="talentmap_returnitem_says_what",
                violation_error_message=_("Each item says what is missing."),
            ),
            models.UniqueConstraint(
                fields=("application", "round", "field_or_document"),
                condition=~Q(field_or_document=""),
                name="talentmap_returnitem_once_a_round",
                violation_error_message=_("Each field or document is named once in a return."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}/{self.round} {self.field_or_document}"


class Snapshot(OfApplication):
    """The form and the documents as they were at one submission, so that a reviewer sees what changed."""

    round = models.PositiveSmallIntegerField(_("round"))
    at = models.DateTimeField(pgettext_lazy("transition", "at"))
    data = models.JSONField(_("content"), encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = pgettext_lazy("record", "snapshot")
        verbose_name_plural = pgettext_lazy("record", "snapshots")
        ordering = ("round",)
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                fields=("application", "round"),
                name="talentmap_snapshot_once_a_round",
                violation_error_message=_("There is one snapshot a submission."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}/{self.round}"


class Document(OfApplication):
    """An uploaded picture or PDF. Private: only views hand it out. Once sent it is replaced, never overwritten."""

    kind = models.CharField(_("kind of document"), max_length=60)
    file = models.FileField(_("file"), max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    size = models.PositiveIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=60)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    uploaded_by = person(_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("replaced by"), null=True, blank=True, related_name="replaces"
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    words_in_history: ClassVar[dict[str, Any]] = {"kind": registry.document_of}

    objects = DocumentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = pgettext_lazy("upload", "document")
        verbose_name_plural = pgettext_lazy("upload", "documents")
        ordering = ("kind", "id")
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="talentmap_document_not_empty",
                violation_error_message=_("The file is empty."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="talentmap_document_sha256",
                violation_error_message=_("The digest is malformed."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> str:
        """By its own service: two services may use one code for different documents."""
        return str(self.application.service.document_labels.get(self.kind, self.kind))


class Objection(OfApplication):
    """What somebody says against an application on public notice; it blocks the approval until answered."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("objection", "Open")
        UPHELD = "upheld", pgettext_lazy("objection", "Upheld")
        DISMISSED = "dismissed", pgettext_lazy("objection", "Dismissed")

    name = models.CharField(_("your name"), max_length=60, blank=True, default="")
    contact = EncryptedTextField(_("how to reach you"), blank=True, default="")
    text = models.TextField(_("objection"))
    made_at = models.DateTimeField(_("made at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_by = person(_("answered by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("-made_at", "-id")
        triggers = (AuditTrigger(hide=("name", "contact")),)
        indexes = (models.Index("state", "made_at", name="objection_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(state="open") & ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="talentmap_objection_answered",
                violation_error_message=_("An answered objection says what was answered, by whom and when."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"


class Rating(models.Model):
    """The applicant's grade of the service. The lowest two must be called back and mended in time."""

    application = models.OneToOneField(
        "talentmap.Application", models.PROTECT, verbose_name=_("application"), related_name="rating"
    )
    score = models.PositiveSmallIntegerField(
        _("grade"), validators=[MinValueValidator(LOWEST_SCORE), MaxValueValidator(HIGHEST_SCORE)]
    )
    comment = models.TextField(_("comment"), blank=True, default="")
    rated_at = models.DateTimeField(_("rated at"))
    call_back_due_on = models.DateField(_("to be called back by"), null=True, blank=True)
    called_back_by = person(_("called back by"), null=True, blank=True)
    called_back_at = models.DateTimeField(_("called back at"), null=True, blank=True)
    call_back_note = models.TextField(_("what was said"), blank=True, default="")
    mended_due_on = models.DateField(_("to be mended by"), null=True, blank=True)
    mended_by = person(_("mended by"), null=True, blank=True)
    mended_at = models.DateTimeField(_("mended at"), null=True, blank=True)
    mend_note = models.TextField(_("what was mended"), blank=True, default="")

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ("-rated_at",)
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(score__gte=LOWEST_SCORE, score__lte=HIGHEST_SCORE),
                name="talentmap_rating_five_grades",
                violation_error_message=_("The grade is between 1 and 5."),
            ),
            models.CheckConstraint(
                condition=Q(score__gt=POOR_SCORE) | Q(call_back_due_on__isnull=False, mended_due_on__isnull=False),
                name="talentmap_rating_poor_has_deadlines",
                violation_error_message=_("A poor grade is called back and mended by a date."),
            ),
            models.CheckConstraint(
                condition=both_or_neither("called_back_by", "called_back_at"),
                name="talentmap_rating_called_back_pair",
                violation_error_message=_("A call-back says by whom and when."),
            ),
            models.CheckConstraint(
                condition=both_or_neither("mended_by", "mended_at")
                & (Q(mended_at__isnull=True) | Q(called_back_at__isnull=False)),
                name="talentmap_rating_mended_after_call_back",
                violation_error_message=_("The person is called back before the matter is marked as mended."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}: {self.score}"

    @property
    def is_poor(self) -> bool:
        return self.score <= POOR_SCORE

    @property
    def reach_region(self) -> object:
        return self.application.reach_region

    @property
    def reach_user_id(self) -> int | None:
        return self.application.reach_user_id


class SavedFilter(models.Model):
    """An inbox filter that one person wants again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="saved_filters"
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("query"), max_length=500)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "name"),
                name="talentmap_savedfilter_name",
                violation_error_message=_("You already have a filter of this name."),
            ),
        )

    def __str__(self) -> str:
        return self.name
