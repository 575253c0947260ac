"""The gradient at the output, where theory must know the loss: averaged over draws of the output's preactivations.

The outputs of a wide network are Gaussian with covariance K over the examples, unit by unit independent. The gradient
of the loss there is a short formula of output and target (`vgdesk.theory.loss_gradient`); its mean over draws needs no
theory, and its scatter belongs to the band.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.theory.activations import Phi
from vgdesk.theory.alike import typical_examples
from vgdesk.theory.apart import drawn_spread
from vgdesk.theory.band import Ending
from vgdesk.theory.exponents import rescaled
from vgdesk.theory.loss_gradient import log_binary_squares, state_gradient
from vgdesk.theory.signals import Passed
from vgdesk.theory.units import UnitPhi

DRAWS = 200
_BLOCK = 50
"""Draws whose products of examples are taken at once: 400 KB."""
_MOST_KEPT = 2000
"""Preactivations per draw whose normal numbers are kept: 3 MB."""
_SQUARED = ("mse", "half-mse-sum")
_SILENT = 1e-200
"""Draws whose squared gradient is a smaller part of the mean have none."""
_SEED = 20_260
"""Fixed: the same experiment has the same prediction."""


class OutputGradient(NamedTuple):
    """Holds sums over the outputs of dL/dz_a dL/dz_b and of dL/dy_a dL/dy_b, and scatter over draws.

    The scatter is that of ln sum_a |dL/dz_a|^2, and of ln |dL/dW|^2 of the output layer, where the examples may cancel.
    `alike` is rho of `vgdesk.theory.alike` for the examples that stand for all, which are `typical`; `participation` is
    its S, of one example's dL/dz and of that of all. The two sums are in units of 4^exponent.
    `silent` is the share of draws without any gradient: certain of their answers, and right.
    `log_state` holds mean and variance of ln sum_a |dL/dy_a|^2, of which the mean of its logarithm may be far from the
    logarithm of its mean where dL/dy grows like e^|z|; None where y is z.
    """

    delta: np.ndarray
    state: np.ndarray
    scatter: Ending
    alike: np.ndarray
    typical: slice
    participation: tuple[float, float]
    exponent: int = 0
    silent: float = 0.0
    log_state: tuple[float, float] | None = None


def output_gradient(
    output: Passed, targets: np.ndarray, phi: Phi | UnitPhi, loss: str, log_variance: float
) -> OutputGradient:
    """Returns the gradient at the output layer of a feed-forward network.

    Parameters
    ----------
    output
        The output layer, as it was entered.
    targets
        Shape (examples, outputs).
    phi
        The activation of the outputs (`vgdesk.theory.units.layer_phi`).
    log_variance
        Variance over seeds of ln q of its preactivations.
    """
    K, below = output.argument, output.below.square
    if not output.exponent:
        return output_products(K, targets, phi, loss, log_variance, below)
    exponent = _gradient_exponent(output.exponent, targets, loss)
    if output.exponent < 0 or exponent:
        K, targets = rescaled(K, output.exponent, exponent), np.ldexp(targets, -exponent)
    if exponent != output.exponent:
        return output_products(K, targets, phi, loss, log_variance, below)._replace(exponent=exponent)
    # the targets are nothing beside the outputs: the gradient is as large as these, and scatters as they do
    top = output_products(K, targets, phi, loss, 0.0, below)
    return top._replace(exponent=exponent, scatter=top.scatter._replace(response=1.0))


def _gradient_exponent(exponent: int, targets: np.ndarray, loss: str) -> int:
    """Returns in which units the loss compares outputs beyond float64 with targets: those of the larger.

    Softmax has a winner however large the outputs are, so they may stay at their edge.
    """
    if loss not in _SQUARED:
        return 0
    largest = float(np.max(np.abs(targets)))
    return exponent if exponent > 0 or not largest else max(exponent, min(0, math.frexp(largest)[1]))


def output_products(
    K: np.ndarray,
    targets: np.ndarray,
    phi: Phi | UnitPhi,
    loss: str,
    log_variance: float,
    below: np.ndarray | None = None,
) -> OutputGradient:
    """Returns the gradient at outputs of covariance `K` over the examples; `below` is that of h, if it is known."""
    z = _draws(K, targets.shape[1], log_variance)
    grown = log_binary_squares(z, targets.T[:, None]) if loss == "bce" else None
    state, slope = state_gradient(z, targets.T[:, None], phi, loss)
    delta = state if slope is None else state * slope
    weights = delta @ (K if below is None else below)
    weights *= delta
    weight_variance, weight_drift = _log_moments(weights.sum(axis=0).sum(axis=1))
    squares = np.multiply(delta, delta, out=weights)
    sizes, by_unit = squares.sum(axis=0), squares.sum(axis=2)
    participation = _participation(squares, sizes), _participation(by_unit, by_unit.sum(axis=0))
    variance, drift = _log_moments(sizes.sum(axis=1))
    ending = Ending(variance, weight_variance, drift, weight_drift, spread=drawn_spread(sizes))
    alike = _alike(delta)
    typical = typical_examples(alike)
    of_delta = _products(delta)
    of_state = of_delta if slope is None else _products(state)
    silent = float(np.mean(sizes.sum(axis=1) <= 0.0))
    told = (alike[typical, typical], typical, participation)
    logs = None if slope is None else _moments_of_logs(state, grown)
    return OutputGradient(of_delta, of_state, ending, *told, silent=silent, log_state=logs)


def size_products(
    output: Passed, targets: np.ndarray, phi: Phi | UnitPhi, loss: str, log_variance: float
) -> np.ndarray:
    """Returns E[s_a s_b] over draws of s = dL/dz . (z less its bias), the gradient by the size of the signal below.

    Shape (examples, examples); parameters as of `output_gradient`. Independent gradients would make it E[delta_a .
    delta_b] times the covariance.
    """
    z = _draws(output.argument, targets.shape[1], log_variance)
    own = 1.0 - output.start.bias / np.maximum(output.argument.diagonal(), 1e-300)
    sizes = z * own
    state, slope = state_gradient(z, targets.T[:, None], phi, loss)
    sizes *= state if slope is None else state * slope
    s = sizes.sum(axis=0)
    return s.T @ s / len(s)


def _log_moments(squares: np.ndarray) -> tuple[float, float]:
    """Returns the variance of the logarithm over draws, and by how much its mean lies from the mean's logarithm."""
    mean = float(squares.mean())
    if mean <= 0.0:
        return 0.0, 0.0
    # answers that are certain and right have no gradient: the median is that of the other draws
    logs = np.log(squares[squares > _SILENT * mean])
    return float(np.var(logs)), float(logs.mean()) - math.log(mean)


def _moments_of_logs(state: np.ndarray, grown: np.ndarray | None) -> tuple[float, float]:
    """Returns mean and variance over draws of the logarithm of the sum of squares, or of numbers with such logarithms.

    Arrays of the shape (outputs, draws, examples); draws without any gradient are left out.
    """
    if grown is None:
        squares = np.einsum("jda,jda->d", state, state)
        logs = np.log(squares[squares > 0.0])
    else:
        logs = np.logaddexp.reduce(np.logaddexp.reduce(grown, axis=0), axis=1)
    return (float(logs.mean()), float(np.var(logs))) if len(logs) else (-math.inf, 0.0)


def _participation(squares: np.ndarray, whole: np.ndarray) -> float:
    """Returns the mean of sum_j v_j^2 / (sum_j v_j)^2: 1 where one output has all, 1 / outputs where all have the same.

    Draws and examples count by the size of their squares; `whole` is the sum of the squares over the outputs.
    """
    return float(np.vdot(squares, squares)) / max(float(np.vdot(whole, whole)), 1e-300)


def _alike(delta: np.ndarray) -> np.ndarray:
    """Returns rho: E[(delta_a . delta_b)^2] / E[|delta_a|^2 |delta_b|^2] over draws, shape (examples, examples)."""
    examples = delta.shape[2]
    squares, between = np.zeros((examples, examples)), np.zeros((examples, examples))
    # a block's products stay in the cache, and are not asked of the system and given back at every call
    for first in range(0, delta.shape[1], _BLOCK):
        rows = delta[:, first : first + _BLOCK].transpose(1, 2, 0)
        products = np.ascontiguousarray(rows) @ np.ascontiguousarray(rows.transpose(0, 2, 1))
        own = np.diagonal(products, axis1=1, axis2=2)
        between += own.T @ own
        products *= products
        squares += products.sum(axis=0)
    return np.clip(squares / np.maximum(between, 1e-300), 0.0, 1.0)


def _draws(K: np.ndarray, outputs: int, log_variance: float) -> np.ndarray:
    """Returns outputs of networks whose q scatters around its mean.

    Of shape (outputs, draws, examples): sums over a few outputs are of long rows, products over the examples one of
    matrices.
    """
    root = covariance_root(K)
    draw = _kept_normals if len(K) * outputs <= _MOST_KEPT else _normals
    normal, scale = draw(len(K), outputs)
    log_q = np.sqrt(log_variance) * scale - log_variance / 2
    z = (normal.reshape(-1, len(K)) @ root.T).reshape(normal.shape)
    z *= np.exp(log_q / 2)
    return z


def covariance_root(K: np.ndarray) -> np.ndarray:
    """Returns R with R R' = K; what rounding, or a series cut short, has left of K below 0 is taken as 0."""
    sizes, directions = np.linalg.eigh(K)
    return directions * np.sqrt(np.maximum(sizes, 0.0))


def _normals(examples: int, outputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns normal numbers for the directions and for the sizes of the draws, always the same ones."""
    generator = np.random.default_rng(_SEED)
    normal = generator.standard_normal((DRAWS, examples, outputs))
    return frozen(np.ascontiguousarray(np.moveaxis(normal, -1, 0))), frozen(generator.standard_normal((DRAWS, 1)))


_kept_normals = lru_cache(maxsize=2)(_normals)
"""A point that is dragged through the phase diagram asks for the same ones 60 times a second."""


def _products(gradient: np.ndarray) -> np.ndarray:
    flat = gradient.reshape(-1, gradient.shape[2])
    return flat.T @ flat / gradient.shape[1]
