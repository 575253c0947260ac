"""The symbolic gradients of all parameters over a batch, and finite differences of the symbolic forward pass."""

from collections.abc import Sequence

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

    The forward pass is evaluated with 60 digits and e = 1e-12, so the truncation error (of order e^2) and the rounding
    error (of order 1e-48) are both far below what float64 can show. No derivative rule is used.
    """
    evaluator = Evaluator(symbolic_network(experiment))
    network = experiment.network
    examples = [given_values(network, parameters, x, t) for x, t in zip(inputs, targets, strict=True)]
    names = [parameter.name for parameter in (*network.edges(), *network.biases())]
    return {name: _central_difference(evaluator, examples, name) for name in names}


def _central_difference(evaluator: Evaluator, examples: list[Values], name: str) -> float:
    with mpmath.workdps(DIGITS):
        step = mpmath.mpf(10) ** -12
        total = mpmath.mpf(0)
        for given in examples:
            above = evaluator.forward({**given, name: given[name] + step})["L"]
            below = evaluator.forward({**given, name: given[name] - step})["L"]
            total += (above - below) / (2 * step)
        return float(total / len(examples))
