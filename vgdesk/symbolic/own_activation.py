"""A formula's tree as a SymPy expression, built operation by operation; no text ever reaches SymPy.

Numbers are the decimal fractions that were typed. What has two sides becomes a case distinction, as in
`vgdesk.symbolic.activations`; 1/(1 + e^-u) and log1p keep their digits there, too.
"""

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from vgdesk.spec.formula.tree import Constant, Operation, Tree, Variable
from vgdesk.symbolic.evaluate import DIGITS, value_of

Z = sp.Symbol("z", real=True)
_NAMED = {"pi": sp.pi, "e": sp.E}


def _piecewise(value: Any, condition: Any, otherwise: Any) -> Any:
    return sp.Piecewise((value, condition), (otherwise, True))


_BUILT: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "neg": lambda u: -u,
    "exp": sp.exp,
    "expm1": expm1,
    "log": sp.log,
    "log1p": log1p,
    "sqrt": sp.sqrt,
    "tanh": sp.tanh,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "sigmoid": lambda u: 1 / (1 + sp.exp(-u)),
    "softplus": lambda u: log1p(sp.exp(u)),
    "relu": lambda u: _piecewise(u, u > 0, 0),
    "erf": sp.erf,
    "sin": sp.sin,
    "cos": sp.cos,
    "atan": sp.atan,
    "abs": sp.Abs,
    "sign": sp.sign,
    "max": lambda a, b: _piecewise(a, a > b, b),
    "min": lambda a, b: _piecewise(a, a < b, b),
    "where": lambda condition, a, b: _piecewise(a, condition, b),
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "and": sp.And,
    "or": sp.Or,
}


def expression_of(tree: Tree) -> Any:
    """Returns the SymPy expression of a tree in `Z`; a part that occurs in several places is built once."""
    built: dict[int, Any] = {}

    def build(node: Tree) -> Any:
        if id(node) not in built:
            match node:
                case Variable():
                    built[id(node)] = Z
                case Constant(value=value, name=name):
                    built[id(node)] = _NAMED.get(name) or _rational(value)
                case Operation(name=name, arguments=arguments):
                    built[id(node)] = _BUILT[name](*map(build, arguments))
        return built[id(node)]

    return build(tree)


def _rational(value: float) -> sp.Expr:
    return sp.Rational(repr(value))


def exact_values(tree: Tree, points: Sequence[float]) -> list[float]:
    """Returns the values of a tree's expression at these z, computed with 60 digits."""
    return [float(value) for value in _exact(tree, points, 0)]


def exact_differences(tree: Tree, points: Sequence[float]) -> list[float]:
    """Returns (phi(z + e) - phi(z - e)) / 2e with 60 digits and e = 1e-12: a slope without any rule of calculus."""
    with mpmath.workdps(DIGITS):
        step = mpmath.mpf(10) ** -12
        pairs = zip(_exact(tree, points, step), _exact(tree, points, -step), strict=True)
        return [float((above - below) / (2 * step)) for above, below in pairs]


def _exact(tree: Tree, points: Sequence[float], shift: Any) -> list[Any]:
    expression = expression_of(tree)
    with mpmath.workdps(DIGITS):
        return [value_of(expression, {str(Z): mpmath.mpf(z) + shift}) for z in points]
