"""Writes of tariffs: versions are added, never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.money import tariffs
from talentmap.money.actions.ledger import demand
from talentmap.money.models import Tariff, TariffValue
from talentmap.ui.errors import Refused


@action
def add_version(
    *,
    by: User,
    at: datetime,
    code: str,
    valid_from: date,
    values: Mapping[str, Decimal],
    note: str,
    expected_version: int,
) -> Tariff:
    """Add the version that follows `expected_version`; nothing before it changes.

    `values` gives every parameter of the tariff. Refused: somebody else added a version in between, a value out
    of its bounds, nothing changes.
    """
    demand(by, Permission.EDIT_TARIFFS)
    latest = _latest(code)
    if latest.version != expected_version:
        raise Refused(_("Somebody else has added a version in the meantime. Look at it before you add another."))
    _check_values(code, values)
    if dict(tariffs.version(latest)) == dict(values) and latest.valid_from == valid_from:
        raise Refused(_("Nothing changes: every value and the date are those of the latest version."))
    if not note.strip():
        raise Refused(_("Name the document that this version rests on."))
    return _write_version(by, at, code, latest.version + 1, valid_from, values, note.strip())


@action
def load_defaults(*, by: User, at: datetime) -> int:
    """Give every defined tariff without a version its first one; returns how many. Called by reference data."""
    known = set(Tariff.objects.values_list("code", flat=True))
    fresh = [d for d in tariffs.definitions() if d.code not in known]
    for definition in fresh:
        _write_version(by, at, definition.code, 1, definition.valid_from, definition.defaults, str(definition.basis))
    return len(fresh)


def _latest(code: str) -> Tariff:
    """The tariff's latest version, read after its first one is locked: who adds the next one waits."""
    rows = Tariff.objects.filter(code=code)
    if not rows.select_for_update(of=("self",)).filter(version=1).first():
        raise Refused(_("This tariff has no version yet."))
    return rows.prefetch_related("values").latest("version")


def _check_values(code: str, values: Mapping[str, Decimal]) -> None:
    definition = tariffs.definition_of(code)
    if set(values) != {key.key for key in definition.keys}:
        raise ValueError(f"values of {code} do not match its keys")
    for key in definition.keys:
        if problem := key.problem(values[key.key]):
            raise Refused(f"{key.label}: {problem}")


def _write_version(
    by: User,
    at: datetime,
    code: str,
    version: int,
    valid_from: date,
    values: Mapping[str, Decimal],
    note: str,
) -> Tariff:
    tariff = Tariff.objects.create(
        code=code, version=version, valid_from=valid_from, note=note, created_by=by, created_at=at
    )
    TariffValue.objects.bulk_create(TariffValue(tariff=tariff, key=key, value=value) for key, value in values.items())
    return tariff
