from django.utils import timezone

from growth.mentoring.tariff import FUND_CODE
from talentmap.accounts.models import User
from talentmap.money.actions import open_fund
from talentmap.reference import reference_data, schedule


@reference_data
def mentoring_fund() -> str:
    open_fund(by=User.objects.system(), at=timezone.now(), code=FUND_CODE, name="导师帮带专项资金")
    schedule("mentoring: ask the next mentors", "growth.mentoring.tasks.lapse_requests", minute="10", hour="0")
    schedule("mentoring: reminders", "growth.mentoring.tasks.remind", minute="0", hour="8")
    return "the mentoring fund"
