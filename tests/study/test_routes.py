"""Three routes, one figure: the symbolic points are the measured ones, and theory's band holds them."""

import numpy as np
import pytest

from vgdesk.present.profile import profile_scene
from vgdesk.spec.library import example
from vgdesk.study.routes import three_routes


@pytest.mark.parametrize("quantity", ["weight", "delta"])
def test_symbolic_and_measured_gradients_of_the_first_step_are_the_same(quantity):
    found = three_routes(example("circles"), quantity)
    np.testing.assert_allclose(found.symbolic.log10_norm, found.measured.log10_norm, atol=1e-12)


def test_before_a_weight_has_changed_the_measured_points_lie_on_the_line():
    found = three_routes(example("digits-sigmoid-20"))
    away = np.abs(found.measured.log10_norm - found.predicted.log10_norm) / found.predicted.log10_deviation
    assert np.max(away) < 3.0
    assert found.measured.log10_norm[0] - found.measured.log10_norm[-1] < -10.0


def test_a_network_too_large_for_symbols_says_so():
    found = three_routes(example("digits-tanh-20"))
    assert found.symbolic is None
    assert "too large" in " ".join(found.notes)


def test_the_scene_holds_all_three_at_the_same_places():
    found = three_routes(example("circles"))
    scene = profile_scene(found.measured, "", "", found.predicted, "", found.symbolic)
    assert len(scene.bars) == len(scene.theory.log10) == len(scene.symbolic) == 3


def test_symbols_of_another_quantity_are_not_drawn():
    weights, deltas = three_routes(example("circles"), "weight"), three_routes(example("circles"), "delta")
    assert profile_scene(weights.measured, "", "", symbolic=deltas.symbolic).symbolic == ()
