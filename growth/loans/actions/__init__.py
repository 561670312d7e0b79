"""Everything that changes a loan. One line each; the themes are modules of this package."""

from growth.loans.actions.applying import apply_as_calculated
from growth.loans.actions.changing import schedule_of, take_back_extension, take_back_payout, what_hangs_on
from growth.loans.actions.common import loan_fund, refresh
from growth.loans.actions.contracts import cancel, correct_contract, disburse, sign
from growth.loans.actions.early import extend, repay_early
from growth.loans.actions.ending import revoke_grant, take_back_write_off, write_off
from growth.loans.actions.entering import OtherRepayment, repay, take_back
from growth.loans.actions.granting import choose_guarantor, grant, set_terms
from growth.loans.actions.importing import Upload, enter_file, import_repayments, read_upload
from growth.loans.actions.nightly import bring_up_to_date
from growth.loans.actions.subsidising import book_subsidy, portions, settle_subsidy

__all__ = [
    "OtherRepayment",
    "Upload",
    "apply_as_calculated",
    "book_subsidy",
    "bring_up_to_date",
    "cancel",
    "choose_guarantor",
    "correct_contract",
    "disburse",
    "enter_file",
    "extend",
    "grant",
    "import_repayments",
    "loan_fund",
    "portions",
    "read_upload",
    "refresh",
    "repay",
    "repay_early",
    "revoke_grant",
    "schedule_of",
    "set_terms",
    "settle_subsidy",
    "sign",
    "take_back",
    "take_back_extension",
    "take_back_payout",
    "take_back_write_off",
    "what_hangs_on",
    "write_off",
]
