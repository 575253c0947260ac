"""The part of a gradient that goes with its own signal: its size, which units it is in, and how it scatters.

Of g = dL/dh, D of `vgdesk.theory.carried` is alpha h + beta in every unit, with

    N^2 E[(alpha, beta)(alpha, beta)^T] = M^-1 D M^-1,    M = E[(h, 1)(h, 1)^T]

Where h is large T, C and phi' are not what they are on average: of ReLU units those with h = 0 have no gradient, and
this part of g has none to lose there. So a factor v of the unit keeps of it not E[v^2] but, for h' = T F + C h,

    E[v^2 h'^2] / E[h'^2]  of alpha,      E[v^2 h'] / E[h']  of alpha beta,       v = T phi' or C

And it is two numbers, whatever N: its square scatters like that of one normal number. With Gamma its products of pairs
of examples and W what these are weighed by, sum_ab W_ab Gamma_ab has the relative variance 2 tr((W Gamma)^2) / tr(W
Gamma)^2, of which the share of the part counts squared.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.band import Scatter, log_gamma_moments
from vgdesk.theory.carried import Along
from vgdesk.theory.carried_bounds import bounded_gradient, within
from vgdesk.theory.carried_units import unit_powers
from vgdesk.theory.signals import Passed, Signal

_FLAT = 1e-9
_TINY = 1e-300


class Part(NamedTuple):
    """Is the part's products of pairs of examples, those of alpha h alone, and those of alpha h with beta."""

    whole: np.ndarray
    squares: np.ndarray
    mixed: np.ndarray


def part_along(along: Along, size: float, above: Signal, width: int) -> Part:
    """Returns the part of a gradient.

    Parameters
    ----------
    along
        Its D, over `size`.
    size
        Mean of E[|g_a|^2] over the examples.
    above
        The signal whose gradient it is.
    width
        Its units.
    """
    # h in units of its own size: its square may be too small a number to divide by twice
    root = np.sqrt(np.maximum(above.square.diagonal(), _TINY))
    m, column = above.mean / root, (above.mean / root)[:, None]
    spread = above.square.diagonal() / root**2 - m * m
    per = np.where(spread > _FLAT, 1.0, 0.0) / np.maximum(spread, _FLAT)
    scale = size / width * per[:, None] * per
    ss, st = along.ss / root[:, None] / root, along.st / root[:, None]
    h_s, h_t = ss - column * st.T, st - column * along.tt
    one_s, one_t = st.T - column * ss, along.tt - column * st
    squares = scale * (h_s - h_t * m) * (above.square / root[:, None] / root)
    mixed = scale * (h_t - h_s * m) * column
    mixed = mixed + mixed.T
    return Part(squares + mixed + scale * (one_t - one_s * m), squares, mixed)


def at_most(part: Part, H: np.ndarray) -> Part:
    """Returns the part, of no example more than its gradient: where h hardly differs from 1, the two take turns."""
    factor = within(np.maximum(part.whole.diagonal(), np.abs(part.squares.diagonal())), H.diagonal())
    if np.all(factor == 1.0):
        return part
    return Part(*(products * factor[:, None] * factor for products in part))


def unevenly(passed: Passed, part: Part, G: np.ndarray, onward: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the sums of dL/dz_a dL/dz_b and those below, for a part that is in the units in which h is."""
    if passed.slopes is None or passed.scale is not None:
        return G, onward
    powers = unit_powers(passed)
    through = part.squares * (powers.through_squares - 1.0) + part.mixed * (powers.through_mixed - 1.0)
    through *= passed.slopes if passed.gate is None else passed.slopes * passed.gate.opened
    alone, onward = onward, onward + passed.start.weight * through
    if passed.gate is not None:
        past = part.squares * (powers.past_squares - 1.0) + part.mixed * (powers.past_mixed - 1.0)
        onward += passed.gate.closed * past
    return bounded_gradient(G + through, G), bounded_gradient(onward, alone)


def part_scatter(part: Part, H: np.ndarray, below: Signal) -> tuple[float, float]:
    """Returns the relative variance that the part gives to |dL/dh|^2 and |dL/dz|^2, and to |dL/dW|^2.

    `below` is the signal that W meets.
    """
    signals = below.square
    return _relative(part.whole, None, float(H.trace())), _relative(part.whole, signals, float(np.vdot(H, signals)))


def with_part(found: Scatter, parts: np.ndarray) -> Scatter:
    """Returns the scatter over seeds with that of the part; `parts` are those of `part_scatter`, shape (layers, 2)."""
    drift, variance = log_gamma_moments(parts)
    return Scatter(
        found.delta + variance[:, 0],
        found.state + variance[:, 0],
        found.weight + variance[:, 1],
        found.delta_drift + drift[:, 0],
        found.state_drift + drift[:, 0],
        found.weight_drift + drift[:, 1],
    )


def _relative(products: np.ndarray, weights: np.ndarray | None, whole: float) -> float:
    """Returns 2 tr((W Gamma)^2) over the squared whole; 0 of a part that takes from the gradient."""
    weighed = products if weights is None else weights @ products
    if not float(weighed.trace()) > 0.0 or not whole > _TINY:
        return 0.0
    shares = weighed / whole
    # the square of one number scatters by 2, and where examples cancel first orders may leave less of the whole
    return min(2.0, 2.0 * float(np.vdot(shares, shares.T)))
