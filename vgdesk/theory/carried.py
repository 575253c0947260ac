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

from vgdesk.theory.carried_numbers import UnitNumbers
from vgdesk.theory.carried_units import Signals, weighing
from vgdesk.theory.exponents import rescaled
from vgdesk.theory.signals import Passed, Signal

_TINY = 1e-300

Along = np.ndarray
"""D of s and s, s and t, t and s, t and t, in units of the gradient's products: shape (2, 2, examples, examples)."""


class Carrying(NamedTuple):
    """Says what layers with skip connections make of D; of one layer the same without the first axis.

    Attributes
    ----------
    rows
        (a, b) of C h, C h + u and C + u E[h] / E[h^2], shape (layers, 3, 2, examples).
    products
        Those of `vgdesk.theory.carried_units.Weighing`, shape (layers, 4, examples, examples).
    below
        Means and products of the signals below.
    shared, undirected
        What of a direction along h_a is along h_b, over the width, and what of t has no direction, of pairs.
    """

    rows: np.ndarray
    products: np.ndarray
    below: Signals
    shared: np.ndarray
    undirected: np.ndarray


def carrying(passed: list[Passed], of: UnitNumbers, below: Signals, above: Signals, widths: np.ndarray) -> Carrying:
    """Returns what layers that all have a gate, or all a residual connection, make of D.

    Parameters
    ----------
    passed, of
        The layers, in the units of phi's own products.
    below, above
        The signals they are given and give, likewise.
    widths
        Their units, as many as below.
    """
    found = weighing(passed, of, below, above)
    rows = np.stack([found.past, found.whole, found.ones], axis=1)
    return Carrying(rows, found.products, below, *_directed(below, widths))


def _directed(below: Signals, widths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns what of a direction along h_a is along h_b, over the width, and what of t has no direction."""
    scale = 1.0 / np.maximum(below.own, _TINY)
    shared = below.square * scale[:, :, None]
    shared *= scale[:, None, :]
    undirected = shared * -below.mean[:, :, None]
    undirected *= below.mean[:, None, :]
    undirected += 1.0
    shared /= widths[:, None, None]
    return shared, undirected


def carried_down(
    layer: Carrying, H: np.ndarray, onward: np.ndarray, past: np.ndarray, along: Along | None
) -> tuple[np.ndarray, Along]:
    """Takes D through one layer; returns the sums of dL/dh_a dL/dh_b below with what D makes of them, and D there.

    Parameters
    ----------
    layer
        One of `carrying`, in whose units D is.
    H, along
        Sums of dL/dh_a dL/dh_b of the layer, and its D.
    onward, past
        The sums below, as far as gradients and signals are independent, and what of them passes the weights by.
    """
    products = H * layer.products
    wholes, mixed, counts, turned = products
    if along is not None:
        on = with_rows(layer.rows, along)
        of_past, of_whole, of_ones = with_columns(on, layer.rows)
        wholes += of_whole
        mixed += with_columns(on[1], layer.rows[2])
        counts += of_ones
        # u u + 2 C h u is all but C h C h
        turned += of_whole
        turned -= of_past
    turned *= layer.shared
    turned += onward
    return turned, _along(layer.below, layer.undirected, turned, onward - past, (wholes, mixed, counts))


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
    weight = below.mean / np.maximum(below.square.diagonal(), _TINY)
    products = sizes, sizes * weight, sizes * weight[:, None] * weight
    shared, undirected = _directed(Signals(below.square[None], below.mean[None]), np.array([width]))
    found = onward + (sizes - onward * below.square) * shared[0]
    return found, _along(Signals(below.square, below.mean), undirected[0], found, onward, products)


def _along(
    below: Signals,
    undirected: np.ndarray,
    found: np.ndarray,
    weighed: np.ndarray,
    products: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Along:
    """Returns D below one layer, of the sums `found` below it, of which `weighed` have come through the weights.

    `products` are those of s and t, the latter without what has no direction.
    """
    wholes, mixed, counts = products
    D = np.empty((2, 2, *found.shape))
    np.subtract(wholes, found * below.square, out=D[0, 0])
    np.subtract(mixed, found * below.mean[:, None], out=D[0, 1])
    D[1, 0] = D[0, 1].T
    np.multiply(weighed, undirected, out=D[1, 1])
    D[1, 1] += counts
    D[1, 1] -= found
    return D


def with_rows(rows: np.ndarray, D: Along) -> np.ndarray:
    """Returns D of sums over units that go with (h', 1) like these, and s or t: shape (rows, 2, examples, examples)."""
    terms = rows[:, :, None, :, None] * D
    return np.add(terms[:, 0], terms[:, 1], out=terms[:, 0])


def with_columns(on: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Returns D of pairs of sums over units, of which the first are those of `with_rows`, place by place."""
    terms = on * columns[..., None, :]
    return terms[..., 0, :, :] + terms[..., 1, :, :]


def in_units(D: Along, exponent: int, wanted: int) -> Along:
    """Returns D of a signal in units of 2^exponent for the same in units of 2^wanted."""
    if exponent == wanted:
        return D
    found = D.copy()
    found[0, 0] = rescaled(D[0, 0], exponent, wanted)
    found[0, 1], found[1, 0] = np.ldexp(D[0, 1], exponent - wanted), np.ldexp(D[1, 0], exponent - wanted)
    return found
