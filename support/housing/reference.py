from django.utils import timezone

from support.housing.tariff import FUND_CODE
from talentmap.accounts.models import User
from talentmap.money.actions import open_fund
from talentmap.reference import reference_data, schedule


@reference_data
def housing_fund() -> str:
    open_fund(by=User.objects.system(), at=timezone.now(), code=FUND_CODE, name="人才住房保障基金")
    schedule("housing: accrue rent subsidies", "support.housing.tasks.accrue_rent_subsidies", minute="30", hour="1")
    return "the housing fund"
