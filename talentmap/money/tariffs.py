"""Dated policy amounts: what parameters a tariff has, and which version is in force on a day.

RENT = define(TariffDefinition(
    "housing_subsidy", _("Housing subsidy"),
    keys=(TariffKey("rent.doctor", _("Rent, doctor, a month"), Unit.CNY, default=Decimal(3000)), ...),
))
tariff = in_force("housing_subsidy", on=application.requested_reference_date)
tariff["rent.doctor"], tariff.id, tariff.version
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from talentmap.money.models import Tariff, TariffValue
from talentmap.ui.errors import Refused

FIRST_DAY = date(2020, 1, 1)
LIMIT = Decimal("9999999999")


class Unit(TextChoices):
    CNY = "cny", pgettext_lazy("unit", "yuan")
    MONTHS = "months", pgettext_lazy("unit", "months")
    WORKING_DAYS = "working_days", pgettext_lazy("unit", "working days")
    PERCENT = "percent", pgettext_lazy("unit", "%")
    COUNT = "count", gettext_lazy("count")
    YEARS = "years", pgettext_lazy("unit", "years")
    DAY = "day", pgettext_lazy("unit", "date")  # kept as a number: 20271231

    @property
    def places(self) -> int:
        """How many decimal places a value of this unit may have."""
        return {Unit.CNY: 2, Unit.PERCENT: 4}.get(self, 0)


def day_of(value: Decimal) -> date:
    """The date that a value of unit DAY stands for."""
    return datetime.strptime(f"{int(value):08}", "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone


def _is_day(value: Decimal) -> bool:
    try:
        day_of(value)
    except ValueError:
        return False
    return True


def value_of(day: date) -> Decimal:
    """A date as the value of a parameter."""
    return Decimal(day.year * 10_000 + day.month * 100 + day.day)


@dataclass(frozen=True)
class TariffKey:
    """A parameter: what it is called, in which unit, its bounds, and its value in the first version."""

    key: str
    label: Any
    unit: Unit
    minimum: Decimal = Decimal(0)
    maximum: Decimal = LIMIT
    default: Decimal = Decimal(0)

    def problem(self, value: Decimal) -> str:
        """Why `value` is not possible here; "" when it is."""
        if not value.is_finite() or value != round(value, self.unit.places):
            return _("At most %(places)s decimal places.") % {"places": self.unit.places}
        if self.unit is Unit.DAY and not _is_day(value):
            return _("Not a date.")
        if not self.minimum <= value <= self.maximum:
            bounds: tuple[Any, Any] = (self.minimum, self.maximum)
            if self.unit is Unit.DAY:
                bounds = day_of(self.minimum), day_of(self.maximum)
            return _("Between %(minimum)s and %(maximum)s.") % dict(zip(("minimum", "maximum"), bounds, strict=True))
        return ""


@dataclass(frozen=True)
class TariffDefinition:
    """A set of parameters that change together, in force from `valid_from` with their defaults."""

    code: str
    title: Any
    keys: tuple[TariffKey, ...]
    valid_from: date = FIRST_DAY
    basis: Any = ""

    @property
    def defaults(self) -> dict[str, Decimal]:
        return {key.key: key.default for key in self.keys}


class NoTariff(Refused):
    """No version of the tariff is in force on the day asked for."""


class TariffVersion(Mapping[str, Decimal]):
    """The amounts of one version. A parameter younger than the version has its default."""

    def __init__(self, tariff: Tariff, definition: TariffDefinition) -> None:
        self.tariff = tariff
        self.definition = definition
        self.id: int = tariff.pk
        self.code: str = tariff.code
        self.version: int = tariff.version
        self.valid_from: date = tariff.valid_from
        self._values = {**definition.defaults, **{row.key: row.value for row in tariff.values.all()}}

    def __getitem__(self, key: str) -> Decimal:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{self.code} v{self.version} from {self.valid_from}>"


_definitions: dict[str, TariffDefinition] = {}


def define(definition: TariffDefinition) -> TariffDefinition:
    """Make a tariff known; a service calls this where it is declared."""
    _definitions[definition.code] = definition
    return definition


def definition_of(code: str) -> TariffDefinition:
    """The definition of a tariff; raises KeyError when there is none."""
    return _definitions[code]


def definitions() -> tuple[TariffDefinition, ...]:
    """Every tariff, in the order of the codes."""
    return tuple(_definitions[code] for code in sorted(_definitions))


def in_force(code: str, on: date) -> TariffVersion:
    """The version in force on `on`: the latest date decides, then the latest version; raises NoTariff."""
    rows = Tariff.objects.filter(code=code, valid_from__lte=on).in_order()
    tariff = rows.prefetch_related("values").first()
    if tariff is None:
        raise NoTariff(
            _("No version of the tariff “%(title)s” is in force on %(day)s.")
            % {"title": _definitions[code].title, "day": on}
        )
    return TariffVersion(tariff, _definitions[code])


def amounts(codes: Iterable[str], on: date) -> dict[str, dict[str, Decimal]]:
    """The amounts of several tariffs by code, in one query; one with no version in force is left out."""
    rows = Tariff.objects.filter(code__in=codes, valid_from__lte=on)
    latest = rows.order_by("code", "-valid_from", "-version").distinct("code")
    found: dict[str, dict[str, Decimal]] = {}
    for row in TariffValue.objects.filter(tariff__in=latest.values("pk")).select_related("tariff"):
        found.setdefault(row.tariff.code, _definitions[row.tariff.code].defaults)[row.key] = row.value
    return found


def version(tariff: Tariff) -> TariffVersion:
    """The amounts of a version that a case kept."""
    return TariffVersion(tariff, _definitions[tariff.code])
