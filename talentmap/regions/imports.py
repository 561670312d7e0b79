"""Reads a table of regions; each cell's fault is told with its row and column."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.files import File
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.regions.models import Region
from talentmap.regions.rules import RegionRow
from talentmap.ui.workbooks import BadFile, CellError, Column, Row, Table, read_table

LIMIT_ROWS = 5000
TILES = 60
COLUMNS = (
    Column("code", pgettext_lazy("region", "code")),
    Column("name", _("name")),
    Column("alt_code", _("alternative code"), required=False),
    Column("population", _("population"), required=False),
    Column("population_as_of", _("population as of"), required=False),
    Column("latitude", _("latitude"), required=False),
    Column("longitude", _("longitude"), required=False),
    Column("tile_x", _("tile column"), required=False),
    Column("tile_y", _("tile row"), required=False),
)
HEADER = tuple(column.name for column in COLUMNS)


class RowForm(forms.Form):
    """The values of one row; Django's fields know how to say what is wrong with each."""

    code = forms.RegexField(r"^\d{12}$", error_messages={"invalid": _("A region code has twelve digits.")})
    name = forms.CharField(max_length=60)
    alt_code = forms.RegexField(
        r"^\d{12}$",
        required=False,
        empty_value=None,
        error_messages={"invalid": _("An alternative code has twelve digits.")},
    )
    population = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
    population_as_of = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%Y/%m/%d"])
    latitude = forms.DecimalField(required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=5)
    longitude = forms.DecimalField(required=False, min_value=-180, max_value=180, max_digits=8, decimal_places=5)
    tile_x = forms.IntegerField(required=False, min_value=0, max_value=TILES)
    tile_y = forms.IntegerField(required=False, min_value=0, max_value=TILES)


def read_regions(upload: File) -> tuple[RegionRow, ...]:
    """Read the rows. Raises BadFile, with the faults of all rows in its `errors`."""
    table = read_table(upload, COLUMNS, LIMIT_ROWS)
    rows, errors = [], list(table.errors)
    for row in table.rows:
        form = RowForm({**row.values, "population": row["population"].replace(",", "")})
        if form.is_valid():
            rows.append(RegionRow(number=row.number, **form.cleaned_data))
        errors += _faults(table, row, form)
    if errors:
        raise BadFile(_("Nothing was read: correct these cells and upload the file again."), errors)
    return tuple(rows)


def _faults(table: Table, row: Row, form: RowForm) -> list[CellError]:
    return [table.error(row, name, message) for name, messages in form.errors.items() for message in messages]


def packed(rows: Sequence[RegionRow]) -> list[dict[str, Any]]:
    """Rows as plain JSON, to travel signed through the page between preview and confirmation."""
    return [{name: str(value) for name, value in asdict(row).items() if value is not None} for row in rows]


def unpacked(data: list[dict[str, Any]]) -> tuple[RegionRow, ...]:
    rows = []
    for values in data:
        form = RowForm(values)
        form.full_clean()
        rows.append(RegionRow(number=int(values["number"]), **form.cleaned_data))
    return tuple(rows)


def exported_rows() -> list[list[Any]]:
    """All regions in the columns that the import reads: what was downloaded can be uploaded."""
    return [list(values) for values in Region.objects.order_by("code").values_list(*HEADER)]
