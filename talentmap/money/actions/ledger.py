"""Writes of funds and their ledger.

Whatever claims a fund's money locks the fund's row, reads the balances again, then books; the constraints of
`FundBalance` and `CommitmentBalance` stand behind it. A key books once: repeating a call gives the first entry.

Locks are taken in one order everywhere, so that nobody waits for somebody who waits for them: applications by their
id (which covers what a service keeps of them, such as an entitlement), then funds, batches, payables, claims. An
entry refers to its application, for which the database locks that row too: whoever books has locked it before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework.models import Application
from talentmap.money import rules
from talentmap.money.models import CommitmentBalance, Fund, FundBalance, LedgerEntry, LedgerLine
from talentmap.ui.errors import Refused, given
from talentmap.ui.templatetags.ui import money

Kind = LedgerEntry.Kind


class Shortfall(Refused):
    """The fund, or what it holds for an application, is smaller than what is needed (all in yuan)."""

    def __init__(self, message: str, *, needed: Decimal, available: Decimal) -> None:
        super().__init__(message)
        self.needed = needed
        self.available = available
        self.missing = rules.missing(needed, available)


class KeyReused(ValueError):
    """A key that booked one movement was used for another: a fault in the calling code."""


@dataclass(frozen=True)
class Booking:
    """One movement to be booked under its key."""

    key: str
    kind: str
    amount: Decimal
    application: Application | None = None
    memo: str = ""


def demand(by: User, *permissions: Permission) -> None:
    """Raise PermissionDenied unless `by` holds one of the permissions."""
    if not any(by.may(permission) for permission in permissions):
        raise PermissionDenied


@action
def open_fund(*, by: User, at: datetime, code: str, name: str) -> Fund:
    """Make a fund known by its code; an existing one is returned as it is. Called by reference data."""
    return Fund.objects.get_or_create(code=code, defaults={"name": name})[0]


@action
def top_up(
    *, by: User, at: datetime, fund: Fund, amount: Decimal, key: str, reason: str, kind: str = Kind.BUDGET
) -> LedgerEntry:
    """Book the yearly budget of a fund, add to it, or take budget back (`kind` budget|top_up|reduction)."""
    demand(by, Permission.MANAGE_FUNDS)
    if kind not in (Kind.BUDGET, Kind.TOP_UP, Kind.REDUCTION):
        raise ValueError(kind)
    return book(by=by, at=at, fund=fund, bookings=[Booking(key, kind, amount, memo=given(reason))])[0]


@action
def carry_over(*, by: User, at: datetime, fund: Fund, reason: str) -> LedgerEntry:
    """Book what the years before have left out of the last one and into this one, once a year; gives the latter.

    What is available stays the same: nothing is counted twice. Refused when nothing is left, or it was done already.
    """
    demand(by, Permission.MANAGE_FUNDS)
    locked, year = _lock(fund), timezone.localdate(at).year
    key = f"carry_over:{locked.pk}:{year}"
    if LedgerEntry.objects.filter(key=key).exists():
        raise Refused(_("What was left of %(year)s is carried over already.") % {"year": year - 1})
    amount = left_before(locked, year)
    if amount <= 0:
        raise Refused(_("Nothing is left of %(year)s.") % {"year": year - 1})
    memo = given(reason)
    bookings = [
        Booking(key, Kind.CARRY_OVER, amount, memo=memo),
        Booking(f"{key}:out", Kind.CARRY_OUT, amount, memo=memo),
    ]
    return book(by=by, at=at, fund=locked, bookings=bookings)[0]


@action
def commit(
    *, by: User, at: datetime, fund: Fund, amount: Decimal, application: Application, key: str, memo: str = ""
) -> LedgerEntry:
    """Reserve money for an application; raises Shortfall (Refused) that names needed, available and missing.

    Who may approve was settled by the caller: approving is what commits.
    """
    booking = Booking(key, Kind.COMMITMENT, amount, application, memo)
    return book(by=by, at=at, fund=fund, bookings=[booking])[0]


@action
def release(
    *, by: User, at: datetime, fund: Fund, amount: Decimal, application: Application, key: str, memo: str = ""
) -> LedgerEntry:
    """Give back what is committed for an application and will not be paid."""
    booking = Booking(key, Kind.RELEASE, amount, application, memo)
    return book(by=by, at=at, fund=fund, bookings=[booking])[0]


@action
def release_rest(
    *,
    by: User,
    at: datetime,
    fund: Fund,
    application: Application,
    key: str,
    memo: str = "",
    keep: Decimal = rules.ZERO,
) -> LedgerEntry | None:
    """Give back all that is still committed for an application but `keep`; None when that is nothing."""
    _lock(fund)
    done = LedgerEntry.objects.filter(key=key).first()
    rest = committed(fund, application) - keep
    if done or rest <= 0:
        return done
    return release(by=by, at=at, fund=fund, amount=rest, application=application, key=key, memo=memo)


@action
def recover(
    *, by: User, at: datetime, fund: Fund, amount: Decimal, application: Application, key: str, memo: str = ""
) -> LedgerEntry:
    """Book money that a person paid back; it is available again."""
    booking = Booking(key, Kind.RECOVERY, amount, application, memo)
    return book(by=by, at=at, fund=fund, bookings=[booking])[0]


def book(*, by: User, at: datetime, fund: Fund, bookings: Sequence[Booking]) -> list[LedgerEntry]:
    """Book movements of one fund, each once; gives their entries in order. Only for actions of money."""
    locked = _lock(fund)
    done = {e.key: e for e in LedgerEntry.objects.filter(key__in=[b.key for b in bookings])}
    fresh = [b for b in bookings if b.key not in done]
    for booking in bookings:
        if booking.key in done:
            _check_same(done[booking.key], locked, booking)
    _check_affordable(locked, fresh)
    entries = LedgerEntry.objects.bulk_create(_entry(locked, by, at, booking) for booking in fresh)
    LedgerLine.objects.bulk_create(
        LedgerLine(entry=entry, account=account, amount=amount)
        for entry in entries
        for account, amount in rules.postings(entry.kind, entry.amount)
    )
    done |= {entry.key: entry for entry in entries}
    return [done[booking.key] for booking in bookings]


def balances(fund: Fund) -> dict[str, Decimal]:
    """The balance of every account of a fund."""
    return dict(FundBalance.objects.filter(fund=fund).values_list("account", "balance"))


def budget_years(fund: Fund) -> tuple[rules.BudgetYear, ...]:
    """What the fund received and used, year by year, the latest first."""
    sums = LedgerEntry.objects.filter(fund=fund).order_by().values_list("year", "kind").annotate(total=Sum("amount"))
    return rules.budget_years(sums)


def left_before(fund: Fund, year: int) -> Decimal:
    """What the years before `year` have left."""
    return sum((row.left for row in budget_years(fund) if row.year < year), rules.ZERO)


def committed(fund: Fund, application: Application) -> Decimal:
    """What is still committed for an application."""
    row = CommitmentBalance.objects.filter(fund=fund, application=application).first()
    return row.committed if row else rules.ZERO


def lock_applications(ids: Iterable[int]) -> None:
    """Lock applications before any fund; the order of their ids keeps two such callers apart."""
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    list(rows.only("pk"))


def _lock(fund: Fund) -> Fund:
    return Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)


def _entry(fund: Fund, by: User, at: datetime, booking: Booking) -> LedgerEntry:
    return LedgerEntry(
        fund=fund,
        kind=booking.kind,
        amount=booking.amount,
        application=booking.application,
        at=at,
        by=by,
        memo=booking.memo[:300],
        key=booking.key,
    )


def _check_same(entry: LedgerEntry, fund: Fund, booking: Booking) -> None:
    wanted = (fund.pk, booking.kind, booking.amount, booking.application and booking.application.pk)
    if (entry.fund_id, entry.kind, entry.amount, entry.application_id) != wanted:
        raise KeyReused(booking.key)


def _check_affordable(fund: Fund, bookings: Sequence[Booking]) -> None:
    if not bookings:
        return
    if not fund.is_active:
        raise Refused(_("The fund “%(fund)s” is no longer in use.") % {"fund": fund.name})
    for booking in bookings:
        if not rules.is_amount(booking.amount):
            raise Refused(_("An amount is more than zero and has at most two decimal places."))
    _check_fund(fund, bookings)
    _check_commitments(fund, bookings)


def _check_fund(fund: Fund, bookings: Sequence[Booking]) -> None:
    """What is brought into the fund together with what is taken out of it counts: a year is carried over like that."""
    lines = (line for b in bookings for line in rules.postings(b.kind, b.amount))
    needed = -sum((amount for account, amount in lines if account == "available"), rules.ZERO)
    available = balances(fund)["available"] if needed > 0 else needed
    if needed > available:
        raise Shortfall(
            _("The fund “%(fund)s” has %(available)s available, %(needed)s is needed: %(missing)s is missing.")
            % {
                "fund": fund.name,
                "available": money(available),
                "needed": money(needed),
                "missing": money(needed - available),
            },
            needed=needed,
            available=available,
        )


def _check_commitments(fund: Fund, bookings: Sequence[Booking]) -> None:
    needed: dict[Application, Decimal] = {}
    for booking in bookings:
        if booking.application and rules.MOVES[booking.kind][0] == "committed":
            needed[booking.application] = needed.get(booking.application, rules.ZERO) + booking.amount
    held = dict(
        CommitmentBalance.objects.filter(fund=fund, application__in=needed).values_list("application_id", "committed")
    )
    for application, amount in needed.items():
        available = held.get(application.pk, rules.ZERO)
        if amount > available:
            raise Shortfall(
                _("%(available)s is committed for application %(number)s, %(needed)s is needed.")
                % {
                    "available": money(available),
                    "number": application.number or application.pk,
                    "needed": money(amount),
                },
                needed=amount,
                available=available,
            )
