"""Policy amounts, by date."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talentmap.accounts.permissions import Permission
from talentmap.money import ledger_triggers as triggers
from talentmap.money.models_base import person


class Tariffs(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self if user.may(Permission.VIEW_TARIFFS) else self.none()

    def in_order(self) -> Self:
        """The first row is the one in force: its date decides, then its version."""
        return self.order_by("-valid_from", "-version")


class Tariff(models.Model):
    """A version of a set of policy amounts, in force from a date until a later one takes over. Never edited."""

    code = models.CharField(_("tariff"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    note = models.TextField(_("basis and reason"), blank=True)
    created_by = person(_("added by"))
    created_at = models.DateTimeField(_("added at"))

    objects = Tariffs.as_manager()

    class Meta:
        verbose_name = _("tariff version")
        verbose_name_plural = _("tariff versions")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="talentmap_tariff_one_a_version",
                violation_error_message=_("This tariff already has a version with this number."),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="talentmap_tariff_versions_from_one",
                violation_error_message=_("Versions are counted from one."),
            ),
        ]
        triggers = [triggers.append_only()]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class TariffValue(models.Model):
    tariff = models.ForeignKey(Tariff, models.PROTECT, verbose_name=_("tariff version"), related_name="values")
    key = models.CharField(_("parameter"), max_length=60)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)

    class Meta:
        verbose_name = _("tariff value")
        verbose_name_plural = _("tariff values")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "key"],
                name="talentmap_tariffvalue_one_a_key",
                violation_error_message=_("A version gives each parameter one value."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="talentmap_tariffvalue_not_negative",
                violation_error_message=_("A tariff's values are not negative."),
            ),
        ]
        triggers = [triggers.append_only()]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
