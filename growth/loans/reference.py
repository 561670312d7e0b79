from django.utils import timezone

from growth.loans.tariff import FUND_CODE
from talentmap.accounts.models import User
from talentmap.money.actions import open_fund
from talentmap.reference import reference_data, schedule


@reference_data
def loan_fund() -> str:
    open_fund(by=User.objects.system(), at=timezone.now(), code=FUND_CODE, name="创业担保贷款贴息资金")
    schedule("loans: due dates and subsidies", "growth.loans.tasks.look_after_loans", minute="15", hour="2")
    schedule("loans: repayment files left over", "growth.loans.tasks.sweep_repayment_files", minute="*/2")
    return "the fund of interest subsidies"
