"""The bank's file of repayments: read while the officer waits, entered in the background, each row by itself, and the
same row twice is once. The same file again tries what could not be entered before."""

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growth.loans.actions.entering import OtherRepayment, repay
from growth.loans.actions.telling import tell_entered
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile, RepaymentLine
from growth.loans.schedules import ZERO
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.money.rules import read_amount
from talentmap.people.models import Organisation
from talentmap.ui.errors import Refused, reasons
from talentmap.ui.workbooks import BadFile, CellError, Column, Row, Table, read_date, read_table

log = logging.getLogger(__name__)
# A month of a large portfolio. A row takes up to a tenth of a second, and nobody waits for it.
LIMIT_ROWS = 10_000
LIMIT_LETTERS = 60
COLUMNS = (
    Column("contract", gettext_lazy("Contract number"), aliases=("合同号", "合同编号", "借款合同号")),
    Column("paid_on", gettext_lazy("Paid on"), aliases=("还款日期", "交易日期", "入账日期")),
    Column("principal", gettext_lazy("Principal"), aliases=("本金", "还本金额", "归还本金")),
    Column("interest", gettext_lazy("Interest"), aliases=("利息", "付息金额", "归还利息")),
    Column("penalty", gettext_lazy("Penalty interest"), required=False, aliases=("罚息", "罚息金额", "逾期罚息")),
    Column("reference", gettext_lazy("The bank's reference"), aliases=("流水号", "交易流水号", "参考号", "业务参考号")),
)
AMOUNTS = ("principal", "interest", "penalty")
NOTHING = re.compile(r"|0+(\.0*)?|\.0+")
NEGATIVE = re.compile(r"[¥￥]?\s*[-−－]\s*[¥￥]?[\d.]")
Verdict = RepaymentLine.Verdict
ENTERED = (Verdict.BOOKED, Verdict.KNOWN)


@dataclass(frozen=True)
class Entry:
    """One row as read; amounts in CNY."""

    row: int
    contract: str
    reference: str
    values: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The day and the amounts as text."""
        values = {name: str(value) for name, value in self.values.items()}
        return {"row": self.row, "contract": self.contract, "reference": self.reference, **values}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Entry":
        amounts = {name: Decimal(kept[name]) for name in AMOUNTS}
        values = {"paid_on": date.fromisoformat(kept["paid_on"]), **amounts}
        return cls(kept["row"], kept["contract"], kept["reference"], values)


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

    values = {"paid_on": cell("paid_on", partial(read_date, is_whole=True), _("This is no date."))}
    for name in AMOUNTS:
        values[name] = cell(name, _amount, _no_amount(row[name]))
    for name in ("contract", "reference"):
        cell(name, lambda text: text or None, _("This is empty."))
        too_long = _("The text is longer than %(limit)s characters.") % {"limit": LIMIT_LETTERS}
        cell(name, lambda text: text if len(text) <= LIMIT_LETTERS else None, too_long)
    return Entry(row.number, row["contract"], row["reference"], values)


def _amount(text: str) -> Decimal | None:
    """An empty cell is nothing; None where it is no amount of whole fen."""
    return ZERO if NOTHING.fullmatch(text) else read_amount(text)


def _no_amount(text: str) -> str:
    return _("An amount is not negative.") if NEGATIVE.match(text) else _("This is no amount.")


@action
def import_repayments(*, by: User, at: datetime, bank: Organisation, upload: Upload) -> RepaymentFile:
    """Have every repayment of a file entered in the background. The same file again is a further import of the rows
    that were not entered; where there are none, or while it is being entered, it gives the last one."""
    if not by.may(Permission.LEND, bank):
        raise PermissionDenied
    _import_lock(bank)
    last = RepaymentFile.objects.filter(bank=bank, sha256=upload.sha256).order_by("attempt").last()
    entries = _not_entered(upload, last) if last else upload.entries
    if last and not entries:
        return last
    made = RepaymentFile.objects.create(
        bank=bank, name=upload.name, sha256=upload.sha256, attempt=last.attempt + 1 if last else 1, by=by, at=at,
        rows=len(entries), entries=[entry.as_json() for entry in sorted(entries, key=_by_day)],
    )  # fmt: skip
    transaction.on_commit(_enqueue(made.pk), robust=True)
    return made


def _by_day(entry: Entry) -> tuple[date, int]:
    return entry.values["paid_on"], entry.row


def _import_lock(bank: Organisation) -> None:
    """A bank's files arrive one after the other. Whoever enters a single repayment refers to the bank and need not wait
    for that."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=bank.pk)


def _not_entered(upload: Upload, last: RepaymentFile) -> Sequence[Entry]:
    if last.is_open:
        return ()
    rows = set(last.lines.exclude(verdict__in=ENTERED).values_list("row", flat=True))
    return [entry for entry in upload.entries if entry.row in rows]


def _enqueue(pk: int) -> Callable[[], Any]:
    from growth.loans.tasks import enter_repayment_file

    # One try only: where the broker is away, the sweep sends it later and nobody waits now.
    return lambda: enter_repayment_file.apply_async((pk,), retry=False)


def enter_file(pk: int, now: Callable[[], datetime], most: int = LIMIT_ROWS) -> bool:
    """Enter up to `most` rows of a file that have no line yet, each in its own transaction: what was entered before a
    crash is there, and is not tried twice. True when more are to be entered and nobody else has the file in hand."""
    file = RepaymentFile.objects.select_related("by", "bank").get(pk=pk)
    done = set(file.lines.values_list("row", flat=True))
    left = [entry for entry in file.entries if entry["row"] not in done]
    # Reasons are kept as they are said: to the person who imported the file.
    with translation.override(file.by.language or settings.LANGUAGE_CODE):
        for kept in left[:most]:
            if not enter_row(by=file.by, at=now(), file=file, entry=Entry.of_json(kept)):
                return False
    return len(left) > most


@action
def enter_row(*, by: User, at: datetime, file: RepaymentFile, entry: Entry) -> bool:
    """Enter one row, or say why it cannot be; the last one finishes the file and tells who imported it. False when
    somebody else has the file in hand, or it is finished."""
    row = _take_in_hand(file)
    if row is None:
        return False
    if not row.lines.filter(row=entry.row).exists():
        line = _book(by, at, Loan.objects.filter(bank=file.bank, contract_number=entry.contract).first(), entry)
        line.file = row
        line.save()
    counts = dict(row.lines.values_list("verdict").annotate(Count("pk")).order_by())
    if sum(counts.values()) == row.rows:
        row.finished_at, row.counts = at, counts
        row.save(update_fields=["finished_at", "counts"])
        tell_entered(by, at, row)
    return True


def _take_in_hand(file: RepaymentFile) -> RepaymentFile | None:
    """Two workers with the same file: the one that comes second leaves it to the other."""
    rows = RepaymentFile.objects.open().select_for_update(of=("self",), skip_locked=True, no_key=True)
    return rows.defer("entries").filter(pk=file.pk).first()


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
    except PermissionDenied:
        line.verdict, line.reason = Verdict.REFUSED, _("Whoever imported the file may not keep this loan.")
    except (Refused, IntegrityError) as refusal:
        line.verdict, line.reason = Verdict.REFUSED, " ".join(reasons(refusal))[:300]
        if not line.reason:
            log.exception("row %s of a bank's file could not be entered", entry.row)
            line.reason = _("It could not be entered, for a fault on our side.")
    return line
