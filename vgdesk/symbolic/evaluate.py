"""Numbers for the symbolic route: the assignments evaluated in order with 60 decimal digits, and with 1,000 where
that leaves a number without any.

mpmath's exponents have no practical limit, so neither a factor of 1e-400 nor one of 1e+400 is lost on the way; only the
final float64 may round to 0 or infinity.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import mpmath
import numpy as np
import sympy as sp

from vgdesk.records.codec import frozen
from vgdesk.records.derivation import NetworkState
from vgdesk.records.formula import Formula, Negative, Number
from vgdesk.records.magnitude import magnitude
from vgdesk.records.parameters import Parameters
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.arithmetic import CompiledLine, compiled
from vgdesk.symbolic.reverse import Line

DIGITS = 60
MANY_DIGITS = 1000

Values = dict[str, Any]
"""Name of an intermediate -> mpmath number."""


class Passes(Protocol):
    """Is a network written as lines: a forward pass that ends with L, and a backward pass."""

    @property
    def forward(self) -> Sequence[Line]: ...

    @property
    def backward(self) -> Sequence[Line]: ...


class Evaluator:
    """Evaluates the lines of a symbolic network, one after the other."""

    def __init__(self, system: Passes) -> None:
        self._forward = compiled(system.forward)
        self._backward = compiled(system.backward)

    def forward(self, given: Mapping[str, Any], digits: int = DIGITS) -> Values:
        """Returns the given numbers and every forward intermediate including L, with that many digits."""
        return _run(self._forward, given, digits)

    def gradients(self, given: Mapping[str, Any]) -> Values:
        """Returns the given numbers and every intermediate of both passes."""
        values = self._both_passes(given, DIGITS)
        return self._both_passes(given, MANY_DIGITS) if _has_nan(values) else values

    def _both_passes(self, given: Mapping[str, Any], digits: int) -> Values:
        return _run(self._backward, _run(self._forward, given, digits), digits)


def _has_nan(values: Values) -> bool:
    return any(mpmath.isnan(value) for value in values.values())


def evaluate_lines(lines: Sequence[Line], given: Mapping[str, Any]) -> Values:
    """Returns the given numbers and the value of every line, evaluated in order with `DIGITS` digits."""
    return _run(compiled(lines), {name: mpmath.mpf(value) for name, value in given.items()}, DIGITS)


def value_of(expression: sp.Expr, values: Values) -> Any:
    """Returns the number of an expression of evaluated intermediates, with many digits where 60 leave none."""
    line = compiled([(sp.Symbol("value"), expression)])
    value = _run(line, values, DIGITS)["value"]
    return _run(line, values, MANY_DIGITS)["value"] if mpmath.isnan(value) else value


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


def as_formula(value: Any) -> Formula:
    """Returns an evaluated number as it is shown: one that float64 would make 0 or infinite keeps its exponent."""
    rounded = float(value)
    if value == 0 or mpmath.isnan(value) or mpmath.isinf(value) or (rounded != 0 and math.isfinite(rounded)):
        return Number(rounded)
    size = magnitude(log10_magnitude(value))
    return Negative(size) if value < 0 else size


def log10_magnitude(value: Any) -> float:
    """Returns log10 |value|; -inf for zero."""
    return float(mpmath.log10(abs(value))) if value != 0 else -math.inf


def network_state(network: FeedForward, values: Values) -> NetworkState:
    """Collects evaluated values into the arrays of a `NetworkState`."""
    weights = [np.zeros((above, below)) for below, above in zip(network.widths, network.widths[1:], strict=False)]
    gradients = [np.zeros_like(array) for array in weights]
    for edge in network.edges():
        index = edge.unit - 1, edge.source - 1
        weights[edge.layer - 1][index] = float(values[edge.name])
        gradients[edge.layer - 1][index] = float(values[f"dL_{edge.name}"])
    biases = [np.zeros(width) for width in network.widths[1:]]
    for bias in network.biases():
        biases[bias.layer - 1][bias.unit - 1] = float(values[bias.name])
    layers = range(1, network.depth + 1)
    return NetworkState(
        activations=tuple(_column(values, "h", layer, network.widths[layer]) for layer in (0, *layers)),
        weights=tuple(frozen(array) for array in weights),
        weight_gradients=tuple(frozen(array) for array in gradients),
        biases=tuple(frozen(array) for array in biases),
        deltas=tuple(_column(values, "d", layer, network.widths[layer]) for layer in layers),
        loss=float(values["L"]),
    )


def _column(values: Values, letter: str, layer: int, width: int) -> np.ndarray:
    return frozen([float(values[f"{letter}_{layer}_{unit}"]) for unit in range(1, width + 1)])


def _run(lines: list[CompiledLine], given: Mapping[str, Any], digits: int) -> Values:
    values = dict(given)
    with mpmath.workdps(digits):
        for target, arithmetic in lines:
            try:
                value = arithmetic(values)
                values[target] = value if isinstance(value, mpmath.mpf) else mpmath.mpf(value)
            except ZeroDivisionError:
                values[target] = mpmath.nan
    return values
