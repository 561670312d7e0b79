"""County, townships and villages; the prefix of a region's code is its ancestor."""

from typing import Union

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger
from talentmap.regions.codes import TOWNSHIP_DIGITS, prefix_of
from talentmap.regions.triggers import BelowItsParent


class Level(models.TextChoices):
    COUNTY = "county", _("County")
    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village or neighbourhood")


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, region: Union["Region", str]) -> "RegionQuerySet":
        """The region (or its 12-digit code) and everything below it."""
        return self.filter(code__startswith=prefix_of(region if isinstance(region, str) else region.code))

    def active(self) -> "RegionQuerySet":
        return self.filter(is_active=True)

    def townships(self) -> "RegionQuerySet":
        return self.filter(level=Level.TOWNSHIP)

    def outside_townships(self) -> "RegionQuerySet":
        """What lies in no township in use: the county itself, and townships given up with their villages."""
        own = Region.objects.townships().active().filter(code__startswith=Left(OuterRef("code"), TOWNSHIP_DIGITS))
        return self.exclude(Exists(own))


def _level_fits_code() -> Q:
    county = Q(code__endswith="000000")
    township = Q(code__endswith="000") & ~county
    return (
        Q(county, level=Level.COUNTY)
        | Q(township, level=Level.TOWNSHIP)
        | Q(~Q(code__endswith="000"), level=Level.VILLAGE)
    )


def _both_or_neither(first: str, second: str) -> Q:
    return Q(**{f"{first}__isnull": True, f"{second}__isnull": True}) | Q(
        **{f"{first}__isnull": False, f"{second}__isnull": False}
    )


class Region(models.Model):
    """`code` follows the statistical office, `alt_code` the civil-affairs ministry where it differs.

    Neither is a key: codes are re-assigned now and then, rows are referred to by id.
    """

    code = models.CharField(pgettext_lazy("region", "code"), max_length=12)
    alt_code = models.CharField(_("alternative code"), max_length=12, blank=True, default="")
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(pgettext_lazy("region", "level"), max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_as_of = models.DateField(_("population as of"), null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    tile_x = models.PositiveSmallIntegerField(_("tile column"), null=True, blank=True)
    tile_y = models.PositiveSmallIntegerField(_("tile row"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="talentmap_region_code_unique",
                violation_error_message=_("Another region has this code."),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{12}$"),
                name="talentmap_region_code_digits",
                violation_error_message=_("A region code has twelve digits."),
            ),
            models.CheckConstraint(
                condition=Q(alt_code="") | Q(alt_code__regex=r"^\d{12}$"),
                name="talentmap_region_alt_code_digits",
                violation_error_message=_("An alternative code has twelve digits."),
            ),
            models.UniqueConstraint(
                fields=["alt_code"],
                condition=~Q(alt_code=""),
                name="talentmap_region_alt_code_unique",
                violation_error_message=_("Another region has this alternative code."),
            ),
            models.CheckConstraint(
                condition=_level_fits_code(),
                name="talentmap_region_level_fits_code",
                violation_error_message=_("The code does not fit the level."),
            ),
            models.CheckConstraint(
                condition=Q(level=Level.COUNTY, parent__isnull=True) | Q(~Q(level=Level.COUNTY), parent__isnull=False),
                name="talentmap_region_parent",
                violation_error_message=_("Every region but a county belongs to another."),
            ),
            models.CheckConstraint(
                condition=_both_or_neither("population", "population_as_of"),
                name="talentmap_region_population_dated",
                violation_error_message=_("A population needs the date it was counted, and a date needs a population."),
            ),
            models.CheckConstraint(
                condition=_both_or_neither("latitude", "longitude"),
                name="talentmap_region_coordinates_paired",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="talentmap_region_coordinates_on_earth",
                violation_error_message=_("Latitude lies between -90 and 90, longitude between -180 and 180."),
            ),
            models.CheckConstraint(
                condition=_both_or_neither("tile_x", "tile_y"),
                name="talentmap_region_tile_paired",
                violation_error_message=_("Give both tile column and tile row, or neither."),
            ),
        ]
        indexes = [models.Index(fields=["code"], name="talentmap_region_prefix", opclasses=["varchar_pattern_ops"])]
        triggers = [AuditTrigger(), BelowItsParent(name="below_its_parent")]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        return prefix_of(self.code)

    @property
    def full_name(self) -> str:
        """Township and village together; the county, which all share, stays away."""
        if self.level == Level.VILLAGE and self.parent:
            return f"{self.parent.name}{self.name}"
        return self.name

    @property
    def short_name(self) -> str:
        """The same for a narrow column: the village, not its committee."""
        if self.level == Level.VILLAGE and self.parent:
            return f"{self.parent.name} {_without_committee(self.name)}"
        return self.name

    @property
    def reach_region(self) -> "Region":
        return self


def _without_committee(name: str) -> str:
    """百通村民委员会 is 百通村, 柳湖社区居民委员会 is 柳湖社区."""
    place = name.removesuffix("居民委员会")
    if not place.endswith("村民委员会"):
        return place
    place = place.removesuffix("村民委员会")
    return place if place.endswith(("村", "社区")) else f"{place}村"
