"""How much the masks of dropout scatter: of a layer's N units each example keeps others, forwards as backwards.

A mask m is 1 / (1 - p) or, with probability p, 0, of its own for each unit and each example:

    E[m] = 1        E[m^2] = 1 / (1 - p)        E[m^4] / E[m^2]^2 = 1 / (1 - p) = 1 + p / (1 - p)

(Srivastava et al. 2014, "Dropout", section 10, has the first two). h = m phi(z), and delta = m phi'(z) (W'delta) with
the same m, so that E[phi^2], E[phi'^2] and all that goes with them gain E[m^2], and of the noise of one example

    E[h^4] / E[h^2]^2           = E[phi^4] / E[phi^2]^2 / (1 - p)
    E[(m phi')^4] / E[..]^2     = E[phi'^4] / E[phi'^2]^2 / (1 - p)
    E[m^4 phi^2 phi'^2] / E[..] = E[phi^2 phi'^2] / (E[phi^2] E[phi'^2]) / (1 - p)

Two examples have E[m_a^2 m_b^2] = E[m^2]^2: what masks add to a sum over the batch is of the products of an example
with itself, p / (1 - p) times their share, however alike the examples are. And (E[m_a m_b] / E[m^2])^2 = (1 - p)^2
keeps their gradients apart: e_ab of `vgdesk.theory.alike` is so much smaller.

Where sum_l p / (1 - p) / N_l is no longer small, the sizes of the examples lie so far apart that a few of them have all
of the gradient, and of the signal it meets in |dL/dW| (`vgdesk.theory.apart`).
"""

import numpy as np

from vgdesk.theory.alike import Likeness
from vgdesk.theory.moments import Moments

MOST_APART = 2.0
"""Beyond this sum_l p / (1 - p) / N_l the prediction is told to be rough."""


def odds(dropout: np.ndarray) -> np.ndarray:
    """Returns p / (1 - p)."""
    return dropout / (1.0 - dropout)


def masked(at: Moments[np.ndarray], dropout: np.ndarray) -> Moments[np.ndarray]:
    """Returns the moments of m phi and m phi' of every layer, fourth ones less the factor 1 / (1 - p) of one example's.

    Parameters
    ----------
    at
        Of phi, each of shape (layers,).
    dropout
        p of every layer.
    """
    if not np.any(dropout):
        return at
    square = 1.0 + odds(dropout)
    fourth = square * square
    return Moments(
        mean=at.mean,
        square=at.square * square,
        slope_square=at.slope_square * square,
        curvature=at.curvature * square,
        slope_fourth=at.slope_fourth * fourth,
        square_fourth=at.square_fourth * fourth,
        mixed=at.mixed * fourth,
        slope_growth=at.slope_growth * square,
    )


def with_masks(like: Likeness, dropped: np.ndarray | float) -> Likeness:
    """Returns what layers do to the likeness of gradients when each example has masks of its own.

    Parameters
    ----------
    dropped
        p / (1 - p) of every layer.
    """
    if not np.any(dropped):
        return like
    one, odd = np.eye(like.kept.shape[1]), np.reshape(dropped, (-1, 1, 1))
    return like._replace(fourth=like.fourth * (1.0 + odd * one), kept=like.kept / (1.0 + odd * (1.0 - one)) ** 2)
