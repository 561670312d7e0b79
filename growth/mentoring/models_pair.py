"""What a talent and a mentor do together: the pair, its agreement, meetings, assessments, stipend."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.mentoring.choices import Format, Grade, MentoringKind, Side
from growth.mentoring.models_matching import MentorRequest
from growth.mentoring.models_mentor import Mentor
from growth.mentoring.triggers import CountPlaces, not_oneself, settled
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import append_only, both_or_neither, person
from talentmap.people.querysets import SENSITIVE_COLUMNS


class PairQuerySet(models.QuerySet["Pair"]):
    def visible_to(self, user: Any) -> "PairQuerySet":
        """The two themselves, and the office and township of the talent."""
        if not user.is_authenticated:
            return self.none()
        own = Q(talent__user=user) | Q(mentor__user=user)
        return self.filter(own | user.reach(Permission.VIEW_MENTORING).q(region="talent__region"))

    def of(self, user: Any) -> "PairQuerySet":
        """Those that the person is one of the two of."""
        return self.filter(Q(talent__user=user) | Q(mentor__user=user))

    def active(self) -> "PairQuerySet":
        return self.filter(state=Pair.State.ACTIVE)

    def without_secrets(self) -> "PairQuerySet":
        return self.defer("mentor__bank_account", *(f"talent__{name}" for name in SENSITIVE_COLUMNS))


class Pair(models.Model):
    """A talent and the mentor who accompanies them, from the acceptance to the final assessment."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("pair", "Running")
        COMPLETED = "completed", pgettext_lazy("pair", "Completed")
        ENDED = "ended", pgettext_lazy("pair", "Ended early")

    class EndReason(models.TextChoices):
        COMPLETED = "completed", _("Term over and assessed")
        TALENT = "talent", _("The talent wishes it")
        MENTOR = "mentor", _("The mentor wishes it")
        REACHED = "reached", _("The aims are reached")
        MOVED = "moved", _("Left the county or the post")
        CHANGE = "change", _("Change of mentor")
        OTHER = "other", pgettext_lazy("end of a pair", "Other")

    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, related_name="mentor_pairs", verbose_name=_("application")
    )
    request = models.OneToOneField(
        MentorRequest, models.PROTECT, related_name="pair", verbose_name=_("request to the mentor")
    )
    talent = models.ForeignKey(
        "talentmap.Talent", models.PROTECT, related_name="mentor_pairs", verbose_name=_("talent")
    )
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="pairs", verbose_name=_("mentor"))
    kind = models.CharField(_("kind of mentor"), max_length=10, choices=MentoringKind.choices)
    state = models.CharField(pgettext_lazy("pair", "state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    started_on = models.DateField(_("together since"))
    # The last day of the agreement in force; null until both have confirmed one.
    term_ends_on = models.DateField(_("agreed until"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = person(_("ended by"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=10, choices=EndReason.choices, blank=True)
    end_note = models.CharField(_("note on the end"), max_length=300, blank=True)
    change_asked_at = models.DateTimeField(_("change of mentor asked at"), null=True, blank=True)
    change_asked_by = person(_("change of mentor asked by"), null=True, blank=True)
    # Whose wish it is: the office may have entered it for one of the two.
    change_side = models.CharField(_("change of mentor wished by"), max_length=10, choices=Side.choices, blank=True)
    change_reason = models.CharField(_("reason for the change"), max_length=300, blank=True)
    # Why the last wish was not followed; read until there is another.
    change_answer = models.CharField(_("answer to the wish for a change"), max_length=300, blank=True)
    change_answered_at = models.DateTimeField(_("wish for a change answered at"), null=True, blank=True)
    change_answered_by = person(_("wish for a change answered by"), null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentoring pair")
        verbose_name_plural = _("mentoring pairs")
        ordering = ("-started_on", "-pk")
        triggers = (AuditTrigger(), CountPlaces(held="active"), not_oneself())
        indexes = (
            models.Index(fields=["mentor", "state"], name="growth_pair_of_mentor"),
            models.Index(fields=["state", "-started_on"], name="growth_pair_by_state"),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_pair_one_active_each_kind",
                fields=["talent", "kind"],
                condition=Q(state="active"),
                violation_error_message=_("This talent already has a mentor of this kind."),
            ),
            models.CheckConstraint(
                name="growth_pair_end_complete",
                condition=Q(state="active", ended_on__isnull=True, ended_by__isnull=True, end_reason="")
                | ~Q(state="active") & Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                violation_error_message=_("An ended pair states when, by whom and why."),
            ),
            models.CheckConstraint(
                name="growth_pair_end_in_order",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("The pair ends before it begins."),
            ),
            models.CheckConstraint(
                name="growth_pair_change_complete",
                condition=both_or_neither("change_asked_at", "change_asked_by")
                & (
                    Q(change_asked_at__isnull=True, change_reason="", change_side="")
                    | Q(change_asked_at__isnull=False, change_side__in=("talent", "mentor")) & ~Q(change_reason="")
                ),
                violation_error_message=_("Who wishes another mentor says why."),
            ),
            models.CheckConstraint(
                name="growth_pair_change_answer_complete",
                condition=both_or_neither("change_answered_at", "change_answered_by")
                & (
                    Q(change_answered_at__isnull=True, change_answer="")
                    | Q(change_answered_at__isnull=False, change_asked_at__isnull=True) & ~Q(change_answer="")
                ),
                violation_error_message=_("Who keeps the mentor in spite of a wish says why."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.talent.name} · {self.mentor.name}"

    def get_absolute_url(self) -> str:
        return reverse("mentoring:pair", args=[self.pk])

    @property
    def reach_region(self) -> Any:
        return self.talent.region

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def last_day(self) -> date | None:
        return self.ended_on or self.term_ends_on

    def side_of(self, user: Any) -> str:
        """Which of the two a person is; "" for everybody else."""
        if self.mentor.user_id == user.pk:
            return Side.MENTOR
        return Side.TALENT if self.talent.user_id == user.pk else ""


class OfPairQuerySet(models.QuerySet):
    """Rows that belong to one pair are seen by whoever sees the pair."""

    def visible_to(self, user: Any) -> "OfPairQuerySet":
        return self.filter(pair__in=Pair.objects.visible_to(user).values("pk"))


def signed_paper(related_name: str) -> models.OneToOneField:
    """What a talent without an account has signed; who entered it and when stands with the file."""
    return _one_file(related_name, _("paper signed by the talent"))


def _one_file(related_name: str, label: Any) -> models.OneToOneField:
    return models.OneToOneField(
        "growth.PairFile", models.PROTECT, related_name=related_name, null=True, blank=True, verbose_name=label
    )


class OfPair(models.Model):
    pair = models.ForeignKey(Pair, models.PROTECT, related_name="%(class)ss", verbose_name=_("mentoring pair"))

    objects = OfPairQuerySet.as_manager()

    class Meta:
        abstract = True


class Agreement(OfPair):
    """What the two agree on for one term. It is in force when both have confirmed the same words; a renewal is the
    next one."""

    number = models.PositiveSmallIntegerField(_("number of the term"), default=1)
    starts_on = models.DateField(_("from"))
    weeks = models.PositiveSmallIntegerField(_("weeks"))
    aims = models.TextField(_("aims"), max_length=1000)
    content = models.TextField(_("content"), max_length=1000)
    duties = models.TextField(_("duties of both"), max_length=1000)
    drafted_by = person(_("written by"))
    drafted_at = models.DateTimeField(_("written at"))
    talent_confirmed_at = models.DateTimeField(_("confirmed by the talent at"), null=True, blank=True)
    mentor_confirmed_at = models.DateTimeField(_("confirmed by the mentor at"), null=True, blank=True)
    paper = signed_paper("of_agreement")
    # As both have confirmed it; those in force from before documents were kept have none.
    document = _one_file("document_of", _("document as it came into force"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("mentoring agreement")
        verbose_name_plural = _("mentoring agreements")
        ordering = ("number",)
        triggers = (
            AuditTrigger(),
            settled("in_force", talent_confirmed_at__isnull=False, mentor_confirmed_at__isnull=False),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_agreement_one_a_term",
                fields=["pair", "number"],
                violation_error_message=_("This term has an agreement already."),
            ),
            models.CheckConstraint(
                name="growth_agreement_weeks_positive",
                condition=Q(weeks__gt=0),
                violation_error_message=_("An agreement lasts at least a week."),
            ),
            models.CheckConstraint(
                name="growth_agreement_paper_confirms",
                condition=Q(paper__isnull=True) | Q(talent_confirmed_at__isnull=False),
                violation_error_message=_("A signed paper stands for the talent's confirmation."),
            ),
            models.CheckConstraint(
                name="growth_agreement_document_of_what_is_in_force",
                condition=Q(document__isnull=True)
                | Q(talent_confirmed_at__isnull=False, mentor_confirmed_at__isnull=False),
                violation_error_message=_("Only an agreement that is in force is kept as a document."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pair} · {self.number}"

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=7 * self.weeks - 1)

    @property
    def is_in_force(self) -> bool:
        return self.talent_confirmed_at is not None and self.mentor_confirmed_at is not None

    def confirmed_at(self, side: str) -> Any:
        return {Side.TALENT: self.talent_confirmed_at, Side.MENTOR: self.mentor_confirmed_at}.get(Side(side))


class Meeting(OfPair):
    """A meeting that is planned, or that was held and is on the log (台账) once the other side confirms it."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "Planned")
        LOGGED = "logged", pgettext_lazy("meeting", "To be confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("meeting", "Confirmed")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")

    state = models.CharField(
        pgettext_lazy("meeting", "state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    starts_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    format = models.CharField(_("how"), max_length=10, choices=Format.choices)
    place = models.CharField(_("place"), max_length=120, blank=True)
    topic = models.CharField(pgettext_lazy("meeting", "topic"), max_length=120)
    planned_by = person(_("planned by"), null=True, blank=True)
    planned_at = models.DateTimeField(_("planned at"), null=True, blank=True)
    content = models.TextField(_("what was done"), max_length=2000, blank=True)
    next_steps = models.TextField(_("next steps"), max_length=1000, blank=True)
    logged_by = person(_("written by"), null=True, blank=True)
    logged_at = models.DateTimeField(_("written at"), null=True, blank=True)
    objection = models.CharField(_("what is not right"), max_length=300, blank=True)
    confirmed_by = person(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    paper = signed_paper("of_meeting")
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-starts_at", "-pk")
        triggers = (AuditTrigger(), settled("confirmed_once", state="confirmed"))
        indexes = (models.Index(fields=["state", "starts_at"], name="growth_meeting_by_state"),)
        constraints = (
            models.CheckConstraint(
                name="growth_meeting_log_complete",
                condition=both_or_neither("logged_at", "logged_by")
                & (Q(state__in=("planned", "cancelled")) | Q(logged_at__isnull=False) & ~Q(content="")),
                violation_error_message=_("A held meeting says what was done."),
            ),
            models.CheckConstraint(
                name="growth_meeting_confirmed_by_the_other",
                condition=both_or_neither("confirmed_at", "confirmed_by")
                & (
                    Q(state="confirmed", confirmed_at__isnull=False) & ~Q(confirmed_by=F("logged_by"))
                    | ~Q(state="confirmed") & Q(confirmed_at__isnull=True)
                ),
                violation_error_message=_("A meeting is confirmed by the other side."),
            ),
            models.CheckConstraint(
                name="growth_meeting_paper_confirms",
                condition=Q(paper__isnull=True) | Q(confirmed_at__isnull=False),
                violation_error_message=_("A signed paper stands for the talent's confirmation."),
            ),
            models.CheckConstraint(
                name="growth_meeting_minutes",
                condition=Q(minutes__gte=5, minutes__lte=600),
                violation_error_message=_("A meeting lasts between 5 and 600 minutes."),
            ),
        )

    def __str__(self) -> str:
        return self.topic

    @property
    def ends_at(self) -> Any:
        return self.starts_at + timedelta(minutes=self.minutes)


class Assessment(OfPair):
    """What one side says of a term, half-way or at its end. The two see each other's only after giving their own."""

    class Phase(models.TextChoices):
        MIDTERM = "midterm", _("Mid-term")
        FINAL = "final", pgettext_lazy("assessment", "Final")

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="assessments", verbose_name=_("mentoring agreement")
    )
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices)
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    grade = models.CharField(_("grade"), max_length=15, choices=Grade.choices)
    comment = models.TextField(_("feedback"), max_length=1000)
    by = person(pgettext_lazy("assessment", "given by"))
    at = models.DateTimeField(pgettext_lazy("assessment", "given at"))
    paper = signed_paper("of_assessment")

    class Meta:
        verbose_name = _("assessment of a pair")
        verbose_name_plural = _("assessments of pairs")
        ordering = ("pk",)
        triggers = (AuditTrigger(), append_only())
        constraints = (
            models.UniqueConstraint(
                name="growth_assessment_once",
                fields=["agreement", "phase", "side"],
                violation_error_message=_("This assessment is given already."),
            ),
            models.CheckConstraint(
                name="growth_assessment_paper_of_talent",
                condition=Q(paper__isnull=True) | Q(side="talent"),
                violation_error_message=_("Only a talent assesses on paper."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_phase_display()} · {self.get_side_display()}"


class Stipend(OfPair):
    """What a mentor gets for one term, after the office's final assessment; paid through money, once."""

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, related_name="stipend", verbose_name=_("mentoring agreement")
    )
    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="stipend", verbose_name=_("assessment"))
    tariff = models.ForeignKey("talentmap.Tariff", models.PROTECT, related_name="+", verbose_name=_("tariff"))
    weeks = models.PositiveSmallIntegerField(_("weeks accompanied"))
    amount = models.DecimalField(_("amount (CNY)"), max_digits=14, decimal_places=2)
    payable = models.OneToOneField(
        "talentmap.Payable", models.PROTECT, related_name="mentoring_stipend", verbose_name=_("payable")
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("mentor's stipend")
        verbose_name_plural = _("mentors' stipends")
        ordering = ("pk",)
        triggers = (AuditTrigger(), append_only())
        constraints = (
            models.CheckConstraint(
                name="growth_stipend_amount_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("A stipend is more than zero."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount}"
