"""Skip networks at the edge of what the theory is of: few features, an example of zeros, one unit, deep ones."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import He, ScaledGaussian
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Examples
from vgdesk.spec.training import Sgd, Training
from vgdesk.study.predict import first_examples, predict
from vgdesk.theory.carried_bounds import bounded_gradient, bounded_sums, per_square
from vgdesk.theory.carried_part import Part, at_most
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

EDGES = ((1, 2, False), (1, 16, False), (2, 16, True), (2, 1, True), (3, 2, True), (5, 1, False))
"""Features, units of a layer, and whether one example is of zeros."""
ACTIVATIONS = ("relu", "leaky-relu", "softplus", "tanh", "sigmoid", "identity", "gelu", "selu")
SKIPS = {"residual": Residual(), "highway": Highway()}


def small(features, width, depth, activation, skip, count=8, zero=False, units=(), rule=None):
    """Returns a regression network with skip connections on a few examples of normal numbers."""
    generator = np.random.default_rng(5)
    inputs, targets = generator.normal(size=(count, features)), generator.normal(size=(count, 1))
    inputs[0] *= 0.0 if zero else 1.0
    below = (features, *[width] * (depth - 1))
    layers = tuple(
        DenseLayer(width=width, activation=activation, unit_activations=units, skip=skip if from_ == width else None)
        for from_ in below
    )
    return Experiment(
        name="small",
        title="Small",
        network=FeedForward(inputs=features, layers=(*layers, DenseLayer(width=1, activation="identity"))),
        task=Examples(inputs=tuple(map(tuple, inputs.tolist())), targets=tuple(map(tuple, targets.tolist()))),
        loss="mse",
        initialisation=rule or He(),
        training=Training(optimiser=Sgd(learning_rate=0.1), batch_size=count, steps=1),
    )


@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_small_networks_with_skip_connections_have_finite_predictions_and_bands(activation, skip):
    # every warning of NumPy is an error here
    for features, width, zero in (
        (1, 2, False),
        (1, 16, False),
        (2, 16, True),
        (2, 1, True),
        (3, 2, True),
        (5, 1, False),
    ):
        for depth in (5, 20):
            for profile in predict(small(features, width, depth, activation, SKIPS[skip], zero=zero)).profiles:
                assert np.all(np.abs(profile.log10_norm) < 60.0)
                assert np.all(np.array(profile.log10_deviation) < 5.0)


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("features", [1, 2, 3])
@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "softplus", "tanh"])
def test_trained_networks_of_few_features_have_the_gradient_predicted(activation, skip, features, zero):
    experiment = small(features, 16, 5, activation, SKIPS[skip], zero=zero)
    data, found = first_examples(experiment), predict(experiment).profile("weight")
    seeds = (msgspec.structs.replace(experiment, seed=seed) for seed in range(20))
    drawn = [gradient(one, draw(one), data.inputs, data.targets).log10_weight_norm for one in seeds]
    # a median of twenty lies within 1.25 / sqrt(20) deviations; 0.3 decades are what first orders may miss at 16 units
    assert np.all(np.abs(np.median(drawn, axis=0) - found.log10_norm) < np.array(found.log10_deviation) + 0.3)


def test_an_example_of_zeros_has_nothing_along_its_signal():
    assert per_square(np.array([4.0, 0.0])) == pytest.approx([0.25, 0.0])


def test_sums_over_units_stay_within_what_sizes_of_gradient_and_signal_allow():
    squares, G = np.array([2.0]), np.array([[3.0]])
    wholes, mixed, counts = bounded_sums((np.array([[1e9]]), np.array([[1e9]]), np.array([[-1.0]])), G, squares, 4)
    assert (float(wholes[0, 0]), float(mixed[0, 0]), float(counts[0, 0])) == pytest.approx((24.0, 0.0, 0.0))


def test_sums_within_their_bounds_are_left_as_they_are():
    squares, G, sums = np.array([2.0]), np.array([[3.0]]), tuple(np.array([[x]]) for x in (6.0, 1.0, 3.0))
    for found, given in zip(bounded_sums((sums[0], sums[1], sums[2]), G, squares, 4), sums, strict=True):
        assert found == pytest.approx(given)


def test_a_gradient_of_which_first_orders_leave_less_than_nothing_is_as_independence_has_it():
    onward = np.array([[1.0, 0.5], [0.5, 1.0]])
    found = bounded_gradient(np.array([[-3.0, 0.1], [0.1, 2.0]]), onward)
    assert found == pytest.approx(np.array([[1.0, 0.5], [0.5, 2.0]]))


def test_a_part_of_the_gradient_is_no_more_than_the_gradient():
    part = at_most(Part(np.array([[50.0]]), np.array([[100.0]]), np.array([[-50.0]])), np.array([[4.0]]))
    assert (float(part.whole[0, 0]), float(part.squares[0, 0])) == pytest.approx((2.0, 4.0))


def test_a_highway_that_explodes_has_no_prediction_rather_than_a_wrong_request():
    found = predict(small(3, 16, 400, "relu", Highway(gate_bias=5.0), rule=ScaledGaussian(sigma_w=30.0)))
    assert "the variance of z grows without bound" in found.reason


def test_units_that_keep_different_activations_past_skip_connections_are_told():
    units = ("relu",) * 8 + ("tanh",) * 8
    assert "different activations" in predict(small(3, 16, 5, "relu", Residual(), units=units)).note


def test_skip_networks_much_deeper_than_wide_are_told():
    assert "first order in depth over width" in predict(small(3, 12, 90, "relu", Residual())).note


def test_ninety_residual_layers_of_sixteen_units_say_in_which_direction_they_lie_off():
    note, shallower = (predict(deep("relu", width=16, depth=depth, skip=Residual())).note for depth in (90, 50))
    assert "of ReLU too low in the first layers, and too high for |∂L/∂W| of the last ones" in note
    assert shallower == ""


def test_what_is_known_of_relu_only_is_not_said_of_tanh():
    note = predict(deep("tanh", width=16, depth=90, skip=Residual())).note
    assert note.startswith("90 of 91 layers have a skip connection (16 units in the narrowest): ")
    assert note.endswith("which the band does not know")
