"""What a gradient has along its signal where skip connections carry both: laws, and a small Monte Carlo of its own."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.study.predict import first_examples, predict
from vgdesk.theory.band import Scatter, trigamma
from vgdesk.theory.carried import Along, carried_down
from vgdesk.theory.carried_part import part_along, with_part
from vgdesk.theory.carried_units import unit_powers
from vgdesk.theory.initialisation import Start
from vgdesk.theory.odd_moments import odd_moments
from vgdesk.theory.pairs import pair_series
from vgdesk.theory.quadrature import gaussian_nodes
from vgdesk.theory.signals import Signal, backward, enter, leave
from vgdesk.theory.units import MixedPairs

WIDTH, DEPTH = 32, 16


def half_normal():
    """Returns the signal of units |x| / 2, x normal, of one example."""
    return Signal(np.array([[0.25]]), np.array([0.5 * np.sqrt(2 / np.pi)]))


def forward(layer, signal, depth=DEPTH, weight=1.0):
    """Returns every layer and every signal of equal layers without biases."""
    passed, signals = [], [signal]
    for _ in range(depth):
        entered = enter(layer, Start(weight, 0.0, WIDTH), signals[-1])
        one, above = leave(layer, entered, None)
        passed.append(one)
        signals.append(above)
    return passed, signals


def way_down(layer, signal, depth=DEPTH):
    """Returns E[|g|^2] and E[(g . h)^2] of every signal, and of a theory that takes them as independent E[|g|^2]."""
    passed, signals = forward(layer, signal, depth)
    H, alone, along = np.ones((1, 1)), 1.0, None
    rows = [(1.0, signals[-1].square[0, 0], 1.0)]
    for one, above in zip(passed[::-1], signals[:0:-1], strict=True):
        onward = backward(layer, one, H)[1]
        alone *= float(backward(layer, one, np.ones((1, 1)))[1][0, 0])
        H, along = carried_down(one, above, WIDTH, H, onward, along)
        sizes = along.ss * H + H * one.below.square
        rows.append((H[0, 0], sizes[0, 0], alone))
    return np.array(rows[::-1])


def layer_of(activation, skip):
    return DenseLayer(width=WIDTH, activation=activation, skip=skip)


def test_a_relu_residual_network_passes_on_the_gradient_by_the_size_of_its_signal_whole():
    sizes = way_down(layer_of("relu", Residual()), half_normal())[:, 1]
    assert sizes == pytest.approx(np.full(DEPTH + 1, sizes[-1]), rel=1e-9)


def drawn(skip, seeds):
    """Returns mean |g|^2 and (g . h)^2 of ReLU networks with a skip connection, drawn here, shape (layers + 1, 2)."""
    total = np.zeros((DEPTH + 1, 2))
    for seed in range(seeds):
        generator = np.random.default_rng(seed)
        h, layers = 0.5 * np.abs(generator.standard_normal(WIDTH)), []
        for _ in range(DEPTH):
            W, V = generator.standard_normal((2, WIDTH, WIDTH)) / np.sqrt(WIDTH)
            T = 1.0 / (1.0 + np.exp(-V @ h - skip.gate_bias)) if isinstance(skip, Highway) else np.ones(WIDTH)
            C = 1.0 - T if isinstance(skip, Highway) else T
            layers.append((h, W, V, T, C))
            h = T * np.maximum(W @ h, 0.0) + C * h
        g = generator.standard_normal(WIDTH) / np.sqrt(WIDTH)
        total[-1] += g @ g, (g @ h) ** 2
        for place in range(DEPTH - 1, -1, -1):
            h, W, V, T, C = layers[place]
            z = W @ h
            turned = V.T @ (T * (1.0 - T) * (np.maximum(z, 0.0) - h) * g) if isinstance(skip, Highway) else 0.0
            g = C * g + W.T @ (T * (z > 0.0) * g) + turned
            total[place] += g @ g, (g @ h) ** 2
    return total / seeds


@pytest.mark.parametrize("skip", [Residual(), Highway(gate_bias=0.0), Highway(gate_bias=-2.0)])
def test_mean_squares_of_drawn_networks_follow_the_recursion(skip):
    expected, found = way_down(layer_of("relu", skip), half_normal()), drawn(skip, 400)
    # a mean of 400 squares whose logarithms scatter by about 1 is unsure by a tenth; a unit's own products with
    # itself, of relative order 1 / width a layer, are left out
    assert np.log10(found[:, 0]) == pytest.approx(np.log10(expected[:, 0]), abs=0.2)
    assert np.log10(found[:, 1]) == pytest.approx(np.log10(expected[:, 1]), abs=0.2)


def test_independence_alone_would_miss_most_of_a_relu_residual_gradient():
    rows = way_down(layer_of("relu", Residual()), half_normal())
    assert rows[0, 0] > 3.0 * rows[0, 2]


def test_of_tanh_whose_values_have_no_mean_the_gradient_is_as_independence_has_it():
    signal = Signal(np.array([[0.01]]), np.zeros(1))
    rows = way_down(layer_of("tanh", Highway(gate_bias=0.0)), signal)
    assert rows[:, 0] == pytest.approx(rows[:, 2], rel=0.15)


def test_wide_layers_have_nothing_along_their_signal():
    layer = msgspec.structs.replace(layer_of("relu", Highway(gate_bias=0.0)))
    passed, signals = forward(layer, half_normal(), 1)
    onward = backward(layer, passed[0], np.ones((1, 1)))[1]
    found, _ = carried_down(passed[0], signals[1], 10**9, np.ones((1, 1)), onward, None)
    assert found == pytest.approx(onward, rel=1e-8)


def test_a_layer_without_skip_connection_forgets_what_is_along_the_signal():
    layer = layer_of("relu", None)
    passed, signals = forward(layer, half_normal(), 1)
    H = np.ones((1, 1))
    assert carried_down(passed[0], signals[1], WIDTH, H, H, Along(H, H, H))[1] is None


@pytest.mark.parametrize("skip", [Residual(), Highway(gate_bias=-1.0)])
def test_examples_in_another_order_have_the_same_prediction(skip):
    experiment = deep("relu", skip=skip)
    data = first_examples(experiment)
    order = np.random.default_rng(4).permutation(len(data.inputs)).tolist()
    task = experiment.task
    turned = msgspec.structs.replace(
        task, inputs=tuple(task.inputs[k] for k in order), targets=tuple(task.targets[k] for k in order)
    )
    other = predict(msgspec.structs.replace(experiment, task=turned)).profile("state").log10_norm
    # draws of the outputs go by the examples' order
    assert predict(experiment).profile("state").log10_norm == pytest.approx(other, abs=0.05)


@pytest.mark.parametrize("normalisation", ["layer", "batch"])
def test_behind_a_normalisation_the_size_of_the_signal_passes_by_alone(normalisation):
    layer = DenseLayer(width=WIDTH, activation="relu", skip=Residual(), normalisation=normalisation)
    signal = Signal(np.eye(6) * 0.2 + 0.05, np.full(6, 0.1))
    passed, signals = forward(layer, signal, 1)
    H = np.eye(6)
    found, along = carried_down(passed[0], signals[1], WIDTH, H, H, None)
    assert found == pytest.approx(H)
    assert np.diagonal(along.ss) == pytest.approx(np.zeros(6), abs=1e-12)


@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "prelu", "identity"])
def test_odd_moments_in_closed_form_are_the_integrals(activation):
    q = 1.7
    nodes = gaussian_nodes("relu", np.array([q]))
    below = pair_series(activation, q).below
    phi, slope = np.where(nodes.z > 0, nodes.z, below * nodes.z), np.where(nodes.z > 0, 1.0, below)
    integrals = [float(nodes.mean(each)[0]) for each in (phi**3, phi * slope**2, nodes.z * slope, slope)]
    assert odd_moments(pair_series(activation, q)) == pytest.approx(integrals, abs=1e-12)


def test_odd_moments_of_units_that_differ_are_means_over_them():
    members = pair_series("relu", 1.0), pair_series("sigmoid", 1.0)
    mixed = MixedPairs(1.0, members[0].at, members, (0.25, 0.75))
    expected = 0.25 * np.array(odd_moments(members[0])) + 0.75 * np.array(odd_moments(members[1]))
    assert odd_moments(mixed) == pytest.approx(expected)


def test_odd_functions_have_no_odd_moments():
    assert odd_moments(pair_series("tanh", 0.7))[:2] == pytest.approx((0.0, 0.0), abs=1e-14)


def test_units_of_a_plain_relu_layer_hold_all_the_gradient_along_its_signal():
    passed, _ = forward(layer_of("relu", None), half_normal(), 1)
    # half of the units have all of h and all of phi'
    assert unit_powers(passed[0])[:2] == pytest.approx((2.0, 2.0))


def test_a_part_along_one_number_scatters_like_the_square_of_a_normal_one():
    found = with_part(Scatter(*np.zeros((6, 1))), np.array([[2.0, 0.0]]))
    assert found.state == pytest.approx(trigamma(np.array([0.5])))
    assert found.weight == pytest.approx([0.0])


def test_equal_units_have_no_part_that_goes_with_the_signal():
    one, H = Signal(np.array([[4.0]]), np.array([2.0])), np.ones((1, 1))
    assert part_along(Along(H, H, H), 1.0, one, WIDTH).whole == pytest.approx(np.zeros((1, 1)))


FAR = {
    "signals that fade below what float64 squares": deep("relu", depth=700, width=12, skip=Highway(gate_bias=0.0)),
    "signals that grow by eighty decades": deep("relu", depth=180, width=12, sigma_w=1.5, skip=Residual()),
    "weights of nearly nothing": deep("relu", sigma_w=1e-100, skip=Highway(gate_bias=0.0)),
}


@pytest.mark.parametrize("name", FAR)
def test_signals_of_any_size_are_carried_in_numbers(name):
    for profile in predict(FAR[name]).profiles:
        assert np.all(np.isfinite(profile.log10_norm))
        assert np.all(np.isfinite(profile.log10_deviation))
