"""Whom a payment goes to, and the account in their file: the applicant's, or that of somebody whom a service pays.

A service that pays others, such as mentors, keeps their accounts in rows of its own and declares these here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.db.models.functions import Coalesce, NullIf


@dataclass(frozen=True)
class Payee:
    """Whom to pay, and where."""

    name: str
    bank: str
    account: str

    def columns(self) -> dict[str, str]:
        account = "".join(self.account.split())
        return {
            "payee_name": self.name.strip(),
            "bank_name": self.bank.strip(),
            "bank_account": account,
            "account_last4": account[-4:],
        }


@dataclass(frozen=True)
class Accounts:
    """Rows with the columns `bank_name`, `bank_account` and `bank_account_last4` that belong to one account of ours by
    the one-to-one `relation`; `page` is the URL name of the page on which their owner looks after them."""

    relation: str
    page: str


_OTHERS: list[Accounts] = []


def keeps_accounts(relation: str, *, page: str) -> None:
    """Declare where a service keeps the accounts of people whom it pays beside applicants."""
    _OTHERS.append(Accounts(relation, page))


def in_file(payable: Any) -> Payee:
    """The account that stands in the payee's file now; parts that are missing stay empty."""
    if payable.payee is None:
        talent = payable.application.applicant
        return Payee(talent.bank_account_name or talent.name, talent.bank_name, talent.bank_account)
    for _accounts, row in _kept(payable.payee):
        return Payee(row.name, row.bank_name, row.bank_account)
    return Payee(str(payable.payee), "", "")


def page_of(payable: Any) -> str:
    """The URL name of the page on which a payee who is not the applicant looks after the account; "" for none."""
    return next((accounts.page for accounts, _row in _kept(payable.payee)), "")


def _kept(user: Any) -> Iterable[tuple[Accounts, Any]]:
    rows = ((accounts, getattr(user, accounts.relation, None)) for accounts in _OTHERS)
    return ((accounts, row) for accounts, row in rows if row is not None)


def differs_from_file() -> Case:
    """Of a payment order: whether it goes elsewhere than to the account in the payee's file. Whole account numbers were
    compared when the account was entered; here nothing is decrypted."""
    applicant = "payable__application__applicant"
    holder = Coalesce(NullIf(F(f"{applicant}__bank_account_name"), Value("")), F(f"{applicant}__name"))
    same = Q(payable__payee=None) & _same(applicant, holder)
    for accounts in _OTHERS:
        path = f"payable__payee__{accounts.relation}"
        same |= Q(payable__payee__isnull=False) & _same(path, F(f"{path}__name"))
    return Case(
        When(Q(payable__entered_by_hand=False) & same, then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )


def _same(path: str, holder: Any) -> Q:
    return Q(account_last4=F(f"{path}__bank_account_last4"), bank_name=F(f"{path}__bank_name"), payee_name=holder)
