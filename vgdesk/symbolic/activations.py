"""Activations as SymPy expressions of one variable, with their derivatives.

The expressions are written so that their numbers stay right at 60 digits for any |z| up to 1000: log1p and expm1 where
a difference would lose all digits, the normal distribution function as a function of its own (SymPy would turn
erfc(-x) into 2 - erfc(x)). A derivative is listed where `sympy.diff` would bring such a difference back, or unreadable
case distinctions; the agreement tests compare every one with a difference quotient.

Kinks follow the conventions as case distinctions: ReLU'(0) = 0, LeakyReLU'(0) = 0.01, ELU'(0) = alpha,
SELU'(0) = lambda alpha, hard-tanh'(+-1) = hard-sigmoid'(+-3) = ReLU6'(6) = 0, hard-swish'(-3) = 0, hard-swish'(3) = 1.
"""

from functools import cache
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from vgdesk.spec.activation import LEAKY_SLOPE, SELU_ALPHA, SELU_LAMBDA, alpha_of, family_name, own_formula
from vgdesk.symbolic.own_activation import Z, expression_of


class ncdf(sp.Function):  # noqa: N801 - mpmath's name, by which it is evaluated
    """Is the normal distribution function Phi(x), with all its digits however small it is."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.exp(-(self.args[0] ** 2) / 2) / sp.sqrt(2 * sp.pi)  # pyright: ignore[reportOperatorIssue]


def _of(function: Any, argument: sp.Expr) -> sp.Expr:
    """Returns function(argument), which SymPy's published types take for a class."""
    return function(argument)


def _two_sided(above: Any, below: Any) -> sp.Expr:
    """Returns one expression for z > 0 and another one elsewhere."""
    return sp.Piecewise((above, Z > 0), (below, True))


def _between(low: float, below: Any, high: float, above: Any, inside: Any) -> sp.Expr:
    """Returns one expression from `low` down, one from `high` up and one between them."""
    return sp.Piecewise((below, low >= Z), (above, high <= Z), (inside, True))


def _logistic(argument: sp.Expr) -> sp.Expr:
    return 1 / (1 + sp.exp(-argument))


def _decimal(value: float) -> sp.Expr:
    """Returns the decimal fraction that a person wrote, 1/100 for 0.01; the kernels' float64 differs by 1e-17 of it."""
    return sp.Rational(repr(value))


_GELU_ARGUMENT = 2 * sp.sqrt(2 / sp.pi) * (Z + sp.Rational(44715, 10**6) * Z**3)
_LEAK, _SELU, _SELU_BELOW = _decimal(LEAKY_SLOPE), _decimal(SELU_LAMBDA), _decimal(SELU_LAMBDA) * _decimal(SELU_ALPHA)

ACTIVATION: dict[str, sp.Expr] = {
    "sigmoid": _logistic(Z),
    "tanh": sp.tanh(Z),
    "softsign": Z / (1 + sp.Abs(Z)),
    "erf": sp.erf(Z),
    "hard-tanh": sp.Piecewise((-1, Z < -1), (1, Z > 1), (Z, True)),
    "hard-sigmoid": _between(-3, 0, 3, 1, (Z + 3) / 6),
    "relu": _two_sided(Z, 0),
    "relu6": _between(0, 0, 6, 6, Z),
    "leaky-relu": _two_sided(Z, _LEAK * Z),
    "elu": _two_sided(Z, expm1(Z)),
    "celu": _two_sided(Z, expm1(Z)),
    "selu": _two_sided(_SELU * Z, _SELU_BELOW * expm1(Z)),
    "softplus": _of(log1p, sp.exp(Z)),
    "log-sigmoid": -_of(log1p, sp.exp(-Z)),
    "silu": Z * _logistic(Z),
    "gelu": Z * _of(ncdf, Z),
    "gelu-tanh": Z * _logistic(_GELU_ARGUMENT),
    "mish": Z * sp.tanh(_of(log1p, sp.exp(Z))),
    "hard-swish": _between(-3, 0, 3, Z, Z * (Z + 3) / 6),
    "identity": Z,
}

_E = sp.exp(Z)
_DERIVATIVE: dict[str, sp.Expr] = {
    # diff gives 1 - tanh^2, which loses every digit for large |z|; this is the same function.
    "tanh": 1 / sp.cosh(Z) ** 2,
    "softsign": 1 / (1 + sp.Abs(Z)) ** 2,
    "hard-tanh": sp.Piecewise((1, sp.Abs(Z) < 1), (0, True)),
    "selu": _two_sided(_SELU, _SELU_BELOW * _E),
    "softplus": _logistic(Z),
    "log-sigmoid": _logistic(-Z),
    # with w = e^z: tanh(log1p(w)) = w (w + 2) / (w (w + 2) + 2)
    "mish": sp.tanh(_of(log1p, _E)) + 4 * Z * _E * (1 + _E) / (_E * (_E + 2) + 2) ** 2,
}


@cache
def phi_of(activation: str) -> sp.Expr:
    """Returns phi(z) of an activation, a name, a name that ends in an alpha or a formula, as an expression in `Z`."""
    own = own_formula(activation)
    if own is not None:
        return expression_of(own.tree)
    family, alpha = family_name(activation), _decimal(alpha_of(activation))
    if family == "elu":
        return _two_sided(Z, alpha * expm1(Z))
    return _two_sided(Z, alpha * expm1(Z / alpha)) if family == "celu" else ACTIVATION[family]


@cache
def derivative(activation: str) -> sp.Expr:
    """Returns phi'(z) of an activation as an expression in `Z`; that of one's own formula by the rules of its tree."""
    own = own_formula(activation)
    if own is not None:
        return expression_of(own.slope)
    family, alpha = family_name(activation), _decimal(alpha_of(activation))
    if family == "elu":
        return _two_sided(1, alpha * _E)
    if family == "celu":
        return _two_sided(1, sp.exp(Z / alpha))
    return _DERIVATIVE.get(family) or sp.diff(ACTIVATION[family], Z)


def apply(expression: sp.Expr, argument: sp.Expr) -> sp.Expr:
    """Puts an argument into an expression in `Z` without evaluating anything else."""
    return expression.xreplace({Z: argument})  # pyright: ignore[reportReturnType]
