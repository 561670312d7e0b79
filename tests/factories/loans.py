"""Banks, their officers, and their products, made through the product's own actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from growth.loans.actions_products import add_product
from growth.loans.models import LoanProduct
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.money import actions as money
from talentmap.people.models import Organisation
from tests.factories.accounts import CountyFactory, user_with
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory

OFFERED_FROM = date(2026, 1, 5)
VALUES = {
    "programme": "guaranteed",
    "borrower_kinds": ["individual"],
    "methods": ["equal-instalment", "interest-quarterly"],
    "annual_rate": Decimal("3.5"),
    "day_count": "30/360",
    "min_amount": Decimal(10_000),
    "max_amount": Decimal(500_000),
    "min_months": 6,
    "max_months": 36,
    "max_grace": 6,
    "needs_guarantee": True,
    "conditions": "",
    "valid_until": None,
}
YOUTH = {
    "programme": "youth",
    "annual_rate": Decimal(0),
    "needs_guarantee": False,
    "min_amount": Decimal(30_000),
    "max_amount": Decimal(100_000),
}


def policy_in_force() -> None:
    CountyFactory()
    money.load_defaults(by=User.objects.system(), at=moment())


def bank(name: str = "高县示例银行") -> Organisation:
    return OrganisationFactory(name=name, kind="bank")


def officer(of: Organisation) -> User:
    return user_with(Role.BANK_OFFICER, organisation=of)


def product(of: Organisation, name: str = "返乡创业贷", by: User | None = None, **changes: Any) -> LoanProduct:
    valid_from = changes.pop("valid_from", OFFERED_FROM)
    return add_product(
        by=by or User.objects.system(),
        at=moment(OFFERED_FROM),
        bank=of,
        name=name,
        valid_from=valid_from,
        values={**VALUES, **changes},
    )
