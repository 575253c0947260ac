"""Tick choosers: round, never crowded, powers of ten in superscript."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.ui.plots.axes import decade_chooser, layer_chooser, power_of_ten, round_values


@pytest.mark.parametrize(("log10", "label"), [(-14.0, "10⁻¹⁴"), (0.0, "1"), (3.0, "10³"), (-300.0, "10⁻³⁰⁰")])
def test_powers_of_ten_are_written_with_superscripts(log10, label):
    assert power_of_ten(log10) == label


@given(st.integers(1, 1000), st.floats(40.0, 2000.0))
def test_layer_labels_are_whole_distinct_and_have_room(layers, pixels):
    numbers = [position for position, _ in layer_chooser(layers, 20.0)(pixels)]
    assert numbers == sorted({int(number) for number in numbers})
    assert all((b - a) * pixels / layers >= 19.9 for a, b in pairwise(numbers))


@given(st.lists(st.integers(-40, 10), min_size=1, max_size=1), st.integers(1, 9), st.floats(20.0, 600.0))
def test_decade_labels_are_some_of_the_scenes_ticks(low, count, pixels):
    ticks = [float(low[0] + 2 * k) for k in range(count)]
    chosen = [position for position, _ in decade_chooser(ticks)(pixels)]
    assert set(chosen) <= set(ticks)
    assert len(chosen) <= max(1.0, pixels / 17) + 1


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(2, 12))
def test_round_values_stay_inside_and_are_few(low, span, most):
    values = round_values(low, low + span, most)
    assert len(values) <= most + 1
    assert all(low - 1e-6 * span <= value <= low + span * (1 + 1e-6) for value in values)
