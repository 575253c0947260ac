"""Layers with options against their readable twin, against finite differences, and against each other."""

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.networks import block_cases, deep_case, random_case, with_options
from tests.kernels.test_feed_forward import DIFFERENTIABLE, assert_close
from tests.reference.blocks import backpropagate
from tests.reference.dropout import factors
from vgdesk.kernels.dropout import dropout_factors
from vgdesk.kernels.network import other_shapes
from vgdesk.kernels.trainer import FusedTrainer, Network, differentiate

few = settings(max_examples=60, deadline=None)
SMOOTH = tuple(name for name in DIFFERENTIABLE if name != "prelu")
SEEDS = st.integers(0, 2**32 - 1)


def twin(case, factors=None):
    """Runs the readable twin."""
    return backpropagate(case.network, case.weights, case.biases, case.others, case.inputs, case.targets, factors)


def log10_norms(arrays):
    """Returns log10 of the 2-norms, -inf where zero."""
    with np.errstate(divide="ignore"):
        return np.log10([np.linalg.norm(array) for array in arrays])


def assert_same(found, expected, tolerance):
    """Compares every derivative; batch norm leaves biases a gradient of rounding only, so sizes are dL/dz's."""
    assert found.loss == pytest.approx(expected.loss, rel=1e-10, abs=1e-12)
    compared = (
        (found.weights, expected.weights, tolerance),
        (found.deltas, expected.deltas, tolerance),
        (found.states, expected.states, tolerance),
        (found.others.values(), [expected.others[name] for name in found.others], 100 * tolerance),
    )
    assert set(found.others) == set(expected.others)
    for ours, theirs, allowed in compared:
        # where normalising cancels a layer's whole gradient, only rounding of the others is left of it; every norm of
        # nearly equal numbers enlarges it by up to 1/sqrt(1e-5) = 316: two of them to 1e-11 of the largest
        assert_close(ours, theirs, allowed, 1e-3 * max((np.abs(array).max() for array in theirs), default=0.0))
    for bias, wanted, delta in zip(found.biases, expected.biases, expected.deltas, strict=True):
        np.testing.assert_allclose(bias, wanted, atol=tolerance * max(1e-300, np.abs(delta).sum()))


@given(block_cases())
@few
def test_kernel_equals_the_readable_twin(case):
    # normalising few numbers divides by small variances: digits are lost in both
    assert_same(case.differentiate(), twin(case), 1e-8)


@given(block_cases(activations=SMOOTH), SEEDS)
@few
def test_gradient_is_the_slope_along_any_direction(case, seed):
    assert_slope(case, seed)


def assert_slope(case, seed):
    """Compares the gradient along a random direction with the central difference of the readable twin."""
    generator, found = np.random.default_rng(seed), case.differentiate()
    gradient = [*found.weights, *found.biases, *found.others.values()]
    steps = [generator.standard_normal(array.shape) for array in gradient]
    moved = [moved_by(case, steps, sign * 1e-6) for sign in (1, -1)]
    central = (twin(moved[0]).loss - twin(moved[1]).loss) / 2e-6
    size = sum(np.sum(np.abs(g * s)) for g, s in zip(gradient, steps, strict=True))
    # second differences of networks whose variances are near epsilon are large
    assert sum(np.sum(g * s) for g, s in zip(gradient, steps, strict=True)) == pytest.approx(
        central, abs=1e-4 * (1e-3 + size)
    )


def moved_by(case, steps, length):
    """Returns the case with all parameters moved along `steps`: weights, biases, then the others."""
    layers, names = len(case.weights), other_shapes(case.network)
    weights = [W + length * s for W, s in zip(case.weights, steps[:layers], strict=True)]
    biases = [b + length * s for b, s in zip(case.biases, steps[layers : 2 * layers], strict=True)]
    others = {name: case.others[name] + length * s for name, s in zip(names, steps[2 * layers :], strict=True)}
    return replace(case, weights=weights, biases=biases, others=others)


@given(block_cases())
@few
def test_one_step_moves_all_parameters_against_the_gradient(case):
    trainer, found = case.trainer(rate=0.01), case.differentiate()
    trainer.run(case.whole)
    (weights, biases), others = trainer.parameters(), trainer.others()
    assert_close(weights, [W - 0.01 * g for W, g in zip(case.weights, found.weights, strict=True)], 1e-12)
    assert_close(biases, [b - 0.01 * g for b, g in zip(case.biases, found.biases, strict=True)], 1e-12)
    assert_close(others.values(), [case.others[name] - 0.01 * g for name, g in found.others.items()], 1e-12)


@given(block_cases())
@few
def test_recorded_norms_are_those_of_the_derivatives(case):
    found, rows = case.differentiate(), case.trainer().run(case.whole)
    for norms, arrays in (
        (rows.log10_weight_norm, found.weights),
        (rows.log10_bias_norm, found.biases),
        (rows.log10_delta_norm, found.deltas),
        (rows.log10_state_norm, found.states),
    ):
        np.testing.assert_allclose(norms[0], log10_norms(arrays), rtol=1e-9, atol=1e-9)
    every = [np.linalg.norm(array) for array in (*found.weights, *found.biases, *found.others.values())]
    assert 10 ** rows.log10_total_norm[0] == pytest.approx(np.linalg.norm(every), rel=1e-10)


def test_a_residual_layer_without_weights_passes_everything():
    case = deep_case(30, 8, "tanh", 0.0)
    case = with_options(case, np.random.default_rng(0), skips=(*["residual"] * 29, None))
    found = replace(case, weights=[*case.weights[:-1], np.eye(8)]).differentiate()
    np.testing.assert_array_equal(found.states[0], found.states[-2])
    np.testing.assert_array_equal(found.activations[-2], case.inputs)


def test_running_moments_are_what_answers_new_examples():
    case = random_case((3, 4, 2), ("tanh", "identity"), "mse", 9, np.random.default_rng(0))
    case = with_options(case, np.random.default_rng(1), normalisations=("batch", "none"))
    trainer = case.trainer(rate=0.0)
    z = case.inputs @ case.weights[0].T + case.biases[0]
    trainer.run(np.repeat(case.whole, 300, axis=0))
    np.testing.assert_allclose(trainer.moments().mean[:4], z.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(trainer.moments().variance[:4], z.var(axis=0, ddof=1), rtol=1e-12)
    a = case.others["gamma1"] * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + 1e-5) + case.others["beta1"]
    outputs = np.tanh(a) @ case.weights[1].T + case.biases[1]
    np.testing.assert_allclose(trainer.measure(case.whole[0])[1], outputs, rtol=1e-12)
    np.testing.assert_allclose(trainer.probe(case.inputs, case.targets).measure()[1], outputs, rtol=1e-12)


def dropping_case():
    case = random_case((5, 7, 7, 7, 2), ("tanh", "relu", "prelu", "identity"), "mse", 11, np.random.default_rng(3))
    skips, dropouts = (None, "highway", "residual", None), (0.5, 0.25, 0.9, 0.0)
    return with_options(case, np.random.default_rng(4), ("batch", "none", "layer", "none"), skips, dropouts)


def test_dropped_units_are_those_of_the_readable_hash_at_every_step():
    case, seed = dropping_case(), 2**64 - 5
    trainer = case.trainer(rate=0.05, seed=seed)
    for step in range(3):
        masks = [factors(seed, step, layer, p, 11, 7) for layer, p in enumerate(case.network.dropouts[:3])]
        expected = twin(case, [*masks, 1.0])
        rows = trainer.run(case.whole)
        assert rows.loss[0] == pytest.approx(expected.loss, rel=1e-11)
        np.testing.assert_allclose(rows.log10_weight_norm[0], log10_norms(expected.weights), atol=1e-9)
        weights, biases = trainer.parameters()
        case = replace(case, weights=list(weights), biases=list(biases), others=trainer.others())


def test_the_same_seed_drops_the_same_units_however_steps_are_split():
    case, rows = dropping_case(), np.repeat(dropping_case().whole, 6, axis=0)
    one, other, foreign = case.trainer(seed=1), case.trainer(seed=1), case.trainer(seed=2)
    whole, parts = one.run(rows).loss, [other.run(part).loss for part in (rows[:1], rows[1:2], rows[2:])]
    np.testing.assert_array_equal(whole, np.concatenate(parts))
    for ours, theirs in zip(one.parameters()[0], other.parameters()[0], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert not np.array_equal(whole, foreign.run(rows).loss)


def test_nothing_is_dropped_when_measuring_or_differentiating():
    case = dropping_case()
    calm = replace(case, network=replace(case.network, dropouts=(), normalisations=()))
    others = {name: value for name, value in case.others.items() if name[0] not in "gb" or name.startswith("gate")}
    calm, dropping = replace(calm, others=others), replace(case, network=replace(case.network, normalisations=()))
    dropping = replace(dropping, others=others)
    assert dropping.differentiate().loss == calm.differentiate().loss == calm.trainer().run(calm.whole).loss[0]
    assert dropping.trainer().measure(case.whole[0])[0] == calm.differentiate().loss


def test_the_share_of_dropped_units_is_the_probability():
    drawn = factors(0, 0, 0, 0.3, 400, 500)
    # five standard deviations of a binomial share
    assert np.mean(drawn == 0) == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / drawn.size))
    assert set(np.unique(drawn)) == {0.0, 1 / 0.7}


def rounded_to_float32(case):
    """Returns the case with every number as float32 has it."""
    weights, biases, others = (
        [array.astype(np.float32) for array in arrays] for arrays in (case.weights, case.biases, case.others.values())
    )
    others = dict(zip(case.others, others, strict=True))
    inputs, targets = case.inputs.astype(np.float32), case.targets.astype(np.float32)
    return replace(case, weights=weights, biases=biases, others=others, inputs=inputs, targets=targets)


@pytest.mark.parametrize("skip", [None, "residual", "highway"])
@pytest.mark.parametrize("normalisation", ["none", "batch", "layer"])
def test_float32_norms_of_hundred_layers_are_float64_norms(skip, normalisation):
    case = deep_case(100, 16, "sigmoid", 1.0)
    case = with_options(case, np.random.default_rng(2), (*[normalisation] * 99, "none"), (*[skip] * 99, None))
    single, double, rounded = (c.differentiate(p) for c, p in zip(*precisions_of(case), strict=True))
    for name in ("log10_weight_norm", "log10_delta_norm", "log10_state_norm"):
        ours, exact = getattr(single, name), getattr(double, name)
        # 1e-5 of a norm; or, where rounding the parameters alone does more, that for each of a hundred layers
        conditioning = np.abs(getattr(rounded, name) - exact).max()
        np.testing.assert_allclose(ours, exact, rtol=0, atol=max(4.3e-6, 100 * conditioning))


def precisions_of(case):
    """Returns cases and number formats: float32, float64, and float64 with float32's parameters."""
    return (case, case, rounded_to_float32(case)), ("float32", "float64", "float64")


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_signals_beyond_every_format_add_up_at_a_skip(precision):
    # h = h_below + F with W = 2^40 I and the identity: dL/dh grows by exactly 1 + 2^40 per layer
    case = deep_case(40, 4, "identity", 0.0)
    case = with_options(case, np.random.default_rng(0), skips=(*["residual"] * 39, None))
    large = replace(case, weights=[*[2.0**40 * np.eye(4)] * 39, np.eye(4)], inputs=1e-300 * case.inputs)
    norms = differentiate(large.network, large.weights, large.biases, 0 * case.inputs, case.targets, precision)
    steps = -np.diff(norms.log10_state_norm[:-1])
    np.testing.assert_allclose(steps, np.log10(1 + 2.0**40), rtol=1e-6)
    assert norms.log10_state_norm[0] > 400


def test_a_signal_that_only_a_skip_carries_keeps_its_exact_zero_and_its_size():
    case = deep_case(50, 6, "relu", 0.0)
    dead = [np.full(6, -1.0)] * 49
    case = with_options(case, np.random.default_rng(0), skips=(*["residual"] * 49, None))
    case = replace(case, weights=[*case.weights[:-1], np.eye(6)], biases=[*dead, np.ones(6) * 9])
    found = case.differentiate()
    assert np.all(found.log10_weight_norm[:-1] == -np.inf)
    np.testing.assert_array_equal(found.log10_state_norm[:-1], found.log10_state_norm[-2])


def test_absent_gates_and_unknown_names_are_refused():
    case = random_case((3, 3, 1), ("tanh", "identity"), "mse", 4, np.random.default_rng(0))
    network = replace(case.network, skips=("highway", None))
    with pytest.raises(ValueError, match="others must be named gate_W1, gate_b1"):
        FusedTrainer(network, case.weights, case.biases, case.inputs, case.targets, rate=0.1, batch=2)
    with pytest.raises(ValueError, match="others must be named nothing"):
        replace(case, others={"gamma1": np.ones(3)}).differentiate()


@pytest.mark.parametrize(
    "options",
    [{"skips": (None, "residual", None)}, {"normalisations": ("none", "none", "batch")}, {"dropouts": (0.0, 1.0, 0.0)}],
)
def test_options_that_do_not_fit_are_refused(options):
    case = random_case((3, 4, 3, 1), ("tanh", "tanh", "identity"), "mse", 4, np.random.default_rng(0))
    with pytest.raises(ValueError, match="layer"):
        replace(case, network=replace(case.network, **options)).differentiate()


@pytest.mark.parametrize("precision", ["float32", "float64"])
@given(st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=40), st.floats(-1, 2, width=32))
@settings(max_examples=25, deadline=None)
def test_prelu_of_any_array_equals_its_readable_twin(precision, numbers, leak):
    z = np.array([numbers])
    network = Network((z.size, z.size), ("prelu",), "half-mse-sum")
    arrays = [np.eye(z.size)], [np.zeros(z.size)], z, np.zeros(z.shape)
    found = differentiate(network, *arrays, precision, {"slope1": np.array([leak])})
    h = np.where(z > 0, z, leak * z)
    # kernels flush what lies below the smallest normal number
    np.testing.assert_allclose(found.activations[1], h, rtol=1e-6, atol=1e-37)
    np.testing.assert_allclose(found.deltas[0], h * np.where(z > 0, 1.0, leak), rtol=1e-6, atol=1e-37)
    np.testing.assert_allclose(found.others["slope1"], np.sum(h * np.minimum(z, 0)), rtol=1e-5, atol=1e-30)


@numba.njit
def draw_factors(seed, step, layer, probability, factor):
    """Calls the kernel from Python."""
    dropout_factors(seed, step, layer, probability, factor)


@given(st.integers(0, 2**64 - 1), st.integers(0, 10**9), st.integers(0, 300), st.floats(0, 0.99))
@settings(max_examples=100, deadline=None)
def test_drawn_factors_are_those_of_the_readable_hash_to_the_last_bit(seed, step, layer, probability):
    drawn = np.empty(5 * 37)
    draw_factors(np.uint64(seed), step, layer, probability, drawn)
    np.testing.assert_array_equal(drawn.reshape(5, 37), factors(seed, step, layer, probability, 5, 37))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("widths", [(7, *[5] * 200, 3), (3, 1024, 1024, 2)])
def test_deep_and_wide_networks_with_every_option_are_trained(widths, precision):
    layers, generator = len(widths) - 1, np.random.default_rng(0)
    case = random_case(widths, (*["prelu", "tanh"] * (layers // 2), "identity")[-layers:], "mse", 6, generator)
    norms = (*["batch", "layer", "none"] * layers,)[: layers - 1]
    skips = (None, *["highway", "residual", None] * layers)[: layers - 1]
    dropouts = (*[0.0, 0.5, 0.1] * layers,)[: layers - 1]
    case = with_options(case, generator, (*norms, "none"), (*skips, None), (*dropouts, 0.0))
    rows = case.trainer(rate=1e-3, precision=precision).run(np.repeat(case.whole, 3, axis=0))
    assert rows.finite
    assert np.isfinite(rows.log10_state_norm).all()


def test_a_batch_of_one_example_has_no_deviation_and_passes_no_signal_through_batch_normalisation():
    case = random_case((3, 4, 2), ("tanh", "identity"), "mse", 1, np.random.default_rng(0))
    case = with_options(case, np.random.default_rng(1), normalisations=("batch", "none"))
    trainer = case.trainer()
    rows = trainer.run(np.repeat(case.whole, 3, axis=0))
    assert rows.finite
    assert np.all(rows.log10_weight_norm[:, 0] == -np.inf)
    np.testing.assert_allclose(trainer.moments().variance, [*[0.9**3] * 4, 1, 1], rtol=1e-12)
