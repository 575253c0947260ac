"""Reverse-mode differentiation of an ordered list of lines, one local derivative at a time.

For every line y = f(a, b, ...), taken from the last to the first, the adjoint of y (the derivative of the output by y)
is complete, and adjoint(y) * df/da is added to the adjoint of a (Griewank & Walther 2008, ch. 3.2). SymPy only ever
differentiates single lines; the composed expression is never formed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

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
        for source in symbols_of(expression):
            local = known.get((target, source)) or sp.diff(expression, source)
            terms.setdefault(source, []).append(adjoint(target) * local)
    for source in sorted(terms, key=str):
        yield adjoint(source), sp.Add(*terms[source])


def symbols_of(expression: sp.Expr) -> list[sp.Symbol]:
    """Returns the free symbols of an expression in the order of their names."""
    return sorted((s for s in expression.free_symbols if isinstance(s, sp.Symbol)), key=str)
