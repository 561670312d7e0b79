"""Who gets a housing subsidy, how much, and for which months. Pure: no database, request or clock."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from support.housing.grades import Grade
from talentmap.casework import conditions as shared
from talentmap.casework.conditions import condition, section_url
from talentmap.casework.rules import Condition, Outcome

RENT, PURCHASE = "rent", "purchase"
EDUCATION_RANK = ("bachelor", "master", "doctor")
ZERO = Decimal("0.00")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class HousingFacts:
    """What the conditions look at. `None` means that nobody has said yet."""

    kind: str
    talent_pk: int  # for the links to what is to be filled in
    on: date  # the case's reference date: grade and purchase are judged as of then
    today: date  # the lease must be in force still
    has_identity: bool
    has_bank_account: bool
    is_civil_servant: bool
    education: str
    category: str
    category_until: date | None
    work_stated: bool
    works_in_county: bool | None
    owns_home: bool | None
    has_dormitory: bool | None
    lives_in_apartment: bool
    lease_from: date | None
    lease_until: date | None
    purchased_on: date | None
    rent_months_used: int
    rent_running: bool
    rent_paid: Decimal
    had_purchase_subsidy: bool


@dataclass(frozen=True)
class Entitled:
    """The tariff key that gives the most, and its amount in CNY."""

    key: str
    amount: Decimal


def best_grade(facts: HousingFacts, tariff: Mapping[str, Decimal]) -> Entitled | None:
    """The highest amount that the person's education or valid category gives, or None where neither does."""
    keys = [facts.education] if facts.education in EDUCATION_RANK else []
    if category_valid(facts):
        keys.append(f"category_{facts.category.lower()}")
    grades = [Entitled(key, tariff[f"{facts.kind}.{key}"]) for key in keys]
    return max(grades, key=lambda grade: grade.amount, default=None)


def category_valid(facts: HousingFacts) -> bool:
    return bool(facts.category) and (facts.category_until is None or facts.category_until >= facts.on)


def conditions(facts: HousingFacts, tariff: Mapping[str, Decimal]) -> tuple[Condition, ...]:
    """Every condition with its outcome and the reason, in the order in which the guide lists them."""
    general = (
        shared.identity(facts.talent_pk, facts.has_identity),
        shared.not_civil_servant(facts.is_civil_servant),
        _employment(facts),
        _grade(facts, tariff),
        shared.bank_account(facts.talent_pk, facts.has_bank_account),
    )
    special = _purchase_conditions if facts.kind == PURCHASE else _rent_conditions
    return general + tuple(special(facts, tariff))


def _employment(facts: HousingFacts) -> Condition:
    label, fix_url = _("Works in the county"), section_url(facts.talent_pk, "work")
    if not facts.work_stated:
        reason = _("The file names neither an employer nor an own enterprise yet.")
        return condition("employment", label, None, reason, fix_url=fix_url)
    if facts.works_in_county is None:
        reason = _("The employer is not in the register of organisations yet; the office checks it.")
        return Condition(code="employment", label=label, outcome=Outcome.WARN, reason=reason)
    reason = (
        _("Works for, or runs, an organisation in the county.")
        if facts.works_in_county
        else _("The file names no present employer and no own enterprise in the county.")
    )
    return condition("employment", label, facts.works_in_county, reason, fix_url=fix_url)


def grade_stated(facts: HousingFacts) -> bool:
    return bool(facts.education or facts.category)


def _grade(facts: HousingFacts, tariff: Mapping[str, Decimal]) -> Condition:
    grade = best_grade(facts, tariff)
    met = grade is not None if grade_stated(facts) else None
    if grade:
        reason = _("%(grade)s gives CNY %(amount)s.") % {
            "grade": Grade(grade.key).label,
            "amount": f"{grade.amount:,.2f}",
        }
    elif facts.category:
        reason = _("The recognition of category %(category)s ended on %(until)s.") % {
            "category": facts.category,
            "until": facts.category_until,
        }
    elif facts.education:
        reason = _("A bachelor's degree or higher, or a category from A to F, is needed.")
    else:
        reason = _("The file names neither an education nor a talent category yet.")
    fix_url = section_url(facts.talent_pk, "education")
    return condition("grade", _("Education or talent category"), met, reason, fix_url=fix_url)


def _rent_conditions(facts: HousingFacts, tariff: Mapping[str, Decimal]) -> Iterator[Condition]:
    yield _declared(
        "no_home",
        _("No home of one's own in the county"),
        facts.owns_home,
        _("The applicant or the spouse owns a home in the county."),
    )
    yield _declared(
        "no_dormitory",
        _("No staff dormitory"),
        facts.has_dormitory,
        _("The employer provides a dormitory."),
    )
    yield condition(
        "no_apartment",
        _("No turnover apartment"),
        not facts.lives_in_apartment,
        _("Lives in a turnover apartment: an apartment and a rent subsidy exclude each other.")
        if facts.lives_in_apartment
        else _("Does not live in a turnover apartment."),
    )
    yield _lease(facts)
    yield _months_left(facts, int(tariff["rent.months"]))
    yield condition(
        "no_other_rent",
        _("No rent subsidy running"),
        not facts.rent_running,
        _("A rent subsidy is already running.") if facts.rent_running else _("No rent subsidy is running."),
    )
    yield _no_purchase("no_purchase", _("No purchase subsidy"), facts)


def _no_purchase(code: str, label: str, facts: HousingFacts) -> Condition:
    reason = (
        _("A purchase subsidy was already granted.")
        if facts.had_purchase_subsidy
        else _("No purchase subsidy was granted before.")
    )
    return condition(code, label, not facts.had_purchase_subsidy, reason)


def _declared(code: str, label: str, has: bool | None, reason_against: str) -> Condition:
    if has is None:
        return condition(code, label, None, _("Not declared yet."))
    return condition(code, label, not has, reason_against if has else _("Declared so."))


def _lease(facts: HousingFacts) -> Condition:
    label = _("Lease in force")
    if not (facts.lease_from and facts.lease_until):
        return condition("lease", label, None, _("The term of the lease is not known yet."))
    met = facts.lease_from <= facts.today <= facts.lease_until
    period = {"start": facts.lease_from, "end": facts.lease_until, "on": facts.today}
    reason = (
        _("The lease runs from %(start)s to %(end)s.")
        if met
        else _("The lease runs from %(start)s to %(end)s, which does not include %(on)s.")
    )
    return condition("lease", label, met, reason % period)


def _months_left(facts: HousingFacts, limit: int) -> Condition:
    left = limit - facts.rent_months_used
    reason = _("%(used)s of %(limit)s months are used.") % {"used": facts.rent_months_used, "limit": limit}
    return condition("months_left", _("Months of rent subsidy left"), left > 0, reason)


def _purchase_conditions(facts: HousingFacts, tariff: Mapping[str, Decimal]) -> Iterator[Condition]:
    yield _no_purchase("first_purchase", _("No purchase subsidy before"), facts)
    yield _purchase_window(facts, int(tariff["purchase.window_months"]))
    if facts.rent_running:
        yield Condition(
            code="rent_ends",
            label=_("Change from rent to purchase"),
            outcome=Outcome.WARN,
            reason=_("The rent subsidy ends with the approval, and what was already paid is deducted."),
        )


def _purchase_window(facts: HousingFacts, months: int) -> Condition:
    label = _("Applied for in time after the purchase")
    if facts.purchased_on is None:
        return condition("purchase_window", label, None, _("The date of the purchase is not known yet."))
    last = add_months(facts.purchased_on, months)
    met = facts.purchased_on <= facts.on <= last
    reason = _("Bought on %(bought)s; to be applied for until %(last)s.") % {
        "bought": facts.purchased_on,
        "last": last,
    }
    return condition("purchase_window", label, met, reason)


# Months and amounts


def month_of(day: date) -> date:
    """The first day of the month in which `day` lies."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """`day` so many calendar months later; a day the month lacks becomes its last (Jan 31 + 1 = Feb 28 or 29)."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), last_day(first))


def last_day(month: date) -> date:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return following - timedelta(days=1)


def rent_term(approved_on: date, months: int) -> tuple[date, date]:
    """First and last day of a rent subsidy of `months`, the month of approval being the first that accrues."""
    return approved_on, add_months(month_of(approved_on), months) - timedelta(days=1)


def whole_months(first: date, last: date) -> tuple[date, date]:
    """From the beginning of the month of `first` to the end of that of `last`."""
    return month_of(first), last_day(month_of(last))


def next_home_from(last: date, kinds: Collection[str]) -> date:
    """The first day of the home benefit after one that ended on `last`: where one of the two is a rent subsidy, which
    is for whole months, the first of the next month."""
    return add_months(month_of(last), 1) if RENT in kinds else last + ONE_DAY


def months_due(starts_on: date, ends_on: date, on: date) -> Iterator[date]:
    """The months of the term that have ended before `on`, as their first days."""
    month = month_of(starts_on)
    while month <= ends_on and last_day(month) < on:
        yield month
        month = add_months(month, 1)


def months_until(starts_on: date, on: date) -> Iterator[date]:
    """The months from `starts_on` to `on`, both included whole, as their first days."""
    month = month_of(starts_on)
    while month <= on:
        yield month
        month = add_months(month, 1)


def quarter_of(month: date) -> tuple[date, date]:
    """First and last day of the quarter in which `month` lies."""
    start = date(month.year, (month.month - 1) // 3 * 3 + 1, 1)
    return start, add_months(start, 3) - timedelta(days=1)


def purchase_net(amount: Decimal, rent_paid: Decimal) -> Decimal:
    """The purchase subsidy less the rent subsidy already paid, never below zero; CNY, half-up to 0.01."""
    return max(ZERO, amount - rent_paid).quantize(ZERO, ROUND_HALF_UP)


def by_quarter(months: Iterable[date]) -> dict[tuple[date, date], list[date]]:
    quarters: dict[tuple[date, date], list[date]] = {}
    for month in months:
        quarters.setdefault(quarter_of(month), []).append(month)
    return quarters
