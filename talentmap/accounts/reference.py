"""The account that sweeps and accruals run as, and the daily end of old codes."""

from talentmap.accounts.models import User
from talentmap.reference import reference_data, schedule


@reference_data
def system_account() -> str:
    User.objects.system()
    return "system account"


@reference_data
def daily_forgetting() -> str:
    schedule("Forget codes by text message", "talentmap.accounts.forget_old_codes", minute="40", hour="3")
    return "daily end of old codes"
