"""What the bank's approval makes: its terms, then the loan, within the limits that hold across all banks."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans.actions import borrowing
from growth.loans.actions.common import State, policy_on, refuse_nothing
from growth.loans.choices import BorrowerKind
from growth.loans.duties import refuse_own_application
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.policy import Policy, Problem, loan_problems, percent
from growth.loans.schedules import ZERO
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework.duties import current_party
from talentmap.casework.models import Application
from talentmap.casework.rules import Assessment
from talentmap.casework.states import State as CaseState
from talentmap.people.models import Organisation, Talent
from talentmap.ui.errors import Refused

BANK, GUARANTOR = "bank", "guarantor"
TERM_FIELDS = ("amount", "rate", "months", "method", "grace", "day_count")


@action
def set_terms(
    *,
    by: User,
    at: datetime,
    application: Application,
    amount: Decimal,
    rate: Decimal,
    months: int,
    method: str,
    grace: int,
    day_count: str,
) -> LoanApplication:
    """The terms on which the bank would lend; until it approves it may change them. Refused beyond the policy in force,
    the product, or what was asked for."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    _check_banks_turn(by, locked)
    detail = LoanApplication.objects.select_related("product").get(application=locked)
    refuse_own_application(by, detail, timezone.localdate(at))
    refuse_nothing(amount, months)
    problems = _beyond_policy(detail, policy_on(timezone.localdate(at)), amount, rate, months)
    reasons = [problem.reason for problem in problems] or list(_beyond_product(detail, rate, months, method, grace))
    if reasons:
        raise Refused(" ".join(reasons))
    if amount > (detail.amount or ZERO):
        raise Refused(_("At most what was applied for: CNY %(most)s.") % {"most": f"{detail.amount:,.2f}"})
    if grace >= months:
        raise Refused(_("The months of grace are fewer than those of the term."))
    for name, value in zip(TERM_FIELDS, (amount, rate, months, method, grace, day_count), strict=True):
        setattr(detail, f"granted_{name}", value)
    detail.terms_by, detail.terms_at = by, at
    detail.save(update_fields=[*(f"granted_{name}" for name in TERM_FIELDS), "terms_by", "terms_at"])
    return detail


def _check_banks_turn(by: User, application: Application) -> None:
    party = current_party(application) if application.stage == BANK else None
    if application.state != CaseState.IN_REVIEW or party is None:
        raise Refused(_("Application %(number)s is not at the bank now.") % {"number": application})
    if not party.acts_by(by, Permission.LEND):
        raise PermissionDenied


def _beyond_policy(
    detail: LoanApplication, policy: Policy, amount: Decimal, rate: Decimal, months: int
) -> tuple[Problem, ...]:
    return loan_problems(
        policy,
        kind=BorrowerKind(detail.kind),
        programme=detail.programme,
        principal=amount,
        months=months,
        annual_rate=rate,
        partners=detail.partners or 1,
    )


def _beyond_product(detail: LoanApplication, rate: Decimal, months: int, method: str, grace: int) -> Iterator[str]:
    """The bank may lend on better terms than its product has, not on worse or longer ones."""
    product: Any = detail.product
    for value, most in ((rate, product.annual_rate), (months, product.max_months), (grace, product.max_grace)):
        if value > most:
            yield _("The product allows at most %(most)s.") % {"most": percent(Decimal(most))}
    if method not in product.methods:
        yield _("The product is repaid by: %(methods)s.") % {"methods": product.methods_text}


@action
def choose_guarantor(*, by: User, at: datetime, application: Application, guarantor: Organisation) -> LoanApplication:
    """Name the guarantor where there are several, until it has decided; asked at once when the case is at its stage."""
    if not by.may(Permission.MANAGE_LOANS, application):
        raise PermissionDenied
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    detail = LoanApplication.objects.get(application=locked)
    refuse_own_application(by, detail, timezone.localdate(at))
    if locked.state != CaseState.IN_REVIEW or locked.stage == BANK:
        raise Refused(_("The guarantor is named while the application is reviewed, until it is at the bank."))
    detail.guarantor = guarantor
    detail.save(update_fields=["guarantor"])
    if locked.state == CaseState.IN_REVIEW and locked.stage == GUARANTOR:
        casework.ask(by=by, at=at, application=locked, stage=GUARANTOR, organisation=guarantor)
    return detail


@action
def grant(*, by: User, at: datetime, application: Application, assessment: Assessment) -> Loan:
    """Make the loan that the bank approves. Whoever has one that is not over, or has had as many as the policy gives,
    gets none, alone or as a partner, whichever banks approve at the same moment."""
    detail: Any = LoanApplication.objects.select_related("product__bank").get(application=application)
    refuse_own_application(by, detail, timezone.localdate(at))
    partners = borrowing.partners_of(detail, at)
    talent, enterprise = _lock_borrower(application, detail)
    persons = borrowing.lock_persons(talent, partners)
    policy = policy_on(timezone.localdate(at))
    ordinal = Loan.objects.filter(talent=talent).exclude(state=State.CANCELLED).count() + 1
    _refuse_another(talent, ordinal, policy)
    borrowing.refuse_beyond(persons, policy)
    if enterprise is not None:
        _refuse_beyond_enterprise(enterprise, detail, policy)
    loan = Loan.objects.create(
        application=application,
        talent=talent,
        enterprise=enterprise,
        product=detail.product,
        bank=detail.product.bank,
        guarantor=_guarantor(application),
        kind=detail.kind,
        programme=detail.programme,
        partners=detail.partners or 1,
        ordinal=ordinal,
        amount=detail.granted_amount,
        annual_rate=detail.granted_rate,
        months=detail.granted_months,
        method=detail.granted_method,
        grace=detail.granted_grace,
        day_count=detail.granted_day_count,
        approved_on=timezone.localdate(at),
    )
    borrowing.record(loan, persons, application.submitted_at or at)
    application.decision_amount = loan.amount
    application.save(update_fields=["decision_amount"])
    return loan


def _guarantor(application: Application) -> Organisation | None:
    """Who was asked and let it pass; nobody where the product needs no guarantee."""
    party = application.parties.current().filter(stage=GUARANTOR).select_related("organisation").first()
    return party.organisation if party else None


def _lock_borrower(application: Application, detail: LoanApplication) -> tuple[Talent, Any]:
    """Whatever gives the person or the enterprise a further loan waits here."""
    talent = Talent.objects.select_for_update(of=("self",)).get(pk=application.applicant_id)
    if detail.kind == BorrowerKind.INDIVIDUAL or talent.enterprise_id is None:
        return talent, None
    return talent, Organisation.objects.select_for_update(of=("self",)).get(pk=talent.enterprise_id)


def _refuse_another(talent: Talent, ordinal: int, policy: Policy) -> None:
    if Loan.objects.open().filter(talent=talent).exists():
        raise Refused(_("This person has a loan already that is not over."))
    most = int(policy.amounts["loans.most"])
    if ordinal > most:
        raise Refused(_("A person gets at most %(most)s loans in a lifetime.") % {"most": most})


def _refuse_beyond_enterprise(enterprise: Organisation, detail: LoanApplication, policy: Policy) -> None:
    """What its founders have borrowed for it at any bank counts together."""
    held = Loan.objects.open().filter(enterprise=enterprise).aggregate(sum=Sum("amount"))["sum"] or ZERO
    most = policy.most(BorrowerKind(detail.kind), detail.programme, detail.partners or 1)
    if held + (detail.granted_amount or ZERO) > most:
        raise Refused(
            _("The enterprise has loans of CNY %(held)s; at most CNY %(most)s are possible together.")
            % {"held": f"{held:,.2f}", "most": f"{most:,.2f}"}
        )
