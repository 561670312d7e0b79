"""Writing loan products: a bank's officer for the bank, the office for every bank."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans.choices import BorrowerKind, Programme
from growth.loans.models import LoanProduct
from growth.loans.policy import Policy, offer_problems
from growth.loans.schedules import Method
from growth.loans.tariff import TARIFF_CODE
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.money.tariffs import in_force
from talentmap.people.choices import OrganisationKind
from talentmap.people.models import Organisation
from talentmap.ui.errors import Refused

FIELDS = frozenset(
    {
        "programme",
        "borrower_kinds",
        "methods",
        "annual_rate",
        "day_count",
        "min_amount",
        "max_amount",
        "min_months",
        "max_months",
        "max_grace",
        "needs_guarantee",
        "conditions",
        "valid_until",
    }
)


class BeyondPolicy(Refused):
    """The product asks for more than the policy allows; `fields` says where."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


@action
def add_product(
    *, by: User, at: datetime, bank: Organisation, name: str, valid_from: date, values: Mapping[str, Any]
) -> LoanProduct:
    """Offer a product. Raises BeyondPolicy by the policy of its first day, or of today where that has passed;
    Refused where the organisation is no bank at work; ValidationError for what the model refuses."""
    _check_may(by, bank)
    if bank.kind != OrganisationKind.BANK or not bank.is_active:
        raise Refused(_("Only a bank at work offers loans."))
    product = LoanProduct(bank=bank, name=" ".join(name.split()), valid_from=valid_from, **_known(values))
    return _announce(product, by, at)


@action
def revise_product(
    *, by: User, at: datetime, product: LoanProduct, values: Mapping[str, Any], reason: str
) -> LoanProduct:
    """Offer a new version from today on in place of `product`, which stays for the contracts that rest on it.
    Raises as `add_product` does, and Refused where the product is closed."""
    old = _close(by, at, product, reason)
    fresh = LoanProduct(
        bank=old.bank,
        name=old.name,
        version=old.version + 1,
        replaces=old,
        valid_from=timezone.localdate(at),
        **_known(values),
    )
    return _announce(fresh, by, at)


@action
def close_product(*, by: User, at: datetime, product: LoanProduct, reason: str) -> LoanProduct:
    """Take a product off the offer; contracts that rest on it go on. Raises Refused where that was done before."""
    return _close(by, at, product, reason)


def _close(by: User, at: datetime, product: LoanProduct, reason: str) -> LoanProduct:
    locked = _lock(product)
    _check_may(by, locked.bank)
    if not locked.is_open:
        raise Refused(_("This product was closed already."))
    if not reason.strip():
        raise Refused(_("Say why the product is closed or changed."))
    locked.closed_at, locked.closed_by, locked.closed_why = at, by, reason.strip()
    locked.save(update_fields=["closed_at", "closed_by", "closed_why"])
    return locked


def _lock(product: LoanProduct) -> LoanProduct:
    """Whoever changes or closes it at the same time waits here."""
    return LoanProduct.objects.select_for_update(of=("self",)).select_related("bank__region").get(pk=product.pk)


def _check_may(by: User, bank: Organisation) -> None:
    if not may_keep(by, bank):
        raise PermissionDenied


def may_keep(user: User, bank: Organisation) -> bool:
    """Whether somebody keeps the products of a bank: its own officer, or the office."""
    return user.may(Permission.LEND, bank) or user.may(Permission.MANAGE_LOANS, bank)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    if set(values) - FIELDS:
        raise PermissionDenied
    return {
        **values,
        "borrower_kinds": [kind for kind in BorrowerKind if kind in values["borrower_kinds"]],
        "methods": [method for method in Method if method in values["methods"]],
    }


def _announce(product: LoanProduct, by: User, at: datetime) -> LoanProduct:
    product.made_by, product.made_at = by, at
    product.full_clean()
    _check_policy(product, at)
    product.save(force_insert=True)
    return product


def _check_policy(product: LoanProduct, at: datetime) -> None:
    policy = Policy(in_force(TARIFF_CODE, on=max(product.valid_from, timezone.localdate(at))))
    problems = offer_problems(
        policy,
        kinds=[BorrowerKind(kind) for kind in product.borrower_kinds],
        programme=Programme(product.programme),
        min_amount=product.min_amount,
        max_amount=product.max_amount,
        max_months=product.max_months,
        annual_rate=product.annual_rate,
    )
    if problems:
        raise BeyondPolicy({problem.field: problem.reason for problem in problems})
