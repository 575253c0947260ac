"""The backward pass in matrices (Rumelhart, Hinton & Williams 1986; Nielsen 2015, BP1 to BP4).

    delta^N = dL/dh^N . phi'(z^N)                         at the output
    delta^l = (W^{l+1})^T delta^{l+1} . phi'(z^l)         below it
    dL/dW^l = delta^l (h^{l-1})^T,   dL/db^l = delta^l

where a dot stands for the product element by element. Absent connections are zeros of W.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from vgdesk.records.codec import frozen
from vgdesk.records.derivation_views import MatrixStep
from vgdesk.records.formula import Formula, Matrix, Partial, Power, Product, Relation, Symbol, Text, Under
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import Edge
from vgdesk.symbolic.details import delta_line
from vgdesk.symbolic.evaluate import Values, as_formula, log10_magnitude
from vgdesk.symbolic.factors import Parameter
from vgdesk.symbolic.notation import LOSS, layer_slope, parameter_symbol
from vgdesk.symbolic.substitute import value_table

TRANSPOSED = Symbol("top")


class Array(NamedTuple):
    """Is a vector or matrix: its symbol, and its numbers row by row."""

    symbol: Formula
    numbers: Sequence[Sequence[Any]]

    @property
    def shape(self) -> str:
        """Rows times columns, e.g. "2×3"."""
        return f"{len(self.numbers)}×{len(self.numbers[0])}"

    @property
    def matrix(self) -> Formula:
        """The numbers as a formula."""
        return Matrix(tuple(tuple(as_formula(number) for number in row) for row in self.numbers))

    @property
    def transposed(self) -> "Array":
        """The same with rows and columns exchanged."""
        return Array(Power(self.symbol, TRANSPOSED), list(zip(*self.numbers, strict=True)))


Arrange = Callable[[Callable[[Array], Formula]], Formula]
"""Builds a rule from the formula of each array: its symbol, its shape or its numbers."""


def column(symbol: Formula, numbers: Sequence[Any]) -> Array:
    """Returns a vector."""
    return Array(symbol, [(number,) for number in numbers])


def by_symbol(array: Array) -> Formula:
    """Returns the symbol."""
    return array.symbol


def by_shape(array: Array) -> Formula:
    """Returns the symbol with its shape under it."""
    return Under(array.symbol, Text(array.shape))


def by_numbers(array: Array) -> Formula:
    """Returns the numbers."""
    return array.matrix


def rule_step(layer: int, title: str, rule: Arrange, delta: Array, scalars: Sequence[Formula]) -> MatrixStep:
    """Returns a step whose right-hand side is `rule` and whose left-hand side is `delta`."""
    numbers = [row[0] for row in delta.numbers]
    return MatrixStep(
        layer=layer,
        title=title,
        rule=Relation((delta.symbol, rule(by_symbol))),
        shapes=Relation((by_shape(delta), rule(by_shape))),
        numbers=Relation((delta.symbol, rule(by_numbers), delta.matrix)),
        scalars=tuple(scalars),
        delta=frozen([float(number) for number in numbers]),
        log10_delta=frozen([log10_magnitude(number) for number in numbers]),
    )


def times_slope(body: Formula, slope: Array | None, show: Callable[[Array], Formula]) -> Formula:
    """Returns body . phi'(z), or the body where the activation is the identity."""
    return body if slope is None else Product((body, show(slope)), "hadamard")


def matrix_product(matrix: Array, vector: Array, show: Callable[[Array], Formula]) -> Formula:
    """Returns M v side by side."""
    return Product((show(matrix), show(vector)), "thin")


class LayerMatrices:
    """Builds the steps of a plain feed-forward network from the values of `vgdesk.symbolic.network`."""

    def __init__(self, experiment: Experiment, values: Values) -> None:
        self._experiment, self._network, self._values = experiment, experiment.feed_forward, values
        self._table = value_table(experiment, values)

    def steps(self, down_to: int) -> tuple[MatrixStep, ...]:
        """Returns the backward rule from the output down to a layer."""
        return tuple(self._step(layer) for layer in range(self._network.depth, down_to - 1, -1))

    def result(self, wrt: Parameter) -> tuple[Formula, ...]:
        """Returns dL/dW or dL/db of the parameter's layer in symbols and numbers, then the parameter's own entry."""
        layer, delta = wrt.layer, self._column("delta", "d", wrt.layer)
        own = Relation((Partial(LOSS, parameter_symbol(wrt.name)), as_formula(self._values[f"dL_{wrt.name}"])))
        if not isinstance(wrt, Edge):
            gradient = Partial(LOSS, self._bold("b", layer))
            return Relation((gradient, delta.symbol, delta.matrix)), own
        below = self._column("h", "h", layer - 1).transposed
        gradient = Partial(LOSS, self._bold("W", layer))
        slopes = [[d[0] * h for h in below.numbers[0]] for d in delta.numbers]
        found = Array(gradient, slopes)
        return (
            Relation((gradient, matrix_product(delta, below, by_symbol))),
            Relation((by_shape(found), matrix_product(delta, below, by_shape))),
            Relation((gradient, matrix_product(delta, below, by_numbers), found.matrix)),
            own,
        )

    def _step(self, layer: int) -> MatrixStep:
        units = range(1, self._network.widths[layer] + 1)
        scalars = [delta_line(self._experiment, layer, unit, self._table) for unit in units]
        delta, slope = self._column("delta", "d", layer), self._slope(layer)
        if layer == self._network.depth:
            arriving = self._column("h", "g", layer)._replace(symbol=Partial(LOSS, self._bold("h", layer)))
            title = f"Output, layer {layer}"
            return rule_step(layer, title, lambda show: times_slope(show(arriving), slope, show), delta, scalars)
        above, weights = self._column("delta", "d", layer + 1), self._weights(layer + 1).transposed

        def rule(show: Callable[[Array], Formula]) -> Formula:
            return times_slope(matrix_product(weights, above, show), slope, show)

        return rule_step(layer, f"Backward rule, layer {layer}", rule, delta, scalars)

    def _slope(self, layer: int) -> Array | None:
        symbol = layer_slope(self._network, layer)
        return None if symbol is None else self._column("z", "s", layer)._replace(symbol=symbol)

    def _weights(self, layer: int) -> Array:
        below, width = self._network.widths[layer - 1 : layer + 1]
        numbers: list[list[Any]] = [[0.0] * below for _ in range(width)]
        for edge in self._network.edges():
            if edge.layer == layer:
                numbers[edge.unit - 1][edge.source - 1] = self._values[edge.name]
        return Array(self._bold("W", layer), numbers)

    def _column(self, symbol: str, letter: str, layer: int) -> Array:
        units = range(1, self._network.widths[layer] + 1)
        return column(self._bold(symbol, layer), [self._values[f"{letter}_{layer}_{unit}"] for unit in units])

    @staticmethod
    def _bold(letter: str, layer: int) -> Symbol:
        return Symbol(letter, superscript=str(layer), bold=True)
