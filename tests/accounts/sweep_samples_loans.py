"""Samples for the URL sweep: loans, their applications at bank and guarantor, the banks' files."""

from typing import Any

from django.utils import timezone

from growth.loans.actions.common import keep_schedule
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories import lending

BANK = frozenset({Role.BANK_OFFICER})
OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
INFORMED = OFFICE | BANK | {Role.TALENT, Role.TOWNSHIP_CADRE, Role.GUARANTOR_OFFICER}


def _loans(world: World) -> tuple[Loan, Loan]:
    own, other = world.organisation, world.other_organisation
    return (
        lending.bare(world.talent_here, own, own, "HT-1"),
        lending.bare(world.talent_elsewhere, other, other, "HT-2"),
    )


@sample("loans:loan")
def loan(world: World) -> Sample:
    here, elsewhere = _loans(world)
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=INFORMED)


@sample(
    "loans:sign", "loans:disburse", "loans:repay", "loans:early", "loans:extend", "loans:write_off", "loans:cancel",
    "loans:correct_contract", "loans:take_back_write_off",
)  # fmt: skip
def kept_by_the_bank(world: World) -> Sample:
    here, elsewhere = _loans(world)
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=BANK)


@sample("loans:book_subsidy")
def watched_by_the_office(world: World) -> Sample:
    here, elsewhere = _loans(world)
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=OFFICE)


@sample("loans:take_back")
def repayment(world: World) -> Sample:
    def paid(loan: Loan) -> dict[str, int]:
        made = Repayment.objects.create(
            loan=loan, bank=loan.bank, paid_on=loan.first_due, interest=350, reference=f"LS-{loan.pk}",
            by=User.objects.system(), at=timezone.now(),
        )  # fmt: skip
        return {"pk": loan.pk, "repayment_pk": made.pk}

    here, elsewhere = _loans(world)
    return Sample(here=paid(here), elsewhere=paid(elsewhere), reached_by=BANK)


@sample("loans:take_back_payout")
def payout(world: World) -> Sample:
    here, elsewhere = ({"pk": loan.pk, "payout_pk": loan.disbursements.get().pk} for loan in _loans(world))
    return Sample(here=here, elsewhere=elsewhere, reached_by=BANK)


@sample("loans:take_back_extension")
def extension(world: World) -> Sample:
    def extended(loan: Loan) -> dict[str, int]:
        made = keep_schedule(
            loan, (), since=loan.first_due, reason="extended", by=User.objects.system(), at=timezone.now()
        )
        return {"pk": loan.pk, "extension_pk": made.pk}

    here, elsewhere = _loans(world)
    return Sample(here=extended(here), elsewhere=extended(elsewhere), reached_by=BANK)


@sample("loans:terms")
def at_the_bank(world: World) -> Sample:
    here = lending.case_at(world.talent_here, world.organisation, "bank")
    elsewhere = lending.case_at(world.talent_elsewhere, world.other_organisation, "bank")
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=BANK)


@sample("loans:guarantor")
def at_the_guarantor(world: World) -> Sample:
    here = lending.case_at(world.talent_here, world.organisation, "guarantor")
    return Sample(here={"pk": here.pk}, reached_by=OFFICE)


@sample("loans:repayment_file")
def file(world: World) -> Sample:
    def made(bank: Any) -> dict[str, int]:
        values = {"name": "a.csv", "sha256": "0" * 64, "by": User.objects.system(), "at": timezone.now()}
        return {"pk": RepaymentFile.objects.create(bank=bank, **values).pk}

    own, other = made(world.organisation), made(world.other_organisation)
    return Sample(here=own, elsewhere=other, reached_by=OFFICE | BANK)
