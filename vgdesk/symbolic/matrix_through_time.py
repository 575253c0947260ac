"""The backward pass through time in matrices, for the simple cell (Werbos 1990; Pascanu et al. 2013, eqs. 3 to 5).

    delta_t = (W_hh^T delta_{t+1} + W_out^T delta_{y,t}) . phi'(a_t)
    dL/dW_hh = sum_t delta_t h_{t-1}^T,   dL/dW_ih = sum_t delta_t x_t^T,   dL/db = sum_t delta_t

The second term stands only at time steps whose output is read, the first only before the last one. For an LSTM or a
GRU see `vgdesk.symbolic.matrix_of_blocks`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from vgdesk.records.derivation_views import MatrixStep
from vgdesk.records.formula import Formula, Partial, Product, Relation, Sum, Symbol
from vgdesk.spec.recurrent import Recurrent, VanillaCell
from vgdesk.symbolic.evaluate import Values, as_formula
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.matrix import Array, by_symbol, column, matrix_product, rule_step, times_slope
from vgdesk.symbolic.notation import LOSS, activation_call, activations_of


class TimeMatrices:
    """Builds the steps of an RNN with a simple cell from the values of `vgdesk.symbolic.unrolled`."""

    def __init__(self, network: Recurrent, unfolded: Unfolded, values: Values) -> None:
        self._network, self._unfolded, self._values = network, unfolded, values
        self._first_output = network.steps - network.output_steps + 1

    def steps(self) -> tuple[MatrixStep, ...]:
        """Returns the backward rule from the last time step to the first."""
        return tuple(self._step(t) for t in range(self._network.steps, 0, -1))

    def result(self, wrt: Learned) -> tuple[Formula, ...]:
        """Returns the gradient of the parameter's array as a sum over time, then the parameter's own entry."""
        own = Relation((Partial(LOSS, wrt.symbol), as_formula(self._values[f"dL_{wrt.name}"])))
        terms = tuple(self._terms(wrt.array))
        return (Relation((Partial(LOSS, _weights_symbol(wrt.array)), *([Sum(terms)] if terms else []))), own)

    def _terms(self, array: str) -> Iterator[Formula]:
        last, first = self._network.steps, 2 if array == "W_hh" else 1
        if array in ("W_out", "b_out"):
            first = self._first_output
        for t in range(last, first - 1, -1):
            delta = self._output_delta(t) if array in ("W_out", "b_out") else self._delta(t)
            other = {"W_hh": ("h", t - 1), "W_ih": ("x", t), "W_out": ("h", t)}.get(array)
            if other is None:
                yield delta.symbol
            else:
                count = self._network.inputs if array == "W_ih" else self._network.width
                vector = column(_bold(*other), self._numbers(*other, count)).transposed
                yield matrix_product(delta, vector, by_symbol)

    def _step(self, t: int) -> MatrixStep:
        parts: list[tuple[Array, Array]] = []
        if t < self._network.steps:
            parts.append((self._matrix("W_hh").transposed, self._delta(t + 1)))
        if t >= self._first_output:
            parts.append((self._matrix("W_out").transposed, self._output_delta(t)))
        slope = self._slope(t)

        def rule(show: Callable[[Array], Formula]) -> Formula:
            products = tuple(matrix_product(matrix, vector, show) for matrix, vector in parts)
            return times_slope(products[0] if len(products) == 1 else Sum(products), slope, show)

        return rule_step(t, f"Backward rule, time step {t}", rule, self._delta(t), list(self._scalars(t)))

    def _scalars(self, t: int) -> Iterator[Formula]:
        adjoints = {str(target): rule for target, rule in self._unfolded.backward}
        for j in range(1, self._network.width + 1):
            state, argument = f"dL_h_{t}_{j}", f"dL_a_{t}_{j}"
            arriving = self._unfolded.spell(adjoints[state])
            slope = self._unfolded.symbols[f"slope_h_{t}_{j}_a_{t}_{j}"]
            value = as_formula(self._values[argument])
            yield Relation((self._unfolded.symbols[argument], Product((arriving, slope)), value))

    def _slope(self, t: int) -> Array | None:
        cell = self._network.cell
        assert isinstance(cell, VanillaCell)
        if cell.activation == "identity":
            return None
        symbol = activation_call(cell.activation, _bold("a", t), 1, activations_of(self._network))
        names = [f"slope_h_{t}_{j}_a_{t}_{j}" for j in range(1, self._network.width + 1)]
        numbers = [self._values[name] for name in names]
        return column(symbol, numbers)._replace(entries=[(self._unfolded.symbols[name],) for name in names], layer=t)

    def _delta(self, t: int) -> Array:
        return column(_bold("delta", t), self._numbers("dL_a", t, self._network.width))

    def _output_delta(self, t: int) -> Array:
        numbers = self._numbers("dL_a_y", t, self._network.outputs)
        return column(Symbol("delta", f"y,{t}", bold=True), numbers)

    def _numbers(self, letter: str, t: int, count: int) -> list[Any]:
        return [self._values[f"{letter}_{t}_{i}"] for i in range(1, count + 1)]

    def _matrix(self, array: str) -> Array:
        entries = [entry for entry in self._unfolded.learned.values() if entry.array == array]
        rows: dict[int, list[Any]] = {}
        symbols: dict[int, list[Formula]] = {}
        for entry in entries:
            rows.setdefault(entry.position[0], []).append(self._values[entry.name])
            symbols.setdefault(entry.position[0], []).append(entry.symbol)
        return Array(_weights_symbol(array), list(rows.values()), list(symbols.values()))


def _bold(letter: str, t: int) -> Symbol:
    return Symbol(letter, str(t), bold=True)


def _weights_symbol(array: str) -> Symbol:
    letter, _, index = array.partition("_")
    return Symbol(letter, index, bold=True)
