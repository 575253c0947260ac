"""Draws of a recurrent network go on over time steps that were not run, in the middle of the sequence.

There, every draw goes on at the mean pace m that it has around the middle: with r its variance over draws that all
steps share, and v what comes anew with each step,

    ln g -> ln g + m L        variance -> variance + r L^2 + v L + 2 L Cov(ln g, m)

r from the covariance of two stretches next to each other, v from what their variances have beyond it.
"""

import math

import numpy as np

WIDEST_BAND = 100.0
"""Decades of one deviation: of twenty draws the first and last lie hundreds of decades apart."""


def lengthened(logs: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns mean and variance of draws, shape (draws, steps), with so many steps more in their middle."""
    run = logs.shape[1]
    reach, middle = run // 4, run // 2
    later, earlier = logs[:, middle - reach] - logs[:, middle], logs[:, middle] - logs[:, middle + reach]
    pace = (later + earlier) / (2 * reach)
    covariance = np.cov(later, earlier)
    shared = max(0.0, covariance[0, 1]) / reach**2
    anew = max(0.0, (covariance[0, 0] + covariance[1, 1]) / 2 - shared * reach**2) / reach
    more = np.concatenate([np.full(middle, length), np.arange(length, 0, -1), np.zeros(run - middle)])
    index = np.concatenate([np.arange(middle), np.full(length, middle), np.arange(middle, run)])
    at = logs[:, index]
    with_pace = ((at - at.mean(axis=0)) * (pace - pace.mean())[:, None]).sum(axis=0) / (len(logs) - 1)
    # what came by chance in the steps that the pace is measured over does not come again
    with_pace -= anew * np.clip(middle + reach - index, 0, 2 * reach) / (2 * reach)
    variance = at.var(axis=0, ddof=1) + shared * more**2 + anew * more + 2 * more * np.maximum(with_pace, 0.0)
    return at.mean(axis=0) + pace.mean() * more, variance


def are_apart(variance: np.ndarray) -> bool:
    """Whether draws that went on lie so far apart that line and band are those of a few steps' paces.

    Networks that are run over all steps need not keep to them.
    """
    return math.sqrt(float(variance[0])) / (2 * math.log(10)) > WIDEST_BAND
