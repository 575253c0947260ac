"""Axes are made of whole decades and round numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.present.ticks import LEAST_DECADES, decade_range, decade_ticks, round_ceiling

LOG10 = st.floats(-20_000, 20_000)


@given(st.lists(LOG10, min_size=1), st.booleans())
def test_range_holds_all_values_in_whole_decades(values: list[float], is_bars: bool):
    low, high = decade_range(np.array(values), is_bars)
    assert low <= min(values)
    assert max(values) <= high
    assert low == int(low)
    assert high == int(high)
    assert high - low >= LEAST_DECADES


@given(st.lists(LOG10, min_size=1))
def test_shortest_bar_keeps_a_visible_foot(values: list[float]):
    low, high = decade_range(np.array(values), is_bars=True)
    assert min(values) - low >= 0.03 * (high - low)


def test_range_without_any_number_still_is_an_axis():
    assert decade_range(np.array([-np.inf, np.nan, np.inf])) == (-4.0, 0.0)


@given(st.integers(-20_000, 20_000), st.integers(4, 40_000), st.integers(3, 12))
def test_ticks_are_few_evenly_spaced_and_inside(low: int, span: int, most: int):
    ticks = decade_ticks(low, low + span, most)
    assert 1 <= len(ticks) <= most
    assert low <= ticks[0]
    assert ticks[-1] <= low + span
    assert len(set(np.diff(ticks))) <= 1


def test_ticks_of_a_vanishing_network_are_even_decades():
    assert decade_ticks(-15, -1) == (-14.0, -12.0, -10.0, -8.0, -6.0, -4.0, -2.0)


@given(st.floats(1e-300, 1e300))
def test_round_ceiling_is_at_least_the_value_and_close_to_it(value: float):
    assert value <= round_ceiling(value) <= value * 1.5


def test_round_ceiling_survives_the_ends_of_the_number_format():
    assert round_ceiling(1.7e308) == 1.7e308
    assert round_ceiling(5e-324) >= 5e-324
