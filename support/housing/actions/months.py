"""The months of a rent subsidy: booked, made payable, taken back. Only for actions of housing."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from support.housing import facts, rules
from support.housing.actions.common import housing_fund, total
from support.housing.models import Accrual, Entitlement
from talentmap.accounts.models import User
from talentmap.money import actions as money
from talentmap.money.models import Payable


def book_months(entitlement: Entitlement, months: Iterable[date]) -> int:
    """Book those of `months` that are not booked yet; returns how many."""
    known = set(entitlement.accruals.values_list("month", flat=True))
    fresh = [
        Accrual(
            entitlement=entitlement,
            talent_id=entitlement.talent_id,
            month=month,
            amount=entitlement.monthly_amount,
        )
        for month in months
        if month not in known
    ]
    return len(Accrual.objects.bulk_create(fresh))


def make_payable(by: User, at: datetime, entitlement: Entitlement, before: date | None = None) -> None:
    """One payable a quarter; with `before`, only quarters that have ended by then."""
    waiting = {row.month: row for row in entitlement.accruals.filter(payable=None)}
    for (start, end), months in rules.by_quarter(waiting).items():
        if before and end >= before:
            continue
        rows = [waiting[month] for month in months]
        first, last = min(months), rules.last_day(max(months))
        serial = Payable.objects.filter(application=entitlement.case, period_from__range=(start, end)).count()
        payable = owe(
            by, at, entitlement, first, last, sum((row.amount for row in rows), rules.ZERO),
            key=f"housing:{entitlement.pk}:{start:%Y-%m}:{serial}",
        )  # fmt: skip
        Accrual.objects.filter(pk__in=[row.pk for row in rows]).update(payable=payable)


def owe(
    by: User, at: datetime, entitlement: Entitlement, first: date, last: date, amount: Decimal, key: str
) -> Payable:
    return money.owe(
        by=by,
        at=at,
        fund=housing_fund(),
        application=entitlement.case,
        entitlement_ref=entitlement.get_kind_display(),
        period_from=first,
        period_to=last,
        amount=amount,
        key=key,
    )


def take_back_after(by: User, at: datetime, row: Entitlement, month: date) -> None:
    """Undo the accruals after `month`, and every payable of theirs that the bank does not have yet."""
    excess = row.accruals.filter(month__gt=month)
    first = excess.order_by("month").first()
    if first is None:
        return
    money.cancel_payables(
        by=by,
        at=at,
        application=row.case,
        reason=_("The subsidy ended earlier"),
        after=rules.quarter_of(first.month)[0] - rules.ONE_DAY,
    )
    excess.delete()
    row.accruals.filter(payable__state=Payable.State.CANCELLED).update(payable=None)


def count_as_paid(row: Entitlement) -> None:
    """Have waiting months rest on payments that once covered them, as far as that money did not come back."""
    spent = facts.spent(Payable.objects.filter(application=row.case))
    back = row.case.recoveries.aggregate(sum=Sum("received"))["sum"] or rules.ZERO
    free = total(spent) - back - total(row.accruals.filter(payable__in=spent))
    for accrual in row.accruals.filter(payable=None).order_by("month"):
        payable = spent.filter(period_from__lte=accrual.month, period_to__gte=accrual.month).first()
        if payable and accrual.amount <= free:
            accrual.payable = payable
            accrual.save(update_fields=["payable"])
            free -= accrual.amount
