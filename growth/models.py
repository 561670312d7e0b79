from growth.loans.models import *  # noqa: F403
from growth.loans.models_borrowing import Borrowing, BorrowingPerson  # noqa: F401
from growth.loans.models_loan import Loan, LoanApplication  # noqa: F401
from growth.loans.models_repayment import (  # noqa: F401
    Disbursement,
    Instalment,
    Repayment,
    RepaymentFile,
    RepaymentLine,
    Schedule,
    SubsidyBooking,
)
from growth.loans.models_write_off import WriteOff  # noqa: F401
from growth.mentoring.models import *  # noqa: F403
from growth.pathways.models import *  # noqa: F403
