"""The account that sweeps and accruals run as."""

from talentmap.accounts.models import User
from talentmap.reference import reference_data


@reference_data
def system_account() -> str:
    User.objects.system()
    return "system account"
