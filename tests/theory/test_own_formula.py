"""Theory of a formula of one's own: the same numbers as by name, closed forms, and where its moments end."""

import math

import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.theory.activations import largest_variance, limit_words
from vgdesk.theory.correlation import correlation_map, correlation_slope
from vgdesk.theory.critical import critical
from vgdesk.theory.jumps import has_jump
from vgdesk.theory.mean_field import mean_field
from vgdesk.theory.moments import moments, moments_at, straight_slope
from vgdesk.theory.own_activation import reach_of
from vgdesk.theory.phase import phase_diagram
from vgdesk.theory.recurrent import steepest_slope

NAMED = {
    "tanh": "tanh(z)",
    "silu": "z*sigmoid(z)",
    "relu": "max(z, 0)",
    "mish": "z*tanh(log(1 + exp(z)))",
    "softsign": "z/(1 + abs(z))",
    "elu(0.5)": "where(z > 0, z, 0.5*(exp(z) - 1))",
    "hard-swish": "where(z > 3, z, where(z > -3, z*(z + 3)/6, 0))",
    "leaky-relu": "max(z, 0.01*z)",
    "erf": "erf(z)",
}
VARIANCES = np.geomspace(1e-3, 1e4, 8)


def own(formula):
    """Returns a formula as an activation."""
    return f"formula: {formula}"


@pytest.mark.parametrize("name", NAMED)
def test_moments_of_a_formula_are_those_of_its_name(name):
    found, expected = moments(own(NAMED[name]), VARIANCES), moments(name, VARIANCES)
    for field in ("square", "slope_square", "slope_fourth", "square_fourth", "mixed"):
        # the panels differ, so that rounding does
        assert getattr(found, field) == pytest.approx(getattr(expected, field), rel=1e-12, abs=1e-14), field
    # E[phi phi''] has a delta at each kink, whose height is known to 1e-12, and cancels against E[phi'^2] far out
    size = np.abs(expected.curvature) + expected.slope_square
    assert np.all(np.abs(found.curvature - expected.curvature) < 1e-10 * size)


@pytest.mark.parametrize("q", [0.01, 1.0, 30.0])
def test_moments_with_closed_forms_are_right_to_twelve_digits(q):
    exp, cube, bell, sine = (moments_at(own(f), q) for f in ("exp(z)", "z**3", "exp(-z**2)", "sin(2*z)"))
    assert exp.square == pytest.approx(math.exp(2 * q), rel=1e-12)
    assert (cube.square, cube.slope_square) == pytest.approx((15 * q**3, 27 * q**2), rel=1e-12, abs=0)
    assert bell.square == pytest.approx((1 + 4 * q) ** -0.5, rel=1e-12)
    assert sine.square == pytest.approx((1 - math.exp(-8 * q)) / 2, rel=1e-12)


def test_critical_point_and_fixed_points_are_those_of_the_name():
    assert critical(own("tanh(z)"), 0.3).points[0].sigma_w == pytest.approx(1.3955839751549022, rel=1e-10)
    formula, name = (mean_field(which, 1.5, 0.3) for which in (own("z*sigmoid(z)"), "silu"))
    assert [p.q for p in formula.fixed_points] == pytest.approx([p.q for p in name.fixed_points], rel=1e-10)
    assert [p.stable for p in formula.fixed_points] == [True, False]


def test_correlation_of_a_formula_with_many_panels_is_summed_by_mehlers_series():
    # E[sin(az) sin(bz')] = e^(-q) sinh(q c) for a = b = 1
    found = correlation_map(own("sin(30*z)"), 1.0, 0.0, 0.001, 0.4) * 0.001
    assert found == pytest.approx(math.exp(-0.9) * math.sinh(0.36), rel=1e-10)


def test_a_slope_without_bound_that_is_not_square_integrable_is_said():
    with pytest.raises(SpecError, match=r"E\[phi'\^2\] of sqrt\(abs\(z\)\) is infinite"):
        moments_at(own("sqrt(abs(z))"), 1.0)
    assert moments_at(own("abs(z)**0.75"), 1.0).square == pytest.approx(0.8600399873245194, rel=1e-8)


def test_moments_that_diverge_at_a_large_variance_name_the_end():
    # E[exp(z^2 / 4)^2] = (1 - q)^(-1/2) exists below q = 1
    assert moments_at(own("exp(z**2/4)"), 0.5).square == pytest.approx(math.sqrt(2), rel=1e-12)
    assert 0.8 < largest_variance(own("exp(z**2/4)")) < 1.0
    with pytest.raises(SpecError, match=r"variance q must be a number from 0 to 0\.\d+, got 2\.0: .* diverges"):
        moments_at(own("exp(z**2/4)"), 2.0)


def test_a_formula_that_varies_ever_faster_ends_where_its_panels_end():
    assert largest_variance(own("sin(z**2)")) < 100
    assert "varies too fast" in limit_words(own("sin(z**2)"))
    assert limit_words(own("tanh(z)")) == ""


def test_growth_beyond_the_known_moments_is_a_reason_not_a_number():
    found = mean_field(own("exp(z)"), 1.5, 0.1)
    assert found.reached is None
    assert "grows beyond 100, where moments end" in found.reason


@pytest.mark.parametrize("formula", ["4*z*exp(-z**2)", "exp(-z**2)", "1/(1 + (z - 3)**8)"])
def test_a_map_that_falls_is_followed_across_fixed_points_to_where_it_settles(formula):
    found = mean_field(own(formula), 4.0, 0.05, 0.003)
    q = 0.003
    for _ in range(200):
        q = 16 * moments_at(own(formula), q).square + 0.0025
    assert found.reached.q == pytest.approx(q, rel=1e-8)
    assert found.reached.chi_q >= -0.5


def test_a_jump_counts_in_the_variance_but_not_in_the_slope():
    step = moments_at(own("sign(z)"), 2.0)
    assert (step.square, step.slope_square) == pytest.approx((1.0, 0.0))
    assert critical(own("sign(z)"), 0.1).points == ()


def test_phase_diagram_of_a_formula_is_that_of_its_name():
    formula, name = (phase_diagram(which, (0.5, 3), (0, 2), 12) for which in (own("tanh(z)"), "tanh"))
    assert formula.chi_1 == pytest.approx(name.chi_1, rel=1e-8)


def test_phase_diagram_of_a_falling_map_agrees_with_its_fixed_points():
    found = phase_diagram(own("4*z*exp(-z**2)"), (2, 6), (0.1, 1), 3)
    for row, sigma_b in enumerate(found.sigma_b):
        for column, sigma_w in enumerate(found.sigma_w):
            reached = mean_field(own("4*z*exp(-z**2)"), float(sigma_w), float(sigma_b)).reached
            assert found.chi_1[row, column] == pytest.approx(reached.chi_1, rel=1e-4)


def test_steepest_slope_of_a_formula_is_its_largest_modulus():
    assert steepest_slope(own("-3*tanh(z)")) == pytest.approx(3.0)


def test_panels_of_a_smooth_formula_are_few():
    assert len(reach_of(own("tanh(z)")).cuts) < 200


def test_a_sentence_about_a_formula_quotes_it():
    assert critical("formula: 1", 0.0).reason.endswith("with χ₁ = 1 for '1' at σ_b = 0")


@pytest.mark.parametrize("sigma_b", [0.0, 0.1, 3.0])
@pytest.mark.parametrize("formula", ["sign(z)", "where(z > 0, 1, -1)", "2*where(z > 0, 1, 0) - 1"])
def test_two_inputs_of_an_activation_that_jumps_part_although_no_gradient_passes(formula, sigma_b):
    sigma_w = 1.5
    found = mean_field(own(formula), sigma_w, sigma_b)
    point = found.reached
    assert point is not None
    assert point.c_star is not None
    assert (point.chi_1, point.xi_grad) == (0.0, 0.0)
    # Williams 1997, in the limit of a step: C(c) = (sigma_w^2 2/pi arcsin(c) + sigma_b^2) / q
    q, c = sigma_w**2 + sigma_b**2, point.c_star
    assert c < 1.0
    assert c == pytest.approx((sigma_w**2 * 2 / math.pi * math.asin(c) + sigma_b**2) / q, rel=1e-9, abs=1e-12)
    slope = sigma_w**2 * 2 / math.pi / math.sqrt(1 - c * c) / q
    assert point.xi_c == pytest.approx(-1 / math.log(slope), rel=1e-9)
    assert "jumps" in found.reason


def test_slope_of_the_correlation_map_has_jumps_and_slopes_beside_them():
    activation, q, step = own("where(z > 0, 1, 0.3*z) + where(z > 2, 3, 0)"), 2.0, 1e-5
    for c in (0.0, 0.4, 0.9):
        ends = [correlation_map(activation, 1.0, 0.0, q, c + side * step) for side in (-1, 1)]
        assert correlation_slope(activation, 1.0, q, c) == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-7)


@pytest.mark.parametrize("formula", ["abs(z - 1)", "3*abs(z - 1) + 0.1", "max(z, 0)", "abs(z)**0.6", "tanh(1000*z)"])
def test_a_corner_or_a_steep_flank_is_no_jump(formula):
    assert not has_jump(own(formula))


@pytest.mark.parametrize(
    ("formula", "name", "scale"),
    [
        ("relu(z)", "relu", 1.0),
        ("max(0, z)", "relu", 1.0),
        ("2*z", "identity", 2.0),
        ("max(z, 0.01*z)", "leaky-relu", 1.0),
    ],
)
def test_straight_lines_on_either_side_of_0_are_known_as_such(formula, name, scale):
    sigma_w = critical(name, 0.0).points[0].sigma_w
    found, expected = mean_field(own(formula), sigma_w / scale, 0.0, 3.0), mean_field(name, sigma_w, 0.0, 3.0)
    assert found.reason == expected.reason
    assert [(p.q, p.stable) for p in found.fixed_points] == [(3.0, True)]
    assert found.reached == found.fixed_points[0]
    points = critical(own(formula), 0.0).points
    assert [(p.sigma_w, p.q) for p in points] == [(pytest.approx(sigma_w / scale, rel=1e-12), None)]


@pytest.mark.parametrize("formula", ["z + 1e-3*sin(z)", "tanh(z)", "max(z, 2*z - 1)", "z*tanh(1e9*z)", "z**2", "0*z"])
def test_what_bends_anywhere_is_no_straight_line(formula):
    assert straight_slope(own(formula)) is None


@pytest.mark.parametrize("scale", [1e-5, 1.0, 900.0, 1500.0, 1e6])
@pytest.mark.parametrize("sigma_b", [0.0, 0.3])
def test_critical_point_is_found_at_every_scale_of_the_activation(scale, sigma_b):
    found, expected = critical(own(f"{scale!r}*tanh(z)"), sigma_b), critical("tanh", sigma_b)
    (point,), (unit,) = found.points, expected.points
    assert (point.sigma_w * scale, point.q) == pytest.approx((unit.sigma_w, unit.q), rel=1e-10)
    assert point.stable


def test_a_critical_point_beyond_the_largest_sigma_w_is_none_and_the_bound_is_told():
    found = critical(own("1e-7*tanh(z)"), 0.0)
    assert (found.points, "no σ_w up to 1,000,000 has" in found.reason) == ((), True)
