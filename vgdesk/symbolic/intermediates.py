"""Any network as an ordered list of named intermediates, each with its symbol, its place and its part of the story.

A builder defines one line after the other. What leads to the loss through many steps, examples or gates is then only a
longer list: `reverse_mode` walks it backwards with local rules, and a parameter that several lines share receives one
contribution from each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import sympy as sp

from vgdesk.records.derivation import Place
from vgdesk.records.formula import Call, Formula, Number, Partial, Symbol
from vgdesk.symbolic.activations import apply, derivative, phi_of
from vgdesk.symbolic.network import named
from vgdesk.symbolic.notation import LOSS, activation_call
from vgdesk.symbolic.reverse import Line, partial, reverse_mode, symbols_of
from vgdesk.symbolic.spelling import Speller

LOSS_PART = "Loss"


class Learned(NamedTuple):
    """Is one learned number.

    Attributes
    ----------
    name
        What `--wrt` calls it.
    array, position
        Where it lies: public name of the array (`vgdesk.records.parameters`) and indices, counting from 0.
    symbol
        How it is printed.
    place
        What lights up with it.
    words
        How it is called in a sentence.
    """

    name: str
    array: str
    position: tuple[int, ...]
    symbol: Symbol
    place: Place
    words: str


class Intermediate(NamedTuple):
    """Tells about one line's target: its symbol, its place, the part of the story, its right-hand side if special."""

    symbol: Formula
    place: Place
    part: str
    words: str
    shown: Formula | None = None


@dataclass(frozen=True)
class Unfolded:
    """Holds the assignments of one forward and backward pass, ready to be evaluated and told.

    Attributes
    ----------
    forward, backward
        As in `vgdesk.symbolic.network.SymbolicNetwork`; the derivative of L by `name` is called `dL_name`.
    intermediates
        By name, in the order of the forward pass; the last one is L.
    learned
        Every parameter by its name.
    speller
        Spells right-hand sides and local derivatives.
    symbols
        Formula of every name.
    known
        Local derivatives with a name of their own.
    activated
        (name of the argument, activation) wherever an activation is applied.
    note
        What is special about this network's forward pass, or "".
    """

    forward: tuple[Line, ...]
    backward: tuple[Line, ...]
    intermediates: dict[str, Intermediate]
    learned: dict[str, Learned]
    speller: Speller
    symbols: dict[str, Formula]
    known: dict[tuple[sp.Symbol, sp.Symbol], sp.Expr]
    activated: tuple[tuple[str, str], ...]
    note: str

    def local(self, target: sp.Symbol, expression: sp.Expr, source: sp.Symbol) -> sp.Expr:
        """Returns the derivative of one line by one of its symbols."""
        return self.known.get((target, source)) or partial(expression, source)

    def spell(self, expression: sp.Expr) -> Formula:
        """Returns the formula of a right-hand side or of a local derivative; dL/dL = 1 is not written."""
        return self.speller.spell(expression.xreplace({named("dL_L"): sp.Integer(1)}))

    def uses(self, name: str) -> Iterator[Line]:
        """Yields the lines that read a symbol, nearest the loss first."""
        return (line for line in reversed(self.forward) if named(name) in line[1].free_symbols)


class Builder:
    """Collects the lines of a network in the order of its forward pass."""

    def __init__(self, learned: list[Learned], activations: tuple[str, ...] = ()) -> None:
        self._among = activations
        self.learned = {entry.name: entry for entry in learned}
        self._by_array = {(entry.array, entry.position): entry.name for entry in learned}
        self._symbols: dict[str, Formula] = {entry.name: entry.symbol for entry in learned}
        self._intermediates: dict[str, Intermediate] = {}
        self._lines: list[Line] = []
        self._slopes: list[Line] = []
        self._known: dict[tuple[sp.Symbol, sp.Symbol], sp.Expr] = {}
        self._activated: list[tuple[str, str]] = []
        self.part = ""

    def symbol(self, name: sp.Symbol) -> Formula:
        """Returns how a symbol is printed."""
        return self._symbols[str(name)]

    def parameter(self, array: str, *index: int) -> sp.Symbol:
        """Returns a parameter by its array and its index, counting from 0."""
        return named(self._by_array[array, index])

    def given(self, name: str, symbol: Formula) -> sp.Symbol:
        """Introduces a number that is neither computed nor learned: an input or a target."""
        self._symbols[name] = symbol
        return named(name)

    def define(
        self, name: str, expression: sp.Expr, symbol: Formula, place: Place, words: str, shown: Formula | None = None
    ) -> sp.Symbol:
        """Adds the line name = expression; `shown` is its right-hand side where the expression would not be read."""
        self._symbols[name] = symbol
        self._intermediates[name] = Intermediate(symbol, place, self.part, words, shown)
        self._lines.append((named(name), expression))
        return named(name)

    def activate(
        self, name: str, activation: str, argument: sp.Symbol, symbol: Formula, place: Place, words: str
    ) -> sp.Symbol:
        """Adds the line name = phi(argument) and its slope phi'(argument), which has a name of its own."""
        self._activated.append((str(argument), activation))
        inner = self._symbols[str(argument)]
        shown = activation_call(activation, inner, among=self._among)
        target = self.define(name, apply(phi_of(activation), argument), symbol, place, words, shown)
        slope = apply(derivative(activation), argument)
        self.know(target, argument, slope, activation_call(activation, inner, 1, self._among))
        return target

    def parametric(
        self, name: str, slope: sp.Symbol, argument: sp.Symbol, symbol: Formula, place: Place, words: str
    ) -> sp.Symbol:
        """Adds PReLU, which has a derivative by its argument and one, min(0, argument), by its slope."""
        self._activated.append((str(argument), "prelu"))
        inner = self._symbols[str(argument)]
        expression = sp.Piecewise((argument, argument > 0), (slope * argument, True))
        target = self.define(name, expression, symbol, place, words, activation_call("prelu", inner))
        derivative = sp.Piecewise((1, argument > 0), (slope, True))
        self.know(target, argument, derivative, activation_call("prelu", inner, prime=1))
        by_slope = sp.Piecewise((0, argument > 0), (argument, True))
        self.know(target, slope, by_slope, Call(Symbol("min"), (Number(0.0), inner)))
        return target

    def know(self, target: sp.Symbol, source: sp.Symbol, slope: sp.Expr, symbol: Formula) -> None:
        """Gives the local derivative of a line a name and a symbol."""
        name = f"slope_{target}_{source}"
        self._symbols[name] = symbol
        self._slopes.append((named(name), slope))
        self._known[target, source] = named(name)

    def finish(self, loss: sp.Expr, place: Place, note: str = "") -> Unfolded:
        """Adds the loss and walks back from it."""
        self.part = LOSS_PART
        self.define("L", loss, LOSS, place, "the loss")
        adjoints: dict[str, Formula] = {}
        for target, expression in self._lines:
            for name in (*map(str, symbols_of(expression)), str(target)):
                adjoints[f"dL_{name}"] = Partial(LOSS, self._symbols[name])
        symbols = {**adjoints, **self._symbols}
        backward = reverse_mode(self._lines, named("L"), lambda symbol: named(f"dL_{symbol}"), self._known)
        return Unfolded(
            forward=tuple(self._lines),
            backward=(*self._slopes, *backward),
            intermediates=self._intermediates,
            learned=self.learned,
            speller=Speller(symbols),
            symbols=symbols,
            known=self._known,
            activated=tuple(self._activated),
            note=note,
        )
