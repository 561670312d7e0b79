"""Who accompanies: the mentors and what they offer."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from growth.mentoring.choices import Format, Language, MentoringKind, MentorKind, Skill
from talentmap.accounts.models import Membership
from talentmap.accounts.permissions import Permission, Role
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import both_or_neither, person
from talentmap.people.choices import EnterpriseStage, Industry
from talentmap.people.fields import EncryptedTextField
from talentmap.people.identifiers import MOBILE_PATTERN, MOBILE_WRONG
from talentmap.people.models import Named
from talentmap.people.pinyin import name_keys


def several(label: Any, choices: type[models.TextChoices], **options: Any) -> ArrayField:
    """Any number of a closed list."""
    return ArrayField(
        models.CharField(max_length=20, choices=choices.choices),
        verbose_name=label,
        default=list,
        blank=True,
        **options,
    )


class MentorQuerySet(models.QuerySet["Mentor"]):
    def public(self) -> "MentorQuerySet":
        """Those of the directory; a pause stays visible, so that people know when to come back."""
        return self.filter(state=Mentor.State.VERIFIED)

    def open_on(self, day: date) -> "MentorQuerySet":
        """Those who may be asked on a day: verified, still in the role, not paused, with a free place."""
        paused = Q(paused_from__lte=day) & (Q(paused_until__isnull=True) | Q(paused_until__gte=day))
        held = Membership.objects.active().filter(user=OuterRef("user"), role=Role.MENTOR)
        able = self.public().filter(Exists(held), user__is_active=True, taken__lt=F("capacity"))
        return able.exclude(paused)

    def visible_to(self, user: Any) -> "MentorQuerySet":
        """Oneself, and those whom one watches over by office; the public profile has its own address."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(user=user) | user.reach(Permission.VIEW_MENTORING).q(region="region"))

    def without_secrets(self) -> "MentorQuerySet":
        return self.defer("bank_account")


class Mentor(Named):
    """A cadre or an entrepreneur who accompanies talents. `taken` is counted by the database: pairs that run and
    requests that wait for an answer both hold a place, so that nobody is asked for a place that is promised."""

    class State(models.TextChoices):
        INVITED = "invited", pgettext_lazy("mentor", "Invited")
        WITHDRAWN = "withdrawn", pgettext_lazy("mentor", "Invitation taken back")
        APPLIED = "applied", pgettext_lazy("mentor", "To be verified")
        VERIFIED = "verified", pgettext_lazy("mentor", "Verified")
        REFUSED = "refused", pgettext_lazy("mentor", "Not accepted")
        LEFT = "left", pgettext_lazy("mentor", "Has left")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="mentor",
        null=True,
        blank=True,
        verbose_name=_("account"),
    )
    state = models.CharField(
        pgettext_lazy("mentor", "state"), max_length=10, choices=State.choices, default=State.APPLIED
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    mobile = models.CharField(_("mobile number"), max_length=11, blank=True)
    kind = models.CharField(_("kind of mentor"), max_length=15, choices=MentorKind.choices, blank=True)
    organisation = models.ForeignKey(
        "talentmap.Organisation",
        models.PROTECT,
        related_name="mentors",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    # As typed, until the office finds the organisation in the register or enters it.
    organisation_name = models.CharField(_("organisation's name"), max_length=100, blank=True)
    position = models.CharField(_("position"), max_length=60, blank=True)
    region = models.ForeignKey(
        "talentmap.Region",
        models.PROTECT,
        related_name="mentors",
        null=True,
        blank=True,
        verbose_name=_("township or village"),
    )
    offers = several(_("mentors in"), MentoringKind)
    industries = several(_("industries"), Industry)
    skills = several(_("can teach"), Skill)
    stages = several(_("stages of enterprise"), EnterpriseStage)
    languages = several(_("languages"), Language)
    formats = several(_("how to meet"), Format)
    bio = models.TextField(_("about the mentor"), max_length=1000, blank=True)
    capacity = models.PositiveSmallIntegerField(_("places"), default=2)
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    paused_from = models.DateField(_("paused from"), null=True, blank=True)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    pause_reason = models.CharField(_("reason of the pause"), max_length=200, blank=True)
    invite_token = models.CharField(max_length=43, blank=True, editable=False, verbose_name=_("invitation"))
    invite_until = models.DateField(_("invitation valid until"), null=True, blank=True, editable=False)
    invited_by = person(_("invited by"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = person(_("decided by"), null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    bank_name = models.CharField(_("bank"), max_length=100, blank=True)
    bank_account = EncryptedTextField(_("bank account"), blank=True)
    bank_account_last4 = models.CharField(_("last four digits"), max_length=4, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"))

    objects = MentorQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        ordering = ("name_sort_key", "pk")
        triggers = (AuditTrigger(hide=("mobile", "invite_token"), skip=("taken",)),)
        indexes = (models.Index(fields=["state", "name_sort_key", "id"], name="growth_mentor_by_state"),)
        constraints = (
            models.CheckConstraint(
                name="growth_mentor_within_capacity",
                condition=Q(taken__gte=0, taken__lte=F("capacity")),
                violation_error_message=_("This mentor has no free place."),
            ),
            models.CheckConstraint(
                name="growth_mentor_mobile_form",
                condition=Q(mobile="") | Q(mobile__regex=MOBILE_PATTERN),
                violation_error_message=MOBILE_WRONG,
            ),
            models.CheckConstraint(
                name="growth_mentor_pause_stated",
                condition=Q(paused_from__isnull=True, paused_until__isnull=True, pause_reason="")
                | Q(paused_from__isnull=False) & ~Q(pause_reason=""),
                violation_error_message=_("A pause says from when it lasts and why."),
            ),
            models.CheckConstraint(
                name="growth_mentor_pause_order",
                condition=Q(paused_until__isnull=True) | Q(paused_until__gte=F("paused_from")),
                violation_error_message=_("The pause ends before it begins."),
            ),
            models.CheckConstraint(
                name="growth_mentor_decision_complete",
                condition=both_or_neither("decided_at", "decided_by")
                & (Q(state__in=("invited", "applied")) | Q(decided_at__isnull=False)),
                violation_error_message=_("A decision has a time and a person."),
            ),
            models.CheckConstraint(
                name="growth_mentor_verified_complete",
                condition=~Q(state="verified")
                | Q(user__isnull=False, organisation__isnull=False, region__isnull=False) & ~Q(offers=[]),
                violation_error_message=_(
                    "A verified mentor has an account, an organisation, a township and says what for."
                ),
            ),
            models.CheckConstraint(
                name="growth_mentor_invited_or_theirs",
                condition=Q(state__in=("invited", "withdrawn"), user__isnull=True)
                | ~Q(state__in=("invited", "withdrawn")) & Q(user__isnull=False),
                violation_error_message=_("Only somebody who was invited has no account yet."),
            ),
            models.CheckConstraint(
                name="growth_mentor_withdrawn_without_link",
                condition=~Q(state="withdrawn") | Q(invite_token="", invite_until__isnull=True),
                violation_error_message=_("An invitation that was taken back has no link."),
            ),
            models.UniqueConstraint(
                name="growth_mentor_invite_token_once",
                fields=["invite_token"],
                condition=~Q(invite_token=""),
                violation_error_message=_("This invitation is there already."),
            ),
            models.CheckConstraint(
                name="growth_mentor_bank_account_last4",
                condition=Q(bank_account="", bank_account_last4="") | ~Q(bank_account="") & ~Q(bank_account_last4=""),
                violation_error_message=_("A bank account is stored together with its last four digits."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        keys = name_keys(self.name)
        self.name_sort_key, self.name_pinyin, self.name_initials = keys.sort_key, keys.pinyin, keys.initials
        if fields := kwargs.get("update_fields"):
            follow = {"name_sort_key", "name_pinyin", "name_initials"} if "name" in fields else set()
            kwargs["update_fields"] = {*fields, *follow}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("mentoring:mentor", args=[self.pk])

    @property
    def reach_region(self) -> Any:
        return self.region

    @property
    def reach_user_id(self) -> int | None:
        return self.user_id

    @property
    def free(self) -> int:
        """Places that nobody has and that nobody was promised."""
        return max(self.capacity - self.taken, 0)

    def is_paused(self, day: date) -> bool:
        begun = self.paused_from is not None and self.paused_from <= day
        return begun and (self.paused_until is None or day <= self.paused_until)

    @property
    def organisation_label(self) -> str:
        return self.organisation.name if self.organisation else self.organisation_name

    @property
    def offer_words(self) -> list[Any]:
        return self.words("offers")

    @property
    def offer_line(self) -> str:
        return pgettext("list", ", ").join(str(word) for word in self.words("offers"))

    @property
    def skill_line(self) -> str:
        return pgettext("list", ", ").join(str(word) for word in self.words("skills"))

    @property
    def industry_line(self) -> str:
        return pgettext("list", ", ").join(str(word) for word in self.words("industries"))

    def words(self, field: str) -> list[Any]:
        """The labels of one of the lists, in the order of the list."""
        labels = {
            "offers": MentoringKind, "industries": Industry, "skills": Skill, "stages": EnterpriseStage,
            "languages": Language, "formats": Format,
        }[field]  # fmt: skip
        chosen = set(getattr(self, field))
        return [label for value, label in labels.choices if value in chosen]
