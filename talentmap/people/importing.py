"""Reads a table of people row by row: which file each row belongs to, and what is wrong with it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from talentmap.people import identifiers, rules
from talentmap.people.fields import blind_index
from talentmap.people.import_cells import COLUMNS, BadCell, Places, read_cell
from talentmap.people.masks import mask_id
from talentmap.people.models import Talent
from talentmap.regions.models import Region
from talentmap.ui.workbooks import CellError, Row, Table

LIMIT_ROWS = 2000
Covers = Callable[[Region | None], bool]


@dataclass(frozen=True)
class Known:
    """What the database already holds, fetched once for the whole table."""

    places: Places
    by_id_number: dict[str, Talent]
    by_name_and_phone: dict[tuple[str, str], Talent]


@dataclass
class Reading:
    """One row understood: what it would write and to which file, or what is wrong with it."""

    number: int
    name: str
    masked_id: str
    data: dict[str, Any] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    existing: Talent | None = None
    changes: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        if self.errors:
            return "error"
        if self.existing is None:
            return "new"
        return "update" if self.changes else "same"


def packed(table: Table) -> str:
    """The table as text, for keeping it between preview and confirmation."""
    errors = [[e.row, e.letter, e.title, e.message] for e in table.errors]
    rows = [[row.number, {k: v for k, v in row.values.items() if v}] for row in table.rows]
    return json.dumps({"positions": table.positions, "rows": rows, "errors": errors}, ensure_ascii=False)


def unpacked(text: str) -> Table:
    kept = json.loads(text)
    rows = tuple(
        Row(number, {column.name: values.get(column.name, "") for column in COLUMNS}) for number, values in kept["rows"]
    )
    return Table(rows, COLUMNS, kept["positions"], tuple(CellError(*error) for error in kept["errors"]))


def read_people(table: Table, today: date, covers: Covers) -> list[Reading]:
    """Understand every row; `covers` tells whether the importer may write in a region."""
    known = _known(table)
    readings = []
    seen = Seen()
    for row in table.rows:
        reading = _read_cells(table, row, today, known.places)
        problems = list(_row_problems(reading, row, known, covers, seen))
        reading.errors += [table.error(row, name, problem) for name, problem in problems]
        readings.append(reading)
    return readings


def _read_cells(table: Table, row: Row, today: date, places: Places) -> Reading:
    reading = Reading(row.number, row["name"][:50], mask_id(identifiers.plain(row["id_number"])))
    reading.errors += [error for error in table.errors if error.row == row.number]
    faulty = {error.title for error in reading.errors}
    for column in COLUMNS:
        if row[column.name] and str(column.title) not in faulty:
            try:
                reading.data |= read_cell(column.name, row[column.name], today, places)
            except (BadCell, identifiers.BadIdentifier) as error:
                reading.errors.append(table.error(row, column.name, error.args[0]))
    return reading


def _row_problems(
    reading: Reading,
    row: Row,
    known: Known,
    covers: Covers,
    seen: "Seen",
) -> Iterable[tuple[str, Any]]:
    data = reading.data
    if not row["name"]:
        yield "name", _("Please enter a name.")
        return
    index = blind_index(data.get("id_number", ""))
    if not row["id_number"] and not row["phone"]:
        yield "id_number", _("Please give the ID number or the phone: by the name alone nobody is known again.")
    yield from seen.problems(row.number, index, (data.get("name", ""), data.get("phone", "")))
    _match(reading, index, known)
    yield from _existing_problems(reading, covers)
    if not covers(data.get("region") or (reading.existing.region if reading.existing else None)):
        yield "region", _("You may only import people of your own area.")
    if problem := rules.term_problem(_effective(reading)):
        yield "name", problem


@dataclass
class Seen:
    """The people of the rows above: nobody stands twice in one table, by number or by name and phone."""

    numbers: dict[str, int] = field(default_factory=dict)
    phones: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def problems(self, row: int, index: str, person: tuple[str, str]) -> Iterable[tuple[str, Any]]:
        if index and index in self.numbers:
            yield "id_number", _("The same ID number stands in row %(row)s.") % {"row": self.numbers[index]}
        above, number = self.phones.get(person, (0, ""))
        # Two numbers are two people, father and daughter of one name with one phone.
        if person[1] and above and not (index and number):
            yield "phone", _("The same name and phone stand in row %(row)s.") % {"row": above}
        self.numbers.setdefault(index, row)
        self.phones.setdefault(person, (row, index))


def _existing_problems(reading: Reading, covers: Covers) -> Iterable[tuple[str, Any]]:
    existing = reading.existing
    if existing is None:
        return
    if existing.name != reading.data.get("name"):
        yield "name", _("This ID number is registered under another name.")
    if not covers(existing.region):
        yield "id_number", _("This person is registered in another area.")


def _match(reading: Reading, index: str, known: Known) -> None:
    data = reading.data
    existing = known.by_id_number.get(index) if index else None
    if existing is None:
        namesake = known.by_name_and_phone.get((data.get("name", ""), data.get("phone", "-")))
        existing = namesake if namesake and (not index or not namesake.id_number_index) else None
    reading.existing = existing
    if existing is not None:
        reading.changes = tuple(name for name, value in data.items() if getattr(existing, name) != value)


def _effective(reading: Reading) -> dict[str, Any]:
    """The row's dates on top of those on file, as they would stand after the import."""
    names = (
        "category",
        "category_since",
        "category_until",
        "employed_since",
        "employed_until",
        "graduated_on",
    )
    held = {name: getattr(reading.existing, name) for name in names} if reading.existing else {}
    data = {**held, **reading.data}
    if reading.data.get("category_since"):
        data["category_until"] = rules.category_until(reading.data["category_since"])
    return data


def _known(table: Table) -> Known:
    numbers = {blind_index(identifiers.plain(row["id_number"])) for row in table.rows if row["id_number"]}
    phones = {_digits(row["phone"]) for row in table.rows if row["phone"]}
    people = Talent.objects.registered().select_related("region")
    return Known(
        places=Places.named_by({row["employer"] for row in table.rows}),
        by_id_number={t.id_number_index: t for t in people.filter(id_number_index__in=numbers)},
        by_name_and_phone={(t.name, t.phone): t for t in people.filter(phone__in=phones)},
    )


def _digits(text: str) -> str:
    try:
        return identifiers.parse_mobile(text)
    except identifiers.BadIdentifier:
        return ""
