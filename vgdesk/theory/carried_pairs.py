"""What layers with a gate make of H and D of two examples: numbers that hang on the way forwards alone.

They are those of `vgdesk.theory.carried_at_once`, of all layers of a run and all pairs of examples together.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.carried import Carrying
from vgdesk.theory.carried_way import CarriedRun
from vgdesk.theory.example_pairs import Half
from vgdesk.theory.layers import dropout_factors


class LayersOfPairs(NamedTuple):
    """Holds what layers make of S, of every pair; the last two axes count the layers and the pairs.

    Attributes
    ----------
    below, delta, onward
        What of S is in H', in the sums of dL/dz_a dL/dz_b, and in the sums below before D's share in them: (5, ..).
    part, squares
        What of D is in the part of `vgdesk.theory.carried_part`, and in that of alpha h alone: (4, ..).
    rows, columns
        (a, b) of C h + u and C + u E[h] / E[h^2], of the first and of the second example: (2, 2, ..).
    along, signals
        What of H, and less what of H', is in D': (4, ..).
    undirected
        What of the sums below has no direction in D_tt', and the same of S without what passes the weights: (5, ..).
    """

    below: np.ndarray
    delta: np.ndarray
    onward: np.ndarray
    part: np.ndarray
    squares: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    along: np.ndarray
    signals: np.ndarray
    undirected: np.ndarray
    own: np.ndarray


def layers_of_pairs(run: CarriedRun, carries: Carrying, closed: np.ndarray, half: Half) -> LayersOfPairs:
    """Returns what the layers of a run make of H and D; it has `carries` and `closed`, for all of them have a gate."""
    count, pairs = len(run.passed), len(half.place)
    _, _, _, past, whole, ones, _ = (row.swapaxes(0, 1) for row in run.asked[0])
    rows, columns = half.both(np.stack([whole, ones]))
    passing = half.of(closed)
    alone, by_gate = _alone(run, half)
    weight = np.array([layer.start.weight for layer in run.passed])[:, None]
    size = np.array([4.0**-layer.divided for layer in run.passed])[:, None]
    delta, onward, below = (np.empty((5, count, pairs)) for _ in range(3))
    delta[0] = alone
    part, squares, unevenly = _part(run, passing, half, delta[1:])
    shared, undirected = half.of(carries.shared), half.of(carries.undirected)
    np.multiply(weight, delta, out=onward)
    onward[0] *= size
    onward[0] += by_gate
    onward[1:] += unevenly
    own = undirected * onward
    onward[0] += passing
    # (C h + u)(C h + u) is more than C h C h, of which the gradient that passes W knows
    below[0] = half.of(carries.products[:, 3])
    _products(rows[0], columns[0], below[1:])
    along = np.empty((4, count, pairs))
    below[1:] -= _products(*half.both(past), along)
    below *= shared
    below += onward
    for number, (product, is_mirrored) in enumerate(((0, False), (1, False), (1, True), (2, False))):
        along[number] = half.of(carries.products[:, product], is_mirrored)
    signals = np.ones_like(along)
    signals[0] = half.of(carries.below.square)
    signals[1], signals[2] = half.both(carries.below.mean)
    found = LayersOfPairs(below, delta, onward, part, squares, rows, columns, along, signals, undirected, own)
    return _in_units(run, found)


def _products(rows: np.ndarray, columns: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Returns what of D, (ss, st, ts, tt), is in a product of two sums a s + b t: shape (4, layers, pairs)."""
    np.multiply(rows[:, None], columns[None], out=out.reshape(2, 2, *out.shape[1:]))
    return out


def _part(
    run: CarriedRun, closed: np.ndarray, half: Half, through: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns what of D is in the part and in alpha alpha alone, and what goes past phi' unevenly; fills `through`."""
    signs, (alpha, beta) = run.uneven, (row.swapaxes(0, 1) for row in run.asked[0][:2])
    (A, B, C), (a, b, c) = half.both(np.stack([alpha, beta, alpha * signs.mean]))
    squares, mixed, part, more = (np.empty_like(through) for _ in range(4))
    _products(A, a, squares)
    squares *= half.of(signs.square)
    _products(C, b, mixed)
    mixed += _products(B, c, more)
    _products(B, b, part)
    part += squares
    part += mixed
    powers, opened = np.array(signs.powers).T[:, :, None], half.of(signs.opened)
    np.multiply(squares, opened * powers[0], out=through)
    through += np.multiply(mixed, opened * powers[1], out=more)
    mixed *= closed * powers[3]
    mixed += np.multiply(squares, closed * powers[2], out=more)
    return part, squares, mixed


def _alone(run: CarriedRun, half: Half) -> tuple[np.ndarray, np.ndarray]:
    """Returns what independence makes of H: in delta, and by a gate's own weights."""
    own = half.of(run.uneven.opened)
    for here, layer in enumerate(run.passed):
        if run.dropouts[here]:
            own[here] *= half.of(dropout_factors(len(run.uneven.mean[here]), run.dropouts[here]))
        if isinstance(layer.scale, np.ndarray):
            own[here] *= half.of(layer.scale)
    gates = [layer.gate for layer in run.passed if layer.gate is not None]
    weight = np.array([layer.start.weight for layer in run.passed])[:, None]
    turning = half.of(np.array([gate.slopes * gate.apart for gate in gates]))
    return own, weight * turning


def _in_units(run: CarriedRun, layers: LayersOfPairs) -> LayersOfPairs:
    """Returns the same for D in units of the signals that are given down, which beyond float64 are not phi's own."""
    given = np.array([layer.given for layer in run.passed])
    above, below = (np.array(side) for side in zip(*run.exponents, strict=True))
    if np.array_equal(above, given) and np.array_equal(below, given):
        return layers
    powers = np.array([2, 1, 1, 0])
    taken, told = (np.ldexp(1.0, powers[:, None] * by)[:, :, None] for by in (above - given, given - below))
    for rows in (layers.below, layers.delta, layers.onward, layers.own):
        rows[1:] *= taken
    for rows in (layers.part, layers.squares):
        rows *= taken
    for rows in (layers.along, layers.signals):
        rows *= told
    for sides in (layers.rows, layers.columns):
        sides[0] *= told[1]
        sides[:, 0] *= taken[1]
    return layers
