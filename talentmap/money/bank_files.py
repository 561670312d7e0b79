"""The file that goes to the bank: one payment a row, full account numbers, as Excel or CSV."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override

from talentmap.money.models import BatchLine, PaymentBatch
from talentmap.ui.downloads import csv_response, xlsx_response

# The bank reads Chinese whatever language its sender uses.
BANK_LANGUAGE = "zh-hans"
WIDTHS = (6, 26, 16, 24, 34, 14, 32)


def header() -> list[str]:
    return [
        _("No."),
        _("Reference"),
        _("Account holder"),
        _("Account number"),
        _("Bank"),
        _("Amount"),
        _("Purpose"),
    ]


def rows(lines: Iterable[BatchLine]) -> list[tuple[Any, ...]]:
    return [
        (
            line.position,
            line.reference,
            line.payee_name,
            line.bank_account,
            line.bank_name,
            line.amount,
            line.payable.purpose,
        )
        for line in lines
    ]


def response(batch: PaymentBatch, lines: Sequence[BatchLine], *, as_csv: bool) -> HttpResponseBase:
    """The download in the bank's language; in Excel account numbers are text, so none is rounded."""
    with override(BANK_LANGUAGE):
        head = header()
        name = _("Bank file %(number)s") % {"number": batch.number}
        if as_csv:
            return csv_response(name, head, rows(lines))
        return xlsx_response(name, head, rows(lines), sheet=_("Bank file"), widths=WIDTHS)
