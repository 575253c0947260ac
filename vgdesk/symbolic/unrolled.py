"""Recurrent networks unrolled over their time steps, as named intermediates (equations: `vgdesk.spec.recurrent`).

Names end in `_t_j` (time step, unit), both counting from 1: `h_2_1` is unit 1's state at step 2, `a_i_2_1` the sum
below its input gate. h_0 = c_0 = 0, so the first step has no recurrent terms. A weight stands in the lines of every
step: its derivative is a sum with one contribution per step. A place's layer is the time step.

L is the mean of the losses of the output steps.
"""

from collections.abc import Sequence

import sympy as sp

from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.records.formula import Formula, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Gru, Lstm, Recurrent, VanillaCell
from vgdesk.symbolic.intermediates import LOSS_PART, Builder, Unfolded
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.losses import loss_expression
from vgdesk.symbolic.notation import activation_call, activations_of

MAX_STEPS = 6
MAX_WIDTH = 4
GATE_LETTERS = {"rnn": ("",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}
GATE_WORDS = {
    "i": "input gate",
    "f": "forget gate",
    "g": "candidate",
    "o": "output gate",
    "r": "reset gate",
    "z": "update gate",
    "n": "candidate",
}
START_NOTE = "The state before the first step is 0, so step 1 has no recurrent terms."

State = list[sp.Symbol]


def unfold_steps(experiment: Experiment) -> Unfolded:
    """Returns the lines of one sequence."""
    assert isinstance(experiment.network, Recurrent)
    return _Steps(experiment, experiment.network).unfold()


def sequence_values(inputs: Sequence[Sequence[float]], targets: Sequence[Sequence[float]]) -> dict[str, float]:
    """Returns the numbers of a sequence by the names that `unfold_steps` gives them."""
    first = len(inputs) - len(targets) + 1
    return {
        **{f"x_{t}_{i}": float(x) for t, row in enumerate(inputs, 1) for i, x in enumerate(row, 1)},
        **{f"t_{t}_{k}": float(value) for t, row in enumerate(targets, first) for k, value in enumerate(row, 1)},
    }


class _Steps:
    """Writes one time step after the other."""

    def __init__(self, experiment: Experiment, network: Recurrent) -> None:
        self._experiment, self._network = experiment, network
        self._builder = Builder(learned_numbers(network), activations_of(network))
        self._units = range(network.width)

    def unfold(self) -> Unfolded:
        network = self._network
        h: State = []
        c: State = []
        losses: list[sp.Expr] = []
        for t in range(1, network.steps + 1):
            self._builder.part = f"Forward pass, time step {t}"
            x = self._given("x", t, network.inputs)
            h, c = self._cell(t, x, h, c)
            if t > network.steps - network.output_steps:
                losses.append(loss_expression(self._experiment.loss, self._outputs(t, h), self._targets(t)))
        return self._builder.finish(self._loss(losses), Place(PlaceKind.LOSS, network.steps), START_NOTE)

    def _cell(self, t: int, x: State, h: State, c: State) -> tuple[State, State]:
        match self._network.cell:
            case VanillaCell(activation=activation):
                sums = [self._sum(t, "", 0, j, x, h) for j in self._units]
                return [self._activate(t, "h", activation, j, a) for j, a in enumerate(sums)], []
            case Lstm():
                return self._lstm(t, x, h, c)
            case Gru(reset=reset):
                return self._gru(t, x, h, reset == "after"), []

    def _lstm(self, t: int, x: State, h: State, c: State) -> tuple[State, State]:
        i, f, g, o = (
            [self._gate(t, letter, block, j, self._sum(t, letter, block, j, x, h)) for j in self._units]
            for block, letter in enumerate(GATE_LETTERS["lstm"])
        )
        cells, states = [], []
        for j in self._units:
            kept = f[j] * c[j] if c else sp.Integer(0)
            cell = self._define(t, "c", j, kept + i[j] * g[j])
            inner = activation_call("tanh", self._builder.symbol(cell))
            squashed = self._activate(t, "k", "tanh", j, cell, inner)
            cells.append(cell)
            states.append(self._define(t, "h", j, o[j] * squashed))
        return states, cells

    def _gru(self, t: int, x: State, h: State, is_after: bool) -> State:
        r, z = (
            [self._gate(t, letter, block, j, self._sum(t, letter, block, j, x, h)) for j in self._units]
            for block, letter in enumerate(GATE_LETTERS["gru"][:2])
        )
        arguments = self._reset_after(t, x, h, r) if is_after else self._reset_before(t, x, h, r)
        n = [self._gate(t, "n", 2, j, a) for j, a in enumerate(arguments)]
        kept = [z[j] * h[j] if h else sp.Integer(0) for j in self._units]
        return [self._define(t, "h", j, (1 - z[j]) * n[j] + kept[j]) for j in self._units]

    def _reset_after(self, t: int, x: State, h: State, r: State) -> State:
        arguments = []
        for j in self._units:
            product = sp.Add(*self._recurrent_terms(2, j, h), self._builder.parameter("b_hn", j))
            recurrent = self._define(t, "p", j, product)
            expression = sp.Add(*self._input_terms(2, j, x), self._bias(2, j), r[j] * recurrent)
            arguments.append(self._define(t, "a", j, expression, "n"))
        return arguments

    def _reset_before(self, t: int, x: State, h: State, r: State) -> State:
        gated = [self._define(t, "q", j, r[j] * h[j]) for j in self._units] if h else []
        return [self._sum(t, "n", 2, j, x, gated) for j in self._units]

    def _sum(self, t: int, letter: str, block: int, j: int, x: State, h: State) -> sp.Symbol:
        terms = (*self._input_terms(block, j, x), *self._recurrent_terms(block, j, h))
        return self._define(t, "a", j, sp.Add(*terms, self._bias(block, j)), letter)

    def _row(self, block: int, j: int) -> int:
        return block * self._network.width + j

    def _input_terms(self, block: int, j: int, x: State) -> list[sp.Expr]:
        return [self._builder.parameter("W_ih", self._row(block, j), i) * value for i, value in enumerate(x)]

    def _recurrent_terms(self, block: int, j: int, h: State) -> list[sp.Expr]:
        return [self._builder.parameter("W_hh", self._row(block, j), i) * value for i, value in enumerate(h)]

    def _bias(self, block: int, j: int) -> sp.Symbol:
        return self._builder.parameter("b", self._row(block, j))

    def _gate(self, t: int, letter: str, block: int, j: int, argument: sp.Symbol) -> sp.Symbol:
        is_candidate = GATE_WORDS[letter] == "candidate"
        return self._activate(t, letter, "tanh" if is_candidate else "sigmoid", j, argument)

    def _outputs(self, t: int, h: State) -> State:
        network = self._network
        outputs = []
        for k in range(network.outputs):
            terms = [self._builder.parameter("W_out", k, j) * value for j, value in enumerate(h)]
            place, words = Place(PlaceKind.LOSS, t, k + 1), f"output {k + 1} at step {t}"
            total = sp.Add(*terms, self._builder.parameter("b_out", k))
            a = self._builder.define(f"a_y_{t}_{k + 1}", total, self._output_symbol("a", "y", t, k), place, words)
            symbol = self._output_symbol("y", "", t, k)
            outputs.append(self._builder.activate(f"y_{t}_{k + 1}", network.output_activation, a, symbol, place, words))
        return outputs

    def _output_symbol(self, letter: str, mark: str, t: int, k: int) -> Symbol:
        is_single = self._network.outputs == 1
        return _timed(letter, mark, t, None if is_single else k + 1)

    def _targets(self, t: int) -> State:
        return self._given("t", t, self._network.outputs)

    def _given(self, letter: str, t: int, count: int) -> State:
        numbers = range(1, count + 1)
        return [
            self._builder.given(f"{letter}_{t}_{i}", _timed(letter, "", t, None if count == 1 else i)) for i in numbers
        ]

    def _loss(self, losses: list[sp.Expr]) -> sp.Expr:
        if len(losses) == 1:
            return losses[0]
        self._builder.part = LOSS_PART
        first = self._network.steps - len(losses) + 1
        named_losses = [
            self._builder.define(
                f"L_{t}", loss, Symbol("L", str(t)), Place(PlaceKind.LOSS, t), f"the loss of time step {t}"
            )
            for t, loss in enumerate(losses, start=first)
        ]
        return sp.Rational(1, len(losses)) * sp.Add(*named_losses)

    def _activate(
        self, t: int, letter: str, activation: str, j: int, argument: sp.Symbol, symbol: Formula | None = None
    ) -> sp.Symbol:
        return self._builder.activate(
            f"{letter}_{t}_{j + 1}",
            activation,
            argument,
            symbol or self._symbol(letter, "", t, j),
            Place(PlaceKind.UNIT, t, j + 1),
            self._words(letter, "", t, j),
        )

    def _define(self, t: int, letter: str, j: int, expression: sp.Expr, mark: str = "") -> sp.Symbol:
        name = f"{letter}_{mark}_{t}_{j + 1}" if mark else f"{letter}_{t}_{j + 1}"
        symbol, place = self._symbol(letter, mark, t, j), Place(PlaceKind.UNIT, t, j + 1)
        return self._builder.define(name, expression, symbol, place, self._words(letter, mark, t, j))

    def _symbol(self, letter: str, mark: str, t: int, j: int) -> Symbol:
        return _timed(letter, mark, t, None if self._network.width == 1 else j + 1)

    def _words(self, letter: str, mark: str, t: int, j: int) -> str:
        what = GATE_WORDS.get(letter, letter)
        return f"{what}{f' {mark}' if mark else ''} of unit {j + 1} at step {t}"


def _timed(letter: str, mark: str, t: int, number: int | None) -> Symbol:
    """Returns h_2 where there is one unit, h_1^(2) where there are more; a mark stands in the subscript."""
    if number is None and not mark:
        return Symbol(letter, str(t))
    index = ",".join(filter(None, (mark, str(number) if number else "")))
    return Symbol(letter, index, str(t))
