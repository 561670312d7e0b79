"""Weights against margins worked by hand and a second way of computing them; intervals against published values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from needs.surveys.results import statistics
from needs.surveys.results.statistics import Cell, Raked, Refusal

AGES = ("lt25", "25_34", "35_44")
SEXES = ("male", "female")


def cells_of(table, rows=AGES, columns=SEXES):
    return [
        Cell({"age_band": row, "sex": column}, n)
        for row, line in zip(rows, table, strict=False)
        for column, n in zip(columns, line, strict=False)
    ]


def weighted(raked, cells, dimension, category):
    return sum(w * c.n for w, c in zip(raked.weights, cells, strict=True) if c.at[dimension] == category)


def test_one_margin_by_hand():
    """30 men and 70 women answered; the population has 50 and 50. Men weigh 50/30 = 5/3, women 50/70 = 5/7.
    Σw = 100; Σw² = 30·25/9 + 70·25/49 = 83.333 + 35.714 = 119.048; n_eff = 100²/119.048 = 84; deff = 100/84."""
    cells = [Cell({"sex": "male"}, 30), Cell({"sex": "female"}, 70)]
    raked = statistics.rake(cells, {"sex": {"male": 500, "female": 500}})
    assert raked.weights == pytest.approx((5 / 3, 5 / 7))
    assert raked.n == 100
    assert raked.n_eff == pytest.approx(84)
    assert raked.design_effect == pytest.approx(100 / 84)
    assert [(row.category, row.before, row.after) for row in raked.achieved] == [
        ("male", pytest.approx(0.3), pytest.approx(0.5)),
        ("female", pytest.approx(0.7), pytest.approx(0.5)),
    ]


def test_two_margins_by_hand():
    """Respondents 10 20 / 30 40, margins rows 40:60, columns 50:50. The fitted table keeps the odds ratio
    10·40/(20·30) = 2/3, has rows 40 and 60 and columns 50 and 50. With x its first cell 3x(10 + x) = 2(40 − x)(50 − x),
    x² + 210x − 4000 = 0, so x = (−210 + √(44100 + 16000))/2 = (−210 + 245.1530)/2 = 17.5765."""
    cells = cells_of([[10, 20], [30, 40]])
    raked = statistics.rake(cells, {"age_band": {"lt25": 40, "25_34": 60}, "sex": {"male": 50, "female": 50}})
    fitted = [w * c.n for w, c in zip(raked.weights, cells, strict=True)]
    assert fitted == pytest.approx([17.5765, 22.4235, 32.4235, 27.5765], abs=1e-4)
    assert raked.iterations < 30


def test_margins_that_are_met_already_leave_every_weight_at_one():
    cells = cells_of([[10, 10], [10, 10]])
    raked = statistics.rake(cells, {"age_band": {"lt25": 5, "25_34": 5}, "sex": {"male": 7, "female": 7}})
    assert raked.weights == pytest.approx((1, 1, 1, 1))
    assert raked.n_eff == pytest.approx(40)
    assert raked.design_effect == pytest.approx(1)


def by_entropy(table, rows, columns):
    """The second way: raking minimises Σ p log(p/q) under the margins; here a general optimiser solves the dual."""
    q = np.array(table, dtype=float) / np.sum(table)
    r, c = np.array(rows) / np.sum(rows), np.array(columns) / np.sum(columns)

    def dual(x):
        a, b = x[: len(r)], x[len(r) :]
        fitted = q * np.exp(a[:, None] + b[None, :])
        return fitted.sum() - a @ r - b @ c

    def slope(x):
        fitted = q * np.exp(x[: len(r), None] + x[None, len(r) :])
        return np.concatenate([fitted.sum(1) - r, fitted.sum(0) - c])

    best = optimize.minimize(dual, np.zeros(len(r) + len(c)), jac=slope, method="BFGS", options={"gtol": 1e-11})
    return q * np.exp(best.x[: len(r), None] + best.x[None, len(r) :])


@settings(max_examples=40, deadline=None)
@given(
    table=st.lists(st.lists(st.integers(5, 200), min_size=2, max_size=2), min_size=3, max_size=3),
    rows=st.lists(st.integers(50, 500), min_size=3, max_size=3),
    columns=st.lists(st.integers(50, 500), min_size=2, max_size=2),
)
def test_a_second_implementation_agrees(table, rows, columns):
    cells = cells_of(table)
    margins = {"age_band": dict(zip(AGES, rows, strict=True)), "sex": dict(zip(SEXES, columns, strict=True))}
    raked = statistics.rake(cells, margins)
    fitted = np.array([w * c.n for w, c in zip(raked.weights, cells, strict=True)]).reshape(3, 2)
    assert fitted / fitted.sum() == pytest.approx(by_entropy(table, rows, columns), abs=1e-5)


def test_an_empty_cell_stays_empty_and_does_not_disturb():
    cells = cells_of([[10, 0], [30, 40]])
    raked = statistics.rake(cells, {"age_band": {"lt25": 30, "25_34": 70}, "sex": {"male": 60, "female": 40}})
    assert isinstance(raked, Raked)
    assert weighted(raked, cells, "age_band", "lt25") == pytest.approx(0.3 * 80)
    assert weighted(raked, cells, "sex", "female") == pytest.approx(0.4 * 80)


def test_margins_that_cannot_be_met_are_refused():
    """Everybody under 25 is a man, and there are more people under 25 than men: no weights give that."""
    cells = cells_of([[10, 0], [30, 40]])
    refusal = statistics.rake(cells, {"age_band": {"lt25": 70, "25_34": 30}, "sex": {"male": 50, "female": 50}})
    assert [problem.code for problem in refusal.problems] == ["not_converged"]


def test_every_reason_is_told_at_once():
    cells = [Cell({"age_band": "lt25", "sex": ""}, 3), Cell({"age_band": "35_44", "sex": "male"}, 9)]
    margins = {"age_band": {"lt25": 10, "25_34": 10, "35_44": 20}, "sex": {"male": 5, "female": 5}}
    refusal = statistics.rake(cells, margins)
    assert isinstance(refusal, Refusal)
    assert {(p.code, p.dimension, p.category, p.into, p.n) for p in refusal.problems} == {
        ("empty_margin", "age_band", "25_34", "lt25", 0),
        ("unknown_category", "sex", "", "", 3),
        ("empty_margin", "sex", "female", "male", 0),
    }


def test_an_empty_category_can_be_merged_into_its_neighbour():
    cells = [Cell({"age_band": "lt25"}, 10), Cell({"age_band": "35_44"}, 30)]
    margins = {"age_band": {"lt25": 25, "25_34": 25, "35_44": 50}}
    merged, smaller = statistics.collapse(cells, margins, {("age_band", "25_34"): "lt25"})
    assert smaller == {"age_band": {"lt25": 50, "35_44": 50}}
    assert statistics.rake(merged, smaller).weights == pytest.approx((2, 2 / 3))


def test_margins_of_different_totals_are_scaled_with_a_warning():
    cells = cells_of([[10, 20], [30, 40]])
    one = statistics.rake(cells, {"age_band": {"lt25": 40, "25_34": 60}, "sex": {"male": 50, "female": 50}})
    other = statistics.rake(cells, {"age_band": {"lt25": 400, "25_34": 600}, "sex": {"male": 50, "female": 50}})
    assert one.weights == pytest.approx(other.weights)
    assert not one.warnings
    assert [(w.code, w.dimension, w.n) for w in other.warnings] == [
        ("totals_differ", "age_band", 1000),
        ("totals_differ", "sex", 100),
    ]


def test_a_cap_bounds_the_weights_and_says_what_it_cost():
    """5 of 100 stand for half of the population: each weighs 10. Capped at 3 they stand for 15 of 100; the others
    weigh 85/95."""
    cells = [Cell({"sex": "male"}, 5), Cell({"sex": "female"}, 95)]
    raked = statistics.rake(cells, {"sex": {"male": 1, "female": 1}}, cap=3)
    assert raked.weights == pytest.approx((3, 85 / 95))
    assert raked.trimmed == 5
    assert [row.gap for row in raked.achieved] == pytest.approx([-0.35, 0.35])
    assert raked.n_eff > statistics.rake(cells, {"sex": {"male": 1, "female": 1}}).n_eff


def test_a_cap_of_one_is_none():
    refusal = statistics.rake([Cell({"sex": "male"}, 5)], {"sex": {"male": 1}}, cap=1)
    assert [problem.code for problem in refusal.problems] == ["bad_cap"]


@settings(max_examples=40, deadline=None)
@given(
    table=st.lists(st.lists(st.integers(1, 200), min_size=2, max_size=2), min_size=3, max_size=3),
    rows=st.lists(st.integers(1, 500), min_size=3, max_size=3),
    columns=st.lists(st.integers(1, 500), min_size=2, max_size=2),
    cap=st.floats(1.2, 6),
)
def test_no_weight_is_above_the_cap_and_the_mean_stays_one(table, rows, columns, cap):
    cells = cells_of(table)
    margins = {"age_band": dict(zip(AGES, rows, strict=True)), "sex": dict(zip(SEXES, columns, strict=True))}
    raked = statistics.rake(cells, margins, cap=cap)
    if isinstance(raked, Raked):
        assert max(raked.weights) <= cap * (1 + 1e-9)
        assert sum(w * c.n for w, c in zip(raked.weights, cells, strict=True)) == pytest.approx(raked.n)


@pytest.mark.parametrize(
    ("hits", "size", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857, table I, method 5 (exact).
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_published_exact_intervals(hits, size, low, high):
    assert statistics.share_interval(hits / size, size) == pytest.approx((low, high), abs=5e-5)


def test_an_interval_of_an_effective_size_lies_between_its_neighbours():
    narrow, middle, wide = (statistics.share_interval(0.4, size) for size in (101, 100.5, 100))
    assert wide[0] < middle[0] < narrow[0] < 0.4 < narrow[1] < middle[1] < wide[1]


def test_the_mean_has_the_interval_of_students_t():
    values = [3, 5, 8, 13, 21, 34]
    mean = statistics.mean_of(len(values), sum(values), sum(v * v for v in values), len(values))
    assert mean.mean == pytest.approx(np.mean(values))
    assert mean.deviation == pytest.approx(np.std(values, ddof=1))
    expected = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    assert (mean.low, mean.high) == pytest.approx(expected)


def test_one_answer_has_no_interval():
    assert statistics.mean_of(1, 5, 25, 1) is None
    assert statistics.share_interval(0.5, 0) == (0, 1)
    assert statistics.n_eff(0, 0) == 0
