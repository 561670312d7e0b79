"""Who sees which loan: the borrower, the office by region, the bank and the guarantor their own."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from talentmap.accounts.permissions import Permission
from talentmap.people.models import Talent
from talentmap.people.querysets import SENSITIVE_COLUMNS


class LoanQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        # By keys, not by a join: that would read the borrower of every loan to find the reader's own.
        seen = Q(talent__in=Talent.objects.filter(user=user).values("pk"))
        if user.may(Permission.VIEW_LOANS):
            seen |= user.reach(Permission.VIEW_LOANS).q(region="application__region")
        if banks := user.reach(Permission.LEND).organisation_ids:
            seen |= Q(bank__in=banks)
        if guarantors := user.reach(Permission.GUARANTEE).organisation_ids:
            seen |= Q(guarantor__in=guarantors)
        return self.filter(seen)

    def without_secrets(self) -> Self:
        """For lists that show the borrower: leave the encrypted columns in the database."""
        return self.defer(*(f"talent__{name}" for name in SENSITIVE_COLUMNS))

    def open(self) -> Self:
        """Approved and not over: of these a person has one at a time."""
        from growth.loans.models_loan import Loan

        return self.filter(state__in=Loan.OPEN)

    def running(self) -> Self:
        from growth.loans.models_loan import Loan

        return self.filter(state=Loan.State.RUNNING)


class OfLoanQuerySet(models.QuerySet):
    """Rows that belong to one loan are seen by whoever sees the loan."""

    def visible_to(self, user: Any) -> Self:
        from growth.loans.models_loan import Loan

        return self.filter(loan__in=Loan.objects.visible_to(user).values("pk"))


class RepaymentFileQuerySet(models.QuerySet):
    """Files of a bank are the bank's own; the office that watches over loans reads them too."""

    def visible_to(self, user: Any) -> Self:
        if user.may(Permission.MANAGE_LOANS):
            return self.filter(user.reach(Permission.MANAGE_LOANS).q(region="bank__region"))
        return self.filter(bank__in=user.reach(Permission.LEND).organisation_ids)

    def open(self) -> Self:
        """Those of which some row was not tried yet."""
        return self.filter(finished_at=None)

    def with_later(self) -> Self:
        """`is_again`: the rows not entered were tried again by a later import of the same file."""
        later = self.model._default_manager.filter(
            bank=OuterRef("bank"), sha256=OuterRef("sha256"), attempt__gt=OuterRef("attempt")
        )
        return self.annotate(is_again=Exists(later))
