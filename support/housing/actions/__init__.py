"""What follows from a housing decision: the entitlement, its months, its money, its end."""

from support.housing.actions.accruing import accrue, end_stay
from support.housing.actions.common import housing_fund
from support.housing.actions.correcting import correct_end
from support.housing.actions.ending import Ended, close_when_done, end, revoke_grant
from support.housing.actions.granting import grant_purchase, grant_rent, record_apartment
from support.housing.actions.paying import after_failure, after_payment

__all__ = [
    "Ended",
    "accrue",
    "after_failure",
    "after_payment",
    "close_when_done",
    "correct_end",
    "end",
    "end_stay",
    "grant_purchase",
    "grant_rent",
    "housing_fund",
    "record_apartment",
    "revoke_grant",
]
