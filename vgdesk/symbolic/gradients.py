"""The symbolic gradients of all parameters over a batch, and finite differences of the symbolic forward pass."""

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.derivation import NetworkState
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.evaluate import DIGITS, Evaluator, Values, given_values, network_state
from vgdesk.symbolic.network import symbolic_network


def mean_gradient(states: Sequence[NetworkState]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Averages dL/dW and dL/db of single examples over the batch; every loss is a batch mean."""
    depth = len(states[0].weights)
    weights = [frozen(np.mean([state.weight_gradients[layer] for state in states], axis=0)) for layer in range(depth)]
    biases = [frozen(np.mean([state.deltas[layer] for state in states], axis=0)) for layer in range(depth)]
    return weights, biases


_SAFE_SHARE = 1e-34
"""60 digits less 12 of the step less 14 that float64 shows."""
_FINE_DIGITS = 420


def example_states(
    experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray
) -> list[NetworkState]:
    """Returns the forward and backward pass of every example, shape (examples, inputs) and (examples, targets)."""
    evaluator = Evaluator(symbolic_network(experiment))
    network = experiment.network
    return [
        network_state(network, evaluator.gradients(given_values(network, parameters, x, t)))
        for x, t in zip(inputs, targets, strict=True)
    ]


def central_differences(
    experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray
) -> dict[str, float]:
    """Returns (L(p + e) - L(p - e)) / 2e of the batch loss for every parameter p.

    No derivative rule is used. The forward pass has 60 digits and e = 1e-12; where the difference is so small beside L
    that rounding could touch it (deep chains), it is taken again with 420 digits and e = 1e-40, which leaves 12 true
    digits of every derivative that float64 can hold.
    """
    evaluator = Evaluator(symbolic_network(experiment))
    network = experiment.network
    examples = [given_values(network, parameters, x, t) for x, t in zip(inputs, targets, strict=True)]
    names = [parameter.name for parameter in (*network.edges(), *network.biases())]
    return {name: _central_difference(evaluator, examples, name) for name in names}


def _central_difference(evaluator: Evaluator, examples: list[Values], name: str) -> float:
    coarse, size = _difference(evaluator, examples, name, DIGITS, 12)
    if abs(coarse) > _SAFE_SHARE * size:
        return float(coarse)
    return float(_difference(evaluator, examples, name, _FINE_DIGITS, 40)[0])


def _difference(evaluator: Evaluator, examples: list[Values], name: str, digits: int, decimals: int) -> tuple[Any, Any]:
    """Returns the mean central difference with e = 10^-decimals, and the largest |L| met."""
    with mpmath.workdps(digits):
        step, total, size = mpmath.mpf(10) ** -decimals, mpmath.mpf(0), mpmath.mpf(0)
        for given in examples:
            above = evaluator.forward({**given, name: given[name] + step}, digits)["L"]
            below = evaluator.forward({**given, name: given[name] - step}, digits)["L"]
            total += (above - below) / (2 * step)
            size = max(size, abs(above))
        return total / len(examples), size
