"""Runs of residual layers at once: what is along the signal passes them unchanged, but for what W adds to it.

Of h' = h + F, F = phi(W h), let m, v and q be mean, variance and E[h^2] over the units, those of h' with a prime, and
let the part of g = dL/dh that goes with its signal be alpha (h - m) + t in every unit, over N:

    alpha = sum_i g_i (h_i - m) / v        t = sum_i g_i

A larger h moves F by u = phi'(z) z, and a row of W is z h / |h|^2 and what is independent of h, so with U = sum g' u

    alpha = alpha' + U / q        t = t' + m U / q + what has no direction

where by least squares over units U = c alpha' + k t' + rest, c = Cov(u, F), k = E[u]. So of two examples a and b, with
E of alpha alpha, alpha t, t alpha, t t (but for the last without what independence gives) and S = E[phi'_a phi'_b],

    V  = U_a with alpha_b, t_b = c_a E_1 + k_a E_2        V' = alpha_a, t_a with U_b       UU = c_b V_1 + k_b V_2
    z  = sigma_w^2 S (H + what phi' keeps of the part unevenly)                            what has come through W
    dH = z + Q / (N q_a q_b) (UU - k_a k_b H + (v_a V'_1 + m_a V'_2) + (v_b V_1 + m_b V_2))
    H  = H' + dH

takes H = sum g_a g_b down; the products of alpha and t have dH less the likeness of h_a and h_b, as D has in
`vgdesk.theory.carried`, whose equations these are.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.carried_bounds import per_square
from vgdesk.theory.carried_units import FLAT, Signals, Stretch, side_by_side, stretch_of
from vgdesk.theory.carried_way import CarriedRun
from vgdesk.theory.example_pairs import Half
from vgdesk.theory.layers import dropout_factors


class ResidualLayers(NamedTuple):
    """Holds what residual layers make of H and E, of every pair; the first axis counts layers, the last one pairs.

    Attributes
    ----------
    first, second
        What of alpha' and of t' is in alpha and in t, of the first and of the second example: (layers, 2, 2, pairs).
    along
        What of H and of E is in dH beside z: (layers, 5, pairs).
    through
        What of H, E_11, E_12 and E_21 is in the sums of dL/dz_a dL/dz_b: (layers, 4, pairs).
    weights
        sigma_w^2 over what else a normalisation has divided by.
    turned, undirected
        What of H is in E below beyond that, for u is no multiple of its mean, and what of z, for it has no direction:
        (layers, 4, pairs).
    likeness
        Covariance of h_a and h_b over v_a v_b.
    above
        What of E_11 is in the part of the gradient above: covariance of h'_a and h'_b.
    unlike
        For both, the first and the second example whether units differ above, 1 or 0: nothing goes with what is the
        same; (layers, 3, pairs), None where all do.
    units
        What alpha is multiplied by below a layer, for the next one's signal is in other units.
    """

    first: np.ndarray
    second: np.ndarray
    along: np.ndarray
    through: np.ndarray
    weights: list[float]
    turned: np.ndarray
    undirected: np.ndarray
    likeness: np.ndarray
    above: np.ndarray
    unlike: np.ndarray | None
    units: list[float]


class _Side(NamedTuple):
    """Holds numbers of one example of every pair.

    `steps` are what of alpha' and of t' is in alpha and t, `whole` and `past` how h + u and h go with them, over q;
    `turn` and `share` k and the share of z that is W h, over q; `lift` m where the signal has a direction; `inverse`
    and `less` 1 / v and -m / v.
    """

    steps: np.ndarray
    whole: np.ndarray
    past: np.ndarray
    turn: np.ndarray
    share: np.ndarray
    lift: np.ndarray
    inverse: np.ndarray
    less: np.ndarray


def residual_layers(run: CarriedRun, half: Half) -> ResidualLayers:
    """Returns what the layers of a run make of H and E."""
    inner = side_by_side([layer.inner for layer in run.passed if layer.inner is not None])
    stretch = stretch_of(run.passed, run.numbers, inner)
    a, b = _sides(run, stretch, inner, half)
    Q, lone = half.of(run.below.square), a.turn * b.turn
    turned = half.of(inner.square)
    turned *= a.share
    turned *= stretch.square[:, None] * b.share
    turned -= lone
    likeness = Q * a.inverse
    likeness *= b.inverse
    likeness -= a.less * b.less
    # what has no direction along h has t, and so as much less of alpha
    undirected = Q * a.past[:, 1]
    undirected *= -b.past[:, 1]
    undirected += 1.0
    through, above, unlike = _through(run, half)
    return ResidualLayers(
        a.steps.reshape(len(Q), 2, 2, -1),
        b.steps.reshape(len(Q), 2, 2, -1),
        _along(run, half, Q, lone, (a, b)),
        through,
        [layer.start.weight * 4.0**-layer.divided for layer in run.passed],
        _outer(turned, a.lift, b.lift),
        _outer(undirected, a.less, b.less)[:, ::-1],
        likeness,
        above,
        unlike,
        _units(run),
    )


def _sides(run: CarriedRun, stretch: Stretch, inner: Signals, half: Half) -> tuple[_Side, _Side]:
    m, per = run.below.mean, per_square(run.below.own)
    is_heard, inverse = per > 0.0, inverse_spread(run.below)
    # alpha of examples without a direction has their U over v, and t has nothing of it
    step, lift = np.where(is_heard, per, inverse), np.where(is_heard, m, 0.0)
    k = stretch.mean * step
    c = (stretch.along(inner) - stretch.mean * inner.mean) * step
    x, y = (run.below.own - m * m) * per, m * per
    told = 1.0 + c, lift * c, k, 1.0 + lift * k, c + x, k + y, x, y, k, stretch.own * step, lift, inverse, -m * inverse
    first, second = (
        _Side(side[:, :4], side[:, 4:6], side[:, 6:8], *side[:, 8:].swapaxes(0, 1))
        for side in half.both(np.stack(told, axis=1))
    )
    return first, second


def _along(run: CarriedRun, half: Half, Q: np.ndarray, lone: np.ndarray, sides: tuple[_Side, _Side]) -> np.ndarray:
    """Returns what is in dH beside z: (h + u)(h + u) is more than h h, but for u u without D."""
    a, b = sides
    shared = Q / run.widths[:, None]
    is_heard = per_square(run.below.own) > 0.0
    if not is_heard.all():
        heard_a, heard_b = half.both(is_heard)
        shared *= heard_a & heard_b
    along = np.empty((len(Q), 5, half.pairs))
    np.multiply(shared, -lone, out=along[:, 0])
    of_E = along[:, 1:].reshape(len(Q), 2, 2, half.pairs)
    np.multiply(a.whole[:, :, None], b.whole[:, None], out=of_E)
    of_E -= a.past[:, :, None] * b.past[:, None]
    of_E *= shared[:, None, None]
    return along


def _outer(products: np.ndarray, of_a: np.ndarray, of_b: np.ndarray) -> np.ndarray:
    """Returns products of two examples times (1, a) of the one and (1, b) of the other, shape (layers, 4, pairs)."""
    found = np.empty((len(products), 4, products.shape[1]))
    found[:, 0] = products
    np.multiply(products, of_b, out=found[:, 1])
    np.multiply(products, of_a, out=found[:, 2])
    np.multiply(found[:, 1], of_a, out=found[:, 3])
    return found


def _units(run: CarriedRun) -> list[float]:
    """Returns what alpha is multiplied by: 2^(given - given') of two neighbours."""
    given = np.array([layer.given for layer in run.passed])
    return [1.0, *np.ldexp(1.0, given[:-1] - given[1:]).tolist()]


def inverse_spread(signals: Signals) -> np.ndarray:
    """Returns 1 / v; 0 where units are alike, with which nothing can go."""
    own = signals.own
    v = own - signals.mean * signals.mean
    is_flat = v <= FLAT * own
    return np.where(is_flat, 0.0, 1.0) / np.where(is_flat, 1.0, v)


def _through(run: CarriedRun, half: Half) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Returns `through`, `above` and `unlike` of the layers.

    The part is alpha h' + (t - alpha m'), of which phi' keeps alpha h' by one power and its product with the rest by
    another (`vgdesk.theory.carried_part`).
    """
    S = half.of(np.array([layer.slopes for layer in run.passed if layer.slopes is not None]))
    Q, (m_a, m_b) = half.of(run.above.square), half.both(run.above.mean)
    squares, mixed = (run.powers[:, power, None] / run.widths[:, None] for power in (0, 1))
    through = np.empty((len(S), 4, S.shape[1]))
    alone, by_alpha, first, second = through.swapaxes(0, 1)
    means = m_a * m_b
    np.multiply(Q, squares, out=by_alpha)
    by_alpha -= 2.0 * mixed * means
    by_alpha *= S
    np.multiply(S, mixed, out=first)
    np.multiply(first, m_b, out=second)
    first *= m_a
    alone[:] = S
    for here, layer in enumerate(run.passed):
        if run.dropouts[here]:
            alone[here] *= half.of(dropout_factors(run.above.mean.shape[1], run.dropouts[here]))
        if isinstance(layer.scale, np.ndarray):
            alone[here] *= half.of(layer.scale)
    differ = np.sign(inverse_spread(run.above))
    if differ.all():
        return through, Q - means, None
    of_a, of_b = half.both(differ)
    first *= of_b
    second *= of_a
    return through, Q - means, np.stack([of_a * of_b, of_a, of_b], axis=1)
