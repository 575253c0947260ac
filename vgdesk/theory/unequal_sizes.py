"""What the examples of a batch add to the band of a network where their gradients come apart in size.

How far they come apart is a matter of the noise of every layer that is an example's own (`vgdesk.theory.noise`); what
that does to sums over examples says `vgdesk.theory.apart`.
"""

import numpy as np

from vgdesk.theory.apart import Unequal, unequal
from vgdesk.theory.log_gamma import log_gamma_moments
from vgdesk.theory.noise import LARGEST, Noise, sum_from


def unequal_sizes(
    noise: Noise, spread_at_output: float, reply: np.ndarray, lift: np.ndarray, batch: int
) -> list[Unequal]:
    """Returns what examples of unequal |delta|^2, |dL/dW|^2 and |dL/dh|^2 add beyond what they do at the output."""
    above = reply[1:]
    spread, skewed = (sum_from(own) for own in _own_variance(noise.apart))
    spread += spread_at_output
    # a draw's q_a is no part of what wide networks have as the mean
    free = sum_from(np.maximum(2.0 * above * noise.own_mixed + above**2 * noise.own_forward, 0.0))
    v, lopsided = (_carried(noise.kappa, own) for own in _own_variance(noise.own_forward))
    start = unequal(np.array([spread_at_output]), np.zeros(1), np.zeros(1), batch)
    lifted, crossed = lift**2, np.maximum(reply * (reply + 2.0 * lift), 0.0)
    below = np.append(spread[1:], spread_at_output), np.append(skewed[1:], 0.0)
    found = (
        unequal(spread, skewed, free + reply**2 * v, batch),
        unequal(spread + lifted * v, skewed + lifted * lopsided, free + crossed * v, batch),
        unequal(*below, np.append(free[1:] + above**2 * v[1:], 0.0), batch),
    )
    return [Unequal(each.variance - start.variance, each.drift - start.drift) for each in found]


def _own_variance(relative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns s^2 of log-normal numbers whose logarithms have the mean of those of Gamma numbers, and what these add.

    Parameters
    ----------
    relative
        Variance of the Gamma numbers, whose mean is 1.
    """
    mean, variance = log_gamma_moments(np.minimum(relative, LARGEST))
    return -2.0 * mean, np.maximum(variance + 2.0 * mean, 0.0)


def _carried(kappa: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Returns the sums of what layers add, with kappa^2 of each layer passed, at every layer and the output."""
    v = [0.0]
    for response, more in zip(kappa.tolist(), added.tolist(), strict=True):
        v.append(min(LARGEST, response * response * v[-1] + more))
    return np.array(v)
