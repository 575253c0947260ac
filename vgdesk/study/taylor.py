"""How fast the remainder of the first-order Taylor expansion falls: the one number that tells a right gradient.

    R(h) = |L(w + h v) - L(w) - h g.v|

along a seeded direction v of length 1. Where g is the gradient, R falls like h^2, so that log R over log h has the
slope 2 (3 or more where the second derivative along v is 0); an error of g leaves a term in h, and the slope is 1
(Farrell, Ham, Funke & Rognes 2013, sec. 5). L has 60 digits, so steps of 1e-7 to 1e-10 show the powers undisturbed; g
has those of its route, and a point counts only where R exceeds what the rounding of g may leave, ten times.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
import numpy as np

RIGHT_SLOPE = 1.9
"""A remainder that falls more slowly is that of a wrong gradient."""
STEPS = tuple(10.0 ** (-7 - number / 2) for number in range(7))
_MARGIN = 10.0
_FEWEST = 3
"""Points that a regression needs to mean something."""
_LOSS_DIGITS = 1e-50
"""Relative; below this the loss itself is rounded."""


def direction(names: Sequence[str]) -> dict[str, float]:
    """Returns the direction v of length 1, the same for the same names."""
    drawn = np.random.default_rng(0).standard_normal(len(names))
    return dict(zip(names, (drawn / np.linalg.norm(drawn)).tolist(), strict=True))


def taylor_slope(
    losses: Sequence[Any],
    gradient: Mapping[str, Any],
    along: Mapping[str, float],
    rounding: Mapping[str, float],
    steps: Sequence[float] = STEPS,
) -> float | None:
    """Returns the slope of log R over log h, or None where R is nothing but rounding, as of a loss linear along v.

    Parameters
    ----------
    losses
        L(w), then L(w + h v) for each of the steps, with 60 digits.
    gradient
        dL/dw by name, by any route.
    along
        The direction v by name.
    rounding
        Absolute error of each derivative that its route's digits allow.
    steps
        The lengths h.
    """
    with mpmath.workdps(60):
        first, *others = losses
        forward = sum((mpmath.mpf(gradient[name]) * mpmath.mpf(v) for name, v in along.items()), mpmath.mpf(0))
        noise = sum(abs(v) * rounding[name] for name, v in along.items())
        points = []
        for h, loss in zip(steps, others, strict=True):
            remainder = abs(loss - first - mpmath.mpf(h) * forward)
            if remainder > _MARGIN * h * noise + _LOSS_DIGITS * abs(first):
                points.append((float(mpmath.log(h)), float(mpmath.log(remainder))))
    if len(points) < _FEWEST:
        return None
    lengths, remainders = np.array(points).T
    return float(np.polyfit(lengths, remainders, 1)[0]) if np.all(np.isfinite(remainders)) else None
