"""Who borrows: the borrower and the partners of a partnership, each known by their ID number, whichever bank lends."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.loans.models_loan import Loan
from growth.loans.querysets import OfLoanQuerySet
from talentmap.audit.triggers import AuditTrigger
from talentmap.people import masks
from talentmap.people.fields import EncryptedTextField


class BorrowingPerson(models.Model):
    """Somebody who has borrowed, alone or with others; a partner need have no talent file. The index stays when the
    rest is erased: it says nothing, and a fourth loan stays a fourth."""

    name = models.CharField(pgettext_lazy("person", "name"), max_length=100, blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True)
    id_number_index = models.CharField(_("ID number index"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("person who borrows")
        verbose_name_plural = _("persons who borrow")
        triggers = (AuditTrigger(hide=("name", "id_number_index")),)
        constraints = (
            models.UniqueConstraint(
                name="growth_borrowingperson_once",
                fields=["id_number_index"],
                violation_error_message=_("A person with this ID number is already registered."),
            ),
            models.CheckConstraint(
                name="growth_borrowingperson_indexed",
                condition=~Q(id_number_index=""),
                violation_error_message=_("An ID number is stored together with its index."),
            ),
        )

    def __str__(self) -> str:
        return masks.mask_name(self.name)

    @property
    def masked_id_number(self) -> str:
        return masks.mask_id(self.id_number)


class Borrowing(models.Model):
    """One person's part in one loan. `is_open` and `is_counted` follow the loan's state."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="borrowings", verbose_name=_("loan"))
    person = models.ForeignKey(
        BorrowingPerson, models.PROTECT, related_name="borrowings", verbose_name=_("person who borrows")
    )
    is_borrower = models.BooleanField(_("signs as the borrower"))
    ordinal = models.PositiveSmallIntegerField(_("which loan of the person"))
    is_open = models.BooleanField(_("not over"), default=True)
    is_counted = models.BooleanField(_("counts among the person's loans"), default=True)
    consent_text = models.TextField(_("wording of the consent"), blank=True)
    consented_at = models.DateTimeField(_("consented at"), null=True, blank=True)

    objects = OfLoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("part in a loan")
        verbose_name_plural = _("parts in a loan")
        ordering = ("loan", "-is_borrower", "pk")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="growth_borrowing_once_a_loan",
                fields=["loan", "person"],
                violation_error_message=_("This person is named in the loan already."),
            ),
            models.UniqueConstraint(
                name="growth_borrowing_one_at_a_time",
                fields=["person"],
                condition=Q(is_open=True),
                violation_error_message=_("This person has a loan already that is not over."),
            ),
            models.UniqueConstraint(
                name="growth_borrowing_each_counted_once",
                fields=["person", "ordinal"],
                condition=Q(is_counted=True),
                violation_error_message=_("This loan of the person is granted already."),
            ),
            models.CheckConstraint(
                name="growth_borrowing_open_ones_count",
                condition=Q(is_counted=True) | Q(is_open=False),
                violation_error_message=_("A loan that is not over counts."),
            ),
            models.CheckConstraint(
                name="growth_borrowing_partners_consent",
                condition=Q(is_borrower=True) | (Q(consented_at__isnull=False) & ~Q(consent_text="")),
                violation_error_message=_("A partner's consent has a time and a wording."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.loan_id}"
