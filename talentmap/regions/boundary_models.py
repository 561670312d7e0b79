"""The outlines of townships as the office uploaded them: every version is kept, one at most is in use."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger

__all__ = ["Boundary", "BoundarySet"]


def _person(label: Any, **options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options)


def _paired(name: str) -> Q:
    return Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True}) | Q(
        **{f"{name}_at__isnull": False, f"{name}_by__isnull": False}
    )


class BoundarySetQuerySet(models.QuerySet["BoundarySet"]):
    def confirmed(self) -> "BoundarySetQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def in_use(self) -> "BoundarySetQuerySet":
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)


class BoundarySet(models.Model):
    """One uploaded file. Without `confirmed_at` its uploader is still looking at it; with `ended_at` another one took
    its place, or it was removed."""

    file_name = models.CharField(_("file name"), max_length=120)
    source = models.CharField(_("source and date of the boundaries"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    left_out = models.JSONField(_("shapes that belong to no township"), default=list)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = _person(_("uploaded by"))
    confirmed_at = models.DateTimeField(_("in use since"), null=True, blank=True)
    confirmed_by = _person(_("confirmed by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("in use until"), null=True, blank=True)
    ended_by = _person(_("ended by"), null=True, blank=True)

    objects = BoundarySetQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the boundaries")
        verbose_name_plural = _("versions of the boundaries")
        ordering = ("-pk",)
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                models.Value(1),
                name="talentmap_boundaryset_one_in_use",
                condition=Q(confirmed_at__isnull=False, ended_at__isnull=True),
                violation_error_message=_("Another version of the boundaries is in use."),
            ),
            models.CheckConstraint(
                name="talentmap_boundaryset_confirmed_paired",
                condition=_paired("confirmed"),
                violation_error_message=_("Whoever confirms is named with the moment."),
            ),
            models.CheckConstraint(
                name="talentmap_boundaryset_ended_paired",
                condition=_paired("ended"),
                violation_error_message=_("Whoever ends a version is named with the moment."),
            ),
            models.CheckConstraint(
                name="talentmap_boundaryset_ended_after_confirmed",
                condition=Q(ended_at__isnull=True) | Q(confirmed_at__isnull=False),
                violation_error_message=_("Only a version that was in use can end."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"

    @property
    def state(self) -> str:
        if self.ended_at:
            return "ended"
        return "active" if self.confirmed_at else "draft"

    @property
    def state_label(self) -> Any:
        return {
            "ended": pgettext_lazy("boundaries", "Earlier version"),
            "active": pgettext_lazy("boundaries", "In use"),
            "draft": pgettext_lazy("boundaries", "Not confirmed"),
        }[self.state]


class Boundary(models.Model):
    """The outline of one township: a GeoJSON geometry in degrees, longitude first."""

    boundary_set = models.ForeignKey(
        BoundarySet, models.CASCADE, related_name="boundaries", verbose_name=_("version of the boundaries")
    )
    region = models.ForeignKey("talentmap.Region", models.PROTECT, related_name="+", verbose_name=_("township"))
    geometry = models.JSONField(_("geometry"))
    label_longitude = models.FloatField(_("longitude of the label"))
    label_latitude = models.FloatField(_("latitude of the label"))

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")
        ordering = ("region__code",)
        triggers = (AuditTrigger(hide=("geometry",)),)
        constraints = (
            models.UniqueConstraint(
                name="talentmap_boundary_once",
                fields=("boundary_set", "region"),
                violation_error_message=_("The township has a boundary in this version already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.region)
