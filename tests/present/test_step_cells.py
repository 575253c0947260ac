"""Columns of a heat map lie at their steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.present.sampling import picture_rows
from vgdesk.present.step_cells import column_at, column_edges, shown_columns

STEPS = st.lists(st.integers(0, 100_000), min_size=1, max_size=60, unique=True).map(sorted).map(np.array)


@given(STEPS)
def test_every_step_lies_in_its_own_column(steps: np.ndarray):
    edges = column_edges(steps)
    assert [column_at(edges, step) for step in steps] == list(range(len(steps)))


@given(STEPS)
def test_cells_show_columns_in_order_and_each_the_one_at_its_middle(steps: np.ndarray):
    edges = column_edges(steps)
    cells = shown_columns(edges)
    assert (np.diff(cells) >= 0).all()
    middles = np.linspace(edges[0], edges[-1], 2 * len(cells) + 1)[1::2]
    assert cells.tolist() == [column_at(edges, middle) for middle in middles]


@given(st.integers(1, 1600), st.integers(0, 1000), st.integers(1, 50))
def test_evenly_spaced_columns_have_a_cell_each(count: int, first: int, gap: int):
    assert shown_columns(column_edges(first + gap * np.arange(count))).tolist() == list(range(count))


@given(st.integers(1, 2_000_000), st.integers(4, 500))
def test_picture_of_a_long_run_keeps_its_ends_and_has_no_broad_stripe(count: int, most: int):
    rows = picture_rows(count, most)
    assert (rows[0], rows[-1]) == (0, count - 1)
    assert len(rows) <= most
    assert np.diff(rows).max(initial=1) <= count / (most - most // 2 - 1) + 1
