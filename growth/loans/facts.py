"""Reads from the database what the loan rules look at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from growth.loans.choices import BorrowerKind
from growth.loans.models_borrowing import Borrowing
from growth.loans.models_loan import LoanApplication
from growth.loans.partners import BadPartners, Partner, read_partners
from growth.loans.rules import Asked, LoanFacts, PartnerFacts
from talentmap.people import masks
from talentmap.people.fields import blind_index
from talentmap.people.models import Talent


@dataclass(frozen=True)
class Part:
    """A person's part in a loan that counts."""

    loan: int
    index: str
    is_open: bool
    is_borrower: bool
    talent: int


def gather(talent: Talent, detail: LoanApplication | None, on: date, today: date) -> LoanFacts:
    """The facts of one person; `detail` is the form's row where there is an application already."""
    partners = partners_named(detail, today)
    parts = _parts(talent, detail, [blind_index(each.id_number) for each in partners])
    return LoanFacts(
        talent_pk=talent.pk,
        on=on,
        today=today,
        has_identity=bool(talent.id_number_index),
        has_bank_account=bool(talent.bank_account_last4 and talent.bank_name),
        is_civil_servant=talent.is_civil_servant,
        birth_date=talent.birth_date,
        has_enterprise=talent.enterprise_id is not None,
        loans_before=len(own := _loans_of(talent.id_number_index, parts, talent.pk)),
        has_open_loan=any(own.values()),
        partners=tuple(_partner_facts(each, parts) for each in partners),
        asked=(asked := _asked(detail) if detail else Asked()),
        granted=_granted(detail, asked) if detail else None,
    )


def partners_named(detail: LoanApplication | None, today: date) -> tuple[Partner, ...]:
    """As far as they are named: a list that cannot be read names nobody."""
    if detail is None or detail.kind != BorrowerKind.PARTNERSHIP:
        return ()
    try:
        return read_partners(detail.partner_list, today)
    except BadPartners:
        return ()


def _parts(talent: Talent, detail: LoanApplication | None, indexes: Sequence[str]) -> list[Part]:
    """Of the person and the partners, at all banks. A loan of the file counts for its person whatever number the file
    had then."""
    own = Q(person__id_number_index=talent.id_number_index) | Q(loan__talent=talent, is_borrower=True)
    found = Borrowing.objects.filter(own | Q(person__id_number_index__in=indexes), is_counted=True)
    if detail is not None:
        found = found.exclude(loan__application=detail.pk)
    names = ("loan_id", "person__id_number_index", "is_open", "is_borrower", "loan__talent_id")
    return [Part(*values) for values in found.values_list(*names)]


def _loans_of(index: str, parts: Sequence[Part], talent_pk: int | None = None) -> dict[int, bool]:
    """The loans of one person, and whether each is open."""
    return {
        part.loan: part.is_open
        for part in parts
        if part.index == index or (part.is_borrower and part.talent == talent_pk)
    }


def _partner_facts(partner: Partner, parts: Sequence[Part]) -> PartnerFacts:
    loans = _loans_of(blind_index(partner.id_number), parts)
    return PartnerFacts(masks.mask_name(partner.name), len(loans), any(loans.values()))


def _asked(detail: LoanApplication) -> Asked:
    product: Any = detail.product
    return Asked(
        kind=detail.kind,
        partners=detail.partners,
        partners_agree=detail.partners_agree,
        programme=product.programme if product else "",
        product=product.name if product else "",
        offered_until=product.offered_until if product else None,
        needs_guarantee=bool(product and product.needs_guarantee),
        rate=product.annual_rate if product else None,
        amount=detail.amount,
        months=detail.months,
        business_started_on=detail.business_started_on,
        other_loans=detail.other_loans,
        consumer_amount=detail.consumer_amount,
        spouse_loans=detail.spouse_loans,
        spouse_consumer_amount=detail.spouse_consumer_amount,
    )


def _granted(detail: LoanApplication, asked: Asked) -> Asked | None:
    """What the bank would lend on its own terms; None while it has set none."""
    if detail.terms_at is None:
        return None
    return replace(asked, amount=detail.granted_amount, rate=detail.granted_rate, months=detail.granted_months)
