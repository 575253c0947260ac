"""The factors of a derivation as functions of the network's numbers: their program, their ranges, their signs.

The lines of both passes that the chosen factors read, in order, and one line `factor_k` per factor. From the same lines
come the float64 function that a search calls, the values with 60 digits, and the interval of every factor.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from vgdesk.errors import SpecError
from vgdesk.records.formula import Formula, Number
from vgdesk.records.found_state import FactorPart, Interval
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.activations import apply, derivative, phi_of
from vgdesk.symbolic.derive import find_parameter
from vgdesk.symbolic.factors import factor_expressions, output_residual
from vgdesk.symbolic.images import image
from vgdesk.symbolic.intervals import interval_of
from vgdesk.symbolic.learned import find_learned
from vgdesk.symbolic.network import named, symbolic_network
from vgdesk.symbolic.notation import (
    activation_call,
    activations_of,
    parameter_symbol,
    preactivation_symbol,
    unit_symbol,
)
from vgdesk.symbolic.reverse import Line, symbols_of
from vgdesk.symbolic.shared import is_plain, unfold

_Activated = dict[sp.Expr, tuple[str, bool, str]]
"""phi(z) or phi'(z) -> activation, whether it is the slope, name of z."""


@dataclass(frozen=True)
class FactorSystem:
    """Holds the lines of some factors.

    Attributes
    ----------
    forward, backward
        As `vgdesk.symbolic.evaluate.Passes` wants them; the last lines of `backward` define the factors.
    meanings
        Formula of each factor by its id, nearest the loss first.
    symbols
        Formula of a name, as far as a part of a factor needs it.
    activated
        Which expressions are activations or their slopes.
    """

    forward: tuple[Line, ...]
    backward: tuple[Line, ...]
    meanings: dict[str, Formula]
    symbols: dict[str, Formula]
    activated: _Activated

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in order."""
        return (*self.forward, *self.backward)

    @property
    def given(self) -> list[str]:
        """The names that no line defines: inputs, targets, parameters, as far as the factors read them."""
        defined = {str(target) for target, _ in self.lines}
        read = dict.fromkeys(str(symbol) for _, expression in self.lines for symbol in symbols_of(expression))
        return [name for name in read if name not in defined]

    def chosen(self, ids: Sequence[str]) -> "FactorSystem":
        """Returns the same for these factors only, without the lines that they do not read."""
        wanted = {f"factor_{name}" for name in ids}
        for target, expression in reversed(self.lines):
            if str(target) in wanted:
                wanted.update(map(str, symbols_of(expression)))
        forward, backward = (
            [line for line in part if str(line[0]) in wanted] for part in (self.forward, self.backward)
        )
        meanings = {name: meaning for name, meaning in self.meanings.items() if name in ids}
        return FactorSystem(tuple(forward), tuple(backward), meanings, self.symbols, self.activated)

    def program(self, names: Sequence[str]) -> Callable[..., list[float]]:
        """Returns a float64 function of the given names that returns the factors; one assignment per line.

        It raises what Python's `math` raises where a number overflows or is none: ArithmeticError or ValueError.
        """
        wanted = [named(f"factor_{name}") for name in self.meanings]
        modules = [{"ncdf": _normal_distribution}, "math"]  # for single numbers ten times faster than NumPy
        places = [named(name) for name in names]
        # SymPy documents a function here, and its published types know True and False only
        assignments: Any = lambda found: (list(self.lines), found)  # noqa: E731
        return sp.lambdify(places, wanted, modules=modules, cse=assignments)

    def ranges(self, given: Mapping[str, Interval]) -> dict[str, Interval]:
        """Returns the interval of every name, where the given ones lie in theirs."""
        known = dict(given)
        for target, expression in self.lines:
            known[str(target)] = self._range(expression, known)
        return known

    def depends(self, name: str, free: set[str]) -> bool:
        """Whether a factor reads any of these names, through however many lines."""
        reached = set(free)
        for target, expression in self.lines:
            if reached & set(map(str, symbols_of(expression))):
                reached.add(str(target))
        return f"factor_{name}" in reached

    def parts(self, name: str, known: Mapping[str, Interval], free: set[str]) -> tuple[FactorPart, ...]:
        """Returns the product that a factor is, products of products written as one; nothing where it is a sum."""
        leaves = list(self._leaves(named(f"factor_{name}")))
        if any(not isinstance(leaf, sp.Symbol | sp.Number) for leaf in leaves):
            return ()
        return tuple(
            FactorPart(formula=self._formula(leaf), interval=interval_of(leaf, known), is_free=str(leaf) in free)
            for leaf in leaves
            if not interval_of(leaf, known).contains(1.0) or not interval_of(leaf, known).is_point
        )

    def _formula(self, leaf: sp.Expr) -> Formula:
        return Number(float(leaf)) if isinstance(leaf, sp.Number) else self.symbols[str(leaf)]

    def _leaves(self, expression: sp.Expr) -> "list[sp.Expr]":
        """Returns the terms of a product; a name of a sum or of a function is a term of its own."""
        match expression:
            case sp.Mul():
                return [leaf for part in expression.args for leaf in self._leaves(part)]
            case sp.Symbol(name=name):
                rule = dict(self.lines).get(expression)
                is_product = isinstance(rule, sp.Mul | sp.Symbol) and name not in self.symbols
                return self._leaves(rule) if rule is not None and is_product else self._summed(expression, rule)
            case _:
                return [expression]

    def _summed(self, symbol: sp.Symbol, rule: sp.Expr | None) -> "list[sp.Expr]":
        """Returns the symbol where it can be printed, else the sum that nobody has named."""
        return [symbol] if str(symbol) in self.symbols or rule is None else [rule]

    def _range(self, expression: sp.Expr, known: Mapping[str, Interval]) -> Interval:
        found = self.activated.get(expression)
        if found is not None:
            activation, is_slope, argument = found
            return image(activation, is_slope, known[argument])
        return interval_of(expression, known)


def _normal_distribution(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def factor_system(experiment: Experiment, wrt: str, examples: int = 1) -> FactorSystem:
    """Returns the factors of dL/d(wrt) of one example, by the ids that its derivation prints.

    Where batch normalisation couples the examples it is of the mean over so many `examples`.

    Raises
    ------
    SpecError
        No parameter has that name.
    DerivationTooLarge
        The network is too large to be read.
    """
    return _plain_system(experiment, wrt) if is_plain(experiment) else _shared_system(experiment, wrt, examples)


def require_factor(system: FactorSystem, name: str) -> None:
    """Raises `SpecError` that lists the factors unless there is one of that name."""
    if name not in system.meanings:
        raise SpecError(f"unknown factor {name!r}; this derivation has {', '.join(system.meanings) or 'none'}")


def _plain_system(experiment: Experiment, wrt: str) -> FactorSystem:
    network = experiment.feed_forward
    passes = symbolic_network(experiment)
    factors = factor_expressions(experiment, find_parameter(network, wrt))
    symbols: dict[str, Formula] = {p.name: parameter_symbol(p.name) for p in (*network.edges(), *network.biases())}
    activated: _Activated = {}
    for layer in range(network.depth + 1):
        for unit in range(1, network.widths[layer] + 1):
            symbols[f"h_{layer}_{unit}"] = unit_symbol(network, layer, unit)
    for layer, unit in network.units():
        activation = network.activation_of(layer, unit)
        inner = preactivation_symbol(network, layer, unit)
        symbols[f"s_{layer}_{unit}"] = activation_call(activation, inner, 1, activations_of(network))
        activated |= _activations(activation, f"z_{layer}_{unit}")
    for unit in range(1, network.outputs + 1):
        symbols[f"g_{network.depth}_{unit}"] = output_residual(experiment, unit)
    return _with_factors(passes.forward, passes.backward, factors, symbols, activated)


def _shared_system(experiment: Experiment, wrt: str, examples: int) -> FactorSystem:
    unfolded = unfold(experiment, examples)
    entry = find_learned(experiment.network, wrt)
    factors: list[tuple[Formula, sp.Expr]] = []
    for target, expression in unfolded.uses(entry.name):
        factors.append((unfolded.symbols[f"dL_{target}"], named(f"dL_{target}")))
        reader = unfolded.symbols[str(target)]
        local = unfolded.local(target, expression, named(wrt))
        factors.append((unfolded.symbols.get(str(local), reader), local))
    activated: _Activated = {}
    for argument, activation in unfolded.activated:
        if activation != "prelu":
            activated |= _activations(activation, argument)
    symbols = {name: formula for name, formula in unfolded.symbols.items() if not name.startswith("dL_")}
    return _with_factors(unfolded.forward, unfolded.backward, factors, symbols, activated)


def _activations(activation: str, argument: str) -> _Activated:
    z = named(argument)
    expressions = apply(phi_of(activation), z), apply(derivative(activation), z)
    pairs = zip(expressions, (False, True), strict=True)
    # the slope of the identity is the number 1, which other lines are, too
    return {found: (activation, is_slope, argument) for found, is_slope in pairs if found.free_symbols}


def _with_factors(
    forward: Sequence[Line],
    backward: Sequence[Line],
    factors: Sequence[tuple[Formula, sp.Expr]],
    symbols: dict[str, Formula],
    activated: _Activated,
) -> FactorSystem:
    ids = [f"d{number}" for number in range(1, len(factors) + 1)]
    lines = [(named(f"factor_{name}"), value) for name, (_, value) in zip(ids, factors, strict=True)]
    meanings = {name: meaning for name, (meaning, _) in zip(ids, factors, strict=True)}
    return FactorSystem(tuple(forward), (*backward, *lines), meanings, symbols, activated)
