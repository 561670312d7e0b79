"""Reads from the database what the housing rules look at."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from support.housing.models import Accrual, Entitlement, HousingApplication
from support.housing.rules import ZERO, HousingFacts
from talentmap.casework.models import Application
from talentmap.money.models import Payable, Recovery
from talentmap.people.models import Talent

# What the bank has is as good as paid.
SPENT_PAYABLES = (Payable.State.PAID, Payable.State.BATCHED)


def gather(talent: Talent, kind: str, detail: HousingApplication | None, on: date, today: date) -> HousingFacts:
    """The facts of one person; `detail` is the form's row where there is an application already."""
    held = list(Entitlement.objects.filter(talent=talent).exclude(state=Entitlement.State.REVOKED))
    others = [row for row in held if detail is None or row.application_id != detail.pk]
    running = {row.kind for row in others if row.state == Entitlement.State.ACTIVE}
    return HousingFacts(
        kind=kind,
        on=on,
        today=today,
        has_identity=bool(talent.id_number_index),
        has_bank_account=bool(talent.bank_account_last4 and talent.bank_name),
        is_civil_servant=talent.is_civil_servant,
        education=talent.education,
        category=talent.category,
        category_until=talent.category_until,
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


def rent_paid(talent: Talent) -> Decimal:
    """What a person was paid, or is being paid by the bank, as rent subsidy, less what is claimed back; CNY."""
    cases = Application.objects.filter(entitlement__talent=talent, entitlement__kind=Entitlement.Kind.RENT)
    spent = Payable.objects.filter(application__in=cases, state__in=SPENT_PAYABLES)
    claimed = Recovery.objects.filter(application__in=cases)
    total: Decimal = (spent.aggregate(s=Sum("amount"))["s"] or ZERO) - (claimed.aggregate(s=Sum("amount"))["s"] or ZERO)
    return total
