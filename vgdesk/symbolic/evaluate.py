"""Numbers for the symbolic route: the assignments evaluated in order with 40 decimal digits.

mpmath's exponents have no practical limit, so neither a factor of 1e-400 nor one of 1e+400 is lost on the way; only the
final float64 may round to 0 or infinity. The compiled function is SymPy's own code for expressions we built ourselves.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from vgdesk.records.codec import frozen
from vgdesk.records.derivation import NetworkState
from vgdesk.records.parameters import Parameters
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.network import SymbolicNetwork

DIGITS = 40

Values = dict[str, Any]
"""Name of an intermediate -> mpmath number."""


class Evaluator:
    """Evaluates the lines of a symbolic network, one after the other."""

    def __init__(self, system: SymbolicNetwork) -> None:
        self._system = system
        self._forward = _compile(system.forward)
        self._backward = _compile(system.backward)

    def forward(self, given: Mapping[str, Any]) -> Values:
        """Returns the given numbers and every forward intermediate including L."""
        return _run(self._forward, given)

    def gradients(self, given: Mapping[str, Any]) -> Values:
        """Returns the given numbers and every intermediate of both passes."""
        return _run(self._backward, _run(self._forward, given))


def given_values(
    network: FeedForward, parameters: Parameters, inputs: Sequence[float], targets: Sequence[float]
) -> Values:
    """Returns the numbers for all free symbols: inputs, targets, weights, biases of one example."""
    values: Values = {f"h_0_{i}": mpmath.mpf(float(x)) for i, x in enumerate(inputs, start=1)}
    values |= {f"t_{i}": mpmath.mpf(float(t)) for i, t in enumerate(targets, start=1)}
    for edge in network.edges():
        values[edge.name] = mpmath.mpf(float(parameters.weights[edge.layer - 1][edge.unit - 1, edge.source - 1]))
    for bias in network.biases():
        values[bias.name] = mpmath.mpf(float(parameters.biases[bias.layer - 1][bias.unit - 1]))
    return values


def network_state(network: FeedForward, values: Values) -> NetworkState:
    """Collects evaluated values into the arrays of a `NetworkState`."""
    weights = [np.zeros((above, below)) for below, above in zip(network.widths, network.widths[1:], strict=False)]
    gradients = [np.zeros_like(array) for array in weights]
    for edge in network.edges():
        index = edge.unit - 1, edge.source - 1
        weights[edge.layer - 1][index] = float(values[edge.name])
        gradients[edge.layer - 1][index] = float(values[f"dL_{edge.name}"])
    biases = {(b.layer, b.unit): float(values[b.name]) for b in network.biases()}
    layers = range(1, network.depth + 1)
    return NetworkState(
        activations=tuple(_column(values, "h", layer, network.widths[layer]) for layer in (0, *layers)),
        weights=tuple(frozen(array) for array in weights),
        weight_gradients=tuple(frozen(array) for array in gradients),
        biases=tuple(frozen([biases[layer, u] for u in range(1, network.widths[layer] + 1)]) for layer in layers),
        deltas=tuple(_column(values, "d", layer, network.widths[layer]) for layer in layers),
        loss=float(values["L"]),
    )


def _column(values: Values, letter: str, layer: int, width: int) -> np.ndarray:
    return frozen([float(values[f"{letter}_{layer}_{unit}"]) for unit in range(1, width + 1)])


def _compile(assignments: Sequence[tuple[sp.Symbol, sp.Expr]]) -> list[tuple[str, tuple[str, ...], Any]]:
    lines = []
    for target, expression in assignments:
        names = sorted(expression.free_symbols, key=str)
        function = sp.lambdify(names, expression, modules="mpmath")
        lines.append((str(target), tuple(str(name) for name in names), function))
    return lines


def _run(lines: list[tuple[str, tuple[str, ...], Any]], given: Mapping[str, Any]) -> Values:
    values = dict(given)
    with mpmath.workdps(DIGITS):
        for target, names, function in lines:
            try:
                values[target] = mpmath.mpf(function(*[values[name] for name in names]))
            except ZeroDivisionError:
                values[target] = mpmath.nan
    return values
