"""What a loan does when the bank has answered a payment of its interest subsidy."""

from datetime import datetime

from growth.loans import actions
from growth.loans.models_loan import Loan
from talentmap.accounts.models import User
from talentmap.money.hooks import payable_failed, payable_paid
from talentmap.money.models import Payable


@payable_paid
@payable_failed
def settle(*, by: User, at: datetime, payable: Payable) -> None:
    """The subsidy may have been corrected while the bank had the payment: what it paid too much is claimed back then,
    and what it did not pay is payable again as it now is."""
    loan = Loan.objects.filter(application=payable.application_id).first()
    if loan:
        actions.settle_subsidy(by=by, at=at, loan=loan)
