"""What stands around a layer's activation: normalisation, dropout, skip connections; forwards and backwards.

Signals of a batch are covariances over its examples: K_ab = E[z_a z_b], the same for every unit, and gradients the sums
over units G_ab = E[sum_i g_ai g_bi] (both of shape (examples, examples)).

    layer norm    K_ab / sqrt(q_a q_b);  G likewise                       squared factor E[phi'^2] / E[phi^2] per layer
    batch norm    `vgdesk.theory.batch_norm`                              E[phi'^2] / Var[phi] for large batches
                  backwards each unit's gradient loses its components along 1 and along a_i (Ioffe & Szegedy 2015)
    dropout       E[m^2] = 1 / (1 - p) on the diagonal, masks of two examples are independent
    residual      forwards K + F with the cross term of their means; backwards G + W'G W: 1 + sigma_w^2 E[phi'^2]
    highway       T^2 F + (1-T)^2 K: moments of a sigmoid at N(b_T, q_T)

Finite batches, where the examples have decorrelated (Yang et al. 2019, theorem 8; their gamma = 1):

    identity (B-2) / (B-3);    ReLU ((B-1+J'(c)) / (1-J(c)) - 1) / (B-3), c = -1/(B-1), J the arc-cosine kernel
"""

import math

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.spec.base import require_integer
from vgdesk.spec.layer import NORMALISATION_EPSILON
from vgdesk.theory.correlation import arc_cosine
from vgdesk.theory.moments import moments_at

LARGEST_BATCH = 10**9
SMALLEST_BATCH = 4
"""With three examples or fewer E[1/s^2] is infinite."""
_KNOWN_SHARE = 1e-10
"""E[phi^2] is known to 1e-13: a variance that is a smaller share of it is rounding."""


def layer_norm_factor(activation: str) -> float:
    """Returns the factor of |delta|^2 per layer of phi(norm(W h)): E[phi'^2] / E[phi^2] at q = 1, whatever sigma_w.

    nan of an activation that is 0 everywhere: nothing is there to be normalised.
    """
    at = moments_at(activation, 1.0)
    return at.slope_square / at.square if at.square else math.nan


def batch_norm_factor(activation: str, batch: int | None = None) -> float:
    """Returns the factor of |delta|^2 per layer of phi(norm(W h)) over `batch` examples; None for very many.

    nan of an activation without a variance, as of a constant: the next layer has nothing to divide by.

    Raises
    ------
    SpecError
        The batch is below 4, or finite for another activation than identity and ReLU, which alone have closed forms.
    """
    if batch is None:
        at = moments_at(activation, 1.0)
        variance = at.square - at.mean**2
        return at.slope_square / variance if variance > _KNOWN_SHARE * at.square else math.nan
    require_integer("batch", batch, SMALLEST_BATCH, LARGEST_BATCH)
    if activation == "identity":
        return (batch - 2) / (batch - 3)
    if activation != "relu":
        raise SpecError(f"activation must be identity or relu for a finite batch, got {activation!r}")
    slope, value = arc_cosine(-1.0 / (batch - 1))
    return ((batch - 1 + slope) / (1 - value) - 1) / (batch - 3)


def residual_factor(chi: float) -> float:
    """Returns the factor of |dL/dh|^2 per layer of h + phi(W h + b): 1 + chi, of chi = sigma_w^2 E[phi'^2]."""
    return 1.0 + chi


def layer_normalised(K: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the covariance after layer norm, and the factors of the gradients on their way back."""
    deviation = np.sqrt(np.diagonal(K) + NORMALISATION_EPSILON)
    factors = 1.0 / np.outer(deviation, deviation)
    return K * factors, factors


def dropout_factors(examples: int, dropout: float) -> np.ndarray:
    """Returns E[m_a m_b] of the masks, which are 0 or 1 / (1 - p)."""
    return 1.0 + np.eye(examples) * (dropout / (1.0 - dropout))
