"""Gaussian moments: laws that hold for every activation, checked against each other."""

import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.theory.activations import phi_of
from vgdesk.theory.moments import moments, moments_at
from vgdesk.theory.quadrature import gaussian_nodes

VARIANCES = np.geomspace(1e-4, 1e4, 17)
NAMES = (*ACTIVATIONS, "elu(0.5)", "elu(20)", "celu(0.01)", "celu(50)")


@pytest.mark.parametrize("name", NAMES)
def test_slope_of_the_variance_map_is_its_difference_quotient(name):
    step = 1e-4 * VARIANCES
    quotient = (moments(name, VARIANCES + step).square - moments(name, VARIANCES - step).square) / (2 * step)
    found = moments(name, VARIANCES)
    # the quotient loses 1e-16 / 1e-4 of the moment itself; truncation is 1e-8
    assert found.slope_square + found.curvature == pytest.approx(quotient, rel=1e-6, abs=1e-11 / VARIANCES[0])


@pytest.mark.parametrize("name", NAMES)
def test_second_moment_grows_with_the_variance(name):
    """On this rests that the iteration goes in one direction only (`vgdesk.theory.mean_field`)."""
    found = moments(name, np.geomspace(1e-6, 1e6, 300))
    assert np.all(found.slope_square + found.curvature > 0.0)


@pytest.mark.parametrize("name", NAMES)
def test_quadrature_keeps_twelve_digits_when_it_is_refined(name):
    for q in (1e-3, 1.0, 1e3):
        coarse, fine = (gaussian_nodes(name, np.array([q]), nodes=nodes) for nodes in (20, 31))
        for f in phi_of(name):
            a, b = (nodes.mean(f(nodes.z) ** 2)[0] for nodes in (coarse, fine))
            assert a == pytest.approx(b, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_twelve_points_a_panel_keep_eleven_digits(name):
    """So many has the grid of `vgdesk.theory.variance_map`."""
    few, many = moments(name, VARIANCES, 12), moments(name, VARIANCES)
    for moment in ("square", "slope_square", "slope_fourth", "square_fourth", "mixed"):
        assert getattr(few, moment) == pytest.approx(getattr(many, moment), rel=1e-11, abs=1e-300)


@pytest.mark.parametrize("mean", [-30.0, -2.0, 1.5])
@pytest.mark.parametrize("q", [1e-3, 1.0, 30.0, 400.0])
def test_points_of_equal_steps_integrate_at_any_mean(q, mean):
    even = gaussian_nodes("sigmoid", np.array([q]), mean)
    # of several means panels are made
    panels = gaussian_nodes("sigmoid", np.array([q]), np.array([mean]))
    assert even.step > 0.0 == panels.step
    for f in phi_of("sigmoid"):
        assert even.mean(f(even.z) ** 2) == pytest.approx(panels.mean(f(panels.z) ** 2), rel=1e-11, abs=0)


@pytest.mark.parametrize("name", ["relu", "leaky-relu", "prelu", "identity", "erf"])
def test_closed_forms_are_the_integrals(name):
    nodes, found = gaussian_nodes(name, np.array([2.3])), moments_at(name, 2.3)
    value, slope = phi_of(name).value(nodes.z), phi_of(name).slope(nodes.z)
    for moment, integrand in zip(
        (found.mean, found.square, found.slope_square, found.slope_fourth, found.square_fourth, found.mixed),
        (value, value**2, slope**2, slope**4, value**4, (value * slope) ** 2),
        strict=True,
    ):
        assert moment == pytest.approx(nodes.mean(integrand)[0], rel=1e-12, abs=1e-14)


def test_a_bad_variance_is_named():
    with pytest.raises(SpecError, match="variance q must be a number from 0 to 1e\\+200, got nan"):
        moments("tanh", float("nan"))


@pytest.mark.parametrize(("name", "sentence"), [("elu(2000)", "alpha of activation elu"), ("tahn", "got 'tahn'$")])
def test_a_name_or_alpha_that_is_not_known_is_refused(name, sentence):
    with pytest.raises(SpecError, match=sentence):
        moments_at(name, 1.0)
