"""Residual layers at once: the same as one by one, also for examples of which nothing is along the signal."""

import numpy as np
import pytest

from tests.theory.test_carried import layer_of
from vgdesk.spec.layer import Residual
from vgdesk.theory.carried_at_once import at_once
from vgdesk.theory.carried_numbers import hidden_of
from vgdesk.theory.carried_way import carriers
from vgdesk.theory.initialisation import Start
from vgdesk.theory.signals import Signal
from vgdesk.theory.through_layer import backward, enter, leave

EXAMPLES, DEPTH, WIDTH = 5, 6, 32


def run_of(activation, inputs, start):
    """Returns a run of residual layers above this signal."""
    layer, signal, passed = layer_of(activation, Residual()), inputs, []
    for _ in range(DEPTH):
        entered = enter(layer, start, signal)
        one, signal = leave(layer, entered, None)
        passed.append(one)
    layers, passed = (layer,) * DEPTH + (layer_of("identity", None),), [*passed, enter(layer, start, signal)]
    carrier = carriers(layers, passed, hidden_of(passed))
    return carrier.run_below(DEPTH - 1), layer


def signal_of(h):
    """Returns the signal of numbers of the shape (examples, units)."""
    return Signal(h @ h.T / h.shape[1], h.mean(axis=1))


def inputs():
    """Returns units of a few examples, with a mean."""
    return np.abs(np.random.default_rng(1).standard_normal((EXAMPLES, 20))) + 0.1


def above(run):
    """Returns H and D above a run, as if some gradient went with the signal, too little to come to a bound."""
    rows = np.random.default_rng(2).standard_normal((EXAMPLES, 8))
    H, s, t = rows @ rows.T, rows[:, :1] * np.sqrt(run.above.own[-1])[:, None], rows[:, 1:2]
    D = np.stack([s, t], axis=1)[:, :, 0]
    return H, 0.02 * D[:, :, None, None] * D.T[None, None]


def one_by_one(run, layer, H, along):
    """Returns H and D below the run."""
    for place in range(DEPTH - 1, -1, -1):
        _, H, along = run.down(place, H, *backward(layer, run.passed[place], H), along)
    return H, along


def flat(h):
    """Returns the numbers with one example whose units are all alike."""
    h[1] = 0.5
    return h


def silent(h):
    """Returns the numbers with one example that is nothing beside the others."""
    h[1] *= 1e-20
    return h


def absent(h):
    """Returns the numbers with one example of zeros."""
    h[1] = 0.0
    return h


@pytest.mark.parametrize("activation", ["relu", "tanh", "softplus"])
@pytest.mark.parametrize(
    ("kind", "bias"),
    [(np.asarray, 0.0), (np.asarray, 0.3), (flat, 0.0), (flat, 0.3), (absent, 0.0), (absent, 0.3), (silent, 0.3)],
)
def test_residual_layers_at_once_are_the_same_one_by_one(activation, kind, bias):
    run, layer = run_of(activation, signal_of(kind(inputs())), Start(1.3, bias, WIDTH))
    H, along = above(run)
    found, wanted = at_once(run, H, along), one_by_one(run, layer, H, along)
    assert found is not None
    assert found.onward == pytest.approx(wanted[0], rel=1e-10, abs=1e-12)
    # nothing is known of s where units are alike, and nothing asks
    assert found.along[2:, :, :, 2:] == pytest.approx(wanted[1][2:, :, :, 2:], rel=1e-9, abs=1e-11)


def test_an_example_that_is_nothing_beside_others_comes_to_its_bound_and_goes_layer_by_layer():
    run, _ = run_of("relu", signal_of(silent(inputs())), Start(1.3, 0.0, WIDTH))
    assert at_once(run, *above(run)) is None


def test_layers_whose_weights_are_nothing_pass_all_on_unchanged():
    run, _ = run_of("relu", signal_of(inputs()), Start(0.0, 0.0, WIDTH))
    H, along = above(run)
    found = at_once(run, H, along)
    assert found is not None
    assert found.onward == pytest.approx(H, rel=1e-12)
    assert found.along == pytest.approx(along, rel=1e-12, abs=1e-12)
