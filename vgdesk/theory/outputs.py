"""The gradient at the output, where theory must know the loss: averaged over draws of the output's preactivations.

The outputs of a wide network are Gaussian with covariance K over the examples, unit by unit independent. The gradient
of the loss there is a short formula of output and target; its mean over draws needs no theory, and its scatter belongs
to the band. Per example, without the 1/B of the batch mean, dL/dz is

    mse 2 (y - t) phi' / n    half-mse-sum (y - t) phi'    bce (y - t) / n    softmax-cross-entropy sum(t) p - t
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from vgdesk.records.codec import frozen
from vgdesk.theory.activations import Phi
from vgdesk.theory.alike import typical_examples
from vgdesk.theory.band import Ending
from vgdesk.theory.signals import Passed
from vgdesk.theory.units import UnitPhi

DRAWS = 200
_MOST_KEPT = 2000
"""Preactivations per draw whose normal numbers are kept: 3 MB."""
_SEED = 20_260
"""Fixed: the same experiment has the same prediction."""


class OutputGradient(NamedTuple):
    """Holds sums over the outputs of dL/dz_a dL/dz_b and of dL/dy_a dL/dy_b, and scatter over draws.

    The scatter is that of ln sum_a |dL/dz_a|^2, and of ln |dL/dW|^2 of the output layer, where the examples may cancel.
    `alike` is rho of `vgdesk.theory.alike` for the examples that stand for all, which are `typical`; `participation` is
    its S, of one example's dL/dz and of that of all.
    """

    delta: np.ndarray
    state: np.ndarray
    scatter: Ending
    alike: np.ndarray
    typical: slice
    participation: tuple[float, float]


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
    return output_products(output.argument, targets, phi, loss, log_variance, output.below.square)


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
    slope = phi.slope(z)
    state = _state_gradient(z, slope, targets, phi, loss)
    delta = state * slope
    weights = np.einsum("dai,dai->d", (K if below is None else below) @ delta, delta)
    variance, drift = _log_moments((delta**2).sum(axis=(1, 2)))
    weight_variance, weight_drift = _log_moments(weights)
    ending = Ending(variance, weight_variance, drift, weight_drift)
    alike = _alike(delta)
    typical = typical_examples(alike)
    squares = delta**2
    participation = _participation(squares), _participation(squares.sum(axis=1))
    return OutputGradient(_products(delta), _products(state), ending, alike[typical, typical], typical, participation)


def _state_gradient(z: np.ndarray, slope: np.ndarray, targets: np.ndarray, phi: Phi | UnitPhi, loss: str) -> np.ndarray:
    """Returns dL/dy of every draw, without the 1/B of the batch mean."""
    outputs = targets.shape[1]
    if loss == "softmax-cross-entropy":
        return softmax(z, axis=2) * targets.sum(axis=1)[:, None] - targets
    difference = phi.value(z) - targets
    if loss == "bce":
        # dL/dy = (y - t) / (y (1 - y)) / n, where the slope of the sigmoid is y (1 - y)
        return difference / np.maximum(slope, 1e-300) / outputs
    return difference * (2.0 / outputs if loss == "mse" else 1.0)


def _log_moments(squares: np.ndarray) -> tuple[float, float]:
    """Returns the variance of the logarithm over draws, and by how much its mean lies from the mean's logarithm."""
    logs, mean = np.log(np.maximum(squares, 1e-300)), float(squares.mean())
    return float(np.var(logs)), float(logs.mean()) - math.log(mean) if mean > 0.0 else 0.0


def _participation(squares: np.ndarray) -> float:
    """Returns the mean of sum_j v_j^2 / (sum_j v_j)^2: 1 where one output has all, 1 / outputs where all have the same.

    Draws and examples count by the size of their squares.
    """
    fourth = float(np.vdot(squares, squares))
    whole = squares.sum(axis=-1)
    return fourth / max(float(np.vdot(whole, whole)), 1e-300)


def _alike(delta: np.ndarray) -> np.ndarray:
    """Returns rho: E[(delta_a . delta_b)^2] / E[|delta_a|^2 |delta_b|^2] over draws, shape (examples, examples)."""
    products = delta @ delta.transpose(0, 2, 1)
    own = np.diagonal(products, axis1=1, axis2=2)
    between = np.maximum(own.T @ own / len(delta), 1e-300)
    squares = np.einsum("dab,dab->ab", products, products) / len(delta)
    return np.clip(squares / between, 0.0, 1.0)


def _draws(K: np.ndarray, outputs: int, log_variance: float) -> np.ndarray:
    """Returns outputs, shape (draws, examples, outputs), of networks whose q scatters around its mean."""
    sizes, directions = np.linalg.eigh(K)
    root = directions * np.sqrt(np.maximum(sizes, 0.0))
    draw = _kept_normals if len(K) * outputs <= _MOST_KEPT else _normals
    normal, scale = draw(len(K), outputs)
    log_q = np.sqrt(log_variance) * scale - log_variance / 2
    return np.exp(log_q / 2) * (root @ normal)


def _normals(examples: int, outputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns normal numbers for the directions and for the sizes of the draws, always the same ones."""
    generator = np.random.default_rng(_SEED)
    normal = generator.standard_normal((DRAWS, examples, outputs))
    return frozen(normal), frozen(generator.standard_normal((DRAWS, 1, 1)))


_kept_normals = lru_cache(maxsize=2)(_normals)
"""A point that is dragged through the phase diagram asks for the same ones 60 times a second."""


def _products(gradient: np.ndarray) -> np.ndarray:
    flat = gradient.transpose(1, 0, 2).reshape(gradient.shape[1], -1)
    return flat @ flat.T / len(gradient)
