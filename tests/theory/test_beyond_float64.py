"""Networks whose variance of z leaves float64: laws that hold inside it hold beyond."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_odd_networks import on
from tests.theory.test_predict import deep
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.layer import Highway, Residual
from vgdesk.study.plan import plan
from vgdesk.study.predict import predict
from vgdesk.theory.jacobian import jacobian_factors, predicted_moments

LOG_2 = float(np.log10(2.0))


def lines(experiment):
    """Returns log10 of the medians: |dL/dW|, |dL/dz| and |dL/dh| of every layer."""
    return [profile.log10_norm for profile in predict(experiment).profiles]


def with_inputs(experiment, power):
    """Returns the experiment on rows times 2^power."""
    rows = np.random.default_rng(3).standard_normal((6, experiment.feed_forward.inputs))
    return on(experiment, np.ldexp(rows, power))


def with_top(experiment, **fields):
    """Returns the experiment with its last hidden layer changed."""
    layers = experiment.feed_forward.layers
    changed = (*layers[:-2], msgspec.structs.replace(layers[-2], **fields), layers[-1])
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, layers=changed))


def classifying(experiment):
    """Returns the experiment with a softmax, whose gradient does not grow with its outputs."""
    task = msgspec.structs.replace(experiment.task, targets=((1.0, 0.0),) * 3 + ((0.0, 1.0),) * 3)
    return msgspec.structs.replace(experiment, task=task, loss="softmax-cross-entropy")


@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "prelu", "identity"])
@pytest.mark.parametrize("sigma_w", [1e-3, 1e3])
def test_each_layer_multiplies_the_expected_square_by_chi_however_far(activation, sigma_w):
    found = predict(classifying(deep(activation, depth=300, sigma_w=sigma_w)))
    assert np.ptp(found.log10_variances) > 1000
    assert np.diff(2 * found.wide) == pytest.approx(-np.log10(found.chi), abs=1e-9)
    assert found.chi == pytest.approx(found.chi[0], rel=1e-12, abs=0)


@pytest.mark.parametrize(
    "activation", ["relu", "leaky-relu", "tanh", "silu", "elu(0.3)", "hard-tanh", "formula: z/(1+z**2)"]
)
def test_inputs_a_power_of_two_smaller_make_weights_gradients_smaller_by_it(activation):
    experiment = deep(activation, depth=4, sigma_w=1.2)
    # 2^-250 is inside the band, 2^-500 is not; beside the targets both outputs are nothing
    inside, beyond = (lines(with_inputs(experiment, power)) for power in (-150, -500))
    assert beyond[0] == pytest.approx(inside[0] - 350 * LOG_2, abs=1e-9)
    assert np.concatenate(beyond[1:]) == pytest.approx(np.concatenate(inside[1:]), abs=1e-9)


def test_a_vanishing_tanh_is_a_linear_network():
    tanh, line = (lines(with_inputs(deep(name, depth=400, sigma_w=0.3), -60)) for name in ("tanh", "identity"))
    assert np.concatenate(tanh) == pytest.approx(np.concatenate(line), abs=1e-9)


@pytest.mark.parametrize("activation", ["softplus", "silu", "gelu", "mish", "elu", "celu(2)", "hard-swish"])
def test_far_out_every_rectifier_is_relu(activation):
    own, relu = (lines(with_inputs(deep(name, depth=100, sigma_w=1000.0), 80)) for name in (activation, "relu"))
    assert np.concatenate(own) == pytest.approx(np.concatenate(relu), abs=1e-9)


def test_a_bias_holds_the_variance_where_weights_would_lose_it():
    experiment = deep("relu", depth=400, sigma_w=0.3)
    biased = msgspec.structs.replace(experiment, initialisation=ScaledGaussian(sigma_w=0.3, sigma_b=1e-150))
    # q = sigma_w^2 q / 2 + sigma_b^2
    assert predict(biased).log10_variances[-1] == pytest.approx(-300 - np.log10(1 - 0.3**2 / 2), abs=1e-9)
    assert predict(experiment).log10_variances[-1] < -500


@pytest.mark.parametrize("sigma_w", [0.01, 100.0])
def test_layer_norm_forgets_how_far_the_variance_has_gone(sigma_w):
    deeper, flatter = (with_top(deep("relu", depth=n, sigma_w=sigma_w), normalisation="layer") for n in (400, 300))
    far, near = predict(deeper), predict(flatter)
    assert abs(far.log10_variances[-4]) > 600
    if sigma_w > 1:
        # epsilon is nothing, the size is divided out, and below it every layer has what its own signal lacks
        assert far.log10_variances[-2] == pytest.approx(near.log10_variances[-2], abs=1e-9)
        assert far.profile("weight").log10_norm[0] == pytest.approx(near.profile("weight").log10_norm[0], abs=2.0)
    else:
        assert far.log10_variances[-2] - near.log10_variances[-2] == pytest.approx(100 * np.log10(5e-5), abs=1e-6)


@pytest.mark.parametrize("skip", [Residual(), Highway(gate_bias=0.0)])
def test_a_closed_way_past_the_layers_needs_no_numbers_of_float64(skip):
    inside, beyond = (lines(with_inputs(deep("relu", depth=6, skip=skip), power)) for power in (-150, -400))
    assert beyond[0] == pytest.approx(inside[0] - 250 * LOG_2, abs=1e-9)
    assert beyond[1] == pytest.approx(inside[1], abs=1e-9)


def test_a_highway_that_forgets_goes_on_below_what_float64_holds():
    found = predict(deep("relu", depth=400, sigma_w=0.1, skip=Highway(gate_bias=1.0)))
    assert found.log10_variances[-1] < -330
    assert np.all(np.isfinite(found.profile("weight").log10_norm))


def test_a_mixed_layer_of_rectifiers_scales_and_one_with_a_constant_does_not():
    both = tuple(["relu", "leaky-relu"] * 15)
    with_constant = tuple(["relu", "sigmoid"] * 15)
    scaling = deep("relu", depth=300, sigma_w=0.01, unit_activations=both)
    assert predict(scaling).log10_variances[-1] < -1200
    settled = predict(deep("relu", depth=300, sigma_w=0.01, unit_activations=with_constant))
    # half of the units are at 1/2: q = sigma_w^2 / 8
    assert settled.log10_variances[-1] == pytest.approx(np.log10(0.01**2 / 8), abs=1e-3)


def test_squares_of_outputs_beyond_the_targets_scatter_as_the_outputs_do():
    near, far = (predict(with_inputs(deep("relu", depth=40), power)) for power in (110, 120))
    outputs = [found.profile("delta") for found in (near, far)]
    assert outputs[1].log10_norm == pytest.approx(outputs[0].log10_norm + 10 * LOG_2, abs=1e-9)
    assert outputs[1].log10_deviation == pytest.approx(outputs[0].log10_deviation, abs=1e-9)


def test_outputs_beyond_float64_are_said_to_have_no_loss():
    found = predict(classifying(deep("relu", depth=300, sigma_w=1e3)))
    assert found.profiles
    assert "no loss to differentiate: its outputs exceed 1e308" in found.note


def test_outputs_beyond_the_precision_of_the_run_are_said_to_have_no_loss():
    wide = classifying(deep("relu", depth=30, sigma_w=100.0))
    single = msgspec.structs.replace(wide, training=msgspec.structs.replace(wide.training, precision="float32"))
    assert "exceed 1e38, what float32 holds" in predict(single).note
    assert predict(wide).note == ""


def test_that_a_run_has_no_loss_is_said_before_that_the_theory_is_rough():
    narrow = with_inputs(deep("relu", width=8, depth=4), 600)
    assert "no loss to differentiate: the square of its outputs exceeds 1e308" in predict(narrow).note


def test_variances_beyond_float64_have_a_logarithm():
    found = predict(deep("relu", depth=300, sigma_w=1e-3))
    assert found.variances[-1] == 0.0
    steps = np.diff(found.log10_variances[1:-1])
    assert steps == pytest.approx(np.log10(0.5e-6), abs=1e-9)


def test_a_formula_that_is_no_line_near_zero_is_not_taken_for_one():
    found = predict(deep("formula: z**2", depth=30, sigma_w=0.5))
    assert found.profiles == ()
    assert "falls below 1e-30: next to 0 z**2 is neither a straight line nor a constant" in found.reason


def test_a_formula_of_two_lines_scales_like_the_activation_it_spells():
    spelled, named = (
        lines(classifying(deep(activation, depth=300, sigma_w=100.0)))
        for activation in ("formula: max(z, 0.01*z)", "leaky-relu")
    )
    # a formula's pairs are a series cut after 32 terms, up to where it is taken for lines: it tells on the scatter
    assert np.concatenate(spelled) == pytest.approx(np.concatenate(named), abs=2e-3, rel=2e-5)


@pytest.mark.parametrize("sigma_w", [1e-3, 1e3])
def test_singular_values_are_predicted_as_if_there_were_no_float64(sigma_w):
    factors = jacobian_factors(deep("relu", depth=300, sigma_w=sigma_w), np.ones((1, 30)))
    # 300 factors sigma_w^2 / 2, one sigma_w^2 of the output; two singular values of thirty directions
    wanted = 602 * np.log10(sigma_w) - 300 * np.log10(2.0)
    assert predicted_moments(factors).log10_mean == pytest.approx(wanted, abs=1e-6)


def test_beside_a_rectifier_that_explodes_bounded_units_are_nothing():
    mixed = deep("relu", depth=300, sigma_w=30.0, unit_activations=tuple(["relu", "tanh"] * 15))
    found = predict(classifying(mixed))
    # a half of the units pass on, and half of these are open
    assert np.diff(found.log10_variances)[-20:-1] == pytest.approx(np.log10(30.0**2 / 4), abs=1e-9)
    assert found.log10_variances[-1] > 600


@pytest.mark.parametrize("sigma_w", [1e-3, 1e3])
def test_the_planner_counts_decades_beyond_float64(sigma_w):
    found = plan(classifying(deep("relu", depth=300, sigma_w=sigma_w)), "float64")
    # of the square chi = sigma_w^2 / 2 per layer
    assert found.log10_wide == pytest.approx(150 * np.log10(sigma_w**2 / 2), rel=0.01)
    assert 0 < found.deepest < 300
