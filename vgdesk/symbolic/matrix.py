"""The backward pass in matrices (Rumelhart, Hinton & Williams 1986; Nielsen 2015, BP1 to BP4).

    delta^N = dL/dh^N . phi'(z^N)                         at the output
    delta^l = (W^{l+1})^T delta^{l+1} . phi'(z^l)         below it
    dL/dW^l = delta^l (h^{l-1})^T,   dL/db^l = delta^l

where a dot stands for the product element by element. Absent connections are zeros of W.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from vgdesk.records.codec import frozen
from vgdesk.records.derivation_views import MatrixStep, NamedArray
from vgdesk.records.formula import Formula, Matrix, Number, Partial, Power, Product, Relation, Symbol, Text, Under
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import Edge
from vgdesk.symbolic.details import delta_line
from vgdesk.symbolic.evaluate import Values, as_formula, log10_magnitude
from vgdesk.symbolic.factors import Parameter, arriving_gradient, product, slope
from vgdesk.symbolic.notation import LOSS, layer_slope, parameter_symbol, unit_symbol
from vgdesk.symbolic.substitute import value_table

TRANSPOSED = Symbol("top")


class Array(NamedTuple):
    """Is a vector or matrix: its symbol, and its numbers row by row.

    `entries` are the formulas of its numbers, row by row, and `layer` where it belongs, where that is worth telling;
    `named` is itself before it was transposed.
    """

    symbol: Formula
    numbers: Sequence[Sequence[Any]]
    entries: Sequence[Sequence[Formula]] = ()
    layer: int = 0
    named: "Array | None" = None

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
        return Array(Power(self.symbol, TRANSPOSED), list(zip(*self.numbers, strict=True)), named=self)

    @property
    def told(self) -> NamedArray | None:
        """The array with its entries, for whoever unfolds it; None where they are not known."""
        array = self.named or self
        if not array.entries:
            return None
        entries = Matrix(tuple(map(tuple, array.entries)))
        return NamedArray(symbol=array.symbol, entries=entries, numbers=array.matrix, layer=array.layer)


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
    used: list[Array] = []

    def noted(array: Array) -> Formula:
        used.append(array)
        return array.symbol

    in_symbols = Relation((delta.symbol, rule(noted)))
    told = {array.told.symbol: array.told for array in used if array.told is not None}
    return MatrixStep(
        layer=layer,
        title=title,
        rule=in_symbols,
        shapes=Relation((by_shape(delta), rule(by_shape))),
        numbers=Relation((delta.symbol, rule(by_numbers), delta.matrix)),
        scalars=tuple(scalars),
        delta=frozen([float(number) for number in numbers]),
        log10_delta=frozen([log10_magnitude(number) for number in numbers]),
        arrays=tuple(told.values()),
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
        below = self._below(wrt).transposed
        gradient = Partial(LOSS, self._bold("W", layer))
        slopes = [[d[0] * h for h in below.numbers[0]] for d in delta.numbers]
        found = Array(gradient, slopes)
        return (
            Relation((gradient, matrix_product(delta, below, by_symbol))),
            Relation((by_shape(found), matrix_product(delta, below, by_shape))),
            Relation((gradient, matrix_product(delta, below, by_numbers), found.matrix)),
            own,
        )

    def result_arrays(self, wrt: Parameter) -> tuple[NamedArray, ...]:
        """Returns what `result` multiplies besides delta: the values below a weight."""
        told = self._below(wrt).told if isinstance(wrt, Edge) else None
        return () if told is None else (told,)

    def _below(self, wrt: Parameter) -> Array:
        layer = wrt.layer - 1
        units = range(1, self._network.widths[layer] + 1)
        entries = [(unit_symbol(self._network, layer, unit),) for unit in units]
        return self._column("h", "h", layer)._replace(entries=entries, layer=layer)

    def _step(self, layer: int) -> MatrixStep:
        units = range(1, self._network.widths[layer] + 1)
        scalars = [delta_line(self._experiment, layer, unit, self._table) for unit in units]
        delta, slope = self._column("delta", "d", layer), self._slope(layer)
        if layer == self._network.depth:
            arriving = self._arriving(layer, units)
            title = f"Output, layer {layer}"
            return rule_step(layer, title, lambda show: times_slope(show(arriving), slope, show), delta, scalars)
        above, weights = self._column("delta", "d", layer + 1), self._weights(layer + 1).transposed

        def rule(show: Callable[[Array], Formula]) -> Formula:
            return times_slope(matrix_product(weights, above, show), slope, show)

        return rule_step(layer, f"Backward rule, layer {layer}", rule, delta, scalars)

    def _arriving(self, layer: int, units: range) -> Array:
        entries = [(arriving_gradient(self._experiment, layer, unit),) for unit in units]
        symbol = Partial(LOSS, self._bold("h", layer))
        return self._column("h", "g", layer)._replace(symbol=symbol, entries=entries, layer=layer)

    def _slope(self, layer: int) -> Array | None:
        symbol = layer_slope(self._network, layer)
        if symbol is None:
            return None
        units = range(1, self._network.widths[layer] + 1)
        entries = [(product(slope(self._network, layer, unit)),) for unit in units]
        return self._column("z", "s", layer)._replace(symbol=symbol, entries=entries, layer=layer)

    def _weights(self, layer: int) -> Array:
        below, width = self._network.widths[layer - 1 : layer + 1]
        numbers: list[list[Any]] = [[0.0] * below for _ in range(width)]
        entries: list[list[Formula]] = [[Number(0.0)] * below for _ in range(width)]
        for edge in self._network.edges():
            if edge.layer == layer:
                numbers[edge.unit - 1][edge.source - 1] = self._values[edge.name]
                entries[edge.unit - 1][edge.source - 1] = parameter_symbol(edge.name)
        return Array(self._bold("W", layer), numbers, entries, layer)

    def _column(self, symbol: str, letter: str, layer: int) -> Array:
        units = range(1, self._network.widths[layer] + 1)
        return column(self._bold(symbol, layer), [self._values[f"{letter}_{layer}_{unit}"] for unit in units])

    @staticmethod
    def _bold(letter: str, layer: int) -> Symbol:
        return Symbol(letter, superscript=str(layer), bold=True)
