"""The partners of a partnership as the applicant lists them: one a line, name and ID number. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from talentmap.people.identifiers import BadIdentifier, parse_id_number

BETWEEN = re.compile(r"[\s,，、;；:：]+")
LONGEST_NAME = 100


class BadPartners(ValueError):
    """Says which line cannot be read, and why; never the number that stands in it."""


@dataclass(frozen=True)
class Partner:
    name: str
    id_number: str


def read_partners(text: str, today: date) -> tuple[Partner, ...]:
    """Everybody in the list, in its order; raises BadPartners for the first line that names nobody, whose number is
    wrong, or that names somebody again. `today` bounds the dates of birth."""
    found: dict[str, Partner] = {}
    for number, line in _lines(text):
        partner = _read(number, line, today)
        if partner.id_number in found:
            raise BadPartners(_("Line %(line)s names somebody who is named already.") % {"line": number})
        found[partner.id_number] = partner
    return tuple(found.values())


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, numbered as they stand."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _read(number: int, line: str, today: date) -> Partner:
    *names, written = BETWEEN.split(line)
    name = " ".join(filter(None, names))
    if not name or len(name) > LONGEST_NAME:
        raise BadPartners(_("Line %(line)s: write the name, a space, and the ID number.") % {"line": number})
    try:
        return Partner(name, parse_id_number(written, today).value)
    except BadIdentifier as error:
        raise BadPartners(_("Line %(line)s: %(reason)s") % {"line": number, "reason": error}) from error
