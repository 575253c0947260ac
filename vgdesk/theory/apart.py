"""How far apart in size the gradients of a batch's examples come, and what that makes of their mean.

Below a hidden layer ln |delta_a|^2 of example a has walked one step further. Part of the step is common to all
examples, for they meet the same W; the rest is the example's own. After many such steps it is normal, of variance s^2:

    |delta|^2 = c / B sum_a e^(s g_a - s^2 / 2)        g_a normal, independent; c common

Each term's mean is 1, and so is that of the sum. But its logarithm, of which the prediction is, has the mean M(s, B)
and the variance V(s, B): -s^2 / 2B and s^2 / B to first order, for then the sum is a mean over B equal weights. Where s
is large the largest term is all of the sum, and a typical sum is e^(s m_B - s^2 / 2), m_B the mean of the largest of B
normal numbers. Between both (the random energy model, Derrida 1981, Physical Review B 24, 2613) there is one integral:

    P(t < ln(E / sum_a v_a)) = E[e^(-e^t v)]^B          v = e^(s g), E exponential

so that the B-th power of one function is the distribution of ln E - ln sum, whose mean is -gamma - E ln sum and whose
variance is pi^2 / 6 + Var ln sum. The participation, 1 / B for equal weights, 1 where one example has all, is

    D = E[sum_a v_a^2 / (sum_a v_a)^2] = B int E[x^2 e^-x] E[e^-x]^(B-1) dt,  x = e^t v        M' = -D ds^2 / 2
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

_STEP = 0.25
"""Of the lattice of t, on which sums are integrals: of a normal number of deviation 0.25 to 1e-8."""
_KNOTS = np.array(
    [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 8.0, 11.0]
)
_TAILS, _LEFT, _RIGHT = 7.0, 50.0, 4.0
"""How many deviations of v the lattice holds, and how far e^-e^t is told from 1 and from 0: for 1e7 examples, too."""


class Sum(NamedTuple):
    """Is M(s, B) + s^2 / 2, V(s, B) and D(s, B) of the module's text; shapes as of s."""

    rise: np.ndarray
    variance: np.ndarray
    participation: np.ndarray


class Unequal(NamedTuple):
    """Holds by how much variance and mean of ln |delta|^2 differ from those of equal weights, shapes as of s^2."""

    variance: np.ndarray
    drift: np.ndarray


def unequal(spread: np.ndarray, skewed: np.ndarray, free: np.ndarray, batch: int) -> Unequal:
    """Returns what weights that have come apart add to the s^2 / B and -s^2 / 2B of equal ones.

    Parameters
    ----------
    spread, free
        s^2 of which the terms' mean knows, so that it is 1, and s^2 of which it does not: it rises with them.
    skewed
        How much larger the variance of the terms' logarithms is than `spread`, for they are not normal: few large terms
        make their mean, the typical ones lie further apart. It counts by D, as far as the sum is one of few terms.
    batch
        How many terms there are.
    """
    if batch < 2:
        return Unequal(np.zeros_like(spread), np.zeros_like(spread))
    whole = spread + free
    found = sum_of(np.sqrt(whole + skewed * sum_of(np.sqrt(whole), batch).participation), batch)
    # no mean of a logarithm is above the logarithm of the mean, as it would be of normal numbers that lie so far apart
    mean = np.minimum(found.rise - spread / 2.0, free / 2.0)
    return Unequal(found.variance - whole / batch, mean + spread / 2.0 / batch)


def sum_of(s: np.ndarray, batch: int) -> Sum:
    """Returns the moments of the logarithm of a sum of log-normal numbers, and its participation.

    Parameters
    ----------
    s
        Deviation of the terms' logarithm.
    batch
        How many terms there are, 2 or more.
    """
    table, last = _table(batch), _KNOTS[-1]
    within = np.minimum(s, last)
    rise, variance, lonely = (np.interp(within, np.append(0.0, _KNOTS), column) for column in table)
    beyond = np.maximum(s - last, 0.0) * last * (1.0 - table[2][-1])
    return Sum(within * rise + beyond, s**2 * variance, 1.0 - (1.0 - lonely) * last / np.maximum(s, last))


def spread_of(participation: float, batch: int) -> float:
    """Returns s^2 of terms with this participation."""
    if batch < 2:
        return 0.0
    return float(np.interp(participation, _table(batch)[2], np.append(0.0, _KNOTS))) ** 2


def drawn_spread(sizes: np.ndarray) -> float:
    """Returns s^2 of squared gradients of the shape (draws, examples), by their participation."""
    sums = sizes.sum(axis=1)
    drawn = sums > 0.0
    shares = sizes[drawn] / sums[drawn, None]
    return spread_of(float((shares * shares).sum(axis=1).mean()), sizes.shape[1]) if drawn.any() else 0.0


@lru_cache(maxsize=64)
def _table(batch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns (M + s^2/2) / s, V / s^2 and D at s = 0 and every knot."""
    rows = [_moments(*lattice, batch) for lattice in _lattices()]
    mean, variance, participation = np.array(rows).T
    return (
        np.append(0.0, (mean - np.log(batch)) / _KNOTS),
        np.append(1.0 / batch, variance / _KNOTS**2),
        np.append(1.0 / batch, participation),
    )


def _moments(t: np.ndarray, none: np.ndarray, pair: np.ndarray, batch: int) -> tuple[float, float, float]:
    """Returns E ln sum, Var ln sum and D of one lattice."""
    others = none ** (batch - 1)
    above = others * none
    # moments of what t is above the edge of the lattice are integrals of P(> t), which is 1 there
    edge = t[0] - _STEP / 2.0
    mean = _STEP * float(above.sum())
    square = 2.0 * _STEP * float((t - edge) @ above)
    # the midpoints of t P(> t) miss h^2 / 24 of its slope at the edge (Euler and Maclaurin's formula)
    variance = square - mean * mean - np.pi**2 / 6.0 - _STEP**2 / 12.0
    return -np.euler_gamma - edge - mean, variance, batch * _STEP * float(pair @ others)


@lru_cache(maxsize=1)
def _lattices() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Returns t, E[e^-x] and E[x^2 e^-x] of every knot."""
    found = []
    for s in _KNOTS.tolist():
        reach = int(np.ceil(_TAILS * s / _STEP))
        chances = np.exp(-0.5 * (np.arange(-reach, reach + 1) * _STEP / s) ** 2)
        chances /= chances.sum()
        t = np.arange(-_LEFT - 2.0 * _TAILS * s, _RIGHT + 2.0 * _TAILS * s, _STEP)
        x = np.exp(np.minimum(t, 20.0))
        none, pair = np.exp(-x), x * x * np.exp(-x)
        inside = slice(reach, len(t) - reach)
        found.append((t[inside], np.convolve(none, chances, "valid"), np.convolve(pair, chances, "valid")))
    return found
