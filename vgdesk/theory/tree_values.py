"""Numbers of a formula at an array of z: its tree, operation by operation, on NumPy arrays.

A value that does not exist is NaN, one that exceeds float64 infinite, without a warning. A part that occurs twice is
computed once. The twin for single numbers is `vgdesk.spec.formula.values`; training computes with
`vgdesk.kernels.formula`.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import erf, expit, log_expit

from vgdesk.spec.formula.tree import Constant, Operation, Tree, Variable
from vgdesk.spec.formula.values import ROUNDING


def _power(base: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Returns base ** exponent; the base of a broken power is 0 where only rounding made it negative."""
    is_broken = exponent != np.floor(exponent)
    return np.power(np.where(is_broken & (base < 0) & (base >= -ROUNDING), 0.0, base), exponent)


_OPERATIONS: dict[str, Callable[..., np.ndarray]] = {
    "neg": np.negative,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "sqrt": lambda u: np.sqrt(np.maximum(u, 0.0)),
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sigmoid": expit,
    "softplus": lambda u: -log_expit(-u),
    "relu": lambda u: np.maximum(u, 0.0),
    "erf": erf,
    "sin": np.sin,
    "cos": np.cos,
    "atan": np.arctan,
    "abs": np.abs,
    "sign": np.sign,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": _power,
    "max": np.maximum,
    "min": np.minimum,
    ">": np.greater,
    ">=": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "where": lambda condition, then, otherwise: np.where(condition != 0, then, otherwise),
}


def tree_values(tree: Tree, z: np.ndarray) -> np.ndarray:
    """Returns the values of a tree at these z, float64, of the shape of z."""
    known: dict[int, np.ndarray] = {}

    def value(node: Tree) -> np.ndarray:
        if id(node) not in known:
            known[id(node)] = _compute(node, z, value)
        return known[id(node)]

    with np.errstate(all="ignore"):
        return np.array(np.broadcast_to(value(tree), z.shape), float)


def _compute(node: Tree, z: np.ndarray, value: Callable[[Tree], np.ndarray]) -> np.ndarray:
    match node:
        case Variable():
            return z
        case Constant(value=number):
            return np.asarray(number)
        case Operation(name=name, arguments=arguments):
            found = _OPERATIONS[name](*map(value, arguments))
            return found.astype(float) if found.dtype == bool else found
