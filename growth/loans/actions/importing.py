"""The bank's file of repayments: each row by itself, and the same row twice is once. The same file again tries what
could not be entered before."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growth.loans.actions.entering import OtherRepayment, repay
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile, RepaymentLine
from growth.loans.schedules import ZERO
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.money.actions.ledger import lock_applications
from talentmap.money.rules import read_amount
from talentmap.people.models import Organisation
from talentmap.ui.errors import Refused, reasons
from talentmap.ui.workbooks import BadFile, CellError, Column, Row, Table, read_date, read_table

log = logging.getLogger(__name__)
# A row takes up to a tenth of a second, and somebody waits for all of them: a request ends after a minute.
LIMIT_ROWS = 500
LIMIT_LETTERS = 60
COLUMNS = (
    Column("contract", gettext_lazy("Contract number"), aliases=("合同号", "合同编号", "借款合同号")),
    Column("paid_on", gettext_lazy("Paid on"), aliases=("还款日期", "交易日期", "入账日期")),
    Column("principal", gettext_lazy("Principal"), aliases=("本金", "还本金额", "归还本金")),
    Column("interest", gettext_lazy("Interest"), aliases=("利息", "付息金额", "归还利息")),
    Column("penalty", gettext_lazy("Penalty interest"), required=False, aliases=("罚息", "罚息金额", "逾期罚息")),
    Column("reference", gettext_lazy("The bank's reference"), aliases=("流水号", "交易流水号", "参考号", "业务参考号")),
)
Verdict = RepaymentLine.Verdict
ENTERED = (Verdict.BOOKED, Verdict.KNOWN)


@dataclass(frozen=True)
class Entry:
    """One row as read; amounts in CNY."""

    row: int
    contract: str
    reference: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file as read: its rows, all of them readable, and the fingerprint of its content."""

    name: str
    sha256: str
    entries: tuple[Entry, ...]


def read_upload(upload: File) -> Upload:
    """Read a repayment file (XLSX or CSV); raises BadFile, naming every cell that cannot be read."""
    table = read_table(upload, COLUMNS, limit_rows=LIMIT_ROWS)
    errors = list(table.errors)
    entries = [_entry(table, row, errors) for row in table.rows]
    if errors:
        raise BadFile(_("Some cells cannot be read. Nothing was imported."), tuple(errors))
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return Upload((upload.name or "")[-200:], digest.hexdigest(), tuple(entries))


def _entry(table: Table, row: Row, errors: list[CellError]) -> Entry:
    def cell(name: str, read: Callable[[str], Any], message: str) -> Any:
        value = read(row[name])
        if value is None:
            errors.append(table.error(row, name, message))
        return value

    values = {"paid_on": cell("paid_on", read_date, _("This is no date."))}
    for name in ("principal", "interest", "penalty"):
        values[name] = cell(name, _amount, _("This is no amount."))
    for name in ("contract", "reference"):
        cell(name, lambda text: text or None, _("This is empty."))
        too_long = _("The text is longer than %(limit)s characters.") % {"limit": LIMIT_LETTERS}
        cell(name, lambda text: text if len(text) <= LIMIT_LETTERS else None, too_long)
    return Entry(row.number, row["contract"], row["reference"], values)


def _amount(text: str) -> Decimal | None:
    """An empty cell is nothing; None where it is no amount of whole fen."""
    return read_amount(text) if text.strip("0.") else ZERO


@action
def import_repayments(*, by: User, at: datetime, bank: Organisation, upload: Upload) -> RepaymentFile:
    """Enter every repayment of a file, each by itself: what cannot be entered is listed with its reason, and what is
    known already changes nothing. The same file again tries the rows that were not entered, as a further import; where
    there are none, it gives the last one."""
    if not by.may(Permission.LEND, bank):
        raise PermissionDenied
    _import_lock(bank)
    last = RepaymentFile.objects.filter(bank=bank, sha256=upload.sha256).order_by("attempt").last()
    entries = _not_entered(upload, last) if last else upload.entries
    if last and not entries:
        return last
    contracts = {entry.contract for entry in entries}
    loans = {loan.contract_number: loan for loan in Loan.objects.filter(bank=bank, contract_number__in=contracts)}
    _lock_loans(loans.values())
    ordered = sorted(entries, key=lambda entry: (entry.values["paid_on"], entry.row))
    lines = [_book(by, at, loans.get(entry.contract), entry) for entry in ordered]
    counts = Counter(line.verdict for line in lines)
    made = RepaymentFile.objects.create(
        bank=bank, name=upload.name, sha256=upload.sha256, attempt=last.attempt + 1 if last else 1, by=by, at=at,
        counts=dict(counts),
    )  # fmt: skip
    for line in lines:
        line.file = made
    RepaymentLine.objects.bulk_create(sorted(lines, key=lambda line: line.row))
    return made


def _import_lock(bank: Organisation) -> None:
    """A bank's files are entered one after the other. Whoever enters a single repayment refers to the bank and need not
    wait for that."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=bank.pk)


def _not_entered(upload: Upload, last: RepaymentFile) -> Sequence[Entry]:
    rows = set(last.lines.exclude(verdict__in=ENTERED).values_list("row", flat=True))
    return [entry for entry in upload.entries if entry.row in rows]


def _lock_loans(loans: Iterable[Loan]) -> None:
    """All before the first row, in the order in which everybody takes them: no row loses to somebody else."""
    lock_applications([loan.application_id for loan in loans])


def _book(by: User, at: datetime, loan: Loan | None, entry: Entry) -> RepaymentLine:
    line = RepaymentLine(row=entry.row, contract_number=entry.contract, reference=entry.reference)
    if loan is None:
        line.verdict, line.reason = Verdict.UNKNOWN, _("The bank has no contract with this number here.")
        return line
    known = Repayment.objects.filter(bank=loan.bank_id, reference=entry.reference, reverses=None).exists()
    try:
        with transaction.atomic():
            line.repayment = repay(by=by, at=at, loan=loan, reference=entry.reference, **entry.values)
            line.verdict = Verdict.KNOWN if known else Verdict.BOOKED
    except OtherRepayment as refusal:
        line.verdict, line.reason = Verdict.CONTRADICTION, str(refusal)[:300]
    except (Refused, IntegrityError) as refusal:
        line.verdict, line.reason = Verdict.REFUSED, " ".join(reasons(refusal))[:300]
        if not line.reason:
            log.exception("row %s of a bank's file could not be entered", entry.row)
            line.reason = _("It could not be entered, for a fault on our side.")
    return line
