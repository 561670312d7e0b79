"""How talents and mentors find each other: what a talent asks for, who is asked, and the assignment rounds."""

from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from growth.mentoring.choices import Format, Language, MentoringKind, Skill
from growth.mentoring.models_mentor import Mentor, several
from growth.mentoring.triggers import CountPlaces, only_the_receiver, settled
from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import both_or_neither, person
from talentmap.people.choices import EnterpriseStage, Industry

COMPUTED_FROM = ("weights", "inputs", "places")
WISHES = ("first_wish", "second_wish", "third_wish")


def _wish(label: Any) -> models.ForeignKey:
    return models.ForeignKey(Mentor, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=label)


class MentoringApplication(models.Model):
    """What a talent says who looks for a mentor."""

    application = models.OneToOneField(
        "talentmap.Application",
        models.CASCADE,
        related_name="mentoring",
        primary_key=True,
        verbose_name=_("application"),
    )
    kind = models.CharField(_("kind of mentor"), max_length=10, choices=MentoringKind.choices, blank=True)
    goals = models.TextField(_("what you want to reach"), max_length=1000, blank=True)
    skill_gaps = several(_("what you want to learn"), Skill)
    enterprise_stage = models.CharField(
        _("stage of the enterprise"), max_length=12, choices=EnterpriseStage.choices, blank=True
    )
    industry = models.CharField(_("industry"), max_length=20, choices=Industry.choices, blank=True)
    formats = several(_("how you can meet"), Format)
    languages = several(_("languages you speak"), Language)
    first_wish = _wish(_("first wish"))
    second_wish = _wish(_("second wish"))
    third_wish = _wish(_("third wish"))

    class Meta:
        verbose_name = _("application for a mentor")
        verbose_name_plural = _("applications for a mentor")
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                name="growth_mentoringapplication_wishes_differ",
                condition=(Q(first_wish__isnull=True) | Q(second_wish__isnull=True) | ~Q(first_wish=F("second_wish")))
                & (Q(first_wish__isnull=True) | Q(third_wish__isnull=True) | ~Q(first_wish=F("third_wish")))
                & (Q(second_wish__isnull=True) | Q(third_wish__isnull=True) | ~Q(second_wish=F("third_wish"))),
                violation_error_message=_("Each wish is another mentor."),
            ),
        )

    def __str__(self) -> str:
        return str(self.application)

    @property
    def wishes(self) -> list[Mentor]:
        """The wished mentors in their order."""
        return [mentor for mentor in (getattr(self, name) for name in WISHES) if mentor is not None]

    @property
    def gap_line(self) -> str:
        return pgettext("list", ", ").join(str(word) for word in self.words("skill_gaps"))

    def words(self, field: str) -> list[Any]:
        labels = {"skill_gaps": Skill, "languages": Language, "formats": Format}[field]
        chosen = set(getattr(self, field))
        return [label for value, label in labels.choices if value in chosen]


class MentorRequestQuerySet(models.QuerySet["MentorRequest"]):
    def visible_to(self, user: Any) -> "MentorRequestQuerySet":
        """The mentor who was asked, the talent who asks, and the office; other mentors never."""
        if not user.is_authenticated:
            return self.none()
        own = Q(mentor__user=user) | Q(application__applicant__user=user)
        return self.filter(own | user.reach(Permission.VIEW_MENTORING).q(region="application__region"))

    def open(self) -> "MentorRequestQuerySet":
        return self.filter(state=MentorRequest.State.OPEN)

    def late(self, today: date) -> "MentorRequestQuerySet":
        return self.open().filter(due_on__lt=today)


class MentorRequest(models.Model):
    """A mentor is asked to accompany a talent. While it is open it holds one of the mentor's places."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("mentor request", "Waits for an answer")
        ACCEPTED = "accepted", pgettext_lazy("mentor request", "Accepted")
        DECLINED = "declined", pgettext_lazy("mentor request", "Declined")
        LAPSED = "lapsed", pgettext_lazy("mentor request", "Not answered in time")
        WITHDRAWN = "withdrawn", pgettext_lazy("mentor request", "Withdrawn")

    class Origin(models.TextChoices):
        WISH = "wish", _("The talent's wish")
        ROUND = "round", _("Assignment round")
        OFFICE = "office", _("Proposed by the office")
        CHANGE = "change", _("Change of mentor")

    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, related_name="mentor_requests", verbose_name=_("application")
    )
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="requests", verbose_name=_("mentor"))
    origin = models.CharField(_("how it came about"), max_length=10, choices=Origin.choices)
    # The pair that it replaces, where the talent changes the mentor.
    replaces = models.ForeignKey(
        "growth.Pair", models.PROTECT, related_name="replacements", null=True, blank=True, verbose_name=_("replaces")
    )
    state = models.CharField(
        pgettext_lazy("mentor request", "state"), max_length=10, choices=State.choices, default=State.OPEN
    )
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = person(_("asked by"))
    due_on = models.DateField(_("answer by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = person(_("answered by"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MentorRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to a mentor")
        verbose_name_plural = _("requests to mentors")
        ordering = ("-asked_at", "-pk")
        triggers = (
            AuditTrigger(),
            CountPlaces(held="open"),
            only_the_receiver(),
            settled("answered_once", state__in=("accepted", "declined", "lapsed", "withdrawn")),
        )
        indexes = (
            models.Index(fields=["mentor", "state"], name="growth_request_of_mentor"),
            models.Index(fields=["state", "due_on"], name="growth_request_due"),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_mentorrequest_one_open",
                fields=["application"],
                condition=Q(state="open"),
                violation_error_message=_("Another mentor is being asked for this application."),
            ),
            models.CheckConstraint(
                name="growth_mentorrequest_answer_complete",
                condition=both_or_neither("answered_at", "answered_by")
                & (Q(state="open", answered_at__isnull=True) | ~Q(state="open") & Q(answered_at__isnull=False)),
                violation_error_message=_("An answer has a time and a person."),
            ),
            models.CheckConstraint(
                name="growth_mentorrequest_declined_with_reason",
                condition=~Q(state="declined") | ~Q(reason=""),
                violation_error_message=_("A mentor who declines says why."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} · {self.mentor}"

    @property
    def reach_region(self) -> Any:
        return self.application.region

    @property
    def reach_user_id(self) -> int | None:
        return self.mentor.user_id


class Round(models.Model):
    """One assignment of mentors to everybody who waits: computed, adjusted, confirmed. `inputs` and `weights` keep what
    it was computed from, so that anybody can compute it again."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("round", "Being adjusted")
        CONFIRMED = "confirmed", pgettext_lazy("round", "Confirmed")
        DISCARDED = "discarded", pgettext_lazy("round", "Discarded")

    state = models.CharField(pgettext_lazy("round", "state"), max_length=10, choices=State.choices, default=State.DRAFT)
    computed_at = models.DateTimeField(_("computed at"))
    computed_by = person(_("computed by"))
    weights = models.JSONField(_("weights"))
    # Who waited and who was free, as the ranking sees them; empty for rounds from before it was kept.
    inputs = models.JSONField(_("what it was computed from"), default=dict, blank=True)
    places = models.JSONField(_("free places"), help_text=_("Free places by mentor when it was computed."))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = person(_("decided by"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment round")
        verbose_name_plural = _("assignment rounds")
        ordering = ("-pk",)
        triggers = (
            AuditTrigger(skip=("inputs",)),  # which the row itself keeps for ever
            settled("decided_once", state__in=("confirmed", "discarded")),
            pgtrigger.ReadOnly(name="computed_once", fields=["computed_at", "computed_by", *COMPUTED_FROM]),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_round_one_draft",
                fields=["state"],
                condition=Q(state="draft"),
                violation_error_message=_("Another assignment round is being adjusted."),
            ),
            models.CheckConstraint(
                name="growth_round_decision_complete",
                condition=both_or_neither("decided_at", "decided_by")
                & (Q(state="draft", decided_at__isnull=True) | ~Q(state="draft") & Q(decided_at__isnull=False)),
                violation_error_message=_("A decision has a time and a person."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class Proposal(models.Model):
    """One line of a round: whom it proposes for an application, with which fit and why."""

    class Outcome(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "Proposed")
        ASKED = "asked", pgettext_lazy("proposal", "Mentor asked")
        LEFT_OUT = "left_out", pgettext_lazy("proposal", "Left out")
        NOT_POSSIBLE = "not_possible", pgettext_lazy("proposal", "No longer possible")

    round = models.ForeignKey(Round, models.PROTECT, related_name="proposals", verbose_name=_("assignment round"))
    application = models.ForeignKey(
        "talentmap.Application", models.PROTECT, related_name="mentor_proposals", verbose_name=_("application")
    )
    computed = models.ForeignKey(
        Mentor, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("computed mentor")
    )
    mentor = models.ForeignKey(
        Mentor, models.PROTECT, related_name="proposals", null=True, blank=True, verbose_name=_("mentor")
    )
    fit = models.JSONField(_("fit"), default=dict)
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome.choices, default=Outcome.OPEN)
    note = models.CharField(_("note"), max_length=300, blank=True)
    changed_by = person(_("changed by"), null=True, blank=True)
    request = models.OneToOneField(
        MentorRequest, models.PROTECT, related_name="proposal", null=True, blank=True, verbose_name=_("request")
    )

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("pk",)
        triggers = (AuditTrigger(), settled("decided_once", outcome__in=("asked", "not_possible")))
        constraints = (
            models.UniqueConstraint(
                name="growth_proposal_one_each",
                fields=["round", "application"],
                violation_error_message=_("A round proposes one mentor for each application."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} · {self.mentor or '—'}"

    @property
    def is_changed(self) -> bool:
        return self.mentor_id != self.computed_id
