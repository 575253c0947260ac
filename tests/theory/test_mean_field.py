"""Where variances settle: every fixed point, its stability, and the one that is reached."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.theory.critical import critical
from vgdesk.theory.mean_field import mean_field
from vgdesk.theory.variance_map import variance_map, variance_trajectory


@settings(max_examples=40, deadline=None)
@example("tanh", 1.0, 4.7e-265, 1.0)
@given(st.sampled_from(ACTIVATIONS), st.floats(0.1, 1.3), st.floats(0.0, 2.0), st.floats(0.01, 10.0))
def test_the_reached_fixed_point_is_where_the_iteration_ends(name, sigma_w, sigma_b, q0):
    found = mean_field(name, sigma_w, sigma_b, q0)
    end = variance_trajectory(name, sigma_w, sigma_b, q0, 400)[-1]
    if found.reached is None:
        assert end > 1e3 * q0 or variance_map(name, sigma_w, sigma_b, end)[0] > end
    elif found.reached.chi_q < 0.9:
        assert end == pytest.approx(found.reached.q, rel=1e-6, abs=1e-12)


def test_swish_has_a_stable_and_an_unstable_fixed_point():
    found = mean_field("silu", 1.5, 0.3)
    assert [point.stable for point in found.fixed_points] == [True, False]
    assert found.reached == found.fixed_points[0]


def test_beyond_the_unstable_fixed_point_swish_grows_without_bound():
    found = mean_field("silu", 1.5, 0.3, q0=10.0)
    assert found.reached is None
    assert "grows without bound" in found.reason


def test_zero_is_an_unstable_fixed_point_of_chaotic_tanh():
    found = mean_field("tanh", 1.5, 0.0)
    assert [(point.q == 0.0, point.stable) for point in found.fixed_points] == [(True, False), (False, True)]
    assert found.reached == found.fixed_points[1]


def test_exactly_at_zero_the_unstable_fixed_point_is_told_as_one():
    found = mean_field("tanh", 1.5, 0.0, q0=0.0)
    assert found.reached is not None
    assert not found.reached.stable
    assert "unstable" in found.reason


def test_relu_with_he_keeps_every_variance():
    found = mean_field("relu", 2**0.5, 0.0, q0=3.0)
    assert found.reached is not None
    assert found.reached.q == 3.0
    assert "every variance" in found.reason


def test_relu_beyond_he_has_no_end():
    assert mean_field("relu", 2.0, 0.1).reached is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_bad_sigma_is_named(value):
    with pytest.raises(SpecError, match="sigma_w must be a finite number from 0 to 1,000,000, got"):
        mean_field("tanh", value, 0.0)


@pytest.mark.parametrize(("name", "stable"), [("tanh", True), ("silu", False), ("gelu", False), ("elu", True)])
def test_stability_of_critical_points_is_stated(name, stable):
    found = critical(name, 0.05)
    assert found.points[0].stable is stable
    assert ("unstable" in found.reason) is not stable


@pytest.mark.parametrize("name", ["relu", "softplus", "log-sigmoid"])
def test_activations_without_a_critical_point_say_so(name):
    found = critical(name, 0.05)
    assert found.points == ()
    assert "no σ_w" in found.reason
