from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth.loans.choices import BorrowerKind, Programme
from growth.loans.policy import Policy, loan_problems, over_note, percent, subsidy_split, term_problems
from growth.loans.schedules import Method, schedule, totals
from growth.loans.tariff import TARIFF
from tests.growth.loans.test_schedule_properties import loans
from tests.growth.loans.test_schedules import terms

D = Decimal
INDIVIDUAL, PARTNERSHIP, ENTERPRISE = BorrowerKind
POLICY = Policy(TARIFF.defaults)
LOAN = {
    "kind": INDIVIDUAL,
    "programme": Programme.GUARANTEED,
    "principal": D(300_000),
    "months": 36,
    "annual_rate": D("3.5"),
}


def test_the_policy_of_the_field():
    """domain.md: 500,000 and 6,000,000; 300,000 and 4,000,000 subsidised; 3 and 2 years; LPR 3.0% + 50 bp."""
    assert [POLICY.most(INDIVIDUAL), POLICY.most(ENTERPRISE)] == [500_000, 6_000_000]
    assert [POLICY.subsidised(INDIVIDUAL), POLICY.subsidised(ENTERPRISE)] == [300_000, 4_000_000]
    assert [POLICY.months(INDIVIDUAL), POLICY.months(ENTERPRISE)] == [36, 24]
    assert (POLICY.rate(), POLICY.rate(Programme.YOUTH)) == (D("3.5"), 0)
    assert (POLICY.least(Programme.YOUTH), POLICY.most(INDIVIDUAL, Programme.YOUTH)) == (30_000, 100_000)
    assert (TARIFF.valid_from, POLICY.until) == (date(2025, 4, 1), date(2027, 12, 31))
    assert over_note(POLICY, date(2027, 12, 31)) == ""
    assert "2027-12-31" in over_note(POLICY, date(2028, 1, 1))


@pytest.mark.parametrize(("partners", "most", "subsidised"), [(2, 1_000_000, 600_000), (7, 3_000_000, 1_800_000)])
def test_a_partnership_by_its_partners_up_to_a_cap(partners, most, subsidised):
    assert POLICY.most(PARTNERSHIP, partners=partners) == most
    assert POLICY.subsidised(PARTNERSHIP, partners) == subsidised


def test_the_borrower_bears_half():
    """domain.md: at 3.5% the borrower bears 1.75%: of 300,000 that is 437.50 a month."""
    loan = terms(Method.INTEREST_ONLY, principal=D(300_000), annual_rate=D("3.5"), months=12)
    splits = subsidy_split(schedule(loan), POLICY, INDIVIDUAL)
    assert {(split.subsidy, split.borrower_interest) for split in splits} == {(D("437.50"), D("437.50"))}
    assert splits[-1].borrower_pays == D("300437.50")


def test_above_the_cap_the_subsidy_is_in_proportion():
    """500,000 at 3.5%: 1,458.33 a month, of which 300/500 × 50% = 437.499 → 437.50; below the cap half of all."""
    loan = terms(Method.EQUAL_PRINCIPAL, principal=D(500_000), annual_rate=D("3.5"), months=5)
    splits = subsidy_split(schedule(loan), POLICY, INDIVIDUAL)
    assert [split.row.opening for split in splits] == [500_000, 400_000, 300_000, 200_000, 100_000]
    assert [split.row.interest for split in splits] == [
        D("1458.33"), D("1166.67"), D("875.00"), D("583.33"), D("291.67"),
    ]  # fmt: skip
    assert [split.subsidy for split in splits] == [
        D("437.50"), D("437.50"), D("437.50"), D("291.67"), D("145.84"),
    ]  # fmt: skip


@given(loans(), st.sampled_from(BorrowerKind), st.integers(1, 9))
def test_nobody_is_subsidised_beyond_the_share(loan, kind, partners):
    rows = schedule(loan)
    splits = subsidy_split(rows, POLICY, kind, partners)
    for split in splits:
        assert 0 <= split.subsidy <= (split.row.interest + D("0.01")) / 2
        assert split.subsidy + split.borrower_pays == split.row.total
    assert sum(split.borrower_pays + split.subsidy for split in splits) == totals(rows)[2]


def test_a_loan_within_the_policy():
    assert loan_problems(POLICY, **LOAN) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal": D("500000.01")}, "principal"),
        ({"months": 37}, "months"),
        ({"annual_rate": D("3.5001")}, "annual_rate"),
        ({"kind": ENTERPRISE, "months": 25}, "months"),
        ({"kind": PARTNERSHIP, "partners": 2, "principal": D(1_000_001)}, "principal"),
        ({"programme": Programme.YOUTH, "annual_rate": D(0)}, "principal"),
        ({"programme": Programme.YOUTH, "annual_rate": D(0), "principal": D(29_999)}, "principal"),
        ({"programme": Programme.YOUTH, "principal": D(50_000)}, "annual_rate"),
        ({"programme": Programme.YOUTH, "principal": D(50_000), "annual_rate": D(0), "kind": ENTERPRISE,
          "months": 24}, "kind"),
    ],
)  # fmt: skip
def test_beyond_the_policy(changes, field):
    assert [problem.field for problem in loan_problems(POLICY, **{**LOAN, **changes})] == [field]


def test_a_rate_as_people_write_it():
    assert [percent(D("3.5000")), percent(D(0)), percent(D("10.00"))] == ["3.5", "0", "10"]


@pytest.mark.parametrize(
    ("last_due", "product_months", "said"),
    [
        (date(2029, 3, 10), 36, []),  # three years to the day
        (date(2029, 3, 11), 36, ["36 months", "36 months"]),
        (date(2027, 9, 11), 18, ["18 months"]),
        (date(2029, 3, 11), None, ["36 months"]),
    ],
)
def test_the_term_runs_from_the_payout_to_the_last_due_date(last_due, product_months, said):
    problems = list(
        term_problems(
            POLICY, kind=INDIVIDUAL, programme=Programme.GUARANTEED, paid_out=date(2026, 3, 10), last_due=last_due,
            product_months=product_months,
        )
    )  # fmt: skip
    assert [problem.field for problem in problems] == ["first_due"] * len(said)
    assert all(words in problem.reason for words, problem in zip(said, problems, strict=True))
    assert all(last_due.isoformat() in problem.reason for problem in problems)


def test_a_month_end_is_the_last_day_of_a_shorter_month():
    """Paid out on 30 November 2025, three months are until 28 February 2026."""
    short = Policy({**TARIFF.defaults, "months.individual": D(3)})
    ask = {"kind": INDIVIDUAL, "programme": Programme.GUARANTEED, "paid_out": date(2025, 11, 30)}
    assert not list(term_problems(short, **ask, last_due=date(2026, 2, 28)))
    assert list(term_problems(short, **ask, last_due=date(2026, 3, 1)))
