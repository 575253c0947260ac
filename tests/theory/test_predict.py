"""Predictions: laws of the route, and where it ends."""

import msgspec
import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.spec.initialisation import ScaledGaussian, Zeros
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.spec.library import find_experiment
from vgdesk.spec.network import FeedForward
from vgdesk.study.predict import predict
from vgdesk.theory.phase import phase_diagram
from vgdesk.theory.recurrent import cell_path_lag
from vgdesk.training.data import load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw


def deep(activation="tanh", depth=10, sigma_w=1.0, width=30, **fields):
    """Returns a network of equal layers, 30 units wide, on six examples."""
    layers = (*(DenseLayer(width=width, activation=activation, **fields) for _ in range(depth)),)
    network = FeedForward(inputs=width, layers=(*layers, DenseLayer(width=2, activation="identity")))
    rows = np.random.default_rng(1).standard_normal((6, width)).tolist()
    return network_experiment(
        [width, 2],
        ["identity"],
        rows,
        [[1.0, -1.0]] * 6,
        network=network,
        initialisation=ScaledGaussian(sigma_w=sigma_w, sigma_b=0.0),
    )


def means(experiment):
    """Returns ln of the expected squared |dL/dz| of wide networks."""
    return 2 * np.log(10) * predict(experiment).wide


def test_each_layer_multiplies_the_expected_square_by_chi():
    experiment = deep()
    logs = means(experiment)
    # the examples have variances and so slopes of their own; chi weighs them by their shares in the gradient
    assert np.diff(logs) == pytest.approx(-np.log(predict(experiment).chi), abs=1e-10)


def test_a_residual_network_keeps_more_gradient_than_a_plain_one():
    plain, residual = means(deep(sigma_w=0.5)), means(deep(sigma_w=0.5, skip=Residual()))
    assert plain[0] < residual[0] - 5
    assert residual[0] > residual[-2]


def test_a_closed_highway_passes_the_gradient_on():
    logs = predict(deep(sigma_w=0.5, skip=Highway(gate_bias=-30.0))).profile("state").log10_norm
    # what ln q does is read off curves that are right to 1e-4
    assert logs[:-1] == pytest.approx(logs[0], abs=1e-5)


def test_layer_norm_makes_the_prediction_independent_of_sigma_w():
    small, large = (means(deep(sigma_w=s, normalisation="layer")) for s in (1.0, 3.0))
    # the shift of all layers alike is the output layer's, which has no norm
    assert np.diff(small[1:-2]) == pytest.approx(np.diff(large[1:-2]), abs=1e-3)


def test_dropout_enlarges_the_gradient():
    assert means(deep(dropout=0.5))[0] > means(deep())[0]


def test_zero_weights_have_exactly_no_gradient_below_the_output():
    experiment = msgspec.structs.replace(deep(), initialisation=Zeros())
    assert np.all(np.isneginf(predict(experiment).profile("delta").log10_norm[:-1]))


def test_a_variance_that_explodes_into_a_bounded_activation_is_a_reason_not_a_number():
    layers = deep("relu", depth=500, sigma_w=30.0).feed_forward.layers
    saturated = msgspec.structs.replace(layers[-2], activation="tanh")
    network = FeedForward(inputs=30, layers=(*layers[:-2], saturated, layers[-1]))
    found = predict(msgspec.structs.replace(deep("relu", sigma_w=30.0), network=network))
    assert found.profiles == ()
    assert "grows without bound: in layer" in found.reason


def test_a_thousand_layers_have_a_finite_prediction():
    logs = predict(deep("sigmoid", depth=900, sigma_w=0.1)).profile("weight").log10_norm
    assert np.all(np.isfinite(logs))
    assert logs[0] < -1000


def test_narrow_networks_come_with_a_warning():
    experiment = msgspec.structs.replace(find_experiment("classic-chain"), initialisation=ScaledGaussian())
    assert "with 1 unit it is rough" in predict(experiment).note


def test_a_wide_state_that_feeds_on_itself_is_not_predicted():
    experiment = find_experiment("adding-lstm-200")
    wide = msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, width=129))
    found = predict(wide)
    assert found.profiles == ()
    assert "grow by itself" in found.reason
    assert predict(experiment).profiles


def test_a_forget_gate_at_one_half_loses_half_in_one_step():
    assert cell_path_lag(0.0, 0.5) == pytest.approx(1.0)


def test_phase_diagram_holds_the_fixed_points():
    found = phase_diagram("tanh", (0.5, 2.5), (0.0, 1.0), 11)
    assert found.chi_1[3, 5] == pytest.approx(1.0609812641, rel=1e-6)
    assert found.q[0, 0] == 0.0


def test_variance_of_relu_beyond_he_is_infinite_in_the_phase_diagram():
    assert np.isinf(phase_diagram("relu", (1.0, 2.0), (0.0, 1.0), 3).q[0, 2])


def test_given_weights_are_not_predicted():
    found = predict(find_experiment("insurance"))
    assert found.profiles == ()
    assert "given, not drawn" in found.reason


def test_pretraining_comes_after_what_is_predicted():
    assert "before pre-training" in predict(find_experiment("digits-pretrained-sigmoid-10")).note


def test_a_formula_of_ones_own_is_predicted_like_the_name_it_spells():
    formula, name = (predict(deep(which, depth=3)).profile("weight") for which in ("formula: tanh(z)", "tanh"))
    assert formula.log10_norm == pytest.approx(name.log10_norm, abs=1e-10)
    assert formula.log10_deviation == pytest.approx(name.log10_deviation, abs=1e-10)


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("sqrt(abs(z))", "is infinite: its slope grows too fast towards z = 0"),
        ("exp(z**2/4)", "exceeds 0.86"),
    ],
)
def test_a_formula_without_moments_is_a_reason_not_a_number(formula, sentence):
    found = predict(deep(f"formula: {formula}", depth=3, sigma_w=0.9))
    assert found.profiles == ()
    assert sentence in found.reason


@pytest.mark.parametrize(
    "options", [{}, {"skip": Residual()}, {"normalisation": "layer"}], ids=["plain", "skip", "norm"]
)
def test_gradient_at_the_input_is_the_median_over_seeds(options):
    experiment = deep(depth=5, **options)
    data = load_parts(experiment).training
    seeded = (msgspec.structs.replace(experiment, seed=seed) for seed in range(60))
    found = [gradient(one, draw(one), *data).log10_input_norm for one in seeded]
    # 60 seeds that scatter by some 0.1 decades; a factor sigma_w^2 or 1 + sigma_w^2 left out would be 0.15 or more
    assert predict(experiment).log10_input_norm == pytest.approx(np.median(found), abs=0.06)


def test_gradient_at_the_input_follows_sigma_w_of_the_first_layer():
    experiment = deep(depth=3)
    first = predict(experiment)
    assert first.log10_input_norm == pytest.approx(first.profile("delta").log10_norm[0], abs=1e-12)


def test_inputs_of_a_recurrent_network_have_no_prediction():
    assert np.isnan(predict(find_experiment("copy-gru")).log10_input_norm)
