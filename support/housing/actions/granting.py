"""What an approval gives, and what the office records: entitlements come from here only."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from support.housing import facts, rules
from support.housing.actions.common import EndReason, Kind, State, housing_fund, lock, lock_talent
from support.housing.actions.ending import end_for_purchase, finish
from support.housing.actions.months import owe
from support.housing.models import Entitlement
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework.models import Application
from talentmap.casework.rules import Assessment
from talentmap.money import actions as money
from talentmap.money.actions.ledger import demand
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused


@action
def grant_rent(*, by: User, at: datetime, application: Application, assessment: Assessment) -> Entitlement:
    """Start a rent subsidy and reserve its whole term; raises Shortfall when the fund cannot bear it.

    Refused beside or after a purchase subsidy, and in a month in which the person held another home benefit.
    """
    lock_talent(application.applicant)
    _refuse_after_purchase(application.applicant)
    grade = _grade(assessment)
    months = int(assessment.tariff["rent.months"]) - assessment.facts.rent_months_used
    starts_on, ends_on = rules.rent_term(timezone.localdate(at), months)
    _refuse_overlap(application.applicant, Kind.RENT, *rules.whole_months(starts_on, ends_on))
    total = grade.amount * months
    entitlement = _create(
        application, assessment, kind=Kind.RENT, monthly_amount=grade.amount, total_amount=total,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    _decide_amount(application, total)
    _commit(by, at, application, total)
    return entitlement


@action
def grant_purchase(*, by: User, at: datetime, application: Application, assessment: Assessment) -> Entitlement:
    """Grant a purchase subsidy: a running rent subsidy ends, what was paid of it is deducted, the rest is payable."""
    lock_talent(application.applicant)
    grade = _grade(assessment)
    today = timezone.localdate(at)
    # All of them, also those that have ended: nobody revokes one while its payments are deducted.
    rents = Entitlement.objects.filter(talent=application.applicant, kind=Kind.RENT).order_by("pk")
    for rent in [lock(row) for row in rents]:
        end_for_purchase(by, at, rent, today)
    deducted = facts.rent_paid(application.applicant)
    net = rules.purchase_net(grade.amount, deducted)
    _decide_amount(application, net)
    entitlement = _create(
        application, assessment, kind=Kind.PURCHASE, total_amount=net, deducted=min(deducted, grade.amount),
        starts_on=today,
    )  # fmt: skip
    if net:
        _commit(by, at, application, net)
        owe(by, at, entitlement, today, today, net, key=f"housing:{entitlement.pk}:purchase")
    else:
        finish(by, at, entitlement, EndReason.PAID, today)
    return entitlement


def _grade(assessment: Assessment) -> rules.Entitled:
    grade = rules.best_grade(assessment.facts, assessment.tariff)
    if grade is None:
        raise Refused(_("Neither education nor category gives an amount."))
    return grade


def _create(application: Application, assessment: Assessment, **values: object) -> Entitlement:
    return Entitlement.objects.create(
        application=application,
        talent=application.applicant,
        grade=_grade(assessment).key,
        tariff_id=assessment.tariff.id,  # type: ignore[attr-defined]
        address=application.housing.address,
        **values,
    )


def _decide_amount(application: Application, amount: Decimal) -> None:
    """The case says what was granted, also where that is no longer what was offered a moment before."""
    application.decision_amount = amount
    application.save(update_fields=["decision_amount"])


def _refuse_after_purchase(talent: Talent) -> None:
    if Entitlement.objects.standing().filter(talent=talent, kind=Kind.PURCHASE).exists():
        raise Refused(_("A purchase subsidy was already granted."))


def _refuse_overlap(talent: Talent, kind: str, first: date, last: date) -> None:
    held = Entitlement.objects.of_home(talent, first, last).first()
    if held is None:
        return
    if held.state == State.ENDED and held.ended_on:
        raise Refused(
            _("%(benefit)s lasted until %(end)s: the next benefit can begin on %(next)s.")
            % {
                "benefit": held.get_kind_display(),
                "end": held.ended_on,
                "next": rules.next_home_from(held.ended_on, {kind, held.kind}),
            }
        )
    raise Refused(
        _("%(benefit)s runs from %(start)s: a rent subsidy and an apartment exclude each other.")
        % {"benefit": held.get_kind_display(), "start": held.starts_on}
    )


def _commit(by: User, at: datetime, application: Application, amount: Decimal) -> None:
    money.commit(
        by=by,
        at=at,
        fund=housing_fund(),
        amount=amount,
        application=application,
        key=f"housing:{application.pk}:commitment",
        memo=str(application),
    )


@action
def record_apartment(
    *, by: User, at: datetime, talent: Talent, address: str, starts_on: date, ends_on: date
) -> Entitlement:
    """Record a stay in a turnover apartment; refused while a rent subsidy or another stay covers part of it."""
    demand(by, Permission.END_ENTITLEMENT)
    lock_talent(talent)
    _refuse_overlap(talent, Kind.APARTMENT, starts_on, ends_on)
    return Entitlement.objects.create(
        talent=talent, kind=Kind.APARTMENT, address=address, starts_on=starts_on, ends_on=ends_on
    )
