"""The bank of a demo: what it would answer to a batch that was released to it."""

import csv
from collections.abc import Collection
from io import StringIO

from talentmap.money.models import BatchLine, PaymentBatch

HEADER = ("业务参考号", "金额", "交易结果", "失败原因")


def sent(batch: PaymentBatch) -> list[BatchLine]:
    """The payments of the batch, as the bank got them."""
    lines = batch.lines.exclude(outcome=BatchLine.Outcome.DROPPED).order_by("position")
    return list(lines.only("reference", "amount", "batch"))


def answer(lines: Collection[BatchLine], failed: Collection[int] = ()) -> bytes:
    """A return file (CSV): paid, but for the lines whose keys are in `failed`."""
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(HEADER)
    for line in lines:
        bad = line.pk in failed
        writer.writerow([line.reference, line.amount, "失败" if bad else "成功", "户名与账号不符" if bad else ""])
    return table.getvalue().encode("utf-8-sig")
