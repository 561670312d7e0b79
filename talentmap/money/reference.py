"""What money needs in every installation: the first version of every tariff."""

from django.utils import timezone

from talentmap.accounts.models import User
from talentmap.money import actions, tariffs
from talentmap.reference import reference_data


@reference_data
def first_tariffs() -> str:
    actions.load_defaults(by=User.objects.system(), at=timezone.now())
    return f"{len(tariffs.definitions())} tariffs"
