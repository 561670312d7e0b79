"""Which answers count towards which quota."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needs.surveys.campaigns.grid import ANY, Cell, by_township, coverage, matrix, total

BANDS = [("lt25", "<25"), ("ge55", "≥55"), (ANY, "any"), ("", "not stated")]
WORKS = [("farming", "务农"), ("trade", "经商"), (ANY, "any"), ("", "not stated")]


def test_an_answer_counts_for_its_own_cell_first():
    cells = coverage(
        [(1, "ge55", "farming", 5)], [(1, "ge55", "farming", "approved", 3), (1, "ge55", "farming", "pending", 1)]
    )

    assert cells == {(1, "ge55", "farming"): Cell(target=5, done=3, pending=1, gap=2, quotas=1)}


def test_an_answer_without_a_cell_of_its_own_counts_for_the_narrowest_that_fits():
    quotas = [(1, "ge55", "", 4), (1, "", "trade", 4), (1, "", "", 4)]
    counts = [
        (1, "ge55", "trade", "approved", 1),  # both fit: the age band goes first
        (1, "lt25", "trade", "approved", 2),
        (1, "lt25", "farming", "approved", 3),
        (1, "", "", "approved", 1),
    ]
    done = {place: cell.done for place, cell in coverage(quotas, counts).items()}

    assert done == {(1, "ge55", ANY): 1, (1, ANY, "trade"): 2, (1, ANY, ANY): 4}


def test_what_no_quota_asks_for_is_shown_apart():
    cells = coverage(
        [(1, "ge55", "farming", 2)], [(1, "lt25", "trade", "approved", 4), (1, "lt25", "trade", "pending", 1)]
    )

    assert cells[1, "lt25", "trade"] == Cell(unplanned=4, unplanned_pending=1)
    assert total(cells.values()) == Cell(target=2, gap=2, quotas=1, unplanned=4, unplanned_pending=1)


def test_too_many_in_one_cell_do_not_hide_what_is_missing_in_another():
    cells = coverage(
        [(1, "lt25", "farming", 5), (1, "ge55", "farming", 5)],
        [(1, "lt25", "farming", "approved", 9), (1, "ge55", "farming", "approved", 1)],
    )
    whole = total(cells.values())

    assert (whole.target, whole.done, whole.gap, whole.over) == (10, 10, 4, 4)
    assert whole.percent == 60
    assert not whole.is_done


def test_another_townships_answers_never_count():
    cells = coverage([(1, "", "", 5)], [(2, "ge55", "farming", "approved", 3)])

    assert by_township(cells) == {1: Cell(target=5, gap=5, quotas=1), 2: Cell(unplanned=3)}


def test_returned_and_rejected_answers_do_not_count():
    cells = coverage([(1, "", "", 5)], [(1, "ge55", "farming", "returned", 3), (1, "ge55", "farming", "rejected", 2)])

    assert cells == {(1, ANY, ANY): Cell(target=5, gap=5, quotas=1)}


def test_the_matrix_leaves_out_what_nobody_has_and_keeps_unknown_occupations():
    cells = coverage([(1, "lt25", "farming", 2), (2, "lt25", "farming", 3)], [(1, "ge55", "mining", "approved", 1)])
    found = matrix(cells, BANDS, WORKS)

    assert [key for key, _label in found.columns] == ["farming", "trade", "mining"]
    assert [line.key for line in found.lines] == ["lt25", "ge55"]
    assert found.lines[0].cells[0].target == 5
    assert [cell.target for cell in found.totals] == [5, 0, 0]
    assert found.total == total(cells.values())


def test_a_share_is_never_rounded_up_to_the_whole():
    assert Cell(target=1000, done=999, gap=1, quotas=1).percent == 99


places = st.tuples(st.integers(1, 3), st.sampled_from(["lt25", "ge55", ""]), st.sampled_from(["farming", "trade", ""]))


# A busy machine draws slowly, which says nothing about the grid.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(places, st.integers(1, 20)),
    st.lists(st.tuples(places, st.sampled_from(["approved", "pending"]), st.integers(1, 9)), max_size=30),
)
def test_every_answer_is_counted_once_and_all_totals_agree(targets, answers):
    quotas = [(*place, target) for place, target in targets.items()]
    cells = coverage(quotas, [(*place, state, n) for place, state, n in answers])
    whole, found = total(cells.values()), matrix(cells, BANDS, WORKS)

    assert whole.received == sum(n for _place, _state, n in answers)
    assert whole.target == sum(targets.values())
    assert whole.gap - whole.over == whole.target - whole.done
    assert found.total == total(by_township(cells).values()) == total(line.total for line in found.lines) == whole
