"""A formula's tree in NumPy, value and slope together: the readable twin of `vgdesk.kernels.formula.machine`."""

import numpy as np
from scipy.special import erf

from tests.reference.activations import bell, sigmoid, softplus
from vgdesk.spec.formula.tree import Constant, Variable

FUNCTIONS = {
    "neg": (np.negative, lambda u: -np.ones_like(u)),
    "exp": (np.exp, np.exp),
    "expm1": (np.expm1, np.exp),
    "log": (np.log, lambda u: 1 / u),
    "log1p": (np.log1p, lambda u: 1 / (1 + u)),
    "sqrt": (lambda u: np.sqrt(np.maximum(u, 0)), lambda u: np.where(u > 0, 0.5 / np.sqrt(np.maximum(u, 0)), 0)),
    "tanh": (np.tanh, lambda u: 4 * bell(2 * u)),
    "sinh": (np.sinh, np.cosh),
    "cosh": (np.cosh, np.sinh),
    "sigmoid": (sigmoid, bell),
    "softplus": (softplus, sigmoid),
    "relu": (lambda u: np.maximum(u, 0), lambda u: (u > 0).astype(float)),
    "erf": (erf, lambda u: 2 / np.sqrt(np.pi) * np.exp(-u * u)),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda u: -np.sin(u)),
    "atan": (np.arctan, lambda u: 1 / (1 + u * u)),
    "abs": (np.abs, np.sign),
    "sign": (np.sign, np.zeros_like),
}
HOLDS = {">": np.greater, ">=": np.greater_equal, "and": np.logical_and, "or": np.logical_or}


def phi(tree, z):
    """Returns (value, slope) of a tree at an array of z; NaN and infinity are values."""
    with np.errstate(all="ignore"):
        return _dual(tree, z)


def _dual(tree, z):
    if isinstance(tree, Variable):
        return z, np.ones_like(z)
    if isinstance(tree, Constant):
        return np.full_like(z, tree.value), np.zeros_like(z)
    if tree.name == "**":
        return power(*_dual(tree.arguments[0], z), tree.arguments[1].value)
    duals = [_dual(argument, z) for argument in tree.arguments]
    if tree.name == "where":
        holds = duals[0][0] != 0
        return tuple(np.where(holds, a, b) for a, b in zip(duals[1], duals[2], strict=True))
    if len(duals) == 2:
        return of_two(tree.name, *duals[0], *duals[1])
    u, du = duals[0]
    value, outer = (function(u) for function in FUNCTIONS[tree.name])
    stops = (outer == 0) & (tree.name not in ("log", "log1p"))
    return value, np.where(stops, 0.0, outer * du)


def power(u, du, exponent):
    """u ** exponent; a power that is no integer has base 0 where rounding made it negative, and slope 0 there."""
    if exponent == 0:
        return np.ones_like(u), np.zeros_like(u)
    if exponent == 2:
        return u * u, 2 * u * du
    if float(exponent).is_integer():
        return u**exponent, exponent * u ** (exponent - 1) * du
    base = np.maximum(u, 0)
    return base**exponent, np.where(u > 0, exponent * base ** (exponent - 1) * du, 0)


def of_two(name, u, du, v, dv):
    """Sum, difference, product, quotient, max, min and what holds or not."""
    match name:
        case "+":
            return u + v, du + dv
        case "-":
            return u - v, du - dv
        case "*":
            return u * v, du * v + u * dv
        case "/":
            return u / v, (du - u / v * dv) / v
        case "max" | "min":
            second = (v > u if name == "max" else v < u) | np.isnan(v) | ((u == v) & (np.abs(dv) < np.abs(du)))
            return np.where(second, v, u), np.where(second, dv, du)
    return HOLDS[name](u, v).astype(float), np.zeros_like(u)
