from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BorrowerKind(TextChoices):
    INDIVIDUAL = "individual", pgettext_lazy("borrower", "Individual")
    PARTNERSHIP = "partnership", pgettext_lazy("borrower", "Partnership")
    ENTERPRISE = "enterprise", pgettext_lazy("borrower", "Small enterprise")


class Programme(TextChoices):
    """What a loan is granted under: with a guarantee and a subsidy, or the youth plan, without interest."""

    GUARANTEED = "guaranteed", _("Guaranteed start-up loan")
    YOUTH = "youth", _("Youth start-up plan")


class OtherLoans(TextChoices):
    """What other loans somebody has; only the last one stands against a start-up loan."""

    NONE = "none", pgettext_lazy("other loans", "None")
    PERMITTED = "permitted", _("Only student, poverty-relief micro, mortgage or car loans")
    CONSUMER = "consumer", _("Consumer loans as well")
    OTHERS = "others", pgettext_lazy("other loans", "Others, such as a business loan")
