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

from vgdesk.theory.band import Scatter
from vgdesk.theory.carried_bounds import bounded_gradient, within
from vgdesk.theory.carried_numbers import Powers, UnitNumbers, unit_powers
from vgdesk.theory.carried_units import Signals
from vgdesk.theory.log_gamma import log_gamma_moments
from vgdesk.theory.signals import Passed

_FLAT = 1e-9
_TINY = 1e-300
_ROUNDING = 1e-12
"""A smaller share of the gradient is nothing, whichever sign it has come out with."""


class Part(NamedTuple):
    """Is the part's products of pairs of examples, those of alpha h alone, and those of alpha h with beta."""

    whole: np.ndarray
    squares: np.ndarray
    mixed: np.ndarray


class Uneven(NamedTuple):
    """Says which part D makes of the gradients above some layers, and what these keep of it more than of the rest.

    Attributes
    ----------
    square, mean
        Products of two examples' h and h itself, in units of its own size: shapes (layers, examples, examples) and
        (layers, examples).
    opened, closed
        E[T T] E[phi' phi'] and E[C C] of pairs; 0 of what is not uneven, and None without any.
    powers
        What both keep more of alpha alpha and of alpha beta than of the rest: of each layer four numbers.
    """

    square: np.ndarray
    mean: np.ndarray
    opened: np.ndarray
    closed: np.ndarray | None
    powers: list[list[float]]


def in_own_size(above: Signals) -> tuple[Signals, np.ndarray]:
    """Returns signals in units of their own size, whose squares are numbers to divide by twice, and these units."""
    root = np.sqrt(np.maximum(above.own, _TINY))
    inverse = 1.0 / root
    square = above.square * inverse[:, :, None]
    square *= inverse[:, None, :]
    return Signals(square, above.mean * inverse), root


def part_pairs(sized: Signals, root: np.ndarray, widths: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Returns whose D the part is, rows and columns: of alpha and beta over the root of N; both of `in_own_size`."""
    m = sized.mean
    spread = sized.own - m * m
    per = np.where(spread > _FLAT, 1.0, 0.0) / np.maximum(spread, _FLAT) / np.sqrt(widths)[:, None]
    alpha, beta = np.stack([per / root, -per * m], axis=1), np.stack([-per * m / root, per], axis=1)
    return [alpha, beta, alpha], [alpha, beta, beta]


def uneven(passed: list[Passed], powers: np.ndarray, sized: Signals) -> Uneven:
    """Returns what layers make of the part.

    Parameters
    ----------
    powers
        Those of `uneven_powers`.
    sized
        The signals they give, in units of their own size.
    """
    opened = np.array([layer.slopes for layer in passed if layer.slopes is not None])
    gates, closed = [layer.gate for layer in passed if layer.gate is not None], None
    if gates:
        opened *= np.array([gate.opened for gate in gates])
        closed = np.array([gate.closed for gate in gates])
    return Uneven(sized.square, sized.mean, opened, closed, powers.tolist())


def uneven_powers(passed: list[Passed], of: UnitNumbers) -> np.ndarray:
    """Returns how much more layers keep of alpha alpha and alpha beta than of the rest, shape (layers, 4)."""
    powers = np.array(Powers(*(power - 1.0 for power in unit_powers(of))))
    # behind a normalisation nothing is known of single units
    return (powers * np.array([layer.scale is None for layer in passed])).T


def part_along(square: np.ndarray, mean: np.ndarray, D: np.ndarray) -> Part:
    """Returns the part of one layer's gradient; `square` and `mean` are those of `Uneven`, D that of `part_pairs`."""
    squares, rest, mixed = D
    squares *= square
    mixed *= mean[:, None]
    mixed = mixed + mixed.T
    rest += squares
    rest += mixed
    return Part(rest, squares, mixed)


def at_most(part: Part, H: np.ndarray) -> Part:
    """Returns the part, of no example more than its gradient: where h hardly differs from 1, the two take turns."""
    factor = within(np.maximum(part.whole.diagonal(), np.abs(part.squares.diagonal())), H.diagonal())
    if factor is None:
        return part
    return Part(*(products * factor[:, None] * factor for products in part))


def unevenly(
    layers: Uneven, place: int, weight: float, part: Part, G: np.ndarray, onward: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the sums of dL/dz_a dL/dz_b and those below, for a part that is in the units in which h is."""
    squares, mixed, past_squares, past_mixed = layers.powers[place]
    through = part.squares * squares
    through += part.mixed * mixed
    through *= layers.opened[place]
    alone, onward = onward, onward + weight * through
    if layers.closed is not None:
        past = part.squares * past_squares
        past += part.mixed * past_mixed
        past *= layers.closed[place]
        onward += past
    return bounded_gradient(G + through, G), bounded_gradient(onward, alone)


def part_scatter(wholes: np.ndarray, gradients: np.ndarray, signals: np.ndarray) -> np.ndarray:
    """Returns the relative variances that the part gives to |dL/dh|^2, as to |dL/dz|^2, and to |dL/dW|^2.

    Shape (layers, 2).

    Parameters
    ----------
    wholes, gradients
        Products of pairs of examples, of the part and of dL/dh.
    signals
        Those of the signals that W meets. All of shape (layers, examples, examples).
    """
    sizes, pairs = np.einsum("laa->l", gradients), np.einsum("lab,lab->l", gradients, signals)
    return np.stack([_relative(wholes, sizes), _relative(signals @ wholes, pairs)], axis=1)


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


def _relative(weighed: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Returns 2 tr((W Gamma)^2) over the squared whole; 0 of a part that takes from the gradient."""
    is_any = (np.einsum("laa->l", weighed) > _ROUNDING * np.abs(whole)) & (whole > _TINY)
    shares = weighed / np.where(is_any, whole, np.inf)[:, None, None]
    # the square of one number scatters by 2, and where examples cancel first orders may leave less of the whole
    return np.minimum(2.0, 2.0 * np.einsum("lab,lba->l", shares, shares))
