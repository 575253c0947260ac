"""Singular values of the end-to-end Jacobian: published variances, the density's moments, and drawn networks."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.errors import SpecError
from vgdesk.spec.initialisation import Orthogonal, ScaledGaussian
from vgdesk.spec.layer import DenseLayer, Residual
from vgdesk.spec.network import FeedForward
from vgdesk.study.jacobian import jacobian_spectrum
from vgdesk.theory.jacobian import Factor, fuss_catalan, linear_density, predicted_moments

REFERENCE = Path(__file__).parents[1] / "agreement" / "data" / "theory_more.json"
VALUES = {
    entry["name"]: entry
    for entry in json.loads(REFERENCE.read_text(encoding="utf-8"))
    if entry["name"].startswith("jacobian.")
}
SLOPES = {"linear": (1.0, 1.0, 1.0), "relu": (2.0, 0.5, 0.5)}
"""Critical sigma_w^2, E[phi'^2] and E[phi'^4]."""


def net(activation, widths, sigma_w, rule=None, **fields):
    """Returns a network on four random examples, every hidden layer alike."""
    rows = np.random.default_rng(3).standard_normal((4, widths[0]))
    hidden = tuple(DenseLayer(width=width, activation=activation, **fields) for width in widths[1:-1])
    layers = (*hidden, DenseLayer(width=widths[-1], activation=activation))
    return network_experiment(
        widths,
        [activation] * (len(widths) - 1),
        rows.tolist(),
        np.zeros((4, widths[-1])).tolist(),
        network=FeedForward(inputs=widths[0], layers=layers),
        initialisation=rule or ScaledGaussian(sigma_w=sigma_w, sigma_b=0.0),
    )


@pytest.mark.parametrize("name", VALUES)
def test_variance_of_the_squares_is_the_published_one(name):
    _, activation, kind, _, _ = name.split(".")
    weight, slope, fourth = SLOPES[activation]
    factors = (Factor(100, 100, weight, kind == "orth", slope, fourth),) * VALUES[name]["inputs"]["L"]
    found = predicted_moments(factors)
    assert found.log10_mean == pytest.approx(0.0, abs=1e-12)
    assert found.relative_variance == pytest.approx(VALUES[name]["value"], abs=1e-12)


@pytest.mark.parametrize("orthogonal", [False, True])
def test_the_scale_of_tiny_weights_moves_the_mean_alone(orthogonal):
    one, tiny = (predicted_moments((Factor(16, 16, s, orthogonal, 0.5, 0.5),) * 10) for s in (2.0, 2e-200))
    assert one.log10_mean - tiny.log10_mean == pytest.approx(2000.0)
    assert tiny.relative_variance == one.relative_variance


def test_tiny_weights_and_slopes_whose_product_is_no_number_have_a_mean():
    found = predicted_moments((Factor(16, 16, 1e-200, False, 1e-120, 1e-240),) * 2)
    assert found.log10_mean == pytest.approx(-640.0)
    assert found.relative_variance == pytest.approx(2.0)


def test_slopes_whose_fourth_power_is_no_number_have_a_mean_and_no_variance():
    found = predicted_moments((Factor(16, 16, 1.0, False, 1e-180, 0.0),) * 2)
    assert found.log10_mean == pytest.approx(-360.0)
    assert math.isnan(found.relative_variance)


def test_skip_connections_past_branches_of_nearly_nothing_are_the_identity():
    found = predicted_moments((Factor(16, 16, 1e-200, False, 1e-180, 0.0, is_residual=True),) * 3)
    assert (found.log10_mean, found.relative_variance) == (0.0, 0.0)


@pytest.mark.parametrize("layers", [1, 3, 8])
def test_density_of_a_linear_network_has_the_moments_of_the_product(layers):
    log10_x, density = fuss_catalan(layers)
    x = 10.0**log10_x
    # the k-th moment is the Fuss-Catalan number: 1, 1, L + 1; 400 points of a trapezium rule
    for power, moment in enumerate((1.0, 1.0, layers + 1.0)):
        found = np.trapezoid(density * x ** (power + 1) * math.log(10), log10_x)
        assert found == pytest.approx(moment, rel=0.03)


def test_density_needs_a_linear_network_of_one_width():
    linear = Factor(50, 50, 1.0, False, 1.0, 1.0)
    assert linear_density((linear, linear)) is not None
    assert linear_density((linear, linear._replace(rows=40))) is None
    assert linear_density((linear._replace(slope_fourth=0.5), linear)) is None


@pytest.mark.parametrize("rule", [None, Orthogonal(gain=1.2)])
@pytest.mark.parametrize(
    ("activation", "widths", "fields"),
    [
        ("tanh", [200] * 7, {}),
        ("identity", [200, 300, 150, 200, 260], {}),
        ("relu", [200] * 5, {"skip": Residual()}),
        ("tanh", [200] * 5, {"normalisation": "layer"}),
    ],
)
def test_drawn_networks_have_the_predicted_moments(activation, widths, fields, rule):
    spectrum = jacobian_spectrum(net(activation, widths, 1.2, rule, **fields))
    assert not spectrum.reason
    for side in spectrum.sides:
        assert side.predicted is not None
        # widths of 200: fluctuations of 1 / 200 per layer in both moments, and a variance of few large values
        assert 10 ** (side.measured.log10_mean - side.predicted.log10_mean) == pytest.approx(1.0, abs=0.2)
        assert side.measured.relative_variance == pytest.approx(side.predicted.relative_variance, rel=0.3, abs=0.05)


def test_an_orthogonal_linear_network_keeps_every_direction_alike():
    own, twin = jacobian_spectrum(net("identity", [80] * 21, 1.0, Orthogonal())).sides
    assert np.ptp(own.log10_singular) < 1e-12
    assert twin.kind == "gaussian"
    assert np.ptp(twin.log10_singular[np.isfinite(twin.log10_singular)]) > 3


def test_hundreds_of_layers_do_not_underflow():
    found = jacobian_spectrum(net("sigmoid", [30] * 401, 0.5)).sides[0]
    assert -1000 < found.log10_singular[0] < -300
    assert found.measured.log10_mean < -600


@pytest.mark.parametrize("gain", [1e-5, 1e5])
def test_singular_values_of_homogeneous_layers_scale_with_the_weights_beyond_every_float(gain):
    layers = 80
    widths = [16] * (layers + 1)
    plain, scaled = (jacobian_spectrum(net("relu", widths, sigma)).sides[0] for sigma in (1.5, 1.5 * gain))
    assert scaled.measured.log10_mean == pytest.approx(plain.measured.log10_mean + 2 * layers * math.log10(gain))
    assert abs(scaled.measured.log10_mean) > 2 * 308


def test_a_state_beyond_float64_is_named_with_its_layer():
    with pytest.raises(SpecError, match=r"the state of layer \d+ of .* must stay below 1\.8e308 for a Jacobian"):
        jacobian_spectrum(net("elu", [16] * 80, 1e6))
