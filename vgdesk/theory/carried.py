"""What a gradient keeps along the signal where skip connections carry both past the weights.

Mean field takes gradients and signals as independent: of g = dL/dh, the part along h is then one direction in N. Of
layers that carry h on it is more, for that part fades the slower. dL/dh . h is the gradient by the size of h, which a
layer whose gate stands still and whose phi is a straight line on either side of 0 passes on whole,

    h' = T F + C h,    T = sigmoid(y),    C = 1 - T          F = phi(z),  z = W h,  y - b_T = W_T h
    g . h = sum_i g'_i (C h + u)_i,                          u = T phi'(z) z + T'(y) (F - h) (y - b_T)

(residual: T = C = 1), while downwards |h| falls slower, or rises less, than the rest of |g| does where F and h have
means of one sign, as behind ReLU. Given z_i, a row of W is z_i h / |h|^2 and something independent of h (z_i less the
share that biases have in it; nothing behind a normalisation, which knows no size). So below the layer

    g = C g' + (u . g') h / |h|^2 + what has no direction

The sums over units that matter are s = g . h and t = g . 1, for units are alike but for their h:

    s = sum_i g'_i (C h + u)_i          t = sum_i g'_i (C + u E[h] / E[h^2])_i + what has no direction

and each v of C h, u, C goes with h' as v = a h' + b + rest: sum_i g'_i v_i = a s' + b t' + sum_i g'_i rest_i. With
G = E[g . g], D = E[(s, t)(s, t)^T] - G E[(h, 1)(h, 1)^T], which is what the gradient has along (h, 1) more than along
any direction, R the rows (a, b) and X the second moments of (C h, u, C),

    Y = R D' R^T + G' X                   the products of the three sums, from which those of s and t follow
    G = what independence gives + ((R D' R^T)_uu + 2 Y_(Ch)u) / (N E[h^2])

for every pair of examples. D starts from nothing and comes to the order of G, so that all this counts as depth over
width, times what the gradient without direction has lost meanwhile: of a ReLU residual network ten times the gradient.

Own derivation. The layers are those of He et al. 2016 and of Srivastava, Greff & Schmidhuber 2015, eq. 3; the means and
correlations that grow with depth in them are known of the way forwards (Yang & Schoenholz 2017, "Mean field residual
networks: on the edge of chaos", section 3).
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.carried_bounds import bounded_gradient, bounded_sums, per_square
from vgdesk.theory.carried_units import weighing
from vgdesk.theory.exponents import rescaled
from vgdesk.theory.signals import Passed, Signal

_TINY = 1e-300


class Along(NamedTuple):
    """Is D of s and s, s and t, t and t, over the mean of E[|g_a|^2]; each of shape (examples, examples)."""

    ss: np.ndarray
    st: np.ndarray
    tt: np.ndarray

    def at(self, exponent: int, wanted: int) -> "Along":
        """Returns D of a signal in units of 2^exponent for the same in units of 2^wanted."""
        if exponent == wanted:
            return self
        return Along(rescaled(self.ss, exponent, wanted), np.ldexp(self.st, exponent - wanted), self.tt)


def carried_down(
    passed: Passed, above: Signal, width: int, H: np.ndarray, onward: np.ndarray, along: Along | None
) -> tuple[np.ndarray, Along | None]:
    """Takes D through a layer; returns the sums of dL/dh_a dL/dh_b below with what D makes of them, and D there.

    Parameters
    ----------
    passed
        The layer; without a skip connection it forgets D, for which None stands.
    above
        The signal it gives.
    width
        Its units, as many as below.
    H, along
        Sums of dL/dh_a dL/dh_b of the layer, and its D.
    onward
        The sums below, as far as gradients and signals are independent.
    """
    if passed.inner is None:
        return onward, None
    below, by = passed.below, weighing(passed, passed.inner, above)
    wholes, mixed, counts, turned = H * by.wholes, H * by.mixed, H * by.counts, H * by.crossed
    if along is not None:
        D = Along(*(each * _size(H) for each in along))
        of_whole = _kept(by.whole, by.whole, D)
        wholes += of_whole
        mixed += _kept(by.whole, by.ones, D)
        counts += _kept(by.ones, by.ones, D)
        # u u + 2 C h u is all but C h C h
        turned += of_whole - _kept(by.past, by.past, D)
    past = H if passed.gate is None else H * passed.gate.closed
    return _below(below, width, onward, onward - past, turned, (wholes, mixed, counts))


def carried_from_output(below: Signal, width: int, sizes: np.ndarray, onward: np.ndarray) -> tuple[np.ndarray, Along]:
    """Returns the sums of dL/dh_a dL/dh_b below the output layer, and D: errors that grow with z are along h.

    Parameters
    ----------
    below
        The signal below the output layer.
    width
        Its units.
    sizes
        E[s_a s_b] of `vgdesk.theory.outputs.size_products`.
    onward
        The sums below, as far as gradients and signals are independent.
    """
    weight = below.mean * per_square(below)
    products = sizes, sizes * weight, sizes * weight[:, None] * weight
    return _below(below, width, onward, onward, sizes - onward * below.square, products)


def _below(
    below: Signal,
    width: int,
    onward: np.ndarray,
    weighed: np.ndarray,
    turned: np.ndarray,
    products: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> tuple[np.ndarray, Along]:
    """Returns the sums below and D there, from what independence gives of them, in all and through the weights.

    `turned` is what the weights add along h, less what they add along any direction; `products` those of s and t, the
    latter without what has no direction.
    """
    wholes, mixed, counts = products
    scale = per_square(below)
    # of a direction along h_a, what is along h_b
    shared = below.square * scale[:, None] * scale
    found = bounded_gradient(onward + turned * shared / width, onward)
    undirected = weighed * (1.0 - shared * np.outer(below.mean, below.mean))
    wholes, mixed, counts = bounded_sums((wholes, mixed, counts + undirected), found, below, width)
    per = 1.0 / max(_size(found), _TINY)
    return found, Along(
        per * (wholes - found * below.square),
        per * (mixed - found * below.mean[:, None]),
        per * (counts - found),
    )


def _kept(row: np.ndarray, column: np.ndarray, D: Along) -> np.ndarray:
    """Returns what D is of two sums over units that go with (h', 1) like this, for pairs of examples."""
    with_h, alone = row[:, :, None]
    on_h = with_h * D.ss + alone * D.st.T
    on_one = with_h * D.st + alone * D.tt
    return on_h * column[0] + on_one * column[1]


def _size(G: np.ndarray) -> float:
    """Returns the mean over the examples of E[|g_a|^2]."""
    return float(G.trace()) / len(G)
