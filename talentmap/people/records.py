"""What a person agreed to and asked for, what the office answered; tables awaiting confirmation."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.audit.triggers import AuditTrigger
from talentmap.people.choices import IdentityField, Purpose, RequestKind, RequestState
from talentmap.people.fields import EncryptedTextField


class Consent(models.Model):
    """What a person agreed to, in the words shown; a withdrawal ends it, a new consent is a new row."""

    talent = models.ForeignKey(
        "talentmap.Talent", on_delete=models.CASCADE, related_name="consents", verbose_name=_("talent")
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    wording = models.TextField(_("wording"))
    given_at = models.DateTimeField(_("given at"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawal recorded by"),
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="talentmap_consent_one_in_force",
                violation_error_message=_("This consent is already given."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__gte=F("given_at"), withdrawn_by__isnull=False),
                name="talentmap_consent_withdrawal",
                violation_error_message=_("A withdrawal has a person and a time after the consent."),
            ),
        ]
        triggers = [AuditTrigger()]

    def __str__(self) -> str:
        return self.get_purpose_display()


class DataRequestQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The requests of the people inside the reach in which the user answers requests."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user.reach(Permission.ANSWER_DATA_REQUEST).q(region="talent__region"))


class DataRequest(models.Model):
    """A person's request to have their data corrected or deleted, and the office's answer."""

    talent = models.ForeignKey(
        "talentmap.Talent", on_delete=models.CASCADE, related_name="data_requests", verbose_name=_("talent")
    )
    kind = models.CharField(pgettext_lazy("data request", "kind"), max_length=10, choices=RequestKind)
    field = models.CharField(_("entry to correct"), max_length=20, choices=IdentityField, blank=True)
    wanted_value = EncryptedTextField(_("correct value"), blank=True)
    text = models.TextField(_("explanation"), blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "kind", "field"],
                condition=Q(state=RequestState.OPEN),
                name="talentmap_datarequest_one_open",
                violation_error_message=_("Such a request is already open."),
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, answered_at__isnull=True, answered_by__isnull=True)
                | ~Q(state=RequestState.OPEN) & Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="talentmap_datarequest_answered",
                violation_error_message=_("A closed request has an answer, a person and a time."),
            ),
        ]
        triggers = [AuditTrigger(hide=("wanted_value", "text"))]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def confirms_identity(self) -> bool:
        """Whether carrying it out changes what the office verified by the ID document."""
        return bool(self.field) and self.talent.identity_verified_at is not None


class ImportPreviewQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(confirmed_at__isnull=True)


class ImportPreview(models.Model):
    """An uploaded table between preview and confirmation; its rows are encrypted and dropped afterwards."""

    file_name = models.CharField(_("file name"), max_length=200)
    rows = EncryptedTextField(_("rows"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    created_count = models.PositiveIntegerField(_("files created"), default=0)
    updated_count = models.PositiveIntegerField(_("files updated"), default=0)

    objects = ImportPreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("import preview")
        verbose_name_plural = _("import previews")
        ordering = ["-created_at"]
        triggers = [AuditTrigger(hide=("rows",))]

    def __str__(self) -> str:
        return self.file_name
