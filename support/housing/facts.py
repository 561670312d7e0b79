"""Reads from the database what the housing rules look at."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Q, QuerySet, Sum, When

from support.housing.models import Accrual, Entitlement, HousingApplication
from support.housing.rules import ZERO, HousingFacts
from talentmap.casework.models import Application
from talentmap.money.models import BatchLine, Payable, PaymentBatch, Recovery
from talentmap.people.models import Talent


def gather(talent: Talent, kind: str, detail: HousingApplication | None, on: date, today: date) -> HousingFacts:
    """The facts of one person; `detail` is the form's row where there is an application already."""
    held = list(Entitlement.objects.filter(talent=talent).exclude(state=Entitlement.State.REVOKED))
    others = [row for row in held if detail is None or row.application_id != detail.pk]
    running = {row.kind for row in others if row.state == Entitlement.State.ACTIVE}
    return HousingFacts(
        kind=kind,
        talent_pk=talent.pk,
        on=on,
        today=today,
        has_identity=bool(talent.id_number_index),
        has_bank_account=bool(talent.bank_account_last4 and talent.bank_name),
        is_civil_servant=talent.is_civil_servant,
        education=talent.education,
        category=talent.category,
        category_until=talent.category_until,
        work_stated=bool(talent.enterprise_id or talent.employer_id or talent.employer_name or talent.employed_until),
        works_in_county=_works_in_county(talent, today),
        lives_in_apartment=Entitlement.Kind.APARTMENT in running,
        rent_months_used=Accrual.objects.filter(entitlement__in=others).count(),
        rent_running=Entitlement.Kind.RENT in running,
        rent_paid=rent_paid(talent) if kind == Entitlement.Kind.PURCHASE else ZERO,
        had_purchase_subsidy=any(row.kind == Entitlement.Kind.PURCHASE for row in others),
        **_stated(detail),
    )


def _stated(detail: HousingApplication | None) -> dict[str, Any]:
    names = ("owns_home", "has_dormitory", "lease_from", "lease_until", "purchased_on")
    return {name: getattr(detail, name, None) for name in names}


def _works_in_county(talent: Talent, today: date) -> bool | None:
    """None: the person named an employer that the office has not found in the register yet."""
    if talent.enterprise_id:
        return True
    if talent.employed_until and talent.employed_until < today:
        return False
    if talent.employer_id:
        return True
    return None if talent.employer_name else False


def spent(payables: QuerySet[Payable]) -> QuerySet[Payable]:
    """Those that are paid or that the bank has: a batch that nobody released yet can still be changed."""
    with_bank = BatchLine.objects.filter(outcome=BatchLine.Outcome.OPEN, batch__state=PaymentBatch.State.RELEASED)
    return payables.filter(Q(state=Payable.State.PAID) | Q(pk__in=with_bank.values("payable")))


def rent_paid(talent: Talent) -> Decimal:
    """What a person was paid, or is being paid by the bank, as rent subsidy, less what comes back of it; CNY.

    An open claim is expected to come back, of one that was closed only what was received did.
    """
    cases = Application.objects.filter(entitlement__talent=talent, entitlement__kind=Entitlement.Kind.RENT)
    given = spent(Payable.objects.filter(application__in=cases)).aggregate(sum=Sum("amount"))["sum"] or ZERO
    expected = Case(When(state=Recovery.State.OPEN, then="amount"), default="received")
    back = Recovery.objects.filter(application__in=cases).aggregate(sum=Sum(expected))["sum"] or ZERO
    return Decimal(given - back)


def rent_deducted(talent: Talent) -> Decimal:
    """What a standing purchase subsidy took off for rent subsidy already paid; CNY."""
    bought = Entitlement.objects.standing().filter(talent=talent, kind=Entitlement.Kind.PURCHASE)
    return Decimal(bought.aggregate(sum=Sum("deducted"))["sum"] or ZERO)
