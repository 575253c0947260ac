"""The benchmark compares systems that do the same job; no test looks at a time."""

import numpy as np
import pytest

from vgdesk.bench.cases import CASES, Case, RecurrentCase
from vgdesk.bench.training import build_systems, training_figures, training_ratio

SMALL = [Case(3, 8, "tanh", 16, "float64", 1.0, 1.0), Case(2, 8, "sigmoid", 16, "float32", 1.0, 1.0)]


CELLS = [RecurrentCase(cell, 5, 6, "float64", 1.0, 1.0) for cell in ("RNN", "LSTM", "GRU")]


@pytest.mark.parametrize("case", [CASES[0], *SMALL, *CELLS], ids=lambda case: case.name)
def test_all_systems_record_the_same_losses_and_norms(case):
    own, *others = build_systems(case)
    losses, norms = own.run(5)
    for other in others:
        their_losses, their_norms = other.run(5)
        # float32 through 20 layers
        np.testing.assert_allclose(their_losses, losses, rtol=1e-5)
        np.testing.assert_allclose(their_norms, norms, rtol=1e-3)


def test_a_system_goes_on_where_it_stopped():
    for together, apart in zip(build_systems(SMALL[0]), build_systems(SMALL[0]), strict=True):
        losses, _ = together.run(7)
        parts = [apart.run(steps)[0] for steps in (3, 4)]
        np.testing.assert_allclose(np.concatenate(parts), losses, rtol=1e-12)


def test_a_measurement_names_every_system_and_its_ratio():
    ratio = training_ratio(SMALL[0], seconds=0.0)
    first, *others = ratio.speeds
    assert first.system == "vgdesk"
    for other in others:
        expected = first.steps_per_second / other.steps_per_second
        assert ratio.times_faster(other.system) == pytest.approx(expected)
    assert ratio.times_faster("a system that is not there") is None


def test_every_case_has_its_figures_and_both_targets():
    figures = list(training_figures(SMALL, seconds=0.0))
    for case in SMALL:
        assert any(figure.what.startswith(case.name) for figure in figures)
    assert sum(figure.target is not None for figure in figures) == 2 * len(SMALL)
