"""People on a pathway: their journey, where it went, and what was ticked with which evidence."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.pathways import companions
from growth.pathways.choices import OVER, Answer, Confirmation, JourneyState, Move, Part, RuralLevel
from growth.pathways.models_pathway import Pathway, PathwayStage, PathwayVersion
from growth.pathways.triggers import not_ones_own_tick, on_its_pathway, one_standing_tick
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import append_only, both_or_neither, person
from talentmap.people.querysets import SENSITIVE_COLUMNS


class JourneyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own, those of the people within reach, and those of the people whom one accompanies now."""
        if not user.is_authenticated:
            return self.none()
        seen = Q(talent__user=user) | user.reach(Permission.VIEW_PEOPLE).q(region="talent__region")
        if user.may(Permission.MENTOR):
            seen |= Q(talent__in=companions.talents_of(user))
        return self.filter(seen)

    def active(self) -> Self:
        return self.filter(state=JourneyState.ACTIVE)

    def idle_since(self, moment: datetime) -> Self:
        """Where nothing has happened since."""
        return self.active().filter(moved_at__lt=moment)

    def without_secrets(self) -> Self:
        return self.defer(*(f"talent__{name}" for name in SENSITIVE_COLUMNS))


class Journey(models.Model):
    """One person on one pathway. Only `pathways.actions` changes it; `moved_at` is when something last happened.

    `rural_level` stands here because the register has no field for the level of a practical rural talent.
    """

    State = JourneyState

    talent = models.ForeignKey("talentmap.Talent", models.PROTECT, related_name="journeys", verbose_name=_("talent"))
    pathway = models.ForeignKey(
        Pathway, models.PROTECT, related_name="journeys", verbose_name=_("pathway"), editable=False
    )
    version = models.ForeignKey(
        PathwayVersion, models.PROTECT, related_name="journeys", verbose_name=_("pathway version")
    )
    stage = models.ForeignKey(PathwayStage, models.PROTECT, related_name="journeys", verbose_name=_("stage"))
    state = models.CharField(
        pgettext_lazy("roadmap", "state"), max_length=10, choices=JourneyState.choices, default=JourneyState.ACTIVE
    )
    rural_level = models.CharField(
        _("level as practical rural talent"), max_length=10, choices=RuralLevel.choices, blank=True, default=""
    )
    started_at = models.DateTimeField(_("started at"))
    started_by = person(_("started by"))
    stage_since = models.DateTimeField(_("at this stage since"))
    moved_at = models.DateTimeField(_("last change"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = person(_("ended by"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=200, blank=True, default="")

    objects = JourneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("roadmap of a talent")
        verbose_name_plural = _("roadmaps of talents")
        ordering = ("-moved_at", "-pk")
        triggers = (AuditTrigger(skip=("moved_at",)), on_its_pathway())
        indexes = (
            models.Index(fields=["state", "-moved_at"], name="growth_journey_state"),
            models.Index(fields=["pathway", "state"], name="growth_journey_pathway"),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_journey_one_active",
                fields=("talent", "pathway"),
                condition=Q(state=JourneyState.ACTIVE),
                violation_error_message=_("This person is on this pathway already."),
            ),
            models.CheckConstraint(
                name="growth_journey_known_state",
                condition=Q(state__in=JourneyState.values),
                violation_error_message=_("This state does not exist."),
            ),
            models.CheckConstraint(
                name="growth_journey_end_complete",
                condition=both_or_neither("ended_at", "ended_by")
                & (
                    Q(state=JourneyState.ACTIVE, ended_at=None)
                    | ~Q(state=JourneyState.ACTIVE) & Q(ended_at__isnull=False)
                )
                & (~Q(state=JourneyState.ENDED) | ~Q(end_reason="")),
                violation_error_message=_("A roadmap that has ended says when, by whom and why."),
            ),
            models.CheckConstraint(
                name="growth_journey_stage_after_start",
                condition=Q(stage_since__gte=F("started_at"), moved_at__gte=F("started_at")),
                violation_error_message=_("Nothing happens on a roadmap before it is started."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.talent} · {self.pathway}"

    @property
    def is_active(self) -> bool:
        return self.state == JourneyState.ACTIVE

    @property
    def reach_region(self) -> Any:
        return self.talent.region

    @property
    def reach_user_id(self) -> int | None:
        return self.talent.user_id


class JourneyMove(models.Model):
    """One step of a journey along its stages, for ever."""

    journey = models.ForeignKey(Journey, models.PROTECT, related_name="moves", verbose_name=_("roadmap of a talent"))
    kind = models.CharField(_("what happened"), max_length=10, choices=Move.choices)
    from_stage = models.ForeignKey(
        PathwayStage, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("from stage")
    )
    to_stage = models.ForeignKey(PathwayStage, models.PROTECT, related_name="+", verbose_name=_("to stage"))
    by = person(pgettext_lazy("transition", "by"))
    at = models.DateTimeField(pgettext_lazy("transition", "at"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("step of a roadmap")
        verbose_name_plural = _("steps of a roadmap")
        ordering = ("pk",)
        triggers = (append_only(),)
        constraints = (
            models.CheckConstraint(
                name="growth_journeymove_reason_given",
                condition=~Q(kind__in=(Move.SET, Move.ENDED)) | ~Q(reason=""),
                violation_error_message=_("Say why."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.journey_id} {self.kind}"


class TickQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Neither sent back nor withdrawn."""
        return self.exclude(_answered(*OVER))

    def met(self) -> Self:
        """Those that count: confirmed where a confirmation is wanted."""
        return self.standing().filter(Q(needs="") | _answered(Answer.CONFIRMED))

    def waiting(self) -> Self:
        """Those that somebody has to confirm or send back."""
        return self.exclude(needs="").exclude(_answered(*Answer))

    def waiting_for(self, user: Any) -> Self:
        """Those that `user` may confirm or send back: what `parts.confirming_part` says of one tick, of all at once."""
        theirs = self.waiting().filter(journey__state=JourneyState.ACTIVE)
        may = _the_offices(user)
        if user.may(Permission.MENTOR):
            may |= Q(journey__talent__in=companions.talents_of(user), needs__in=BY_MENTOR)
        return theirs.filter(may).exclude(by=user).exclude(journey__talent__user=user)


BY_MENTOR = (Confirmation.MENTOR, Confirmation.EITHER)
BY_OFFICE = (Confirmation.OFFICE, Confirmation.EITHER)


def _the_offices(user: Any) -> Q:
    """What waits for the office within reach; it stands in for a mentor whom the person does not have."""
    alone = Q(needs=Confirmation.MENTOR) & ~companions.accompanied("journey__talent")
    within = user.reach(Permission.EDIT_PEOPLE).q(region="journey__talent__region")
    return within & (Q(needs__in=BY_OFFICE) | alone)


def _answered(*kinds: str) -> Q:
    return Q(Exists(TickAnswer.objects.filter(tick=OuterRef("pk"), kind__in=kinds)))


class Tick(models.Model):
    """Somebody says that a milestone is met. Never changed: further rows confirm it, send it back or withdraw it.

    `needs` is whose word it still waits for; what a mentor or the office ticks where theirs is wanted counts at once.
    """

    journey = models.ForeignKey(Journey, models.PROTECT, related_name="ticks", verbose_name=_("roadmap of a talent"))
    code = models.SlugField(_("milestone"), max_length=40)
    title = models.CharField(_("milestone as it was called"), max_length=80)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    part = models.CharField(_("as whom"), max_length=10, choices=Part.choices)
    needs = models.CharField(_("waits for"), max_length=10, choices=Confirmation.choices, blank=True, default="")
    by = person(pgettext_lazy("transition", "by"))
    at = models.DateTimeField(pgettext_lazy("transition", "at"))

    objects = TickQuerySet.as_manager()

    class Meta:
        verbose_name = _("tick of a milestone")
        verbose_name_plural = _("ticks of milestones")
        ordering = ("pk",)
        triggers = (append_only(), one_standing_tick())
        indexes = (models.Index(fields=["at"], name="growth_tick_at"),)
        constraints = (
            models.UniqueConstraint(
                name="growth_tick_once_an_attempt",
                fields=("journey", "code", "attempt"),
                violation_error_message=_("Somebody else has just ticked this milestone."),
            ),
            models.CheckConstraint(
                name="growth_tick_attempt_counted",
                condition=Q(attempt__gte=1),
                violation_error_message=_("The first attempt is number one."),
            ),
        )

    def __str__(self) -> str:
        return self.title


class TickAnswer(models.Model):
    """What became of a tick; the last word is said once."""

    tick = models.ForeignKey(Tick, models.PROTECT, related_name="answers", verbose_name=_("tick of a milestone"))
    kind = models.CharField(_("what happened"), max_length=10, choices=Answer.choices)
    part = models.CharField(_("as whom"), max_length=10, choices=Part.choices)
    by = person(pgettext_lazy("transition", "by"))
    at = models.DateTimeField(pgettext_lazy("transition", "at"))
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("answer to a tick")
        verbose_name_plural = _("answers to ticks")
        ordering = ("pk",)
        triggers = (append_only(), not_ones_own_tick())
        constraints = (
            models.UniqueConstraint(
                name="growth_tickanswer_confirmed_once",
                fields=("tick",),
                condition=Q(kind=Answer.CONFIRMED),
                violation_error_message=_("Somebody else has just confirmed this milestone."),
            ),
            models.UniqueConstraint(
                name="growth_tickanswer_over_once",
                fields=("tick",),
                condition=Q(kind__in=OVER),
                violation_error_message=_("This tick was already sent back or withdrawn."),
            ),
            models.CheckConstraint(
                name="growth_tickanswer_says_why",
                condition=~Q(kind=Answer.SENT_BACK) | ~Q(note=""),
                violation_error_message=_("Say what is missing."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.tick_id} {self.kind}"


class TickEvidence(models.Model):
    """What shows that a milestone is met: words, something that the person did, a picture or PDF. Private like every
    upload; emptied when the person has their data deleted."""

    tick = models.OneToOneField(
        Tick, models.PROTECT, related_name="evidence", primary_key=True, verbose_name=_("tick of a milestone")
    )
    text = models.TextField(_("in words"), max_length=1000, blank=True, default="")
    deed_key = models.CharField(_("something done"), max_length=60, blank=True, default="")
    deed_title = models.CharField(_("something done, in words"), max_length=150, blank=True, default="")
    file = models.FileField(_("file"), max_length=200, blank=True, default="")
    name = models.CharField(_("file name"), max_length=120, blank=True, default="")
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    content_type = models.CharField(_("content type"), max_length=60, blank=True, default="")
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, default="")
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("evidence of a milestone")
        verbose_name_plural = _("evidence of milestones")
        triggers = (AuditTrigger(hide=("text", "name")),)
        constraints = (
            models.CheckConstraint(
                name="growth_tickevidence_shows_something",
                condition=~Q(text="") | ~Q(deed_key="") | ~Q(file="") | Q(erased_at__isnull=False),
                violation_error_message=_("Write a few words, choose something that was done, or attach a file."),
            ),
            models.CheckConstraint(
                name="growth_tickevidence_file_described",
                condition=Q(file="") | Q(size__gt=0) & ~Q(name="") & Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A file has a name, a size and a digest."),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.deed_title or self.text[:40]
