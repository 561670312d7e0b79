"""What the demo county's banks do with a loan once it is approved: contract, money, repayments, and what goes wrong."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import StringIO
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from growth.loans import actions
from growth.loans.actions.common import payments, plans
from growth.loans.actions.early import interest_owed
from growth.loans.demo_stories import REASONS, Story
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment
from growth.loans.schedules import ZERO, Keep, add_months, half_up
from growth.loans.standing import dues
from talentmap.accounts.models import User
from talentmap.demo.world import World
from talentmap.money.rules import Quarter

HEADER = ("合同编号", "还款日期", "本金", "利息", "罚息", "流水号")
FILE_DAY, ENTRY_DAY = 20, 10  # on which what the first bank imports falls due, and what is entered by hand
LEAST_DAYS = 20  # from the money to the first instalment
LAST_SHARE, EARLY_SHARE = Decimal("0.4"), Decimal("0.3")
PENALTY = Decimal("1.5")  # of the loan's rate
REMINDERS = (1, 7, 30, 60, 90)
WRITTEN_OFF_AFTER = 135  # days overdue
NIGHT = timedelta(hours=2, minutes=15)
# After how many repayments, and how many days later, what a story tells happens.
FATES: dict[str, tuple[int, int]] = {"further": (1, 4), "early": (3, 9), "extended": (4, 6), "settled": (5, 11)}


@dataclass
class Lending:
    """`officers` keep the loans of each bank, by its key."""

    world: World
    officers: dict[int, User]
    importing: int  # the bank that sends files
    numbers: dict[str, count] = field(default_factory=dict)
    rows: dict[date, list[tuple[Loan, Story]]] = field(default_factory=dict)

    def by(self, loan: Loan) -> User:
        return self.officers[loan.bank_id]

    def _number(self, series: str) -> int:
        return next(self.numbers.setdefault(series, count(1)))

    def _reference(self, day: date, letters: str = "HK") -> str:
        return f"{letters}{day:%Y%m%d}{self._number(letters):04d}"

    # Contract and money

    def sign(self, loan: Loan, at: datetime) -> None:
        series = "惠村" if loan.bank_id == self.importing else "农信"
        number = f"{series}借字{at:%Y}第{self._number(series):04d}号"
        actions.sign(by=self.by(loan), at=at, loan=loan, contract_number=number, signed_on=timezone.localdate(at))

    def disburse(self, loan: Loan, story: Story, at: datetime) -> None:
        """All of it, or the first part of what is paid out in two."""
        on, held_back = timezone.localdate(at), half_up(loan.amount * LAST_SHARE) if story.fate == "further" else ZERO
        actions.disburse(
            by=self.by(loan), at=at, loan=loan, amount=loan.amount - held_back, on=on,
            reference=self._reference(on, "FK"), first_due=self._first_due(loan, story, on),
        )  # fmt: skip
        if story.fate == "corrected":
            ends = timezone.localdate(self.world.end)
            self.world.on(self.world.at(ends - timedelta(days=12), 75), partial(self._correct, loan))
        self._plan_due(loan, story, at)

    def _first_due(self, loan: Loan, story: Story, on: date) -> date:
        """On the bank's usual day, so that the last one may fall a month later than by the term alone; what is overdue
        today fell due so many days ago."""
        day = FILE_DAY if loan.bank_id == self.importing else ENTRY_DAY
        if story.overdue:
            day = min(self._stops(story).day, 28)
        earliest = on + timedelta(days=LEAST_DAYS)
        this_month = earliest.replace(day=day)
        return this_month if this_month >= earliest else add_months(this_month, 1)

    def _stops(self, story: Story) -> date:
        return timezone.localdate(self.world.end) - timedelta(days=story.overdue)

    # What falls due

    def _plan_due(self, loan: Loan, story: Story, at: datetime) -> None:
        """The reminder before the next instalment, and the day itself."""
        loan.refresh_from_db()
        if loan.next_due_on is None:
            return
        reminder = self.world.midnight(loan.next_due_on - timedelta(days=5)) + NIGHT
        if reminder > at:
            self.world.on(reminder, partial(self._look, loan))
        due = self.world.at(loan.next_due_on, 420)
        if due > at:  # what was refused today is not tried again today
            self.world.on(due, partial(self._fall_due, loan, story))

    def _look(self, loan: Loan, at: datetime) -> None:
        """What the nightly task does for this loan; in the nights between it would change nothing."""
        actions.bring_up_to_date(by=self.world.system, at=at, loan=loan)

    def _fall_due(self, loan: Loan, story: Story, at: datetime) -> None:
        loan.refresh_from_db()
        today = timezone.localdate(at)
        if loan.state != Loan.State.RUNNING:
            return
        if story.overdue and today >= self._stops(story) - timedelta(days=3):
            self._leave_unpaid(loan, story, today)
        elif not story.fate and not story.played and self.world.chance(0.05):
            late = timedelta(days=self.world.rng.randrange(2, 19))
            self.world.on(self.world.midnight(today + timedelta(days=1)) + NIGHT, partial(self._look, loan))
            self.world.on(at + late, partial(self._pay, loan, story))
        elif loan.bank_id == self.importing and today.day == FILE_DAY:
            self._list(loan, story, today)
        else:
            self._pay(loan, story, at)

    def _leave_unpaid(self, loan: Loan, story: Story, due: date) -> None:
        for days in REMINDERS:
            self.world.on(self.world.midnight(due + timedelta(days=days)) + NIGHT, partial(self._look, loan))
        if story.goal == "written_off":
            given_up = self.world.at(due + timedelta(days=WRITTEN_OFF_AFTER), 90)
            self.world.on(given_up, partial(self._write_off, loan))

    def _write_off(self, loan: Loan, at: datetime) -> None:
        on, reason = timezone.localdate(at), REASONS["written_off"]
        actions.write_off(by=self.by(loan), at=at, loan=loan, on=on, reason=reason)

    # Repayments

    def _owed(self, loan: Loan, day: date) -> tuple[Decimal, Decimal]:
        """Principal and interest that are due by a day and not paid."""
        rows, paid = [row for row in dues(plans(loan)) if row.due <= day], payments(loan)
        principal = sum((row.principal for row in rows), ZERO) - sum((each.principal for each in paid), ZERO)
        return principal, sum((row.interest for row in rows), ZERO) - sum((each.interest for each in paid), ZERO)

    def _pay(self, loan: Loan, story: Story, at: datetime) -> None:
        """Entered by hand on the day on which it was paid; with penalty interest where that is late."""
        loan.refresh_from_db()
        paid_on, penalty = timezone.localdate(at), ZERO
        principal, interest = self._owed(loan, paid_on)
        if loan.overdue_since:
            days = (paid_on - loan.overdue_since).days
            penalty = half_up(loan.arrears * loan.annual_rate * PENALTY * days / 36_000)
        actions.repay(
            by=self.by(loan), at=at, loan=loan, paid_on=paid_on, principal=principal, interest=interest,
            penalty=penalty, reference=self._reference(paid_on),
        )  # fmt: skip
        self._go_on(loan, story, at)

    def _list(self, loan: Loan, story: Story, day: date) -> None:
        """One row of the bank's file of that day, which is imported in the evening."""
        if day not in self.rows:
            self.rows[day] = []
            self.world.on(self.world.at(day, 500), partial(self._import, day))
        self.rows[day].append((loan, story))

    def _import(self, day: date, at: datetime) -> None:
        listed = self.rows.pop(day)
        table = StringIO()
        writer = csv.writer(table)
        writer.writerow(HEADER)
        for loan, _story in listed:
            principal, interest = self._owed(loan, day)
            writer.writerow([loan.contract_number, day, principal, interest, ZERO, self._reference(day)])
        if self.world.chance(0.25):  # a contract that is none of these
            writer.writerow([f"惠村消字{day:%Y}第0317号", day, "1500.00", "86.40", ZERO, self._reference(day)])
        file = SimpleUploadedFile(f"还款明细{day:%Y%m%d}.csv", table.getvalue().encode("utf-8-sig"), "text/csv")
        bank = listed[0][0].bank
        read = actions.read_upload(file)
        made = actions.import_repayments(by=self.officers[bank.pk], at=at, bank=bank, upload=read)
        actions.enter_file(made.pk, lambda: at)
        for loan, story in listed:
            self._go_on(loan, story, at)

    def _go_on(self, loan: Loan, story: Story, at: datetime) -> None:
        """The next instalment, and what the story tells after this one."""
        self._plan_due(loan, story, at)
        after, days = FATES.get(story.fate, (0, 0))
        if after and len(payments(loan)) == after:
            act: Callable[[Loan, datetime], object] = getattr(self, f"_{story.fate}")
            self.world.on(at + timedelta(days=days), partial(act, loan))

    # What stories tell

    def _further(self, loan: Loan, at: datetime) -> None:
        on, rest = timezone.localdate(at), loan.amount - loan.disbursed
        actions.disburse(
            by=self.by(loan), at=at, loan=loan, amount=rest, on=on, reference=self._reference(on, "FK"))  # fmt: skip

    def _early(self, loan: Loan, at: datetime) -> None:
        self._repay_early(loan, at, half_up(loan.outstanding * EARLY_SHARE), "春茶销售回款，提前归还部分本金")

    def _settled(self, loan: Loan, at: datetime) -> None:
        self._repay_early(loan, at, loan.outstanding, "提前结清")

    def _repay_early(self, loan: Loan, at: datetime, principal: Decimal, note: str) -> None:
        loan.refresh_from_db()
        on = timezone.localdate(at)
        actions.repay_early(
            by=self.by(loan), at=at, loan=loan, paid_on=on, principal=principal, keep=Keep.INSTALMENT, note=note,
            interest=interest_owed(loan, dues(plans(loan)), on), reference=self._reference(on),
        )  # fmt: skip

    def _extended(self, loan: Loan, at: datetime) -> None:
        on, reason = timezone.localdate(at), REASONS["extended"]
        actions.extend(by=self.by(loan), at=at, loan=loan, on=on, months=6, reason=reason)

    def _correct(self, loan: Loan, at: datetime) -> None:
        """A repayment of a quarter whose subsidy is booked turns out to have come twelve days later."""
        over = Quarter.of(Quarter.of(timezone.localdate(at)).first_day - timedelta(days=1))
        found = loan.repayments.filter(kind=Repayment.Kind.REGULAR, reversal=None)
        wrong = found.filter(paid_on__range=(over.first_day, over.last_day)).first()
        if wrong is None:
            return
        actions.take_back(by=self.by(loan), at=at, repayment=wrong, reason=REASONS["corrected"])
        paid_on = wrong.paid_on + timedelta(days=12)
        actions.repay(
            by=self.by(loan), at=at + timedelta(minutes=4), loan=loan, paid_on=paid_on, principal=wrong.principal,
            interest=wrong.interest, reference=f"{wrong.reference}-更正", note="按实际到账日期重新录入",
        )  # fmt: skip
