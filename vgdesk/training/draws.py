"""The parameters of one layer, drawn by a rule of `vgdesk.spec.initialisation`.

A rule meets a layer as its mask, shape (units, units below), True where a connection exists. fan_in of a unit is the
number of its sources, fan_out the width of its layer. Most rules draw independent numbers, and differ in the standard
deviation of a unit's weights only:

    glorot gain sqrt(2 / (fan_in + fan_out))    he sqrt(2 / fan_in)    lecun 1 / sqrt(fan_in)
    scaled-gaussian sigma_w / sqrt(fan_in)      fixed std              torch-default 1 / sqrt(3 fan_in)

A number is drawn for every place of the matrix, and absent ones are set to 0 afterwards.
"""

import numpy as np

from vgdesk.spec.initialisation import (
    FixedGaussian,
    Glorot,
    He,
    Identity,
    LeCun,
    Orthogonal,
    ScaledGaussian,
    TorchDefault,
    Zeros,
)

Independent = Glorot | He | LeCun | ScaledGaussian | FixedGaussian | TorchDefault
Drawn = Independent | Orthogonal | Identity | Zeros
"""Every rule but explicit numbers."""


def draw_weights(rule: Drawn, mask: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Returns a weight matrix, float64, of the mask's shape."""
    match rule:
        case Zeros():
            return np.zeros(mask.shape)
        case Identity():
            return np.where(mask, rule.gain * np.eye(*mask.shape), 0.0)
        case Orthogonal():
            return rule.gain * orthogonal(generator, *mask.shape)
        case _:
            numbers = _standard(rule, mask.shape, generator)
            numbers *= _deviation(rule, mask)  # in place: a wide network has hundreds of millions of them
            if not mask.all():
                numbers[~mask] = 0.0
            return numbers


def draw_biases(rule: Drawn, mask: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Returns the biases of a layer, float64, one per unit."""
    if isinstance(rule, ScaledGaussian) and rule.sigma_b > 0.0:
        return rule.sigma_b * generator.standard_normal(len(mask))
    if isinstance(rule, TorchDefault):
        return generator.uniform(-1.0, 1.0, len(mask)) / np.sqrt(mask.sum(axis=1))
    return np.zeros(len(mask))


def orthogonal(generator: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Returns a matrix with orthonormal rows (or columns where it is tall), uniform over all of them.

    QR of a Gaussian matrix alone is not uniform, because the algorithm chooses the signs; multiplying each column of Q
    by the sign of R's diagonal makes it so (Mezzadri 2007, "How to generate random matrices from the classical compact
    groups").
    """
    Q, R = np.linalg.qr(generator.standard_normal((max(rows, columns), min(rows, columns))))
    Q = Q * np.where(np.diagonal(R) < 0.0, -1.0, 1.0)
    return Q if rows >= columns else Q.T


def _standard(rule: Independent, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Returns numbers of mean 0 and variance 1 in the rule's distribution."""
    is_uniform = isinstance(rule, TorchDefault) or getattr(rule, "distribution", "normal") == "uniform"
    return generator.uniform(-1.0, 1.0, shape) * np.sqrt(3.0) if is_uniform else generator.standard_normal(shape)


def _deviation(rule: Independent, mask: np.ndarray) -> np.ndarray | float:
    """Returns the standard deviation of each unit's weights, shape (units, 1) where it depends on the unit."""
    fan_in = mask.sum(axis=1, keepdims=True)
    match rule:
        case Glorot():
            return rule.gain * np.sqrt(2.0 / (fan_in + len(mask)))
        case He():
            return np.sqrt(2.0 / fan_in)
        case LeCun():
            return 1.0 / np.sqrt(fan_in)
        case ScaledGaussian():
            return rule.sigma_w / np.sqrt(fan_in)
        case FixedGaussian():
            return rule.std
        case TorchDefault():
            return 1.0 / np.sqrt(3.0 * fan_in)
