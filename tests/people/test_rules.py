from datetime import date

import pytest

from talentmap.people import rules


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 3, 1), date(2031, 2, 28)),
        (date(2024, 2, 29), date(2029, 2, 27)),
        (date(2026, 1, 1), date(2030, 12, 31)),
    ],
)
def test_recognition_lasts_five_years(since, until):
    assert rules.category_until(since) == until


@pytest.mark.parametrize(
    ("until", "first"),
    [
        (date(2031, 2, 28), date(2030, 11, 28)),
        (date(2030, 12, 31), date(2030, 9, 30)),
        (date(2030, 5, 31), date(2030, 2, 28)),
    ],
)
def test_renewal_opens_three_months_before_the_end(until, first):
    assert rules.renewable_from(until) == first


def test_the_person_may_not_touch_what_the_office_decides():
    names = frozenset({"category", "is_civil_servant", "phone"})
    assert rules.forbidden(names, staff=False, verified=False) == {"category", "is_civil_servant"}
    assert rules.forbidden(names, staff=True, verified=False) == frozenset()


def test_verified_identity_is_corrected_on_request_only():
    names = frozenset({"name", "id_number", "phone"})
    assert rules.forbidden(names, staff=False, verified=False) == frozenset()
    assert rules.forbidden(names, staff=False, verified=True) == {"name", "id_number"}
    assert rules.forbidden(names, staff=True, verified=True) == frozenset()


def test_health_is_never_the_office_s():
    assert rules.forbidden(frozenset({"health_note"}), staff=True, verified=False) == {"health_note"}


@pytest.mark.parametrize(
    "data",
    [
        {"category": "A"},
        {"category": "A", "category_since": date(2026, 1, 1), "category_until": date(2026, 1, 1)},
        {"employed_until": date(2026, 1, 1)},
        {"employed_since": date(2026, 2, 1), "employed_until": date(2026, 1, 1)},
        {"birth_date": date(2000, 1, 1), "graduated_on": date(1999, 1, 1)},
    ],
)
def test_contradicting_dates(data):
    assert rules.term_problem(data)


def test_what_a_file_lacks():
    assert rules.completeness({}) == 0
    filled = dict.fromkeys(("id_number", "phone", "region", "education", "school", "work", "bank_account"), True)
    assert rules.completeness(filled) == 100
    assert [gap.field for gap in rules.gaps({**filled, "phone": False})] == ["phone"]
