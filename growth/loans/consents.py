"""What a partner of a partnership agrees to; the words shown are kept with the loan."""

from django.utils.translation import gettext as _


def partners_wording() -> str:
    return _(
        "Every partner has read and signed: the office, the guarantor and the bank may keep my name and my ID number,"
        " encrypted, for this application, and check with it how many start-up loans I have had at any bank."
    )
