"""Who may borrow, and how much. Pure: no database, request or clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from growth.loans.choices import BorrowerKind, OtherLoans, Programme
from growth.loans.policy import Policy, loan_problems, over_note, percent
from growth.loans.schedules import add_months
from talentmap.casework import conditions as shared
from talentmap.casework.conditions import condition, section_url
from talentmap.casework.rules import Condition, Offer
from talentmap.ui.templatetags.ui import money

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Asked:
    """What the form says so far; None or "" where it does not."""

    kind: str = ""
    partners: int | None = None
    partners_agree: bool = False
    programme: str = ""
    product: str = ""
    offered_until: date | None = None
    needs_guarantee: bool = False
    rate: Decimal | None = None
    amount: Decimal | None = None
    months: int | None = None
    business_started_on: date | None = None
    other_loans: str = ""
    consumer_amount: Decimal | None = None
    spouse_loans: str = ""
    spouse_consumer_amount: Decimal | None = None

    @property
    def is_whole(self) -> bool:
        """Whether kind, product, amount and term are known, so that the limits can be held against them."""
        return bool(self.kind and self.product and self.amount and self.months)


@dataclass(frozen=True)
class PartnerFacts:
    """A partner beside the applicant; the name is masked."""

    name: str
    loans_before: int
    has_open_loan: bool


@dataclass(frozen=True)
class LoanFacts:
    """What the conditions look at. `on` is the case's reference date, `today` the day of the look."""

    talent_pk: int
    on: date
    today: date
    has_identity: bool
    has_bank_account: bool
    is_civil_servant: bool
    birth_date: date | None
    has_enterprise: bool
    loans_before: int
    has_open_loan: bool
    partners: tuple[PartnerFacts, ...] = ()
    asked: Asked = field(default_factory=Asked)
    granted: Asked | None = None  # the same on the terms that the bank has set


def conditions(facts: LoanFacts, tariff: Mapping[str, Decimal]) -> tuple[Condition, ...]:
    """Every condition with its outcome and the reason, in the order in which the guide lists them."""
    return (
        shared.identity(facts.talent_pk, facts.has_identity),
        shared.not_civil_servant(facts.is_civil_servant),
        _business(facts),
        _no_loan_running(facts),
        _loans_left(facts, int(tariff["loans.most"])),
        *_partners(facts, int(tariff["loans.most"])),
        *_other_loans(facts, tariff["other_loans.consumer"]),
        *_limits(facts, Policy(tariff)),
        *_on_offer(facts),
        *(_youth(facts, tariff) if facts.asked.programme == Programme.YOUTH else ()),
        shared.bank_account(facts.talent_pk, facts.has_bank_account),
    )


def offer(facts: LoanFacts, tariff: Mapping[str, Decimal]) -> Offer:
    """What is asked for, once the bank has set its terms what it grants instead, and what the state would bear of its
    interest. Before anything is asked: the most there is."""
    asked, policy = facts.granted or facts.asked, Policy(tariff)
    if not asked.is_whole or asked.amount is None or asked.rate is None:
        most = policy.most(BorrowerKind.INDIVIDUAL)
        return Offer(text=_("Up to CNY %(most)s for an individual") % {"most": f"{most:,.2f}"})
    kind, free = BorrowerKind(asked.kind), asked.programme == Programme.YOUTH
    counted = min(asked.amount, policy.subsidised(kind, asked.partners or 1))
    lines = [
        (pgettext("loan", "Product"), asked.product),
        (_("Rate"), _("%(rate)s%% a year") % {"rate": percent(asked.rate)}),
        (_("Term"), _("%(months)s months") % {"months": asked.months}),
    ]
    if over := "" if free else over_note(policy, facts.on):
        lines.append((_("Interest subsidy"), over))
    elif not free:
        share = percent(tariff["subsidy.share"])
        lines.append((_("Interest subsidy"), _("%(share)s%% of the interest") % {"share": share}))
        lines.append((_("Subsidised principal"), money(counted)))
    text = _("CNY %(amount)s for %(months)s months") % {"amount": f"{asked.amount:,.2f}", "months": asked.months}
    return Offer(amount=asked.amount, text=text, lines=tuple(lines))


def _business(facts: LoanFacts) -> Condition:
    asked = facts.asked
    if asked.kind == BorrowerKind.ENTERPRISE:
        reason = (
            _("The file names an own enterprise.") if facts.has_enterprise else _("The file names no own enterprise.")
        )
        return condition(
            "business",
            _("Own enterprise"),
            facts.has_enterprise or None,
            reason,
            fix_url=section_url(facts.talent_pk, "work"),
        )
    label, started = _("Own business"), asked.business_started_on
    if started is None:
        return condition("business", label, None, _("When the business started is not known yet."))
    if started > facts.on:
        return condition("business", label, False, _("The business starts on %(day)s only.") % {"day": started})
    return condition("business", label, True, _("In business since %(day)s.") % {"day": started})


def _no_loan_running(facts: LoanFacts) -> Condition:
    reason = (
        _("A start-up loan is not repaid yet; the next one comes after it.")
        if facts.has_open_loan
        else _("No start-up loan is running.")
    )
    return condition("one_loan", _("No start-up loan at present"), not facts.has_open_loan, reason)


def _loans_left(facts: LoanFacts, most: int) -> Condition:
    reason = _("%(had)s of %(most)s loans were granted before.") % {"had": facts.loans_before, "most": most}
    return condition("loans_left", _("Fewer loans than a person gets"), facts.loans_before < most, reason)


def _partners(facts: LoanFacts, most: int) -> Iterator[Condition]:
    """What holds for one person holds for each who borrows with others."""
    if facts.asked.kind != BorrowerKind.PARTNERSHIP:
        return
    named = len(facts.partners) + 1
    is_whole = named == facts.asked.partners and facts.asked.partners_agree
    said = _("%(named)s of %(all)s partners are named.") % {"named": named, "all": facts.asked.partners or "?"}
    yield condition("partners", _("All partners named and agreed"), is_whole or None, said)
    busy = [each.name for each in facts.partners if each.has_open_loan]
    yield _of_partners("partners_one_loan", _("No partner has a start-up loan at present"), named, busy)
    served = [each.name for each in facts.partners if each.loans_before >= most]
    yield _of_partners("partners_loans_left", _("Every partner has had fewer loans than a person gets"), named, served)


def _of_partners(code: str, label: str, named: int, against: list[str]) -> Condition:
    if named == 1:
        return condition(code, label, None, _("Nobody is named yet."))
    reason = _("Not so: %(names)s.") % {"names": ", ".join(against)} if against else _("None stands against it.")
    return condition(code, label, not against, reason)


def _other_loans(facts: LoanFacts, tolerated: Decimal) -> Iterator[Condition]:
    asked = facts.asked
    yield _debts("other_loans", _("No other loans of yours"), asked.other_loans, asked.consumer_amount, tolerated)
    yield _debts(
        "spouse_loans", _("No other loans of your spouse"), asked.spouse_loans, asked.spouse_consumer_amount, tolerated
    )


def _debts(code: str, label: str, stated: str, consumer: Decimal | None, tolerated: Decimal) -> Condition:
    if not stated or (stated == OtherLoans.CONSUMER and consumer is None):
        return condition(code, label, None, _("Not declared yet."))
    if stated == OtherLoans.OTHERS:
        reason = _(
            "Only student, poverty-relief micro, mortgage and car loans, and consumer loans up to CNY %(most)s, do not"
            " count."
        ) % {"most": f"{tolerated:,.2f}"}
        return condition(code, label, False, reason)
    if stated == OtherLoans.CONSUMER and consumer is not None:
        reason = _("Consumer loans of CNY %(amount)s; up to CNY %(most)s do not count.") % {
            "amount": f"{consumer:,.2f}",
            "most": f"{tolerated:,.2f}",
        }
        return condition(code, label, consumer <= tolerated, reason)
    return condition(code, label, True, _("Declared so."))


def _limits(facts: LoanFacts, policy: Policy) -> Iterator[Condition]:
    """Amount, term and rate within the policy; the rate is the product's and not the applicant's to change."""
    asked = facts.asked
    labels = {"principal": _("Amount within the limits"), "months": _("Term within the limits")}
    if not asked.is_whole or asked.amount is None or asked.months is None:
        yield from (condition(code, label, None, _("Not chosen yet.")) for code, label in labels.items())
        return
    problems = loan_problems(
        policy,
        kind=BorrowerKind(asked.kind),
        programme=Programme(asked.programme),
        principal=asked.amount,
        months=asked.months,
        annual_rate=asked.rate or Decimal(0),
        partners=asked.partners or 1,
    )
    said = {problem.field: problem.reason for problem in problems}
    for code, label in labels.items():
        yield condition(code, label, code not in said, said.pop(code, _("Within the policy in force.")))
    for code, reason in said.items():
        yield condition(code, _("Product within the policy"), False, reason)


def _on_offer(facts: LoanFacts) -> Iterator[Condition]:
    """Said only of a product that the bank has ended before the case began: an old draft may still name it."""
    until = facts.asked.offered_until
    if until is not None and until < facts.on:
        reason = _("The bank offered it until %(day)s: choose another product.") % {"day": until}
        yield condition("on_offer", _("Product on offer"), False, reason)


def _youth(facts: LoanFacts, tariff: Mapping[str, Decimal]) -> Iterator[Condition]:
    yield _age(facts, int(tariff["youth.age_from"]), int(tariff["youth.age_to"]))
    years = int(tariff["youth.years_in_business"])
    label, started = _("Not long in business"), facts.asked.business_started_on
    if started is None:
        yield condition("young_business", label, None, _("When the business started is not known yet."))
        return
    until = add_months(started, years * MONTHS_A_YEAR)
    reason = _("In business since %(day)s; at most %(years)s years are possible.") % {"day": started, "years": years}
    yield condition("young_business", label, facts.on <= until, reason)


def _age(facts: LoanFacts, first: int, last: int) -> Condition:
    label = _("Between %(first)s and %(last)s years old") % {"first": first, "last": last}
    born = facts.birth_date
    if born is None:
        fix_url = section_url(facts.talent_pk, "identity")
        return condition("age", label, None, _("The date of birth is not known yet."), fix_url=fix_url)
    had_birthday = (facts.on.month, facts.on.day) >= (born.month, born.day)
    years = facts.on.year - born.year - (not had_birthday)
    return condition("age", label, first <= years <= last, _("%(years)s years old.") % {"years": years})
