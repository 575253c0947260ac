"""The gradient of the loss at given outputs of a network, for many draws of these at once.

Per example, without the 1/B of the batch mean, dL/dz is

    mse 2 (y - t) phi' / n    half-mse-sum (y - t) phi'    bce (y - t) / n    softmax-cross-entropy sum(t) p - t

Arrays have the shape (outputs, draws, examples): sums over a few outputs are of long rows.
"""

import math
from collections.abc import Callable

import numpy as np

from vgdesk.theory.activations import PHI, Phi
from vgdesk.theory.units import UnitPhi

_FLATTEST = 1e-120
"""Where a sigmoid is flatter, dL/dy of its cross-entropy is larger than a number whose square is summed."""


def state_gradient(
    z: np.ndarray, targets: np.ndarray, phi: Phi | UnitPhi, loss: str
) -> tuple[np.ndarray, np.ndarray | None]:
    """Returns dL/dy of every draw, without the 1/B of the batch mean, and dy/dz; None where y is z.

    `targets` have the shape (outputs, 1, examples). The draws may be overwritten: an array of them fills a cache.
    """
    outputs = len(targets)
    if loss == "softmax-cross-entropy":
        z -= z.max(axis=0)
        np.exp(z, out=z)
        z *= targets.sum(axis=0) / z.sum(axis=0)
        z -= targets
        return z, None
    slope = None if phi is PHI["identity"] else _by_unit(phi.slope, z)
    difference = z if slope is None else _by_unit(phi.value, z)
    difference -= targets
    if slope is not None and loss == "bce":
        # dL/dy = (y - t) / (y (1 - y)) / n, where the slope of the sigmoid is y (1 - y)
        # that slope, too, for dL/dz is the product
        slope = np.maximum(slope, _FLATTEST)
        difference /= slope
    if loss in ("mse", "bce"):
        difference *= (2.0 if loss == "mse" else 1.0) / outputs
    return difference, slope


def log_binary_squares(z: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Returns ln (dL/dy)^2 of the binary cross-entropy, which no number holds where z is some hundreds.

    dL/dy = (1 - t) / (1 - y) - t / y, where 1 / y = 1 + e^-z and 1 / (1 - y) = 1 + e^z: one term where t is 0 or 1.
    """
    with np.errstate(divide="ignore"):
        rises = np.log1p(-targets) + np.logaddexp(0.0, z)
        falls = np.log(targets) + np.logaddexp(0.0, -z)
    larger, apart = np.maximum(rises, falls), -np.abs(rises - falls)
    left = np.maximum(-np.expm1(apart), np.finfo(float).tiny)
    return 2.0 * (larger + np.log(left) - math.log(len(targets)))


def _by_unit(function: Callable[[np.ndarray], np.ndarray], z: np.ndarray) -> np.ndarray:
    """Returns what a function, whose arrays count the units last, makes of draws that count them first."""
    return np.ascontiguousarray(np.moveaxis(function(np.moveaxis(z, 0, -1)), -1, 0))
