"""Samples for the URL sweep: the banks' loan products."""

from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories import loans
from tests.factories.accounts import give

KEEPERS = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR, Role.BANK_OFFICER})


@sample("loans:product", "loans:product_revise", "loans:product_close")
def product(world: World) -> Sample:
    """The office sees every bank's; an officer none of another bank."""
    loans.policy_in_force()
    own, other = loans.bank(), loans.bank("另一家银行")
    give(world.people[Role.BANK_OFFICER], Role.BANK_OFFICER, organisation=own)
    return Sample(here={"pk": loans.product(own).pk}, elsewhere={"pk": loans.product(other).pk}, reached_by=KEEPERS)
