"""What the demo county's banks lend."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from growth.loans import actions_products as actions
from growth.loans.models import LoanProduct
from growth.loans.tariff import TARIFF
from talentmap.demo.registry import demo_part
from talentmap.demo.world import World
from talentmap.people.choices import OrganisationKind
from talentmap.people.models import Organisation

GUARANTEED: dict[str, Any] = {
    "programme": "guaranteed",
    "borrower_kinds": ["individual", "partnership"],
    "methods": ["equal-instalment", "equal-principal", "interest-only"],
    "annual_rate": Decimal("3.5"),
    "day_count": "30/360",
    "min_amount": Decimal(20_000),
    "max_amount": Decimal(500_000),
    "min_months": 6,
    "max_months": 36,
    "max_grace": 6,
    "needs_guarantee": True,
    "conditions": "须在本行开立结算账户，贷款用于创办的经营实体。",
    "valid_until": None,
}
YOUTH: dict[str, Any] = {
    "programme": "youth",
    "borrower_kinds": ["individual"],
    "methods": ["equal-principal", "interest-only"],
    "annual_rate": Decimal(0),
    "min_amount": Decimal(30_000),
    "max_amount": Decimal(100_000),
    "needs_guarantee": False,
    "conditions": "18 至 40 周岁、创业不满三年的青年，免息、免担保。",
}
ENTERPRISE: dict[str, Any] = {
    "borrower_kinds": ["enterprise"],
    "methods": ["equal-instalment", "interest-quarterly"],
    "annual_rate": Decimal("3.45"),
    "day_count": "actual/365",
    "min_amount": Decimal(200_000),
    "max_amount": Decimal(6_000_000),
    "max_months": 24,
    "max_grace": 0,
    "conditions": "近一年新招用符合条件人员达到在职职工人数的规定比例。",
}
# Which bank (in the order of the register), how many working days after the beginning, under which name.
OFFERS: tuple[tuple[int, int, str, dict[str, Any]], ...] = (
    (0, 1, "返乡创业贷", {}),
    (0, 1, "青年创业贷", YOUTH),
    (0, 4, "小微企业创业贷", {**ENTERPRISE, "annual_rate": Decimal("3.5")}),
    (1, 2, "创业惠农贷", {"annual_rate": Decimal("3.4"), "max_amount": Decimal(300_000), "max_grace": 3}),
    (1, 5, "小微快贷", ENTERPRISE),
)
ALL_OFFERED = 6  # working days after which everything is on offer


def opening(world: World) -> datetime:
    """When banks begin to offer loans: with the played year, but not before there is a policy to lend by."""
    return max(world.begin, world.at(TARIFF.valid_from))


@demo_part
def loan_products(world: World) -> None:
    for bank, workdays, name, changes in OFFERS:
        world.after(opening(world), workdays, _offer(world, bank, name, changes))
    world.after(opening(world), 120, lambda at: _lower_the_rate(world, at))


def _offer(world: World, bank: int, name: str, changes: dict[str, Any]) -> Any:
    def happen(at: datetime) -> None:
        actions.add_product(
            by=world.system,
            at=at,
            bank=banks()[bank],
            name=name,
            valid_from=timezone.localdate(at),
            values={**GUARANTEED, **changes},
        )

    return happen


def _lower_the_rate(world: World, at: datetime) -> None:
    """So that there is a product with a version before."""
    product = LoanProduct.objects.get(name="创业惠农贷", closed_at=None)
    values = {name: getattr(product, name) for name in actions.FIELDS}
    actions.revise_product(
        by=world.director,
        at=at,
        product=product,
        values={**values, "annual_rate": Decimal("3.3")},
        reason="LPR 下调，利率相应调整",
    )


def banks() -> list[Organisation]:
    return list(Organisation.objects.filter(kind=OrganisationKind.BANK).order_by("pk"))
