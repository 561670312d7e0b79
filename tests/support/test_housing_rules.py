from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.housing import rules
from talentmap.casework.rules import Outcome

TARIFF = {
    "rent.doctor": Decimal(3000),
    "rent.master": Decimal(2000),
    "rent.bachelor": Decimal(1500),
    "rent.category_e": Decimal(2500),
    "rent.months": Decimal(36),
    "purchase.doctor": Decimal(100_000),
    "purchase.master": Decimal(60_000),
    "purchase.bachelor": Decimal(30_000),
    "purchase.category_e": Decimal(60_000),
    "purchase.window_months": Decimal(12),
}
FACTS = rules.HousingFacts(
    kind="rent",
    talent_pk=7,
    on=date(2026, 3, 10),
    today=date(2026, 3, 10),
    has_identity=True,
    has_bank_account=True,
    is_civil_servant=False,
    education="master",
    category="",
    category_until=None,
    work_stated=True,
    works_in_county=True,
    owns_home=False,
    has_dormitory=False,
    lives_in_apartment=False,
    lease_from=date(2026, 1, 1),
    lease_until=date(2026, 12, 31),
    purchased_on=None,
    rent_months_used=0,
    rent_running=False,
    rent_paid=Decimal(0),
    had_purchase_subsidy=False,
)


def outcomes(**changes):
    return {c.code: c.outcome for c in rules.conditions(replace(FACTS, **changes), TARIFF)}


def test_everything_met():
    assert set(outcomes().values()) == {Outcome.MET}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_civil_servant": True}, "civil_servant"),
        ({"works_in_county": False}, "employment"),
        ({"education": "college"}, "grade"),
        ({"owns_home": True}, "no_home"),
        ({"has_dormitory": True}, "no_dormitory"),
        ({"lives_in_apartment": True}, "no_apartment"),
        ({"lease_until": date(2026, 3, 9)}, "lease"),
        ({"lease_from": date(2026, 3, 11)}, "lease"),
        ({"rent_months_used": 36}, "months_left"),
        ({"rent_running": True}, "no_other_rent"),
        ({"kind": "purchase", "purchased_on": date(2025, 3, 9)}, "purchase_window"),
        ({"kind": "purchase", "purchased_on": date(2026, 3, 1), "had_purchase_subsidy": True}, "first_purchase"),
    ],
)
def test_exactly_the_one_condition_is_not_met(change, code):
    found = outcomes(**change)
    assert [name for name, outcome in found.items() if outcome == Outcome.NOT_MET] == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"has_identity": False}, "identity"),
        ({"has_bank_account": False}, "bank_account"),
        ({"education": ""}, "grade"),
        ({"work_stated": False, "works_in_county": False}, "employment"),
        ({"owns_home": None}, "no_home"),
        ({"has_dormitory": None}, "no_dormitory"),
        ({"lease_from": None}, "lease"),
        ({"kind": "purchase"}, "purchase_window"),
    ],
)
def test_what_nobody_said_yet_is_unknown_not_refused(change, code):
    assert outcomes(**change)[code] == Outcome.UNKNOWN


def test_an_empty_file_says_where_each_thing_is_filled_in():
    empty = {"has_identity": False, "has_bank_account": False, "education": "", "work_stated": False}
    found = rules.conditions(replace(FACTS, **empty, works_in_county=False), TARIFF)
    links = {c.code: c.fix_url for c in found if c.fix_url}
    assert links == {
        "identity": "/people/7/section/identity/",
        "employment": "/people/7/section/work/",
        "grade": "/people/7/section/education/",
        "bank_account": "/people/7/section/bank/",
    }
    assert {c.outcome for c in found if c.fix_url} == {Outcome.UNKNOWN}


def test_a_category_that_ended_is_not_met_even_without_an_education():
    ended = {"education": "", "category": "E", "category_until": date(2026, 3, 9)}
    assert outcomes(**ended)["grade"] == Outcome.NOT_MET


def test_an_employer_the_register_lacks_is_for_the_reviewer_to_judge():
    assert outcomes(works_in_county=None)["employment"] == Outcome.WARN


def test_a_purchase_on_the_last_day_of_the_window_is_in_time():
    assert outcomes(kind="purchase", purchased_on=date(2025, 3, 10))["purchase_window"] == Outcome.MET


def test_the_better_of_education_and_category_counts():
    entitled = rules.best_grade(replace(FACTS, category="E", category_until=date(2030, 1, 1)), TARIFF)
    assert (entitled.key, entitled.amount) == ("category_e", Decimal(2500))


def test_an_expired_category_counts_no_more():
    expired = replace(FACTS, category="E", category_until=date(2026, 3, 9))
    assert rules.best_grade(expired, TARIFF).key == "master"


def test_a_change_from_rent_to_purchase_warns_and_does_not_block():
    changed = outcomes(kind="purchase", purchased_on=date(2026, 3, 1), rent_running=True)
    assert changed["rent_ends"] == Outcome.WARN


def test_rent_accrues_from_the_month_of_approval_for_36_months():
    start, end = rules.rent_term(date(2026, 3, 31), 36)
    assert (start, end) == (date(2026, 3, 31), date(2029, 2, 28))
    months = list(rules.months_due(start, end, date(2030, 1, 1)))
    assert (months[0], months[-1], len(months)) == (date(2026, 3, 1), date(2029, 2, 1), 36)


def test_a_month_is_due_when_it_is_over():
    assert list(rules.months_due(date(2026, 3, 5), date(2029, 2, 28), date(2026, 3, 31))) == []
    assert list(rules.months_due(date(2026, 3, 5), date(2029, 2, 28), date(2026, 4, 1))) == [date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 3, 10), 12, date(2026, 3, 10)),
    ],
)
def test_calendar_months(day, months, expected):
    assert rules.add_months(day, months) == expected


@pytest.mark.parametrize(
    ("month", "quarter"),
    [
        (date(2026, 1, 1), (date(2026, 1, 1), date(2026, 3, 31))),
        (date(2026, 6, 1), (date(2026, 4, 1), date(2026, 6, 30))),
        (date(2026, 12, 1), (date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_quarters(month, quarter):
    assert rules.quarter_of(month) == quarter


def test_paid_rent_is_deducted_from_the_purchase_subsidy():
    assert rules.purchase_net(Decimal(60_000), Decimal(8_000)) == Decimal("52000.00")
    assert rules.purchase_net(Decimal(30_000), Decimal(72_000)) == Decimal("0.00")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_a_term_has_as_many_months_as_granted(approved_on, months):
    start, end = rules.rent_term(approved_on, months)
    assert len(list(rules.months_due(start, end, date.max))) == months
    assert rules.add_months(end, 0).month == end.month and (end + rules.ONE_DAY).day == 1
