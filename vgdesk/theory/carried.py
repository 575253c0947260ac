"""What a gradient keeps along the signal, where a highway carries both past the weights.

Mean field takes gradients and signals as independent: of g = dL/dh, the part along h is then one direction in N. Of
layers that carry h on it is more, for that part fades the slower. dL/dh . h is the gradient by the size of h, which a
layer whose gate stands still and whose phi is a straight line on either side of 0 passes on whole,

    h' = T F + C h,    T = sigmoid(y),    C = 1 - T          F = phi(z),  z = W h,  y - b_T = W_T h
    g . h = sum_i g'_i (C_i h_i + u_i),      u = T phi'(z) z + T'(y) (F - h) (y - b_T)

while |h|^2 grows downwards less than the rest of |g|^2 falls, if F and h have means of one sign, as behind ReLU. Given
z and y, a row of W is E[W_i | z_i] = z_i h / |h|^2 and something independent of h (z_i falls by the share that biases
have in it, and is 0 behind a normalisation, which knows no size). So of a layer below

    g = C g' + (u . g') h / |h|^2 + what has no direction

The sums over units that matter are s = g . h and t = g . 1, for units are alike but for their h:

    s = sum_i g'_i (C h + u)_i          t = sum_i g'_i (C + u E[h] / E[h^2])_i + what has no direction

and each v of C h, u, C goes with h' as v = a h' + b + rest: sum_i g'_i v_i = a s' + b t' + sum_i g'_i rest_i.
For G_ab = E[g_a . g_b] over seeds and D = E[(s, t)(s, t)^T] - G E[(h, 1)(h, 1)^T], what the gradient has along (h, 1)
more than along any direction, and with R the rows (a, b) of (C h, u, C), X their second moments and P their sums,

    Y  = R D' R^T + G' X                          D = P (Y + ...) P^T - G E[(h, 1)(h, 1)^T]
    G  = what independence gives + (R D' R^T)_uu / (N E[h^2]) + 2 Y_(Ch)u / (N E[h^2])

D starts at 0 and is of the order of G, so that it counts as depth over width, as the band does, times what the
remainder has lost meanwhile. Own derivation; the layer is that of Srivastava, Greff & Schmidhuber 2015, eq. 3, the
means are those that Yang & Schoenholz 2017 ("Mean field residual networks", section 3) follow forwards.

Products of two examples have T' (y - b_T) by the first two terms of its Hermite series, which is nearly a line.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import phi_of
from vgdesk.theory.moments import SMALLEST_VARIANCE
from vgdesk.theory.pairs import PairSeries
from vgdesk.theory.quadrature import gaussian_nodes
from vgdesk.theory.sigmoid_gate import Gate
from vgdesk.theory.signals import Passed, Signal
from vgdesk.theory.units import Pairs

_TINY = 1e-300
_FLAT = 1e-9
"""Share of E[h^2] below which the units of a layer count as equal."""


class Along(NamedTuple):
    """Is D of s and s, s and t, t and t, over the mean of E[|g_a|^2]; each of shape (examples, examples)."""

    ss: np.ndarray
    st: np.ndarray
    tt: np.ndarray


class _Stretch(NamedTuple):
    """Says what phi'(z) times the share of z that is W h is like: its mean, and of pairs, alone and with F."""

    mean: np.ndarray
    square: np.ndarray
    with_inner: np.ndarray


def carried_down(
    passed: Passed, above: Signal, width: int, H: np.ndarray, onward: np.ndarray, along: Along | None
) -> tuple[np.ndarray, Along | None]:
    """Takes D through a layer; returns the sums of dL/dh_a dL/dh_b below with what D makes of them, and D there.

    Parameters
    ----------
    passed
        The layer; without a highway's gate it forgets D, for which None stands.
    above
        The signal it gives.
    width
        Its units, as many as below.
    H, along
        Sums of dL/dh_a dL/dh_b of the layer, and its D.
    onward
        The sums below, as far as gradients and signals are independent.
    """
    gate, inner, below = passed.gate, passed.inner, passed.below
    if gate is None or inner is None:
        return onward, None
    stretch = _stretch(passed, inner)
    rows = _rows(gate, below, inner, above, stretch)
    kept = _kept(rows, along) * _size(H) if along else np.zeros((3, 3, *H.shape))
    Y = kept + H * _products(gate, below, inner, stretch)
    scale = 1.0 / np.maximum(below.square.diagonal(), _TINY)
    # of a direction along h_a, what is along h_b
    shared = below.square * np.outer(scale, scale)
    found = onward + (kept[1, 1] + Y[0, 1] + Y[1, 0]) * shared / width
    weight = below.mean * scale
    s = Y[0] + Y[1]
    t = Y[2] + weight[:, None] * Y[1]
    undirected = (onward - H * gate.closed) * (1.0 - shared * np.outer(below.mean, below.mean))
    left = 1.0 / max(_size(found), _TINY)
    return found, Along(
        left * (s[0] + s[1] - found * below.square),
        left * (s[2] + s[1] * weight - found * below.mean[:, None]),
        left * (t[2] + t[1] * weight + undirected - found),
    )


def _size(G: np.ndarray) -> float:
    """Returns the mean over the examples of E[|g_a|^2]."""
    return float(G.trace()) / len(G)


def _kept(rows: np.ndarray, along: Along) -> np.ndarray:
    """Returns R D R^T, shape (3, 3, examples, examples)."""
    left = rows[..., None]
    on_h = left[:, 0] * along.ss + left[:, 1] * along.st.T
    on_one = left[:, 0] * along.st + left[:, 1] * along.tt
    right = rows[:, :, None]
    return on_h[:, None] * right[:, 0] + on_one[:, None] * right[:, 1]


def _rows(gate: Gate, below: Signal, inner: Signal, above: Signal, stretch: _Stretch) -> np.ndarray:
    """Returns R of every example, shape (3, 2, examples): how C h, u and C go with h' and 1 over the units."""
    m, F, k = below.mean, inner.mean, stretch.mean
    q, inner_q, k_F = below.square.diagonal(), inner.square.diagonal(), stretch.with_inner.diagonal()
    opened, closed, both = gate.opened.diagonal(), gate.closed.diagonal(), gate.both.diagonal()
    turned_closed = gate.turned - gate.turned_open
    with_h = np.stack(
        [
            both * m * F + closed * q,
            opened * k_F + both * k * m + gate.turned_open * (inner_q - m * F) + turned_closed * (m * F - q),
            both * F + closed * m,
        ]
    )
    alone = np.stack([(1.0 - gate.mean) * m, gate.mean * k + gate.turned * (F - m), np.full(len(m), 1.0 - gate.mean)])
    square, mean = above.square.diagonal(), above.mean
    spread = square - mean * mean
    is_flat = spread <= _FLAT * square
    on_h = np.where(is_flat, 0.0, (with_h - mean * alone) / np.where(is_flat, 1.0, spread))
    return np.stack([on_h, alone - mean * on_h], axis=1)


def _products(gate: Gate, below: Signal, inner: Signal, stretch: _Stretch) -> np.ndarray:
    """Returns X: E[v_a w_b] over units of v and w among C h, u and C, shape (3, 3, examples, examples)."""
    m, F, k = below.mean, inner.mean, stretch.mean
    part = gate.mean * gate.turned
    opens = part + gate.alike * (gate.turned_open - part)
    closes = gate.turned - opens
    turns = gate.turned**2 + gate.alike * (gate.turned_square - gate.turned**2)
    mixed = opens * (stretch.with_inner - np.outer(k, m))
    X = np.empty((3, 3, *below.square.shape))
    X[0, 0] = gate.closed * below.square
    X[0, 1] = gate.both * np.outer(m, k) + closes * (np.outer(m, F) - below.square)
    X[0, 2] = gate.closed * m[:, None]
    X[1, 1] = gate.opened * stretch.square + turns * gate.apart + mixed + mixed.T
    X[2, 1] = gate.both * k + closes * (F - m)
    X[1, 0], X[2, 0], X[1, 2], X[2, 2] = X[0, 1].T, X[0, 2].T, X[2, 1].T, gate.closed
    return X


def _stretch(passed: Passed, inner: Signal) -> _Stretch:
    """Returns the moments of phi'(z) W h; with pairs they go as those of phi(z) do."""
    phi, q = passed.phi, passed.q
    if phi is None or passed.scale is not None:
        # behind a normalisation the size of W h does not count
        return _Stretch(np.zeros_like(inner.mean), np.zeros_like(inner.square), np.zeros_like(inner.square))
    own = 1.0 - passed.start.bias / np.maximum(passed.argument.diagonal(), _TINY)
    at, square = phi.at, max(phi.at.square, _TINY)
    alone = q * (at.slope_square + 2.0 * q * at.slope_growth) / square
    with_inner = q * (at.slope_square + at.curvature) / square
    return _Stretch(
        _mean_stretch(phi) * own, alone * inner.square * np.outer(own, own), with_inner * inner.square * own
    )


def _mean_stretch(phi: Pairs) -> float:
    """Returns E[z phi'(z)]."""
    if not isinstance(phi, PairSeries):
        return sum(part * _mean_stretch(member) for part, member in zip(phi.parts, phi.members, strict=True))
    if phi.below is not None:
        return phi.at.mean
    nodes = gaussian_nodes(phi.activation, np.array([max(phi.q, SMALLEST_VARIANCE)]))
    return float(nodes.mean(nodes.z * phi_of(phi.activation).slope(nodes.z))[0])
