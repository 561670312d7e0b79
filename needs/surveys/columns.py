"""What models of several parts share: who a respondent is, in the words that quotas, tallies and weights go by."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.columns import append_only, both_or_neither, person

__all__ = ["AgeBand", "ResponseState", "Sex", "append_only", "both_or_neither", "occupation", "person"]


class AgeBand(models.TextChoices):
    """Years of age on the day of the answer; what nobody said is ""."""

    LT25 = "lt25", _("under 25")
    FROM_25 = "25_34", _("25 to 34")
    FROM_35 = "35_44", _("35 to 44")
    FROM_45 = "45_54", _("45 to 54")
    GE55 = "ge55", _("55 and over")


class Sex(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class ResponseState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("survey response", "Pending")
    APPROVED = "approved", pgettext_lazy("survey response", "Approved")
    RETURNED = "returned", pgettext_lazy("survey response", "Returned")
    REJECTED = "rejected", pgettext_lazy("survey response", "Rejected")


def occupation() -> models.CharField:
    """A choice of the questionnaire's question with the role `occupation`, by its name."""
    return models.CharField(pgettext_lazy("respondent", "occupation"), max_length=60, blank=True, default="")
