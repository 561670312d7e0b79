"""Application and what belongs to it: one concrete table for every service, which adds a one-to-one detail row."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger
from talentmap.casework import registry, states
from talentmap.casework.calendar_models import CalendarDay, CalendarYear
from talentmap.casework.columns import append_only, both_or_neither, person
from talentmap.casework.querysets import ApplicationQuerySet, OfApplicationQuerySet
from talentmap.casework.records import (
    Document,
    NumberSeries,
    Objection,
    Party,
    Rating,
    ReturnItem,
    SavedFilter,
    Snapshot,
)
from talentmap.casework.states import OPEN_STATES, REVIEW_ACTIONS, TRANSITIONS, Action, State
from talentmap.casework.triggers import NotOnesOwnCase

__all__ = [
    "Application",
    "CalendarDay",
    "CalendarYear",
    "Document",
    "NumberSeries",
    "Objection",
    "Party",
    "Rating",
    "ReturnItem",
    "SavedFilter",
    "Snapshot",
    "Transition",
]


def _table_row(move: states.Move) -> Q:
    return Q(from_state=move.source, action=move.action, to_state=move.target)


def in_transition_table() -> Q:
    """Any row of the transition table: a change of the table is a migration, so the database always knows it."""
    return Q(*map(_table_row, TRANSITIONS), _connector=Q.OR)


class Application(models.Model):
    """A person's application for one service. Only `casework.actions` changes it."""

    scheme = models.CharField(_("service"), max_length=40)
    # Null until sent: a draft has no number, and unique leaves nulls alone.
    number = models.CharField(_("number"), max_length=24, unique=True, null=True, editable=False)  # noqa: DJ001
    applicant = models.ForeignKey(
        "talentmap.Talent", models.PROTECT, verbose_name=_("applicant"), related_name="applications"
    )
    organisation = models.ForeignKey(
        "talentmap.Organisation",
        models.PROTECT,
        verbose_name=_("on behalf of"),
        null=True,
        blank=True,
        related_name="applications",
    )
    entered_by = person(_("entered at the counter by"), null=True, blank=True)
    region = models.ForeignKey(
        "talentmap.Region", models.PROTECT, verbose_name=_("region"), related_name="applications"
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    stage = models.CharField(_("review stage"), max_length=40, blank=True, default="")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("handler"),
        null=True,
        blank=True,
        related_name="handled_applications",
    )
    round = models.PositiveSmallIntegerField(_("times submitted"), default=0)

    created_at = models.DateTimeField(_("created at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    # The rules in force at submission and acceptance stay with the case: a later change moves no deadline.
    accept_days = models.PositiveSmallIntegerField(_("working days to accept"), null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("promised working days"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("working days of notice"), null=True, blank=True)
    stage_days = models.JSONField(_("working days of each stage"), default=dict, blank=True)
    accept_due_on = models.DateField(_("to be accepted by"), null=True, blank=True)
    decide_due_on = models.DateField(_("promised date"), null=True, blank=True)
    stage_due_on = models.DateField(_("stage due on"), null=True, blank=True)
    due_on = models.GeneratedField(
        verbose_name=_("due on"),
        expression=models.Case(
            models.When(state=State.SUBMITTED, then=F("accept_due_on")),
            models.When(state=State.IN_REVIEW, then=Least("stage_due_on", "decide_due_on")),
            models.When(state=State.AWAITING_DECISION, then=F("decide_due_on")),
            default=None,
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    paused_at = models.DateTimeField(_("deadline stopped at"), null=True, blank=True)
    remaining_days = models.SmallIntegerField(_("working days left when stopped"), null=True, blank=True)
    stage_remaining_days = models.SmallIntegerField(
        _("working days of the stage left when stopped"), null=True, blank=True
    )

    notice_from = models.DateField(_("public notice from"), null=True, blank=True)
    notice_until = models.DateField(_("public notice until"), null=True, blank=True)
    # By language: what was published stays as it was, whatever the person's file says later.
    notice_lines = models.JSONField(_("published lines"), default=dict, blank=True)
    decision_amount = models.DecimalField(_("amount decided"), max_digits=14, decimal_places=2, null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True, default="")
    requested_reference_date = models.DateField(_("reference date"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = ApplicationQuerySet.as_manager()

    words_in_history: ClassVar[dict[str, Any]] = {"scheme": registry.title_of}

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-submitted_at", "-id")
        triggers = (AuditTrigger(skip=("version",)),)
        indexes = (
            models.Index("state", "due_on", "id", name="application_state_due"),
            models.Index("due_on", "id", name="application_due"),
            models.Index("handler", "state", "due_on", name="application_handler"),
            models.Index("region", "state", name="application_region"),
            models.Index("scheme", "state", name="application_scheme"),
            models.Index(F("submitted_at").desc(), F("id").desc(), name="application_newest"),
            models.Index("decided_at", name="application_decided"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("scheme", "applicant"),
                condition=Q(state__in=OPEN_STATES),
                name="talentmap_application_one_open",
                violation_error_message=_("This person already has an open application for this service."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="talentmap_application_known_state",
                violation_error_message=_("This state does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT)
                | Q(state=State.WITHDRAWN)
                | Q(number__isnull=False, submitted_at__isnull=False, accept_days__isnull=False),
                name="talentmap_application_numbered_when_sent",
                violation_error_message=_("An application that was sent has a number and a date."),
            ),
            models.CheckConstraint(
                condition=both_or_neither("accepted_at", "promised_days", "notice_days"),
                name="talentmap_application_promise_on_acceptance",
                violation_error_message=_("The promised days are fixed when the application is accepted."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.IN_REVIEW)
                | (~Q(stage="") & Q(stage_due_on__isnull=False, decide_due_on__isnull=False)),
                name="talentmap_application_stage_in_review",
                violation_error_message=_("An application in review is at a stage that has a deadline."),
            ),
            models.CheckConstraint(
                condition=both_or_neither("paused_at", "remaining_days"),
                name="talentmap_application_paused_pair",
                violation_error_message=_("A stopped deadline keeps the days that were left."),
            ),
            models.CheckConstraint(
                condition=both_or_neither("notice_from", "notice_until")
                & (Q(notice_from__isnull=True) | Q(notice_until__gte=F("notice_from"))),
                name="talentmap_application_notice_period",
                violation_error_message=_("A public notice ends after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.APPROVED, State.REJECTED, State.REFUSED, State.REVOKED))
                | Q(decided_at__isnull=False),
                name="talentmap_application_decided_at",
                violation_error_message=_("A decision has a date."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.REJECTED, State.REFUSED, State.REVOKED)) | ~Q(decision_reason=""),
                name="talentmap_application_reason_given",
                violation_error_message=_("A refusal, rejection or revocation gives its reason."),
            ),
        )

    def __str__(self) -> str:
        return self.number or str(_("Draft %(id)s") % {"id": self.pk})

    @property
    def service(self) -> Any:
        """The `Scheme` that this application is for."""
        from talentmap.casework import registry

        return registry.get(self.scheme)

    @property
    def stage_label(self) -> Promise | str:
        return self.service.stage(self.stage).label if self.stage else ""

    @property
    def staff_label(self) -> Promise | str:
        """What staff read: the stage's name while in review, else the state's."""
        return self.stage_label if self.state == State.IN_REVIEW else states.staff_label(self.state)

    @property
    def applicant_label(self) -> Promise | str:
        return states.applicant_label(self.state)

    @property
    def sent_on(self) -> date | None:
        return timezone.localdate(self.submitted_at) if self.submitted_at else None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_editable(self) -> bool:
        return self.state in states.EDITABLE_STATES

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def reach_region(self) -> Any:
        return self.region

    @property
    def reach_user_id(self) -> int | None:
        return self.applicant.user_id


class Transition(models.Model):
    """One move of an application, for ever. Its constraints are the transition table and the separation of duties."""

    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name=_("application"), related_name="transitions"
    )
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    from_state = models.CharField(pgettext_lazy("transition", "from"), max_length=20, choices=State.choices)
    to_state = models.CharField(pgettext_lazy("transition", "to"), max_length=20, choices=State.choices)
    stage = models.CharField(_("review stage"), max_length=40, blank=True, default="")
    by = person(pgettext_lazy("transition", "by"))
    at = models.DateTimeField(pgettext_lazy("transition", "at"))
    reason = models.TextField(_("reason"), blank=True, default="")
    public_note = models.TextField(_("note to the applicant"), blank=True, default="")

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("record", "decision step")
        verbose_name_plural = pgettext_lazy("record", "decision steps")
        ordering = ("id",)
        triggers = (append_only(), NotOnesOwnCase(name="not_ones_own_case"))
        constraints = (
            models.CheckConstraint(
                condition=in_transition_table(),
                name="talentmap_transition_in_table",
                violation_error_message=_("The application cannot move like this."),
            ),
            models.CheckConstraint(
                condition=~Q(action=Action.REFUSE) | Q(stage=""),
                name="talentmap_transition_refused_before_acceptance",
                violation_error_message=_("What was accepted is reviewed: it can only be rejected."),
            ),
            models.UniqueConstraint(
                fields=("application", "action"),
                condition=Q(action__in=(Action.SUBMIT, Action.ACCEPT, Action.APPROVE)),
                name="talentmap_transition_once",
                violation_error_message=_("This was already done."),
            ),
            models.UniqueConstraint(
                fields=("application", "stage"),
                condition=Q(action=Action.PASS_STAGE),
                name="talentmap_transition_stage_once",
                violation_error_message=_("This stage was already passed."),
            ),
            ExclusionConstraint(
                name="talentmap_transition_separate_duties",
                expressions=(("application", "="), ("by", "="), ("stage", "<>")),
                condition=Q(action__in=REVIEW_ACTIONS),
                violation_error_message=_("One person may decide one stage of an application only."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.action}"
