"""What a gradient has along its signal where skip connections carry both: laws, and a small Monte Carlo of its own."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.study.predict import first_examples, predict
from vgdesk.theory.band import Scatter
from vgdesk.theory.carried import in_units
from vgdesk.theory.carried_numbers import hidden_of, unit_numbers, unit_powers
from vgdesk.theory.carried_part import in_own_size, part_pairs, with_part
from vgdesk.theory.carried_units import side_by_side
from vgdesk.theory.carried_way import carriers
from vgdesk.theory.initialisation import Start
from vgdesk.theory.log_gamma import trigamma
from vgdesk.theory.odd_moments import odd_moments
from vgdesk.theory.pairs import pair_series
from vgdesk.theory.quadrature import gaussian_nodes
from vgdesk.theory.signals import Signal
from vgdesk.theory.through_layer import backward, enter, leave
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


def network(layer, signal, depth=DEPTH, width=WIDTH):
    """Returns what carries the gradient down equal layers below an output, and every signal."""
    passed, signals = forward(layer, signal, depth)
    output = enter(layer_of("identity", None), Start(1.0, 0.0, width), signals[-1])
    layers = (*[msgspec.structs.replace(layer, width=width)] * depth, layer_of("identity", None))
    passed = [*passed, output]
    return carriers(layers, passed, hidden_of(passed)), signals


def way_down(layer, signal, depth=DEPTH, width=WIDTH):
    """Returns E[|g|^2] and E[(g . h)^2] of every signal, and of a theory that takes them as independent E[|g|^2]."""
    carrier, signals = network(layer, signal, depth, width)
    H, alone, along, run = np.ones((1, 1)), 1.0, None, None
    rows = [(1.0, signals[-1].square[0, 0], 1.0)]
    for place in range(depth - 1, -1, -1):
        run = carrier.run_below(place) if run is None or place < run.first else run
        one = carrier.passed[place]
        alone *= float(backward(layer, one, np.ones((1, 1)))[1][0, 0])
        _, H, along = run.down(place, H, *backward(layer, one, H), along)
        rows.append((H[0, 0], along[0, 0, 0, 0] + (H * one.below.square)[0, 0], alone))
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
    layer = layer_of("relu", Highway(gate_bias=0.0))
    narrower, wider = (way_down(layer, half_normal(), 1, width)[0] for width in (1024, 4096))
    assert narrower[0] - narrower[2] == pytest.approx(4.0 * (wider[0] - wider[2]))
    assert wider[0] == pytest.approx(wider[2], rel=1e-3)


@pytest.mark.parametrize("skip", [Residual(), Highway(gate_bias=-1.0)])
def test_a_layer_has_the_same_gradient_in_whichever_run_it_is(skip):
    depths = (DEPTH - 3, DEPTH)
    # from an output of another signal, but through the same two lowest layers
    lower, upper = (network(layer_of("relu", skip), half_normal(), depth)[0] for depth in depths)
    H = np.ones((1, 1))
    for place in (1, 0):
        found = [carrier.run_below(top).down(place, H, H, H, None) for carrier, top in ((lower, 1), (upper, 7))]
        assert found[0].onward == pytest.approx(found[1].onward, rel=1e-12)
        assert found[0].along == pytest.approx(found[1].along, rel=1e-12)


def test_a_layer_without_skip_connection_forgets_what_is_along_the_signal():
    layers = tuple(layer_of("relu", skip) for skip in (None, Residual(), None))
    passed, signals = forward(layers[0], half_normal(), 1)
    more, signals = forward(layers[1], signals[-1], 1)
    passed = [*passed, *more, enter(layers[2], Start(1.0, 0.0, WIDTH), signals[-1])]
    carrier = carriers(layers, passed, hidden_of(passed))
    H = np.ones((1, 1))
    assert carrier.run_below(0).down(0, H, H, H, np.ones((1, 2, 2, 1))).along is None


def test_networks_without_skip_connections_carry_nothing():
    assert network(layer_of("relu", None), half_normal())[0] is None


def test_what_is_along_a_signal_goes_with_its_units():
    D = np.arange(16.0).reshape(2, 2, 2, 2)
    halved = in_units(D, 0, 1)
    assert halved[:, 0, 0] == pytest.approx(D[:, 0, 0] / 4)
    assert halved[:, 0, 1] == pytest.approx(D[:, 0, 1] / 2)
    assert halved[:, 1, 1] == pytest.approx(D[:, 1, 1])


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
    H = np.eye(6)
    found = network(layer, signal, 1)[0].run_below(0).down(0, H, H, H, None)
    assert found.onward == pytest.approx(H)
    assert np.diagonal(found.along[:, 0, 0]) == pytest.approx(np.zeros(6), abs=1e-12)


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
    assert np.array(unit_powers(unit_numbers(passed))).ravel()[:2] == pytest.approx((2.0, 2.0))


def test_a_part_along_one_number_scatters_like_the_square_of_a_normal_one():
    found = with_part(Scatter(*np.zeros((6, 1))), np.array([[2.0, 0.0]]))
    assert found.state == pytest.approx(trigamma(np.array([0.5])))
    assert found.weight == pytest.approx([0.0])


def test_equal_units_have_no_part_that_goes_with_the_signal():
    sized, root = in_own_size(side_by_side([Signal(np.array([[4.0]]), np.array([2.0]))]))
    rows, columns = part_pairs(sized, root, np.array([WIDTH]))
    assert np.array(rows + columns) == pytest.approx(np.zeros((6, 1, 2, 1)))


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
