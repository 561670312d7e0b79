import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from growth.loans.schedules import BadTerms, DayCount, Method, Row, Terms, schedule, totals


class Command(BaseCommand):
    help = "Prints the repayment schedule of a loan, as the calculator shows it. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--principal", required=True, help="in CNY")
        add("--rate", required=True, help="percent a year")
        add("--months", required=True, help="the term, grace included")
        add("--method", required=True, choices=Method.values)
        add("--instalment", help="in CNY; without it equal instalments are the exact annuity")
        add("--grace", default="0", help="months in which only interest is due")
        add("--day-count", default=DayCount.THIRTY_360.value, choices=DayCount.values)
        add("--disbursed", required=True, help="YYYY-MM-DD")
        add("--first-due", required=True, help="YYYY-MM-DD, of the first month, also with interest by quarter")
        add("--json", action="store_true", help="for programs: amounts in CNY as strings")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = schedule(_terms(options))
        except BadTerms as bad:
            raise CommandError(f"--{_option(bad.field)}: {bad}") from bad
        self.stdout.write(json.dumps(_as_data(rows), indent=2) if options["json"] else "\n".join(_table(rows)))


def _terms(options: dict[str, Any]) -> Terms:
    return Terms(
        principal=_number(options["principal"], "principal"),
        annual_rate=_number(options["rate"], "annual_rate"),
        months=_whole(options["months"], "months"),
        method=Method(options["method"]),
        disbursed=_day(options["disbursed"], "disbursed"),
        first_due=_day(options["first_due"], "first_due"),
        grace=_whole(options["grace"], "grace"),
        instalment=None if options["instalment"] is None else _number(options["instalment"], "instalment"),
        day_count=DayCount(options["day_count"]),
    )


def _option(field: str) -> str:
    return {"annual_rate": "rate"}.get(field, field.replace("_", "-"))


# call_command() hands over numbers and dates as they are, a shell hands over text: both are read as text.


def _number(value: Any, field: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise BadTerms(_("“%(value)s” is not a number.") % {"value": value}, field) from error


def _whole(value: Any, field: str) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 6):
        raise BadTerms(_("“%(value)s” is not a whole number.") % {"value": value}, field)
    return int(text)


def _day(value: Any, field: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadTerms(_("“%(value)s” is not a date like 2026-11-23.") % {"value": value}, field) from error


def _as_data(rows: Sequence[Row]) -> dict[str, Any]:
    """Amounts as strings of two places: a number of JSON would lose what was exact."""
    listed = [{key: _plain(value) for key, value in asdict(row).items()} for row in rows]
    sums = dict(zip(("principal", "interest", "total"), map(_plain, totals(rows)), strict=True))
    return {"rows": listed, "totals": sums}


def _plain(value: Any) -> int | str:
    return f"{value:.2f}" if isinstance(value, Decimal) else value if isinstance(value, int) else str(value)


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield _line(
        _("No."),
        _("Due"),
        pgettext("of a period", "Days"),
        _("Opening balance"),
        pgettext("loan", "Principal"),
        pgettext("loan", "Interest"),
        _("Instalment"),
        _("Closing balance"),
    )
    for row in rows:
        amounts = (row.opening, row.principal, row.interest, row.total, row.closing)
        yield _line(str(row.number), row.due.isoformat(), str(row.days), *map(_money, amounts))
    yield _line("", pgettext("counts", "Total"), "", "", *map(_money, totals(rows)), "")


def _line(*cells: str) -> str:
    widths = (5, 12, 6, *[18] * 5)
    return "".join(" " * (width - _columns(cell)) + cell for width, cell in zip(widths, cells, strict=True)).rstrip()


def _columns(text: str) -> int:
    """How wide a terminal shows it: a Chinese character takes two columns."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
