"""The benchmark compares systems that do the same job; no test looks at a time."""

import numpy as np
import pytest

from vgdesk.bench.training import build_systems, training_ratio


def test_all_systems_record_the_same_losses_and_norms():
    own, *others = build_systems()
    losses, norms = own.run(5)
    for other in others:
        their_losses, their_norms = other.run(5)
        # float32 through 20 layers
        np.testing.assert_allclose(their_losses, losses, rtol=1e-5)
        np.testing.assert_allclose(their_norms, norms, rtol=1e-3)


def test_a_measurement_names_every_system_and_its_ratio():
    ratio = training_ratio(seconds=0.0)
    first, *others = ratio.speeds
    assert first.system == "vgdesk"
    for other in others:
        expected = first.steps_per_second / other.steps_per_second
        assert ratio.times_faster(other.system) == pytest.approx(expected)
    assert ratio.times_faster("a system that is not there") is None
