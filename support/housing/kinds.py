"""What people are told about their housing benefit beyond what casework and money tell them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from support.housing.models import Entitlement
from talentmap.notices.kinds import Group, NoticeKind, register


def _named(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Turn the stored code of a benefit into its name in the reader's language."""
    return {**params, "service": dict(Entitlement.Kind.choices).get(params["service"], params["service"])}


ENDED = register(
    NoticeKind(
        code="housing_ended",
        group=Group.CASES,
        subject=_("%(service)s: the end"),
        text=_("%(service)s: the last month is %(month)s. Sign in to see what is still paid or has to be paid back."),
        channels=("email", "sms"),
        words=_named,
    )
)
CLAIM_OPENED = register(
    NoticeKind(
        code="housing_claim_opened",
        group=Group.MONEY,
        subject=_("Application %(number)s: please pay back"),
        text=_("Please pay back by %(date)s what application %(number)s was paid too much. Sign in to see how."),
        channels=("email", "sms"),
    )
)
CLAIM_WITHDRAWN = register(
    NoticeKind(
        code="housing_claim_withdrawn",
        group=Group.MONEY,
        subject=_("Application %(number)s: nothing more to pay back"),
        text=_("The office has withdrawn what it claimed back for application %(number)s. Sign in for the details."),
        channels=("email", "sms"),
    )
)
