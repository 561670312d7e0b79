"""A fund in the played year: its budgets, the batches that the office prepares, and what the bank answers."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from talentmap.demo import bank
from talentmap.demo.world import World
from talentmap.money import actions as money
from talentmap.money.models import BatchLine, Fund, PaymentBatch
from talentmap.money.return_files import read_upload
from talentmap.money.rules import Quarter
from talentmap.ui.errors import Refused

NEW_YEAR = (1, 5)  # the day on which the new year's budget is asked for


def _nobody() -> Collection[int]:
    return ()


@dataclass
class DemoFund:
    """`first` and `yearly` are the budgets in CNY; of the payments to `spared` applications none fails."""

    world: World
    fund: Callable[[], Fund]
    first: Decimal
    yearly: Decimal
    reason: str
    failing: float = 0.0
    spared: Callable[[], Collection[int]] = _nobody

    def plan(self) -> None:
        """The budget when the played year begins, and that of each calendar year which begins in it."""
        self.world.on(self.world.begin, lambda at: self.top_up(at, self.first))
        opened = timezone.localdate(self.world.begin).year
        for day in self.world.days():
            if (day.month, day.day) == NEW_YEAR and day.year > opened:
                self.world.after(self.world.midnight(day), 1, self.begin_year)

    def top_up(self, at: datetime, amount: Decimal, name: str = "") -> None:
        fund = self.fund()
        key = f"demo:{fund.code}:{name or at.year}"
        money.top_up(by=self.world.director, at=at, fund=fund, amount=amount, key=key, reason=self.reason)

    def begin_year(self, at: datetime) -> None:
        """What the old year left, if anything, is carried over, and the new year's budget comes."""
        if money.left_before(self.fund(), timezone.localdate(at).year) > 0:
            money.carry_over(by=self.world.director, at=at, fund=self.fund(), reason="上年结转")
        self.top_up(at, self.yearly)

    def pay(self, at: datetime, quarter: Quarter) -> None:
        """What is due by the end of a quarter, through all three hands."""
        batch = self.prepare(at, quarter)
        if batch:
            self.world.after(at, 1, lambda later: self._release(batch, later))

    def prepare(self, at: datetime, quarter: Quarter) -> PaymentBatch | None:
        try:
            return money.prepare_batch(by=self.world.staff[1], at=at, fund=self.fund(), quarter=quarter).batch
        except Refused as nothing_due:
            self.world.say(f"  {timezone.localdate(at)}: {nothing_due}")
            return None

    def _release(self, batch: PaymentBatch, at: datetime) -> None:
        if batch.lines.filter(outcome="").exists():
            money.release_batch(by=self.world.director, at=at, batch=batch)
            self.world.after(at, 2, lambda later: self._answer(batch, later))
        else:  # whoever was to be paid is entitled no more since
            money.cancel_batch(by=self.world.director, at=at, batch=batch, reason="批次内款项均已取消，无需支付")

    def _answer(self, batch: PaymentBatch, at: datetime) -> None:
        """The bank's return file: nearly everything paid, here and there an account that does not exist."""
        lines = list(money.export_batch(by=self.world.staff[1], at=at, batch=batch))
        content = bank.answer(lines, self._failed(batch, lines))
        upload = read_upload(SimpleUploadedFile(f"{batch.number}-return.csv", content, "text/csv"))
        money.import_return(by=self.world.staff[1], at=self.world.soon(at, 20), batch=batch, upload=upload)

    def _failed(self, batch: PaymentBatch, lines: Collection[BatchLine]) -> set[int]:
        failed = {line.pk for line in lines if self.world.chance(self.failing)}
        spared = batch.lines.filter(payable__application__in=self.spared())
        return failed - set(spared.values_list("pk", flat=True))
