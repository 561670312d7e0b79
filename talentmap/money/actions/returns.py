"""Writes of the bank's answers: a return file row by row, or one answer recorded by hand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.money import hooks, kinds, rules
from talentmap.money.actions.ledger import Booking, Kind, book, demand, lock_applications
from talentmap.money.actions.payments import lock_batch, move
from talentmap.money.models import BatchLine, Fund, Payable, PaymentBatch, ReturnFile, ReturnLine
from talentmap.money.payees import page_of
from talentmap.money.return_files import Upload
from talentmap.notices.actions import notify
from talentmap.ui.errors import Refused
from talentmap.ui.workbooks import Row

Outcome = BatchLine.Outcome
Batch = PaymentBatch.State


@dataclass(frozen=True)
class Answer:
    """What became of one payment."""

    line: BatchLine
    result: rules.Result
    reason: str


@action
def import_return(*, by: User, at: datetime, batch: PaymentBatch, upload: Upload) -> ReturnFile:
    """Apply a return file: each row pays, fails, or is kept with why it changed nothing.

    Refused when the same file was imported before, or the batch is not with the bank. One transaction.
    """
    demand(by, Permission.IMPORT_RETURN)
    _lock_answered(batch, [row["reference"].upper() for row in upload.table.rows])
    locked = _locked_at_bank(batch)
    _check_new(upload)
    rows = _judged(locked, upload.table.rows)
    if all(row.verdict == ReturnLine.Verdict.UNKNOWN for row in rows):
        raise Refused(_("No line of this file belongs to batch %(batch)s. Nothing has changed.") % {"batch": locked})
    file = ReturnFile.objects.create(
        batch=locked,
        name=upload.name,
        sha256=upload.sha256,
        imported_by=by,
        imported_at=at,
        counts=dict(Counter(row.verdict for row in rows)),
    )
    for row in rows:
        row.file = file
    ReturnLine.objects.bulk_create(rows)
    _apply(by, at, locked, [_answer(row) for row in rows if row.verdict in ReturnLine.APPLIED])
    return file


@action
def record_answer(*, by: User, at: datetime, line: BatchLine, result: rules.Result, reason: str) -> BatchLine:
    """Record by hand what the bank said of one payment, and where it was said.

    A payment answered as paid can still come back later (`Result.FAILED`): it is booked back and may be paid again.
    """
    demand(by, Permission.IMPORT_RETURN)
    if not reason.strip():
        raise Refused(_("Say where this is known from."))
    _lock_answered(line.batch, [line.reference])
    batch = _locked_at_bank(line.batch)
    row = BatchLine.objects.select_related("payable__application").get(pk=line.pk)
    if row.outcome not in (Outcome.OPEN, Outcome.PAID) or row.outcome == result.value:
        raise Refused(_("This payment is already answered: %(outcome)s.") % {"outcome": row.get_outcome_display()})
    if row.outcome == Outcome.PAID:
        _book_back(by, at, batch, row, reason)
    _apply(by, at, batch, [Answer(row, result, reason.strip())])
    return row


def _lock_answered(batch: PaymentBatch, references: list[str]) -> None:
    """The applications first: the services that hear of an answer work on them while the fund is locked."""
    lines = BatchLine.objects.filter(batch=batch, reference__in=references)
    lock_applications(lines.values_list("payable__application", flat=True))


def _locked_at_bank(batch: PaymentBatch) -> PaymentBatch:
    """The batch, read again with its fund and itself locked; refused when the bank has not got it."""
    Fund.objects.select_for_update(of=("self",)).get(pk=batch.fund_id)
    row = lock_batch(batch)
    if row.state not in (Batch.RELEASED, Batch.SETTLED):
        raise Refused(_("This batch is not with the bank: %(state)s.") % {"state": row.get_state_display()})
    return row


def _check_new(upload: Upload) -> None:
    before = ReturnFile.objects.select_related("batch", "imported_by").filter(sha256=upload.sha256).first()
    if before:
        raise Refused(
            _("This file was imported on %(day)s by %(person)s for batch %(batch)s. Nothing has changed.")
            % {
                "day": f"{timezone.localtime(before.imported_at):%Y-%m-%d}",
                "person": before.imported_by,
                "batch": before.batch,
            }
        )


def _judged(batch: PaymentBatch, rows: Iterable[Row]) -> list[ReturnLine]:
    """Each row with its verdict; a row that repeats an earlier one of the same file meets that one's answer."""
    sent = batch.lines.exclude(outcome=Outcome.DROPPED).select_related(
        "payable__application__applicant__user", "payable__payee"
    )
    lines = {line.reference: line for line in sent.defer("payable__application__applicant__health_note")}
    outcomes = {reference: line.outcome for reference, line in lines.items()}
    judged = []
    for row in rows:
        reference = row["reference"].upper()
        line = lines.get(reference)
        known = rules.Sent(line.amount, outcomes[reference]) if line else None
        verdict = rules.judge(known, row["amount"], row["result"])
        if verdict in ReturnLine.APPLIED:
            outcomes[reference] = verdict
        judged.append(
            ReturnLine(
                row=row.number,
                line=line,
                reference=row["reference"][:200],
                amount=row["amount"][:60],
                result=row["result"][:100],
                reason=row["reason"][:300],
                verdict=verdict,
            )
        )
    return judged


def _answer(row: ReturnLine) -> Answer:
    assert row.line is not None
    return Answer(row.line, rules.Result(row.verdict), row.reason)


def _apply(by: User, at: datetime, batch: PaymentBatch, answers: list[Answer]) -> None:
    """Write outcomes, book payments, tell services and people, and settle a batch with nothing open."""
    paid = [answer.line for answer in answers if answer.result is rules.Result.PAID]
    book(by=by, at=at, fund=batch.fund, bookings=[_payment(line) for line in paid])
    for answer in answers:
        answer.line.outcome, answer.line.reason = answer.result.value, answer.reason[:300]
        answer.line.returned_at = at
    BatchLine.objects.bulk_update([answer.line for answer in answers], ["outcome", "reason", "returned_at"], 500)
    move((line.payable for line in paid), Payable.State.PAID)
    for answer in answers:
        if answer.result is rules.Result.FAILED:
            move([answer.line.payable], Payable.State.FAILED, answer.reason)
    for answer in answers:
        _tell(by, at, answer)
    _settle(at, batch)


def _payment(line: BatchLine) -> Booking:
    key = f"payment:{line.reference}"
    return Booking(key, Kind.PAYMENT, line.amount, line.payable.application, line.reference)


def _book_back(by: User, at: datetime, batch: PaymentBatch, line: BatchLine, reason: str) -> None:
    key = f"payment_return:{line.reference}"
    memo = f"{line.reference}: {reason.strip()}"
    back = Booking(key, Kind.PAYMENT_RETURN, line.amount, line.payable.application, memo)
    book(by=by, at=at, fund=batch.fund, bookings=[back])


def _tell(by: User, at: datetime, answer: Answer) -> None:
    payable, paid = answer.line.payable, answer.result is rules.Result.PAID
    for listener in hooks.PAID if paid else hooks.FAILED:
        listener(by=by, at=at, payable=payable)
    person = payable.payee or payable.application.applicant.user
    if person:
        notify(
            by=by,
            at=at,
            recipient=person,
            kind=kinds.PAYMENT_MADE if paid else kinds.PAYMENT_FAILED,
            params={"number": payable.application.number},
            link=_link(payable),
            key=f"payment:{answer.line.reference}:{answer.result.value}",
        )


def _link(payable: Payable) -> str:
    page = page_of(payable) if payable.payee else ""
    return reverse(page) if page else reverse("casework:application", args=[payable.application_id])


def _settle(at: datetime, batch: PaymentBatch) -> None:
    if batch.state == Batch.RELEASED and not batch.lines.filter(outcome=Outcome.OPEN).exists():
        batch.state, batch.settled_at = Batch.SETTLED, at
        batch.save(update_fields=["state", "settled_at"])
