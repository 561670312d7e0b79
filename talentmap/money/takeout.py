"""What a person was and will be paid, for the copy of everything that is stored about them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.audit.takeout import readings_of
from talentmap.money.models import Payable, PaymentBatch, Recovery
from talentmap.people.models import Talent
from talentmap.people.takeout import Entry, numbered, taken_along


@taken_along
def payments(talent: Talent) -> Iterator[Entry]:
    payables = Payable.objects.paid_to(talent).select_related("fund").order_by("pk")
    yield from numbered(_("Payment"), payables)
    yield from numbered(
        pgettext("stored data", "Recovery"), Recovery.objects.filter(application__applicant=talent).order_by("pk")
    )
    yield from readings_of(PaymentBatch, PaymentBatch.objects.filter(lines__payable__in=payables).distinct())
