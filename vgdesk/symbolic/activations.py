"""Activations as SymPy expressions of one variable; their derivatives come from `sympy.diff`.

Kinks follow the conventions: ReLU'(0) = 0, written as a case distinction on z > 0.
"""

from functools import cache

import sympy as sp

Z = sp.Symbol("z", real=True)

ACTIVATION: dict[str, sp.Expr] = {
    "sigmoid": 1 / (1 + sp.exp(-Z)),
    "tanh": sp.tanh(Z),
    "relu": sp.Piecewise((Z, Z > 0), (0, True)),
    "identity": Z,
}
HAS_KINK_AT_ZERO = frozenset({"relu"})


@cache
def derivative(activation: str) -> sp.Expr:
    """Returns phi'(z) of an activation as an expression in `Z`."""
    if activation == "tanh":
        # diff gives 1 - tanh^2, which loses every digit for large |z|; this is the same function.
        return 1 / sp.cosh(Z) ** 2
    return sp.diff(ACTIVATION[activation], Z)


def apply(expression: sp.Expr, argument: sp.Expr) -> sp.Expr:
    """Puts an argument into an expression in `Z` without evaluating anything else."""
    return expression.xreplace({Z: argument})  # pyright: ignore[reportReturnType]
