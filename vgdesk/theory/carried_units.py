"""Second moments, over the units of a layer with a skip connection, of what the gradient is weighed by on its way down.

With h' = T F + C h of `vgdesk.theory.carried`, F = phi(z) and D = T'(y) (y - b_T), the three are, unit by unit,

    C h        u = T phi'(z) z + D (F - h)        C + u E[h] / E[h^2]

of which the first two add up to dh' by a change of the size of h, and the third is dh' by a change along 1. A residual
layer has T = C = 1 and D = 0. Units are alike but for h, T and F, which are independent of each other in one unit.

Layers of one kind are taken together, as arrays whose first axis counts them: only D's recursion is layer by layer.
Products of two examples have D by the first two terms of its Hermite series, which it nearly is, and phi'(z) z as phi.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.carried_bounds import per_square
from vgdesk.theory.carried_numbers import UnitNumbers
from vgdesk.theory.sigmoid_gate import Gate
from vgdesk.theory.signals import Passed, Signal

_TINY = 1e-300
FLAT = 1e-9
"""Share of E[h'^2] below which the units of a layer count as equal."""


class Signals(NamedTuple):
    """Is `Signal` of several layers: shapes (layers, examples, examples) and (layers, examples)."""

    square: np.ndarray
    mean: np.ndarray

    @property
    def own(self) -> np.ndarray:
        """E[h_a^2], shape (layers, examples)."""
        return np.diagonal(self.square, axis1=1, axis2=2)


def side_by_side(signals: list[Signal]) -> Signals:
    """Returns signals of layers of one batch as one."""
    return Signals(np.array([each.square for each in signals]), np.array([each.mean for each in signals]))


class Weighing(NamedTuple):
    """Says how three numbers of a unit go with h' and 1, and what their products are.

    Attributes
    ----------
    past, whole, ones
        How C h, C h + u and C + u E[h] / E[h^2] go with (h', 1), the least squares over units: shapes (layers, 2,
        examples).
    products
        Means of products of the second with itself, with the third, of the third with itself, and E[C_a h_a u_b] with
        the same where a and b are changed: shape (layers, 4, examples, examples).
    """

    past: np.ndarray
    whole: np.ndarray
    ones: np.ndarray
    products: np.ndarray


class _Ways(NamedTuple):
    """Holds means of T, C and D, and of the pairs T T, C C, T C, T D, C D and D D; numbers where all pairs have one."""

    T: np.ndarray | float
    C: np.ndarray | float
    D: np.ndarray | float
    TT: np.ndarray | float
    CC: np.ndarray | float
    TC: np.ndarray | float
    TD: np.ndarray | float
    CD: np.ndarray | float
    DD: np.ndarray | float


_OPEN = _Ways(1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)
"""Of a residual layer."""


class Stretch(NamedTuple):
    """Holds moments of phi'(z) times the part of z that is W h; of pairs they go as those of phi(z) do.

    Attributes
    ----------
    mean
        Of every example, shape (layers, examples).
    own
        The share of z that is W h, shape (layers, examples).
    square, with_inner
        What E[F F] is multiplied by, beside the shares of both examples, or of one: with itself, and with F; (layers,).
    """

    mean: np.ndarray
    own: np.ndarray
    square: np.ndarray
    with_inner: np.ndarray

    def along(self, inner: Signals) -> np.ndarray:
        """Returns the moments with F of every example, shape (layers, examples)."""
        return self.with_inner[:, None] * self.own * inner.own


class _Products(NamedTuple):
    """Holds, of pairs, E[C h C h], E[C h u], E[u u], E[C h C], E[C u] and E[C C]; the first factor is of the row."""

    past: np.ndarray
    past_turn: np.ndarray
    turn: np.ndarray
    past_one: np.ndarray
    one_turn: np.ndarray
    one: np.ndarray | float


def weighing(passed: list[Passed], of: UnitNumbers, below: Signals, above: Signals) -> Weighing:
    """Returns the moments of layers that all have a gate, or all a residual connection.

    Parameters
    ----------
    passed, of
        The layers.
    below, above
        Their h and their h'.
    """
    inner = side_by_side([layer.inner for layer in passed if layer.inner is not None])
    stretch = stretch_of(passed, of, inner)
    gates = [layer.gate for layer in passed if layer.gate is not None]
    ways = _gate_ways(gates) if gates else _OPEN
    X = _products(ways, gates, below, inner, stretch)
    past, turn, one = _rows(ways, below, inner, above, stretch)
    weight = below.mean * per_square(below.own)
    row, column = weight[:, :, None], weight[:, None, :]
    products = np.empty((len(passed), 4, *below.square.shape[1:]))
    wholes, mixed, counts, crossed = products.swapaxes(0, 1)
    np.add(X.past_turn, _turned(X.past_turn), out=crossed)
    np.add(X.past, crossed, out=wholes)
    wholes += X.turn
    np.add(X.past_turn, X.turn, out=mixed)
    mixed *= column
    mixed += X.past_one + _turned(X.one_turn)
    lifted = X.one_turn * column
    np.multiply(X.turn, row * column, out=counts)
    counts += X.one + lifted
    counts += _turned(lifted)
    return Weighing(past, past + turn, one + turn * weight[:, None, :], products)


def _turned(pairs: np.ndarray) -> np.ndarray:
    return pairs.swapaxes(1, 2)


def _outer(row: np.ndarray, column: np.ndarray) -> np.ndarray:
    return row[:, :, None] * column[:, None, :]


def _gate_ways(gates: list[Gate]) -> _Ways:
    opened, closed, both, alike = (
        np.array(pairs)
        for pairs in zip(*((gate.opened, gate.closed, gate.both, gate.alike) for gate in gates), strict=True)
    )
    told = np.array([(gate.mean, gate.turned, gate.turned_open, gate.turned_square) for gate in gates])
    T, D, turned_open, turned_square = told.T[:, :, None, None]
    part, square = T * D, D**2
    opens = part + alike * (turned_open - part)
    turns = square + alike * (turned_square - square)
    return _Ways(T[:, 0], 1.0 - T[:, 0], D[:, 0], opened, closed, both, opens, D - opens, turns)


def _rows(ways: _Ways, below: Signals, inner: Signals, above: Signals, stretch: Stretch) -> np.ndarray:
    """Returns how C h, u and C go with h' and 1, shape (3, layers, 2, examples)."""
    m, F, k = below.mean, inner.mean, stretch.mean
    q, inner_q, k_F = below.own, inner.own, stretch.along(inner)
    TT, CC, TC, TD, CD = (_own(each) for each in (ways.TT, ways.CC, ways.TC, ways.TD, ways.CD))
    found = np.empty((3, len(m), 2, m.shape[1]))
    with_h, alone = found[:, :, 0], found[:, :, 1]
    with_h[0] = TC * m * F + CC * q
    with_h[1] = TT * k_F + TC * k * m + TD * (inner_q - m * F) + CD * (m * F - q)
    with_h[2] = TC * F + CC * m
    alone[0], alone[1], alone[2] = ways.C * m, ways.T * k + ways.D * (F - m), ways.C
    square, mean = above.own, above.mean
    spread = square - mean * mean
    is_flat = spread <= FLAT * square
    with_h -= mean * alone
    with_h /= np.where(is_flat, np.inf, spread)
    alone -= mean * with_h
    return found


def _own(pairs: np.ndarray | float) -> np.ndarray | float:
    """Returns the products of an example with itself."""
    return np.diagonal(pairs, axis1=1, axis2=2) if isinstance(pairs, np.ndarray) else pairs


def _products(ways: _Ways, gates: list[Gate], below: Signals, inner: Signals, stretch: Stretch) -> _Products:
    m, F, k = below.mean, inner.mean, stretch.mean
    past_turn, one_turn = ways.TC * _outer(m, k), ways.TC * k[:, None, :]
    turn = ways.TT * (inner.square * _outer(stretch.square[:, None] * stretch.own, stretch.own))
    if gates:
        past_turn += ways.CD * (_outer(m, F) - below.square)
        one_turn += ways.CD * (F - m)[:, None, :]
        with_inner = inner.square * (stretch.with_inner[:, None] * stretch.own)[:, None, :]
        mixed = ways.TD * (with_inner - _outer(k, m))
        turn += ways.DD * np.array([gate.apart for gate in gates]) + mixed + _turned(mixed)
    return _Products(ways.CC * below.square, past_turn, turn, ways.CC * m[:, :, None], one_turn, ways.CC)


def stretch_of(passed: list[Passed], of: UnitNumbers, inner: Signals) -> Stretch:
    """Returns the moments of phi'(z) W h of layers with a skip connection, whose F are `inner`."""
    # behind a normalisation the size of W h does not count
    counts = np.array([layer.scale is None for layer in passed], float)
    q, biases = np.array([layer.q for layer in passed]), np.array([layer.start.bias for layer in passed])
    arguments = np.array([layer.argument.diagonal() for layer in passed])
    own = 1.0 - biases[:, None] / np.maximum(arguments, _TINY)
    at, square = of.at, np.maximum(of.at.square, _TINY)
    alone = counts * q * (at.slope_square + 2.0 * q * at.slope_growth) / square
    with_inner = counts * q * (at.slope_square + at.curvature) / square
    relative = np.sqrt(inner.own / np.maximum(inner.own.mean(axis=1, keepdims=True), _TINY))
    return Stretch((counts * of.odd.stretch)[:, None] * relative * own, own, alone, with_inner)
