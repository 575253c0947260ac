"""Theory of layers whose units differ: means over the units, as drawn networks have them."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agreement.test_theory_monte_carlo import measured
from tests.builders import network_experiment
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.layer import DenseLayer
from vgdesk.study.jacobian import jacobian_spectrum
from vgdesk.study.plan import plan
from vgdesk.study.predict import predict
from vgdesk.theory.critical import critical
from vgdesk.theory.mean_field import mean_field
from vgdesk.theory.moments import moments_at
from vgdesk.theory.pairs import pair_series
from vgdesk.theory.units import layer_pairs, layer_phi

NAMES = st.lists(st.sampled_from(ACTIVATIONS[:9] + ACTIVATIONS[10:]), min_size=2, max_size=6)


def layer_of(names):
    return DenseLayer(width=len(names), unit_activations=tuple(names))


def deep(names, width=200, depth=8, sigma_w=1.3, batch=3, output="identity", **options):
    """Returns a deep wide network of these units in turn, on random examples with far targets."""
    generator = np.random.default_rng(5)
    inputs = generator.standard_normal((batch, width))
    targets = 1000.0 * np.sign(generator.standard_normal((batch, 10)))
    experiment = network_experiment(
        [width] + [width] * depth + [10],
        ["tanh"] * depth + [output],
        inputs.tolist(),
        targets.tolist(),
        "mse",
        initialisation=ScaledGaussian(sigma_w=sigma_w, sigma_b=0.2),
    )
    units = tuple(names[place % len(names)] for place in range(width))
    layer = DenseLayer(width=width, unit_activations=units, **options)
    layers = (*(layer,) * depth, experiment.network.layers[-1])
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, layers=layers))


@given(NAMES, st.floats(0.1, 4.0))
def test_every_moment_is_the_mean_over_the_units(names, q):
    found = layer_pairs(layer_of(names), q).at
    np.testing.assert_allclose(found, np.mean([moments_at(name, q) for name in names], axis=0), rtol=1e-12, atol=1e-15)


def test_covariances_of_pairs_are_the_mean_over_the_units():
    names, K = ("relu", "tanh", "tanh", "gelu"), np.array([[1.0, 0.4, -0.2], [0.4, 1.2, 0.1], [-0.2, 0.1, 0.9]])
    wanted = np.mean([pair_series(name, 1.0).both(K) for name in names], axis=0)
    np.testing.assert_allclose(layer_pairs(layer_of(names), 1.0).both(K), wanted, rtol=1e-13)


def test_the_numbers_of_a_batch_go_through_each_units_own_function():
    phi, z = layer_phi(layer_of(("relu", "identity"))), np.array([[-1.0, -2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(phi.value(z), [[0.0, -2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(phi.slope(z), [[0.0, 1.0], [1.0, 1.0]])


@pytest.mark.parametrize(
    ("names", "options"),
    [
        (("relu", "tanh"), {}),
        (("relu", "tanh", "sigmoid", "identity", "gelu"), {}),
        (("relu", "tanh"), {"normalisation": "layer"}),
    ],
)
def test_drawn_networks_of_mixed_units_scatter_around_the_prediction(names, options):
    experiment, seeds = deep(names, **options), 12
    weight, state = measured(experiment, seeds)
    found = predict(experiment)
    for drawn, quantity in ((weight, "weight"), (state, "state")):
        profile = found.profile(quantity)
        # the mean of twelve seeds, whose share of the band is a third; 0.02 decades for the finite width
        allowed = 3 * profile.log10_deviation / np.sqrt(seeds) + 0.02
        assert np.all(np.abs(drawn.mean(axis=0) - profile.log10_norm) < allowed)


def test_outputs_with_their_own_activations_are_predicted():
    experiment = deep(("tanh", "relu"), depth=3, batch=2)
    units = ("identity", "softplus") * 5
    *hidden, output = experiment.network.layers
    output = msgspec.structs.replace(output, unit_activations=units)
    network = msgspec.structs.replace(experiment.network, layers=(*hidden, output))
    experiment = msgspec.structs.replace(experiment, network=network)
    drawn, profile = measured(experiment, 12)[0], predict(experiment).profile("weight")
    assert np.all(np.abs(drawn.mean(axis=0) - profile.log10_norm) < 3 * profile.log10_deviation / np.sqrt(12) + 0.03)


def test_the_planner_knows_a_critical_start_of_mixed_layers():
    found = plan(deep(("relu", "tanh"), depth=6))
    assert found.deepest is not None
    assert found.activation == "mix: relu & tanh"
    assert found.critical_sigma_w == pytest.approx(critical("mix: tanh & relu", 0.2).points[0].sigma_w)
    assert found.chi_1 == pytest.approx(mean_field("mix: relu & tanh", 1.3, 0.2).reached.chi_1, rel=1e-12)


def test_the_spectrum_of_mixed_layers_has_the_predicted_mean():
    experiment = deep(("relu", "tanh", "sigmoid"), depth=4, batch=1)
    seeds = [msgspec.structs.replace(experiment, seed=seed) for seed in range(30)]
    sides = [jacobian_spectrum(one).sides[0] for one in seeds]
    away = [side.measured.log10_mean - side.predicted.log10_mean for side in sides]
    assert np.mean(away) == pytest.approx(0.0, abs=0.05)  # three times 0.09 / sqrt(30)
