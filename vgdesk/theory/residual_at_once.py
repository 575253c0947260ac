"""Takes a gradient down a run of residual layers at once: the recursion of `vgdesk.theory.carried_residual`.

S of every layer is H and E = (alpha alpha, alpha t, t alpha, t t) of every pair of examples. What is asked of it is as
in `vgdesk.theory.carried_at_once`: products of two examples are held at their bounds, where an example's own come to
one, layers go down one by one.
"""

import numpy as np

from vgdesk.theory.carried import in_units
from vgdesk.theory.carried_bounds import LEAST_LEFT
from vgdesk.theory.carried_residual import ResidualLayers, inverse_spread, residual_layers
from vgdesk.theory.carried_units import Signals
from vgdesk.theory.carried_way import CarriedRun
from vgdesk.theory.example_pairs import BEYOND, Half, half_of
from vgdesk.theory.run_below import RunBelow


def residual_at_once(run: CarriedRun, H: np.ndarray, along: np.ndarray | None, is_held: bool) -> RunBelow | None:
    """Takes a gradient through residual layers; as `vgdesk.theory.carried_at_once.at_once`."""
    half = half_of(len(H))
    layers = residual_layers(run, half)
    S = np.zeros((len(run.passed) + 1, 5, half.pairs))
    S[-1, 0] = S[-1, 4] = half.of(H)
    if along is not None:
        D = in_units(along, run.exponents[-1][0], run.passed[-1].given)
        _start(_at(run.above, -1), half, D, S[-1])
    delta, onward = np.empty((2, len(run.passed), half.pairs))
    if not is_held:
        _down(layers, S, delta, onward)
        is_held = not (half.is_between(onward) and half.is_between(S[:-1, 0]))
    if is_held:
        _down(layers, S, delta, onward, half)
    # alpha alpha Cov(h, h) + t t, where t t is less what independence gives
    part, rest = layers.above * S[1:, 1], S[1:, 4] - S[1:, 0]
    part += rest if layers.unlike is None else rest * layers.unlike[:, 0]
    part /= run.widths[:, None]
    if not _is_first_order(run, layers, half, S, delta, onward, part):
        return None
    delta = half.between(delta)
    run.wholes[:], run.gradients[:] = half.whole(part), half.whole(S[1:, 0])
    D = _end(_at(run.below, 0), half, S[0])
    states = S[:, 0].take(half.own, axis=1)
    return RunBelow(
        states[1:],
        states[:-1].sum(axis=1),
        delta,
        half.whole(S[0, 0]),
        in_units(D, run.passed[0].given, run.exponents[0][1]),
        is_held,
    )


def _at(signals: Signals, place: int) -> Signals:
    """Returns the signals of one layer, still with a first axis."""
    return Signals(signals.square[place][None], signals.mean[place][None])


def _start(above: Signals, half: Half, D: np.ndarray, S: np.ndarray) -> None:
    """Adds D of (s, t), s = v alpha + m t, to the uppermost S."""
    (m_a, i_a), (m_b, i_b) = half.both(np.concatenate([above.mean, inverse_spread(above)]))
    ss, st, ts, tt = (half.of(D[:, i, :, :].swapaxes(0, 1)[j]) for i in range(2) for j in range(2))
    S[1] = (ss - m_b * st - m_a * ts + m_a * m_b * tt) * i_a * i_b
    S[2], S[3] = (st - m_a * tt) * i_a, (ts - m_b * tt) * i_b
    S[4] += tt


def _end(below: Signals, half: Half, S: np.ndarray) -> np.ndarray:
    """Returns D of (s, t) below the lowest layer, the inverse of `_start`."""
    (m_a, v_a), (m_b, v_b) = half.both(np.concatenate([below.mean, below.own - below.mean**2]))
    _, aa, at, ta, _ = S
    tt = S[4] - S[0]
    st, ts = v_a * at + m_a * tt, v_b * ta + m_b * tt
    ss = v_a * (v_b * aa + m_b * at) + m_a * ts
    examples = len(half.own)
    D = np.empty((examples, 2, 2, examples))
    D[:, 0, 0], D[:, 1, 1] = half.whole(ss), half.whole(tt)
    # of pairs a > b the first example's s is the second one's here
    D[:, 0, 1] = np.triu(half.whole(st)) + np.tril(half.whole(ts), -1)
    D[:, 1, 0] = D[:, 0, 1].T
    return D


def _down(
    layers: ResidualLayers, S: np.ndarray, delta: np.ndarray, onward: np.ndarray, half: Half | None = None
) -> None:
    """Fills S of every layer from the last one, what comes from above, `delta` and the sums below before D's share.

    With `half`, no product of two examples is left larger than theirs.
    """
    pairs = S.shape[-1]
    z, dH = np.empty((2, pairs))
    eight, passed_on = np.empty((2, 2, 2, pairs)), np.empty((2, 2, pairs))
    five, two = np.empty((5, pairs)), np.empty((2, pairs))
    four = five[:4]
    for place in range(len(S) - 2, -1, -1):
        above, below = S[place + 1], S[place]
        H, E = above[0], above[1:]
        if layers.unlike is not None:
            E[:3] *= layers.unlike[place]
        # A E A of both examples, the first one's before the second one's
        np.multiply(layers.first[place][:, :, None], E.reshape(2, 1, 2, pairs), out=eight)
        np.add(eight[0], eight[1], out=passed_on)
        np.multiply(passed_on.swapaxes(0, 1)[:, :, None], layers.second[place][:, None], out=eight)
        found = below[1:]
        np.add(eight[0], eight[1], out=found.reshape(2, 2, pairs))
        np.multiply(layers.turned[place], H, out=four)
        found += four
        # what has come through W
        np.multiply(layers.through[place], above[:4], out=four)
        np.add(four[:2], four[2:], out=two)
        np.add(two[0], two[1], out=delta[place])
        np.multiply(delta[place], layers.weights[place], out=z)
        np.add(H, z, out=onward[place])
        if half is not None:
            z += half.between(onward[place]) - onward[place]
        np.multiply(layers.undirected[place], z, out=four)
        found += four
        # and D's share in dL/dh below
        np.multiply(layers.along[place], above, out=five)
        np.add(five[:2], five[2:4], out=two)
        np.add(two[0], two[1], out=dH)
        dH += five[4]
        dH += z
        np.add(H, dH, out=below[0])
        if half is not None:
            below[0] = half.between(below[0])
            np.subtract(below[0], H, out=dH)
        dH *= layers.likeness[place]
        found[0] -= dH
        if layers.units[place] != 1.0:
            # alpha alpha, alpha t and t alpha
            found[:3] *= layers.units[place]
            found[0] *= layers.units[place]


def _is_first_order(
    run: CarriedRun,
    layers: ResidualLayers,
    half: Half,
    S: np.ndarray,
    delta: np.ndarray,
    onward: np.ndarray,
    part: np.ndarray,
) -> bool:
    """Whether every example's own numbers are within the bounds of `vgdesk.theory.carried_bounds`, and are numbers."""
    own, squares = S.take(half.own, axis=-1), run.above.own
    H, left = own[1:, 0], own[:-1, 0]
    alone = layers.through[:, 0].take(half.own, axis=-1) * H
    by_weights = H + np.array(layers.weights)[:, None] * alone
    onward = onward.take(half.own, axis=-1)
    lost = ((delta.take(half.own, axis=-1), alone), (onward, by_weights), (left, onward))
    if not all(np.all(some >= LEAST_LEFT * whole) for some, whole in lost):
        return False
    largest = np.maximum(part.take(half.own, axis=-1), np.abs(squares * own[1:, 1]) / run.widths[:, None])
    # of the signals below, in the units of the layer that gives them
    m, q = np.append(run.below.mean[:1], run.above.mean[:-1], 0), np.append(run.below.own[:1], squares[:-1], 0)
    v, (aa, at, tt) = q - m * m, own[:-1, [1, 2, 4]].swapaxes(0, 1)
    # s = v alpha + m t, of which E says what independence, H, does not
    sizes, most = v * (v * aa + 2.0 * m * at) + m * m * (tt - left) + left * q, left * run.widths[:, None]
    is_less = (largest <= H * BEYOND) & (sizes <= most * q * BEYOND) & (tt <= most * BEYOND)
    return bool(np.all(is_less & (sizes >= 0.0) & (tt >= 0.0)))
