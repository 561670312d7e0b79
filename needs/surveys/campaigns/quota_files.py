"""Quotas as a table: what is downloaded, and what is read of an upload."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from needs.surveys.campaigns.actions.planning import MOST_TARGET, Place
from needs.surveys.campaigns.models import Campaign
from needs.surveys.columns import AgeBand
from talentmap.regions.models import Region
from talentmap.ui.workbooks import BadFile, CellError, Column, Row, Table, read_table

COLUMNS = (
    Column("township", gettext_lazy("Township")),
    Column("age_band", gettext_lazy("Age band")),
    Column("occupation", pgettext_lazy("respondent", "Occupation")),
    Column("target", gettext_lazy("Target")),
)
LIMIT_ROWS = 20_000


def header() -> list[str]:
    return [str(column.title) for column in COLUMNS]


def any_age() -> str:
    return _("any age")


def any_occupation() -> str:
    return pgettext("occupation", "any")


def rows_of(campaign: Campaign, townships: Iterable[Region], occupations: Iterable[tuple[str, str]]) -> Iterator[list]:
    """Every cell of age band and occupation of every township, 0 where no quota stands, and the wider quotas."""
    targets = {(q.region_id, q.age_band, q.occupation): q.target for q in campaign.quotas.all()}
    works = dict(occupations)
    names = {**works, "": any_occupation()}
    bands = {**dict(AgeBand.choices), "": any_age()}
    for region in townships:
        cells = {(band, work) for band in AgeBand.values for work in works or [""]}
        cells |= {(band, work) for pk, band, work in targets if pk == region.pk}
        for band, work in sorted(cells, key=lambda cell: (list(bands).index(cell[0]), _place_of(names, cell[1]))):
            target = targets.get((region.pk, band, work), 0)
            yield [region.name, str(bands[band]), names.get(work, work), target]


def _place_of(names: Mapping[str, str], work: str) -> int:
    return list(names).index(work) if work in names else len(names)


@dataclass(frozen=True)
class ReadQuotas:
    targets: dict[Place, int]
    townships: set[int]


def read(upload: File, townships: Iterable[Region], occupations: Iterable[tuple[str, str]]) -> ReadQuotas:
    """Read an upload. Raises BadFile with every mistake by row and column: unknown names, no whole number, a cell
    that stands there twice."""
    table = read_table(upload, COLUMNS, LIMIT_ROWS)
    known = _Known(townships, occupations)
    errors: list[CellError] = list(table.errors)
    found: dict[Place, int] = {}
    for row in table.rows:
        mistakes = list(known.mistakes(table, row))
        if not mistakes:
            place = known.place(row)
            if place in found:
                mistakes = [table.error(row, "township", _("This cell stands in the file twice."))]
            else:
                found[place] = int(row["target"] or 0)
        errors += mistakes
    if errors:
        raise BadFile(_("The file has mistakes. Nothing was changed."), errors)
    return ReadQuotas(found, {region for region, _band, _work in found})


class _Known:
    """Names as people write them, and codes as machines do."""

    def __init__(self, townships: Iterable[Region], occupations: Iterable[tuple[str, str]]) -> None:
        self.townships = {key: each.pk for each in townships for key in (each.name, each.code)}
        self.bands = {key: code for code, label in AgeBand.choices for key in (code, str(label))}
        self.bands |= dict.fromkeys(("", any_age()), "")
        self.works = {key: name for name, label in occupations for key in (label, name)}
        self.works |= dict.fromkeys(("", any_occupation()), "")

    def place(self, row: Row) -> Place:
        return self.townships[row["township"]], self.bands[row["age_band"]], self.works[row["occupation"]]

    def mistakes(self, table: Table, row: Row) -> Iterator[CellError]:
        checks: tuple[tuple[str, Mapping[str, Any], str], ...] = (
            ("township", self.townships, _("“%(value)s” is no township of this campaign.")),
            ("age_band", self.bands, _("“%(value)s” is no age band.")),
            ("occupation", self.works, _("“%(value)s” is no occupation of this questionnaire.")),
        )
        for name, known, told in checks:
            if row[name] not in known:
                yield table.error(row, name, told % {"value": row[name][:60]})
        if not _is_target(row["target"]):
            told = _("A whole number from 0 to %(most)s is needed.") % {"most": MOST_TARGET}
            yield table.error(row, "target", told)


def _is_target(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= MOST_TARGET)
