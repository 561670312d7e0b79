"""What the housing actions share: the fund, the locks, the sums of one application.

Locks go application, then talent, then entitlement, then (inside money) fund and batch. Of two applications of one
person the purchase goes before the rent.
"""

from decimal import Decimal

from django.db.models import QuerySet, Sum

from support.housing import rules
from support.housing.models import Entitlement
from support.housing.tariff import FUND_CODE
from talentmap.casework.models import Application
from talentmap.money.models import Fund, Payable
from talentmap.people.models import Talent

Kind, EndReason, State = Entitlement.Kind, Entitlement.EndReason, Entitlement.State
OPEN_PAYABLES = (Payable.State.DUE, Payable.State.BATCHED, Payable.State.FAILED)


def housing_fund() -> Fund:
    return Fund.objects.get(code=FUND_CODE)


def lock(entitlement: Entitlement) -> Entitlement:
    """Application first, then the entitlement: the order in which every action takes them."""
    if entitlement.application_id:
        Application.objects.select_for_update(of=("self",)).get(pk=entitlement.application_id)
    return Entitlement.objects.select_for_update(of=("self",)).get(pk=entitlement.pk)


def lock_talent(talent: Talent) -> None:
    """Whatever gives a person a further benefit waits here, then looks at what the person holds."""
    Talent.objects.select_for_update(of=("self",)).only("pk").get(pk=talent.pk)


def lock_of(application_id: int) -> Entitlement | None:
    """The entitlement of an application, both locked; None where there is none."""
    Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    return Entitlement.objects.select_for_update(of=("self",)).filter(application=application_id).first()


def total(rows: QuerySet) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or rules.ZERO


def open_amount(application: Application) -> Decimal:
    return total(Payable.objects.filter(application=application, state__in=OPEN_PAYABLES))
