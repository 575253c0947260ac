"""Feed-forward layers with all their options, as named intermediates.

For unit i of layer l (conventions, lines 2 to 5):

    z_i = sum_j w_ij h_j + b_i
    layer normalisation    mu = mean_i z_i,   v = mean_i (z_i - mu)^2        one mean per layer
    batch normalisation    mu_i = mean_n z_i,  v_i = mean_n (z_i - mu_i)^2    over the examples n of the batch
                           r = sqrt(v + 1e-5),  n_i = (z_i - mu) / r,  a_i = gamma_i n_i + beta_i
    F_i = phi(a_i)         PReLU: a where a > 0, alpha a elsewhere
    residual               h_i = F_i + h_i below
    highway                q_i = sum_j w_T,ij h_j + b_T,i,  T_i = sigmoid(q_i),  h_i = T_i F_i + (1 - T_i) h_i below

Dropout is off: the network is shown as it answers. Where batch normalisation couples the examples, all of them are
written down, each symbol with the number of its example, and L is the mean of their losses.
"""

from collections.abc import Callable, Sequence

import sympy as sp

from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.records.formula import Formula, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import NORMALISATION_EPSILON, Residual
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.intermediates import LOSS_PART, Builder, Unfolded
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.losses import loss_expression
from vgdesk.symbolic.notation import activations_of, preactivation_symbol, target_symbol, unit_symbol, unit_words

EPSILON = sp.Rational(repr(NORMALISATION_EPSILON))
DROPOUT_NOTE = "Dropout is off here: the network is shown as it answers, with all its units."
ZERO_NOTE = (
    "Batch normalisation subtracts this bias again with the mean: its gradient is exactly 0, whatever the numbers."
)
BATCH_NOTE = "Batch normalisation couples the examples: L is the mean over all {count} of them."

Grid = list[list[sp.Symbol]]
"""One row per example, one symbol per unit."""


def couples_examples(experiment: Experiment) -> bool:
    """Whether an example's output depends on the other examples of the batch."""
    network = experiment.network
    return isinstance(network, FeedForward) and any(layer.normalisation == "batch" for layer in network.layers)


def is_always_zero(experiment: Experiment, array: str) -> bool:
    """Whether a parameter's gradient is exactly 0: a bias that batch normalisation subtracts again with the mean.

    60 digits leave 1e-60 of it, where the derivatives by its examples' sums cancel.
    """
    network = experiment.network
    is_bias = array[0] == "b" and array[1:].isdigit()
    return isinstance(network, FeedForward) and is_bias and network.layers[int(array[1:]) - 1].normalisation == "batch"


def unfold_layers(experiment: Experiment, examples: int = 1) -> Unfolded:
    """Returns the lines of that many examples; with one of them symbols carry no number of an example."""
    return _Layers(experiment, examples).unfold()


class _Layers:
    """Writes the layers one after the other, each for all examples."""

    def __init__(self, experiment: Experiment, examples: int) -> None:
        self._experiment, self._network, self._examples = experiment, experiment.feed_forward, examples
        self._builder = Builder(learned_numbers(self._network), activations_of(self._network))

    def unfold(self) -> Unfolded:
        network = self._network
        values = self._given("h_0", network.inputs, lambda unit: unit_symbol(network, 0, unit))
        for layer in range(1, network.depth + 1):
            self._builder.part = f"Forward pass, layer {layer}"
            values = self._layer(layer, values)
        targets = self._given("t", network.outputs, lambda unit: target_symbol(network, unit))
        return self._builder.finish(self._loss(values, targets), Place(PlaceKind.LOSS, network.depth), self._note())

    def _given(self, prefix: str, count: int, symbol: Callable[[int], Formula]) -> Grid:
        return [
            [
                self._builder.given(f"{prefix}_{unit}{self._tail(example)}", self._numbered(symbol(unit), example))
                for unit in range(1, count + 1)
            ]
            for example in range(self._examples)
        ]

    def _layer(self, layer: int, below: Grid) -> Grid:
        options = self._network.layers[layer - 1]
        sums = [self._preactivations(layer, values, example) for example, values in enumerate(below)]
        if options.normalisation == "layer":
            sums = [self._layer_normalised(layer, row, example) for example, row in enumerate(sums)]
        elif options.normalisation == "batch":
            columns = [self._batch_normalised(layer, unit, list(c)) for unit, c in enumerate(zip(*sums, strict=True))]
            sums = [list(row) for row in zip(*columns, strict=True)]
        return [
            [self._unit(layer, unit, example, argument, below[example]) for unit, argument in enumerate(row)]
            for example, row in enumerate(sums)
        ]

    def _preactivations(self, layer: int, values: list[sp.Symbol], example: int) -> list[sp.Symbol]:
        row = []
        for unit in range(1, self._network.widths[layer] + 1):
            terms: list[sp.Expr] = [
                self._builder.parameter(f"W{layer}", unit - 1, source - 1) * values[source - 1]
                for source in self._network.layer_sources(layer, unit)
            ]
            if self._network.layers[layer - 1].bias:
                terms.append(self._builder.parameter(f"b{layer}", unit - 1))
            symbol = self._numbered(preactivation_symbol(self._network, layer, unit), example)
            row.append(self._define("z", layer, unit, example, sp.Add(*terms), symbol))
        return row

    def _layer_normalised(self, layer: int, row: list[sp.Symbol], example: int) -> list[sp.Symbol]:
        mean, root = self._statistics(layer, 0, example, row)
        return [self._scaled(layer, unit, example, z, mean, root) for unit, z in enumerate(row, start=1)]

    def _batch_normalised(self, layer: int, column: int, values: list[sp.Symbol]) -> list[sp.Symbol]:
        mean, root = self._statistics(layer, column + 1, None, values)
        return [self._scaled(layer, column + 1, example, z, mean, root) for example, z in enumerate(values)]

    def _statistics(
        self, layer: int, unit: int, example: int | None, values: list[sp.Symbol]
    ) -> tuple[sp.Symbol, sp.Symbol]:
        """Adds mean, biased variance and root; `unit` 0 and `example` None mean over all of them."""
        share = sp.Rational(1, len(values))
        mean = self._define("mu", layer, unit, example, share * sp.Add(*values))
        squares = [(value - mean) ** 2 for value in values]
        variance = self._define("v", layer, unit, example, share * sp.Add(*squares, evaluate=True))
        return mean, self._define("r", layer, unit, example, sp.sqrt(variance + EPSILON))

    def _scaled(self, layer: int, unit: int, example: int, z: sp.Symbol, mean: sp.Symbol, root: sp.Symbol) -> sp.Symbol:
        normal = self._define("n", layer, unit, example, (z - mean) / root)
        gamma, beta = (self._builder.parameter(f"{name}{layer}", unit - 1) for name in ("gamma", "beta"))
        return self._define("a", layer, unit, example, gamma * normal + beta)

    def _unit(self, layer: int, column: int, example: int, argument: sp.Symbol, below: list[sp.Symbol]) -> sp.Symbol:
        """Adds what stands above the sum: activation and skip connection."""
        unit, skip = column + 1, self._network.layers[layer - 1].skip
        own = self._numbered(unit_symbol(self._network, layer, unit), example)
        if skip is None:
            return self._activated("h", layer, unit, example, argument, own)
        inner = self._activated("F", layer, unit, example, argument, self._symbol("F", layer, unit, example))
        if isinstance(skip, Residual):
            return self._define("h", layer, unit, example, inner + below[column], own)
        gate = self._gate(layer, unit, example, below)
        mixed = gate * inner + (1 - gate) * below[column]
        return self._define("h", layer, unit, example, mixed, own)

    def _gate(self, layer: int, unit: int, example: int, below: list[sp.Symbol]) -> sp.Symbol:
        terms = [self._builder.parameter(f"gate_W{layer}", unit - 1, j) * h for j, h in enumerate(below)]
        bias = self._builder.parameter(f"gate_b{layer}", unit - 1)
        q = self._define("q", layer, unit, example, sp.Add(*terms, bias))
        return self._builder.activate(
            self._name("T", layer, unit, example),
            "sigmoid",
            q,
            self._symbol("T", layer, unit, example),
            Place(PlaceKind.UNIT, layer, unit),
            f"the gate of {unit_words(self._network, layer, unit)}",
        )

    def _activated(
        self, letter: str, layer: int, unit: int, example: int, argument: sp.Symbol, symbol: Formula
    ) -> sp.Symbol:
        activation, words = self._network.activation_of(layer, unit), unit_words(self._network, layer, unit)
        name, place = self._name(letter, layer, unit, example), Place(PlaceKind.UNIT, layer, unit)
        if activation != "prelu":
            return self._builder.activate(name, activation, argument, symbol, place, words)
        slope = self._builder.parameter(f"slope{layer}", 0)
        return self._builder.parametric(name, slope, argument, symbol, place, words)

    def _loss(self, outputs: Grid, targets: Grid) -> sp.Expr:
        losses = [loss_expression(self._experiment.loss, y, t) for y, t in zip(outputs, targets, strict=True)]
        if len(losses) == 1:
            return losses[0]
        self._builder.part = LOSS_PART
        place = Place(PlaceKind.LOSS, self._network.depth)
        named_losses = [
            self._builder.define(f"L_{n}", loss, Symbol("L", str(n)), place, f"the loss of example {n}")
            for n, loss in enumerate(losses, start=1)
        ]
        return sp.Rational(1, len(losses)) * sp.Add(*named_losses)

    def _note(self) -> str:
        batch = BATCH_NOTE.format(count=self._examples) if couples_examples(self._experiment) else ""
        dropout = DROPOUT_NOTE if any(layer.dropout for layer in self._network.layers) else ""
        return " ".join(filter(None, (batch, dropout)))

    def _define(
        self,
        letter: str,
        layer: int,
        unit: int,
        example: int | None,
        expression: sp.Expr,
        symbol: Formula | None = None,
    ) -> sp.Symbol:
        shown = symbol or self._symbol(letter, layer, unit, example)
        place = Place(PlaceKind.UNIT, layer, unit) if unit else Place(PlaceKind.LAYER, layer)
        words = f"{letter} of {unit_words(self._network, layer, unit) if unit else f'layer {layer}'}"
        return self._builder.define(self._name(letter, layer, unit, example), expression, shown, place, words)

    def _name(self, letter: str, layer: int, unit: int, example: int | None) -> str:
        return f"{letter}_{layer}_{unit}{self._tail(example)}"

    def _tail(self, example: int | None) -> str:
        return "" if example is None or self._examples == 1 else f"_e{example + 1}"

    def _symbol(self, letter: str, layer: int, unit: int, example: int | None) -> Symbol:
        is_single = self._network.is_chain or not unit
        plain = Symbol(letter, str(layer)) if is_single else Symbol(letter, str(unit), str(layer))
        return self._numbered(plain, example)

    def _numbered(self, symbol: Formula, example: int | None) -> Symbol:
        """Adds the example's number to the subscript where several examples are written down."""
        assert isinstance(symbol, Symbol)
        if example is None or self._examples == 1:
            return symbol
        parts = (symbol.subscript, str(example + 1))
        return Symbol(symbol.name, ",".join(filter(None, parts)), symbol.superscript)


def example_values(inputs: Sequence[Sequence[float]], targets: Sequence[Sequence[float]]) -> dict[str, float]:
    """Returns the numbers of inputs and targets by the names that `unfold_layers` gives them."""
    values: dict[str, float] = {}
    for example, (x, t) in enumerate(zip(inputs, targets, strict=True), start=1):
        tail = "" if len(inputs) == 1 else f"_e{example}"
        values |= {f"h_0_{i}{tail}": float(value) for i, value in enumerate(x, start=1)}
        values |= {f"t_{i}{tail}": float(value) for i, value in enumerate(t, start=1)}
    return values
