"""Biases that are not learned: no gradient, no share in the norm, and no other number is touched."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.networks import block_cases, random_case
from vgdesk.kernels.rules import ADAGRAD, ADAM, MOMENTUM, PLAIN, RMSPROP, Rule

RULES = [
    Rule(PLAIN),
    Rule(MOMENTUM, momentum=0.9, nesterov=1),
    Rule(RMSPROP, memory=0.99, epsilon=1e-8),
    Rule(ADAGRAD, memory=1.0, epsilon=1e-8),
    Rule(ADAM, momentum=0.9, memory=0.999, epsilon=1e-8),
]


def with_fixed_biases(case, learns):
    """Returns the case where only the biases of some layers are learned."""
    return replace(case, network=replace(case.network, learns_bias=tuple(learns)))


def hidden_case(learns=(True, False, True)):
    case = random_case((3, 5, 4, 2), ("tanh", "elu", "identity"), "mse", 6, np.random.default_rng(5))
    return with_fixed_biases(case, learns)


@given(block_cases(), st.data())
@settings(max_examples=30, deadline=None)
def test_a_fixed_bias_has_gradient_zero_and_all_other_gradients_stay_as_they_are(case, data):
    layers = len(case.network.activations)
    learns = data.draw(st.lists(st.booleans(), min_size=layers, max_size=layers))
    everything, found = case.differentiate(), with_fixed_biases(case, learns).differentiate()
    for name in ("weights", "deltas", "states"):
        for one, other in zip(getattr(found, name), getattr(everything, name), strict=True):
            np.testing.assert_array_equal(one, other)
    for learned, bias, whole in zip(learns, found.biases, everything.biases, strict=True):
        np.testing.assert_array_equal(bias, whole if learned else np.zeros_like(whole))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"rule {rule.code}")
def test_every_rule_leaves_a_fixed_bias_where_it_is(rule):
    case = hidden_case()
    trainer = case.trainer(rule=rule)
    trainer.run(np.repeat(case.whole, 20, axis=0))
    biases = trainer.parameters()[1]
    np.testing.assert_array_equal(biases[1], case.biases[1])
    assert all((biases[layer] != case.biases[layer]).all() for layer in (0, 2))


def test_the_norm_of_the_gradient_is_that_of_what_is_learned():
    case = hidden_case()
    rows, found = case.trainer().run(case.whole), case.differentiate()
    numbers = np.concatenate([array.ravel() for array in (*found.weights, *found.biases)])
    assert rows.log10_total_norm[0] == pytest.approx(np.log10(np.linalg.norm(numbers)), abs=1e-14)
    assert rows.log10_bias_norm[0, 1] == -np.inf


def test_one_entry_per_layer_is_asked_for():
    with pytest.raises(ValueError, match="learns_bias must have 3 entries, one per layer, or none"):
        hidden_case(learns=(True, False)).differentiate()
