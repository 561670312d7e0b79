"""Nothing hidden can be computed from what is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from needs.surveys.results import suppression


def test_a_cell_under_five_and_its_complement_are_hidden():
    """Of 100 answers 3 are no: 97 yes would tell it."""
    assert suppression.hidden([[[97], [3]]]).all()


def test_four_is_hidden_five_is_shown():
    mask = suppression.hidden([[[4], [5], [40], [60]]])
    assert mask.ravel().tolist() == [True, True, False, False]
    assert not suppression.hidden([[[5], [45]]]).any()


def test_that_nobody_said_a_thing_is_shown():
    assert not suppression.hidden([[[0], [50], [60]]]).any()


def test_hidden_cells_that_are_few_together_take_a_third_along():
    """1 and 2 alone would leave "three of them" to be read from the total."""
    assert suppression.hidden([[[1], [2], [40], [60]]]).ravel().tolist() == [True, True, True, False]


def test_a_hidden_cell_takes_another_of_its_row_and_of_its_column():
    """One cell of 2 in a table with both totals: the smallest rectangle around it is hidden."""
    table = [[2, 20, 30], [15, 40, 60], [50, 70, 80]]
    mask = suppression.hidden([table])
    assert mask.tolist() == [[True, True, False], [True, True, False], [False, False, False]]


def test_a_bridge_between_hidden_blocks_is_seen():
    """Two blocks, each free in itself, joined by one cell: each line has two hidden cells, the bridge is computable."""
    table = np.full((4, 4), 50)
    forced = np.zeros((4, 4), dtype=bool)
    forced[:2, :2] = forced[2:, 2:] = forced[1, 2] = True
    lines = suppression._lines(4, 4, [], True, True)
    assert suppression._determined(forced.ravel(), lines) == [1 * 4 + 2]
    assert suppression.hidden([table], forced=forced).sum() > forced.sum()


def test_the_rest_of_a_filter_hides_as_the_filter_itself():
    """50 of the chosen townships say yes, 2 of the others: all minus this would tell of the two."""
    shown, rest = [[50], [60], [70]], [[2], [60], [70]]
    assert suppression.hidden([shown, rest]).ravel().tolist() == [True, True, False]


def test_a_choice_of_several_hides_when_all_but_few_made_it():
    mask = suppression.hidden_choices([[[98], [50], [3]]], [[100]], categories_add_up=False)
    assert mask.ravel().tolist() == [True, False, True]


def test_a_base_under_five_takes_the_next_smallest_along():
    assert suppression.hidden_bases([[3, 40, 50]]).tolist() == [True, True, False]
    assert suppression.hidden_bases([[3]]).tolist() == [True]


def test_a_total_that_is_hidden_elsewhere_does_not_come_out_of_the_row():
    """Without it, a row of large cells would add up to a total that the page of the question hides."""
    table = [[20, 30], [40, 50], [60, 70]]
    assert not suppression.hidden([table]).any()
    mask = suppression.hidden([table], hidden_totals=[True, True, False])
    assert mask[0].any() and mask[1].any()


@pytest.mark.parametrize(
    ("chosen", "told"), [([0], True), ([2], False), ([0, 1], False), ([0, 2], True), ([0, 1, 2], False)]
)
def test_a_filter_shows_what_the_table_adds_up_to(chosen, told):
    """Row: first and second category hidden, total shown. Both together follow from the total, one alone does not."""
    mask = np.array([[True, True, False]])
    assert suppression.hidden_sums(mask, chosen, [False]) == [told]
    assert suppression.hidden_sums(mask, chosen, [True]) == [bool({0, 1} & set(chosen))]


small_tables = st.integers(2, 5).flatmap(
    lambda rows: st.integers(2, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 40), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


@settings(max_examples=150, deadline=None)
@given(table=small_tables)
def test_no_hidden_cell_follows_from_the_totals(table):
    """Solved by linear algebra that is not the product's: a cell is determined if fixing it costs no rank."""
    counts = np.array(table)
    mask = suppression.hidden([counts])
    assert mask[(counts > 0) & (counts < 5)].all()
    unknown = list(zip(*np.nonzero(mask), strict=True))
    equations = [[1.0 if cell[0] == row else 0.0 for cell in unknown] for row in range(counts.shape[0])]
    equations += [[1.0 if cell[1] == column else 0.0 for cell in unknown] for column in range(counts.shape[1])]
    for place, (row, column) in enumerate(unknown):
        only = [1.0 if i == place else 0.0 for i in range(len(unknown))]
        follows = np.linalg.matrix_rank(equations) == np.linalg.matrix_rank([*equations, only])
        is_all = mask[row].all() and mask[:, column].all()
        assert not follows or is_all, (row, column)


@settings(max_examples=150, deadline=None)
@given(table=small_tables)
def test_the_hidden_cells_of_a_line_are_five_respondents_together(table):
    counts = np.array(table)
    mask = suppression.hidden([counts])
    for line, hidden in [*zip(counts, mask, strict=True), *zip(counts.T, mask.T, strict=True)]:
        assert not 0 < line[hidden].sum() < 5 or hidden.all()


@settings(max_examples=100, deadline=None)
@given(table=small_tables)
def test_no_filter_by_the_columns_tells_of_few(table):
    """Whoever asks for every set of categories, and sees the total, knows no cell of one to four."""
    counts = np.array(table)
    height, width = counts.shape
    total = suppression.hidden([counts.sum(axis=1, keepdims=True)])[:, 0]
    mask = suppression.hidden([counts], hidden_totals=total.tolist())
    known = []
    for chosen in range(1, 2**width):
        inside = [column for column in range(width) if chosen >> column & 1]
        told = total if len(inside) == width else suppression.hidden_sums(mask, inside, total.tolist())
        for row in range(height):
            if not told[row]:
                known.append([float(r == row and c in inside) for r in range(height) for c in range(width)])
    known += [[float(c == column) for _row in range(height) for c in range(width)] for column in range(width)]
    rank = np.linalg.matrix_rank(known)
    for row, column in zip(*np.nonzero((counts > 0) & (counts < 5)), strict=True):
        only = [float((r, c) == (row, column)) for r in range(height) for c in range(width)]
        alone = mask[:, column].sum() == 1 or 0 < counts[:, column].sum() < 5
        assert alone or np.linalg.matrix_rank([*known, only]) > rank, (row, column)
