"""The office calendar as the office enters it: the days that differ from Monday to Friday, and the years known."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talentmap.audit.triggers import AuditTrigger

FIRST_YEAR, LAST_YEAR = 2000, 2100


class CalendarYear(models.Model):
    """A year whose holidays the State Council has announced and the office has on record."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    source = models.CharField(_("source"), max_length=200, help_text=_("The notice that announced it."))
    confirmed = models.BooleanField(_("checked against the notice"), default=False)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ("-year",)
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="talentmap_calendaryear_plausible",
                violation_error_message=_("This year is out of range."),
            ),
        )

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from Monday to Friday: a holiday, or a weekend day that is worked."""

    date = models.DateField(_("date"), unique=True)
    is_workday = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("name"), max_length=60, blank=True, default="")
    source = models.CharField(_("source"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ("-date",)
        triggers = (AuditTrigger(),)

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
