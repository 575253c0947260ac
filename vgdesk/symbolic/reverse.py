"""Reverse-mode differentiation of an ordered list of lines, one local derivative at a time.

For every line y = f(a, b, ...), taken from the last to the first, the adjoint of y (the derivative of the output by y)
is complete, and adjoint(y) * df/da is added to the adjoint of a (Griewank & Walther 2008, ch. 3.2). SymPy only ever
differentiates single lines; the composed expression is never formed.

A line is mostly a long sum of products, z = sum_j w_j h_j + b. `sp.diff` differentiates all its terms by every symbol;
here a term is looked at only for the symbols that stand in it, and a product of symbols is not differentiated at all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

Line = tuple[sp.Symbol, sp.Expr]


def reverse_mode(
    lines: Sequence[Line],
    output: sp.Symbol,
    adjoint: Callable[[sp.Symbol], sp.Symbol],
    known: Mapping[tuple[sp.Symbol, sp.Symbol], sp.Expr] | None = None,
) -> Iterator[Line]:
    """Yields (adjoint symbol, expression) of every line's target, output first, then of the free symbols.

    Parameters
    ----------
    lines
        (target, expression in earlier targets and free symbols), each target once.
    output
        The target to differentiate.
    adjoint
        Names the derivative of the output by a symbol.
    known
        Local derivatives (target, source) -> expression that need not be derived, e.g. a slope with a name of its own.
    """
    known = known or {}
    terms: dict[sp.Symbol, list[sp.Expr]] = {output: [sp.Integer(1)]}
    for target, expression in reversed(lines):
        yield adjoint(target), sp.Add(*terms.pop(target, []))
        for source, local in partials(target, expression, known):
            terms.setdefault(source, []).append(adjoint(target) * local)
    for source in sorted(terms, key=str):
        yield adjoint(source), sp.Add(*terms[source])


def partials(
    target: sp.Symbol, expression: sp.Expr, known: Mapping[tuple[sp.Symbol, sp.Symbol], sp.Expr]
) -> Iterator[Line]:
    """Yields (source, derivative of the line by it) for every free symbol of a line, in the order of their names."""
    terms = [(term, term.free_symbols) for term in sp.Add.make_args(expression)]
    for source in symbols_of(expression):
        yield source, known.get((target, source)) or sp.Add(*(partial(t, source) for t, s in terms if source in s))


def partial(term: Any, source: sp.Symbol) -> sp.Expr:
    """Returns the derivative of an expression by a symbol that stands in it; the same as `sp.diff`, only sooner."""
    if term == source:
        return sp.Integer(1)
    if isinstance(term, sp.Add):
        return sp.Add(*(partial(part, source) for part in term.args if source in part.free_symbols))
    if isinstance(term, sp.Mul):
        dependent = [factor for factor in term.args if source in factor.free_symbols]
        if len(dependent) == 1:
            others = [factor for factor in term.args if factor is not dependent[0]]
            return sp.Mul(*others, partial(dependent[0], source))
    return sp.diff(term, source)


def symbols_of(expression: sp.Expr) -> list[sp.Symbol]:
    """Returns the free symbols of an expression in the order of their names."""
    return sorted((s for s in expression.free_symbols if isinstance(s, sp.Symbol)), key=str)
