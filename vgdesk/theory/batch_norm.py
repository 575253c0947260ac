"""Batch norm over few examples: expectations with the 1/s of each unit, which depends on that unit's own z.

One unit's z over the B examples, their mean taken off, is normal with covariance K = V diag(lambda) V', and batch norm
gives a = z / s, s^2 = z'z / B + eps. Where one direction of K has outgrown the others a barely scatters along it, while
a normal number of the same variance would: a constant s^2 = trace(K) / B lets that direction grow from layer to layer,
and the gradient, which batch norm takes off a, with it. With 1/s^2n = integral of e^(-t s^2) t^(n-1) / (n-1)! dt,

    w_n(t) = t^(n-1) / (n-1)! e^(-t eps) prod_i (1 + 2 t lambda_i / B)^(-1/2)
    m_i(t) = lambda_i / (1 + 2 t lambda_i / B)

every expectation over normal z is one integral over t, in the directions V (Yang et al. 2019, "A mean field theory of
batch normalization", the Laplace method of section 4):

    E[a a'] = V diag(int w_1 m_i) V'
    E[(1 - aa'/B) G (1 - aa'/B) / s^2]_ij = (c - d_i - d_j + 2 e_ij) G_ij + [i = j] sum_k e_ik G_kk
    c = int w_1     d_i = int w_2 m_i / B     e_ij = int w_3 m_i m_j / B^2
"""

from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import NORMALISATION_EPSILON

_STEP = 0.25
_LOWEST, _HIGHEST = -3.5, 40.0
_NEGLIGIBLE = 1e-12
"""Parts of c that are left out."""
_ROUNDING = 1e-14
"""A smaller share of what is known has no digit that is."""


class BatchScale(NamedTuple):
    """Is what batch norm does to gradients, on average over the draws of a unit's z.

    Attributes
    ----------
    directions
        V of the module's text, shape (examples, examples).
    reciprocal
        c = E[1 / s^2].
    along
        d_i, shape (examples,).
    across
        e_ij, shape (examples, examples).
    """

    directions: np.ndarray
    reciprocal: float
    along: np.ndarray
    across: np.ndarray

    def backward(self, G: np.ndarray) -> np.ndarray:
        """Returns the gradients before batch norm: without their parts along 1 and along a, over s."""
        turned = self.directions.T @ centred(G) @ self.directions
        # what all examples have in common leaves rounding, of either sign
        is_any = turned.diagonal() > _ROUNDING * float(G.diagonal().max())
        turned = np.where(is_any[:, None] & is_any, turned, 0.0)
        kept = (self.reciprocal - np.add.outer(self.along, self.along) + 2.0 * self.across) * turned
        kept += np.diag(self.across @ np.diagonal(turned))
        # along 1 there is nothing, but rounding
        return centred(self.directions @ kept @ self.directions.T)


def batch_normalised(K: np.ndarray) -> tuple[np.ndarray, BatchScale]:
    """Returns E[a_a a_b] of a unit's normalised preactivations over these examples, and what the gradients meet."""
    count = len(K)
    sizes, directions = np.linalg.eigh(centred(K))
    # below rounding there is no direction
    shares = np.where(sizes > _ROUNDING * max(float(sizes[-1]), 1e-300), sizes, 0.0) / count
    unit = float(shares.sum()) + NORMALISATION_EPSILON
    t, w = _weights(shares / unit, NORMALISATION_EPSILON / unit)
    m = (shares / unit) / (1.0 + 2.0 * np.outer(t, shares / unit))
    second, third = w * t, w * t * t / 2.0
    normalised = directions * (count * (w @ m)) @ directions.T
    across = m.T @ (third[:, None] * m) / unit
    return normalised, BatchScale(directions, float(w.sum()) / unit, second @ m / unit, across)


def _weights(shares: np.ndarray, epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns nodes t and weights of w_1: trapezoids over x, t = e^(x - e^-x), where it falls off to both sides."""
    x = np.arange(_LOWEST, _HIGHEST, _STEP)
    t = np.exp(x - np.exp(-x))
    w = np.exp(-0.5 * np.log1p(2.0 * np.outer(t, shares)).sum(axis=1) - t * epsilon) * t * (1.0 + np.exp(-x)) * _STEP
    kept = w > _NEGLIGIBLE * w.max()
    return t[kept], w[kept]


def centred(K: np.ndarray) -> np.ndarray:
    """Returns the covariance without the mean over the examples."""
    rows = K - K.mean(axis=0)
    return rows - rows.mean(axis=1, keepdims=True)
