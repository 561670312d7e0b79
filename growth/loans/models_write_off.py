"""The bank's decision to give a loan up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from growth.loans.models_loan import Loan, yuan
from growth.loans.querysets import OfLoanQuerySet
from talentmap.casework.columns import append_only, person


class WriteOff(models.Model):
    """What the bank gave up, as it stood on the day. A wrong one is never changed: a further row takes it back. The
    loan repeats the one that holds, as its state, its last day and its note."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="write_offs", verbose_name=_("loan"))
    on = models.DateField(_("written off on"))
    # Nothing where all the principal is repaid, and only interest is given up.
    amount = yuan(_("principal given up (CNY)"))
    reason = models.CharField(_("reason"), max_length=300)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )
    by = person(_("entered by"))
    at = models.DateTimeField(_("entered at"))

    objects = OfLoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("write-off")
        verbose_name_plural = _("write-offs")
        ordering = ("id",)
        triggers = (append_only(),)
        constraints = (
            models.CheckConstraint(
                name="growth_writeoff_amount",
                condition=Q(reverses__isnull=True, amount__gte=0) | Q(reverses__isnull=False, amount__lte=0),
                violation_error_message=_("Amounts cannot be negative."),
            ),
            models.CheckConstraint(
                name="growth_writeoff_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.on}"
