"""Runs of layers with skip connections at once: of two examples they take five numbers down.

Residual layers have equations of their own (`vgdesk.theory.residual_at_once`); these are of gates.

Of examples a and b let S be H and D = (D_ss, D_st, D_ts, D_tt) of `vgdesk.theory.carried`. As long as no bound of
`vgdesk.theory.carried_bounds` is met, all that a layer does to them is linear, and concerns no other pair of examples.
With X the products, p and w the rows of C h and C h + u, R those of w and of C + u E[h] / E[h^2] together,

    O  = past H + (W's own) H + (what W'phi' and C keep of the part unevenly) D       the sums below, before D's share
    H' = O + shared (X_u H + (w w - p p) D)
    D' = X H + R R D + (0, 0, 0, undirected (O - past H)) - (h h, h 1, 1 h, 1) H'

where all but H and D hangs on the way forwards alone, and is had for all layers and pairs together; R R D takes both
examples' factors one after the other. Pairs are symmetric, so half of them are looked at: the last axis of arrays.

Where products of two examples come to the bound that their own set, they are held there on the way down. Where an
example's own come to one, or batch norm mixes the pairs, layers go down one by one (`vgdesk.theory.carried_way`).
"""

import numpy as np

from vgdesk.theory.carried import Carrying
from vgdesk.theory.carried_bounds import LEAST_LEFT
from vgdesk.theory.carried_pairs import LayersOfPairs, layers_of_pairs
from vgdesk.theory.carried_way import CarriedRun
from vgdesk.theory.example_pairs import BEYOND, Half, half_of
from vgdesk.theory.residual_at_once import residual_at_once
from vgdesk.theory.run_below import RunBelow
from vgdesk.theory.signals import BatchScale


def at_once(run: CarriedRun, H: np.ndarray, along: np.ndarray | None, is_held: bool = False) -> RunBelow | None:
    """Takes a gradient through the layers; None where they have to be taken one by one. `run` is told of the part.

    Parameters
    ----------
    H, along
        The sums of dL/dh_a dL/dh_b above, and D there.
    is_held
        Whether products of two examples have come to their bounds in the run above.
    """
    if run.passed[0].inner is None or any(isinstance(layer.scale, BatchScale) for layer in run.passed):
        return None
    with np.errstate(all="ignore"):
        if run.passed[0].gate is None:
            return residual_at_once(run, H, along, is_held)
        return _gates_at_once(run, H, along, is_held)


def _gates_at_once(run: CarriedRun, H: np.ndarray, along: np.ndarray | None, is_held: bool) -> RunBelow | None:
    carries, closed, half = run.carrying, run.uneven.closed, half_of(len(H))
    if carries is None or closed is None:
        return None
    layers = layers_of_pairs(run, carries, closed, half)
    S = np.zeros((5, len(run.passed) + 1, len(half.place)))
    S[0, -1] = half.of(H)
    if along is not None:
        S[1:, -1] = half.of(along.transpose(1, 2, 0, 3)).reshape(4, -1)
    if not is_held:
        _down(layers, S)
        is_held = not _is_within_bounds(half, layers, S)
    if is_held:
        _down(layers, S, half)
    delta, part = _weighed(layers.delta, S[:, 1:]), _weighed(layers.part, S[1:, 1:])
    if not _is_first_order(run, carries, half, layers, S, delta, part):
        return None
    delta = half.between(delta)
    run.wholes[:], run.gradients[:] = half.whole(part), half.whole(S[0, 1:])
    D = np.triu(half.whole(S[1:, 0])) + np.tril(half.whole(S[[1, 3, 2, 4], 0]), -1)
    return RunBelow(
        S[0, 1:, half.own].T,
        S[0, :-1, half.own].sum(axis=0),
        delta,
        half.whole(S[0, 0]),
        D.reshape(2, 2, *H.shape).transpose(2, 0, 1, 3).copy(),
        is_held,
    )


def _down(layers: LayersOfPairs, S: np.ndarray, half: Half | None = None) -> None:
    """Fills S of every layer from the last one, what comes from above.

    With `half`, no product of two examples is left larger than theirs.
    """
    pairs = S.shape[-1]
    told, along = np.empty((5, pairs)), np.empty((4, pairs))
    two, one = np.empty((2, 2, 2, pairs)), np.empty((2, 2, pairs))
    for place in range(S.shape[1] - 2, -1, -1):
        above, H, D = S[:, place + 1], S[0, place], S[1:, place]
        np.multiply(layers.below[:, place], above, out=told)
        np.add.reduce(told, axis=0, out=H)
        # R D R: the first example's factors, then the second one's
        np.multiply(layers.rows[:, :, None, place], above[1:].reshape(2, 2, pairs), out=two)
        np.add(two[:, 0], two[:, 1], out=one)
        np.multiply(one[:, None], layers.columns[:, :, place], out=two)
        np.add(two[:, :, 0], two[:, :, 1], out=one)
        np.multiply(layers.along[:, place], above[0], out=D)
        D += one.reshape(4, pairs)
        np.multiply(layers.own[:, place], above, out=told)
        D[3] += np.add.reduce(told, axis=0, out=one[0, 0])
        if half is not None:
            onward = np.add.reduce(layers.onward[:, place] * above)
            lost = half.between(onward) - onward
            H[:] = half.between(H + lost)
            D[3] += lost * layers.undirected[place]
        np.multiply(layers.signals[:, place], H, out=along)
        D -= along


def _weighed(rows: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.einsum("jlx,jlx->lx", rows, found)


def _is_within_bounds(half: Half, layers: LayersOfPairs, S: np.ndarray) -> bool:
    """Whether no product of two examples' dL/dh is larger than theirs, also before D's share in it."""
    onward = _weighed(layers.onward, S[:, 1:])
    return half.is_between(onward) and half.is_between(S[0, :-1])


def _is_first_order(
    run: CarriedRun,
    carries: Carrying,
    half: Half,
    layers: LayersOfPairs,
    S: np.ndarray,
    delta: np.ndarray,
    part: np.ndarray,
) -> bool:
    """Whether every example's own numbers are within the bounds of `vgdesk.theory.carried_bounds`, and are numbers."""
    of, below = half.own, carries.below.own
    above, found = S[:, 1:, of], S[:, :-1, of]
    own, left = above[0], found[0]
    onward = _weighed(layers.onward[:, :, of], above)
    for some, alone in (
        (delta[:, of], layers.delta[0][:, of] * own),
        (onward, layers.onward[0][:, of] * own),
        (left, onward),
    ):
        if not np.all(some >= LEAST_LEFT * alone):
            return False
    largest = np.maximum(part[:, of], np.abs(_weighed(layers.squares[:, :, of], above[1:])))
    powers = np.array([2 * (side[1] - layer.given) for side, layer in zip(run.exponents, run.passed, strict=True)])
    most = left * carries.widths[:, None]
    sizes, counts = found[1] * np.ldexp(1.0, powers)[:, None] + left * below, found[4] + left
    is_less = (largest <= own * BEYOND) & (sizes <= most * below * BEYOND) & (counts <= most * BEYOND)
    return bool(np.all(is_less & (sizes >= 0.0) & (counts >= 0.0)))
