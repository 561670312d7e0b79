"""What may not be shown, because it would tell of few people or is too uncertain to be told. Pure.

One rule for page, chart, tooltip, drill-down, export and API:

1. A number of one to four respondents is hidden. That nobody said a thing tells of no person and is shown.
2. A result whose effective sample size is under 30 is hidden whole, save how many answered.
3. What could be computed from what is shown is hidden too. Where the hidden cells of a row or column of known total
   are a single one, or four respondents and fewer together, the smallest other cell joins them; and so on until
   the equations determine no hidden cell.
4. A filter by one dimension shows only what the shown cells of the table by that dimension add up to. A filter by
   several has rests: what each of them alone, and all together, leave out; where the rest of a cell is one to four
   respondents, the cell is hidden as well. So no subtraction of two pages tells what neither shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LEAST_CELL = 5
LEAST_N_EFF = 30.0
NOWHERE = -1


def is_small(n: int) -> bool:
    return 0 < n < LEAST_CELL


@dataclass(frozen=True)
class _Line:
    """Cells (by flat index) whose sum a reader of the table knows; with `total`, they sum to that hidden cell."""

    cells: tuple[int, ...]
    total: int | None = None


def hidden(
    tables: Sequence[Any],
    *,
    forced: Any = None,
    hidden_totals: Sequence[bool] | None = None,
    choices_add_up: bool = True,
    categories_add_up: bool = True,
) -> Any:
    """Which cells of the first table to hide, as booleans of its shape.

    `tables` are counts (choices × categories): what is shown, then the rests, which can be had by subtraction.
    `forced` cells are hidden for another reason and protected alike. `hidden_totals` are the choices whose totals over
    the categories are not shown elsewhere either, and must not come out here.
    """
    counts = [np.atleast_2d(np.asarray(table, dtype=np.int64)) for table in tables]
    height, width = counts[0].shape
    mask = np.zeros((height, width), dtype=bool) if forced is None else np.array(forced, dtype=bool)
    for table in counts:
        mask |= (table > 0) & (table < LEAST_CELL)
    flat_mask, flat = mask.ravel(), [table.ravel() for table in counts]
    totals = [i for i, is_hidden in enumerate(hidden_totals or ()) if is_hidden]
    lines = _lines(height, width, totals, choices_add_up, categories_add_up)
    while _protect_lines(flat_mask, flat, lines) or _protect_determined(flat_mask, flat, lines):
        pass
    return flat_mask.reshape(height, width)


def _lines(
    height: int, width: int, totals: Sequence[int], choices_add_up: bool, categories_add_up: bool
) -> list[_Line]:
    """The known sums of the table; hidden totals get places behind the cells."""
    places = np.arange(height * width).reshape(height, width)
    total_at = {row: height * width + i for i, row in enumerate(totals)}
    found: list[_Line] = []
    if choices_add_up:
        found += [_Line(tuple(map(int, places[:, column]))) for column in range(width)]
        found += [_Line(tuple(total_at.values()))] if total_at else []
    if categories_add_up and width > 1:
        found += [_Line(tuple(map(int, places[row])), total_at.get(row)) for row in range(height)]
    return found


def _protect_lines(mask: Any, tables: Sequence[Any], lines: Sequence[_Line]) -> bool:
    """Let a second cell join where one stands alone, or where the hidden ones together are too few."""
    changed = False
    for line in lines:
        while _is_weak(mask, tables, line):
            further = _smallest_shown(mask, tables, line.cells)
            if further is None:
                break
            mask[further] = changed = True
    return changed


def _is_weak(mask: Any, tables: Sequence[Any], line: _Line) -> bool:
    if line.cells and line.cells[0] >= len(mask):  # the line of the hidden totals, which are settled elsewhere
        return False
    within = [i for i in line.cells if mask[i]]
    if line.total is not None:
        return not within
    return len(within) == 1 or any(is_small(int(table[within].sum())) for table in tables if within)


def _smallest_shown(mask: Any, tables: Sequence[Any], cells: Sequence[int]) -> int | None:
    """The shown cell that costs the reader least; an empty one protects nothing, so it comes last."""
    shown = [i for i in cells if i < len(mask) and not mask[i]]
    return min(shown, key=lambda i: (tables[0][i] == 0, int(tables[0][i]), i), default=None)


def _protect_determined(mask: Any, tables: Sequence[Any], lines: Sequence[_Line]) -> bool:
    """Hide one cell more beside a hidden one that the equations still determine."""
    for cell in _determined(mask, lines):
        for line in lines:
            further = _smallest_shown(mask, tables, line.cells) if cell in (*line.cells, line.total) else None
            if further is not None:
                mask[further] = True
                return True
    return False


def _determined(mask: Any, lines: Sequence[_Line]) -> list[int]:
    """The hidden cells that follow from the lines' sums and the shown cells.

    Each unknown stands in a row's and in a column's equation, so the equations are a graph with the lines as its
    nodes and the unknowns as edges (one that stands in one equation only ends in a node without an equation). What
    changes without changing a sum runs around in a cycle: determined are the bridges.
    """
    ends: dict[int, list[int]] = {}
    for node, line in enumerate(lines):
        for cell in (*line.cells, line.total):
            if cell is not None and (cell >= len(mask) or mask[cell]):
                ends.setdefault(cell, []).append(node)
    return _bridges({cell: (nodes[0], nodes[1] if len(nodes) > 1 else NOWHERE) for cell, nodes in ends.items()})


def _bridges(edges: Mapping[int, tuple[int, int]]) -> list[int]:
    """Tarjan's depth-first search, without recursion: tables may be long."""
    beside: dict[int, list[tuple[int, int]]] = {}
    for edge, (one, other) in edges.items():
        beside.setdefault(one, []).append((edge, other))
        beside.setdefault(other, []).append((edge, one))
    order: dict[int, int] = {}
    found: list[int] = []
    for root in sorted(beside):
        if root not in order:
            found += _bridges_from(root, beside, order)
    return sorted(found)


def _bridges_from(root: int, beside: Mapping[int, list[tuple[int, int]]], order: dict[int, int]) -> Iterator[int]:
    order[root] = len(order)
    low = {root: order[root]}
    stack = [(root, -1, iter(beside[root]))]
    while stack:
        node, came, rest = stack[-1]
        for edge, other in rest:
            if edge != came and other not in order:
                order[other] = low[other] = len(order)
                stack.append((other, edge, iter(beside[other])))
                break
            if edge != came:
                low[node] = min(low[node], order[other])
        else:
            stack.pop()
            if stack:
                before = stack[-1][0]
                low[before] = min(low[before], low[node])
                if low[node] > order[before]:
                    yield came


def hidden_choices(
    tables: Sequence[Any],
    bases: Sequence[Any],
    *,
    forced: Any = None,
    hidden_totals: Sequence[bool] | None = None,
    categories_add_up: bool = True,
) -> Any:
    """The same for questions with several answers: each choice against those who did not make it."""
    counts = [np.atleast_2d(np.asarray(table, dtype=np.int64)) for table in tables]
    height, width = counts[0].shape
    start = np.zeros((height, width), dtype=bool) if forced is None else np.array(forced, dtype=bool)
    mask = np.zeros((height, width), dtype=bool)
    for row in range(height):
        pairs = [
            np.vstack([table[row], np.asarray(base) - table[row]]) for table, base in zip(counts, bases, strict=True)
        ]
        is_hidden = bool(hidden_totals and hidden_totals[row])
        both = hidden(
            pairs,
            forced=np.vstack([start[row]] * 2),
            hidden_totals=[is_hidden] * 2,
            categories_add_up=categories_add_up,
        )
        mask[row] = both.any(axis=0)
    return mask


def hidden_bases(bases: Sequence[Any], *, is_total_shown: bool = True) -> Any:
    """Which categories have so few answers (or so small a rest) that not even their number is shown."""
    found = hidden(
        [np.atleast_2d(base) for base in bases],
        choices_add_up=False,
        categories_add_up=is_total_shown,
    )
    return found[0]


def hidden_sums(mask: Any, chosen: Sequence[int], hidden_totals: Sequence[bool]) -> list[bool]:
    """For a filter that keeps the categories `chosen`: which sums over them say more than the table's shown cells."""
    inside = np.zeros(mask.shape[1], dtype=bool)
    inside[list(chosen)] = True
    found = []
    for row, is_total_hidden in zip(mask, hidden_totals, strict=True):
        within, without = bool((row & inside).any()), bool((row & ~inside).any())
        found.append(within and (without or is_total_hidden))
    return found
