"""Second moments, over the units of a layer with a skip connection, of what the gradient is weighed by on its way down.

With h' = T F + C h of `vgdesk.theory.carried`, F = phi(z) and D = T'(y) (y - b_T), the three are, unit by unit,

    C h        u = T phi'(z) z + D (F - h)        C + u E[h] / E[h^2]

of which the first two add up to dh' by a change of the size of h, and the third is dh' by a change along 1. A residual
layer has T = C = 1 and D = 0. Units are alike but for h, T and F, which are independent of each other in one unit.

Products of two examples have D by the first two terms of its Hermite series, which it nearly is, and phi'(z) z as phi.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.carried_bounds import per_square
from vgdesk.theory.odd_moments import odd_moments
from vgdesk.theory.sigmoid_gate import Gate
from vgdesk.theory.signals import Passed, Signal

_TINY = 1e-300
_FLAT = 1e-9
"""Share of E[h'^2] below which the units of a layer count as equal."""


class Weighing(NamedTuple):
    """Says how three numbers of a unit go with h' and 1, and what their products are.

    Attributes
    ----------
    past, whole, ones
        How C h, C h + u and C + u E[h] / E[h^2] go with (h', 1), the least squares over units: shapes (2, examples).
    crossed
        E[C_a h_a u_b] and the same with a and b changed, shape (examples, examples) as of those that follow.
    wholes, mixed, counts
        Means of products of the second with itself, with the third, and of the third with itself.
    """

    past: np.ndarray
    whole: np.ndarray
    ones: np.ndarray
    crossed: np.ndarray
    wholes: np.ndarray
    mixed: np.ndarray
    counts: np.ndarray


class _Ways(NamedTuple):
    """Holds means of T, C and D, and of the pairs T T, C C, T C, T D, C D and D D; numbers where all pairs have one."""

    T: float
    C: float
    D: float
    TT: np.ndarray | float
    CC: np.ndarray | float
    TC: np.ndarray | float
    TD: np.ndarray | float
    CD: np.ndarray | float
    DD: np.ndarray | float


_OPEN = _Ways(1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)
"""Of a residual layer."""


class _Stretch(NamedTuple):
    """Holds moments of phi'(z) times the part of z that is W h: the mean, and of pairs, alone and with F."""

    mean: np.ndarray
    square: np.ndarray
    with_inner: np.ndarray


class _Products(NamedTuple):
    """Holds, of pairs, E[C h C h], E[C h u], E[u u], E[C h C], E[C u] and E[C C]; the first factor is of the row."""

    past: np.ndarray
    past_turn: np.ndarray
    turn: np.ndarray
    past_one: np.ndarray
    one_turn: np.ndarray
    one: np.ndarray | float


def weighing(passed: Passed, inner: Signal, above: Signal) -> Weighing:
    """Returns the moments of a layer.

    Parameters
    ----------
    passed
        The layer.
    inner
        F, which the skip connection is given beside the signal from below.
    above
        h'.
    """
    below, stretch = passed.below, _stretch(passed, inner)
    ways = _OPEN if passed.gate is None else _gate_ways(passed.gate)
    X = _products(ways, passed, inner, stretch)
    past, turn, one = _rows(ways, below, inner, above, stretch)
    weight = below.mean * per_square(below)
    crossed = X.past_turn + X.past_turn.T
    turned = X.past_turn + X.turn
    lifted = X.one_turn * weight
    return Weighing(
        past=past,
        whole=past + turn,
        ones=one + turn * weight,
        crossed=crossed,
        wholes=X.past + crossed + X.turn,
        mixed=X.past_one + X.one_turn.T + turned * weight,
        counts=X.one + lifted + lifted.T + X.turn * weight[:, None] * weight,
    )


def _gate_ways(gate: Gate) -> _Ways:
    part, square = gate.mean * gate.turned, gate.turned**2
    opens = part + gate.alike * (gate.turned_open - part)
    turns = square + gate.alike * (gate.turned_square - square)
    means = gate.mean, 1.0 - gate.mean, gate.turned
    return _Ways(*means, gate.opened, gate.closed, gate.both, opens, gate.turned - opens, turns)


def _rows(ways: _Ways, below: Signal, inner: Signal, above: Signal, stretch: _Stretch) -> np.ndarray:
    """Returns how C h, u and C go with h' and 1, shape (3, 2, examples)."""
    m, F, k = below.mean, inner.mean, stretch.mean
    q, inner_q, k_F = below.square.diagonal(), inner.square.diagonal(), stretch.with_inner.diagonal()
    TT, CC, TC, TD, CD = (_own(each) for each in (ways.TT, ways.CC, ways.TC, ways.TD, ways.CD))
    found = np.empty((3, 2, len(m)))
    with_h, alone = found[:, 0], found[:, 1]
    with_h[0] = TC * m * F + CC * q
    with_h[1] = TT * k_F + TC * k * m + TD * (inner_q - m * F) + CD * (m * F - q)
    with_h[2] = TC * F + CC * m
    alone[0], alone[1], alone[2] = ways.C * m, ways.T * k + ways.D * (F - m), ways.C
    square, mean = above.square.diagonal(), above.mean
    spread = square - mean * mean
    is_flat = spread <= _FLAT * square
    with_h -= mean * alone
    with_h /= np.where(is_flat, np.inf, spread)
    alone -= mean * with_h
    return found


def _own(pairs: np.ndarray | float) -> np.ndarray | float:
    """Returns the products of an example with itself."""
    return pairs.diagonal() if isinstance(pairs, np.ndarray) else pairs


def _products(ways: _Ways, passed: Passed, inner: Signal, stretch: _Stretch) -> _Products:
    below, gate = passed.below, passed.gate
    m, F, k = below.mean, inner.mean, stretch.mean
    past_turn, turn, one_turn = ways.TC * np.outer(m, k), ways.TT * stretch.square, ways.TC * k[None]
    if gate is not None:
        past_turn += ways.CD * (np.outer(m, F) - below.square)
        one_turn += ways.CD * (F - m)
        mixed = ways.TD * (stretch.with_inner - np.outer(k, m))
        turn += ways.DD * gate.apart + mixed + mixed.T
    return _Products(ways.CC * below.square, past_turn, turn, ways.CC * m[:, None], one_turn, ways.CC)


def _stretch(passed: Passed, inner: Signal) -> _Stretch:
    """Returns the moments of phi'(z) W h; of pairs they go as those of phi(z) do."""
    phi, q = passed.phi, passed.q
    if phi is None or passed.scale is not None:
        # behind a normalisation the size of W h does not count
        return _Stretch(np.zeros_like(inner.mean), np.zeros_like(inner.square), np.zeros_like(inner.square))
    own = 1.0 - passed.start.bias / np.maximum(passed.argument.diagonal(), _TINY)
    at, square = phi.at, max(phi.at.square, _TINY)
    alone = q * (at.slope_square + 2.0 * q * at.slope_growth) / square
    with_inner = q * (at.slope_square + at.curvature) / square
    pairs = alone * inner.square * np.outer(own, own)
    sizes = inner.square.diagonal()
    relative = np.sqrt(sizes / max(float(sizes.mean()), _TINY))
    return _Stretch(odd_moments(phi).stretch * relative * own, pairs, with_inner * inner.square * own)


class Powers(NamedTuple):
    """Holds what E[v^2 h'^2] and E[v^2 h'] are over E[v^2] E[h'^2] and E[v^2] E[h']: of v = T phi' and of v = C."""

    through_squares: float
    through_mixed: float
    past_squares: float
    past_mixed: float


def unit_powers(passed: Passed) -> Powers:
    """Returns how far T phi' and C of a layer are large where h' is; its dropout is left out."""
    if passed.phi is None:
        raise ValueError("the layer has no activation yet")
    at, odd = passed.phi.at, odd_moments(passed.phi)
    m, q = float(passed.below.mean.mean()), float(passed.below.square.trace()) / len(passed.below.mean)
    if passed.inner is None:
        # no skip connection: T = 1, C = 0
        squares, mean = at.mixed / max(at.slope_square * at.square, _TINY), at.slope_square * at.mean
        return Powers(squares, _over(odd.with_slopes, mean), 1.0, 1.0)
    f4 = (1.0,) * 5 if passed.gate is None else passed.gate.fourths
    f3 = (1.0,) * 4 if passed.gate is None else tuple(f4[j] + f4[j + 1] for j in range(4))
    TT, TC, CC = (1.0, 1.0, 1.0) if passed.gate is None else (f3[3] + f3[2], f3[2] + f3[1], f3[1] + f3[0])
    T, C = (1.0, 1.0) if passed.gate is None else (passed.gate.mean, 1.0 - passed.gate.mean)
    mean, square = T * at.mean + C * m, TT * at.square + 2.0 * TC * at.mean * m + CC * q
    slopes = at.slope_square
    through = f4[4] * at.mixed + 2.0 * f4[3] * odd.with_slopes * m + f4[2] * slopes * q
    past = f4[2] * at.square + 2.0 * f4[1] * at.mean * m + f4[0] * q
    return Powers(
        _over(through, TT * slopes * square),
        _over(f3[3] * odd.with_slopes + f3[2] * slopes * m, TT * slopes * mean),
        _over(past, CC * square),
        _over(f3[1] * at.mean + f3[0] * m, CC * mean),
    )


def _over(part: float, whole: float) -> float:
    """Returns the quotient; 1 of nothing."""
    return part / whole if abs(whole) > _TINY else 1.0
