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
from vgdesk.theory.carried_units import Signals, Weighing
from vgdesk.theory.exponents import rescaled
from vgdesk.theory.signals import Signal

_TINY = 1e-300

Along = np.ndarray
"""D of (s, t)_a and (s, t)_b in units of the gradient's products, shape (examples a, 2, 2, examples b)."""


class Pairing(NamedTuple):
    """Says whose D is asked for: sums over units that go with (h', 1) so; of one layer without the first axis.

    Attributes
    ----------
    rows
        (a, b) of the first factors, shape (layers, examples, pairs, 2).
    columns
        Those of the second ones, shape (layers, 2, pairs, examples).
    """

    rows: np.ndarray
    columns: np.ndarray


def paired(rows: list[np.ndarray], columns: list[np.ndarray]) -> Pairing:
    """Returns the pairing of (a, b) of shapes (layers, 2, examples), one by one."""
    return Pairing(
        np.ascontiguousarray(np.array(rows).transpose(1, 3, 0, 2)),
        np.ascontiguousarray(np.array(columns).transpose(1, 2, 0, 3)),
    )


def kept(rows: np.ndarray, columns: np.ndarray, along: Along) -> np.ndarray:
    """Returns D of the pairs of one layer's `Pairing`, shape (pairs, examples, examples)."""
    examples, pairs = len(rows), columns.shape[1]
    on = np.empty((examples, 2, pairs, examples))
    np.matmul(rows, along[:, :, 0], out=on[:, 0])
    np.matmul(rows, along[:, :, 1], out=on[:, 1])
    on *= columns
    found = np.empty((pairs, examples, examples))
    np.add(on[:, 0], on[:, 1], out=found.swapaxes(0, 1))
    return found


class Carrying(NamedTuple):
    """Says what layers with skip connections make of D; of one layer the same without the first axis.

    Attributes
    ----------
    products
        Those of `vgdesk.theory.carried_units.Weighing`, shape (layers, 4, examples, examples).
    below
        Means and products of the signals below.
    shared, undirected
        What of a direction along h_a is along h_b, over the width, and what of t has no direction, of pairs.
    widths
        Units of each layer, as many as below.
    """

    products: np.ndarray
    below: Signals
    shared: np.ndarray
    undirected: np.ndarray
    widths: np.ndarray


def carrying(found: Weighing, below: Signals, widths: np.ndarray) -> Carrying:
    """Returns what layers make of D that moments of their units say.

    Parameters
    ----------
    below
        The signals they are given, in the units of phi's own products.
    widths
        Their units, as many as below.
    """
    return Carrying(found.products, below, *_directed(below, widths), widths)


def carried_pairs(found: Weighing) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Returns whose D the layers ask for, rows and columns: of C h, C h + u and C + u E[h] / E[h^2]."""
    return [found.past, found.whole, found.ones, found.whole], [found.past, found.whole, found.ones, found.ones]


def _directed(below: Signals, widths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns what of a direction along h_a is along h_b, over the width, and what of t has no direction."""
    scale = per_square(below.own)
    shared = below.square * scale[:, :, None]
    shared *= scale[:, None, :]
    undirected = shared * -below.mean[:, :, None]
    undirected *= below.mean[:, None, :]
    undirected += 1.0
    shared /= widths[:, None, None]
    return shared, undirected


def carried_down(
    layer: Carrying, H: np.ndarray, onward: np.ndarray, past: np.ndarray, D: np.ndarray | None
) -> tuple[np.ndarray, Along]:
    """Takes D through one layer; returns the sums of dL/dh_a dL/dh_b below with what D makes of them, and D there.

    Parameters
    ----------
    layer
        One of `carrying`, in whose units D is.
    H
        Sums of dL/dh_a dL/dh_b of the layer.
    onward, past
        The sums below, as far as gradients and signals are independent, and what of them passes the weights by.
    D
        That of `carried_pairs`; None of nothing.
    """
    products = H * layer.products
    wholes, mixed, counts, turned = products
    if D is not None:
        wholes += D[1]
        mixed += D[3]
        counts += D[2]
        # u u + 2 C h u is all but C h C h
        turned += D[1]
        turned -= D[0]
    turned *= layer.shared
    turned += onward
    found = bounded_gradient(turned, onward)
    return found, _along(layer, found, onward - past, (wholes, mixed, counts))


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
    weight = below.mean * per_square(below.square.diagonal())
    products = sizes, sizes * weight, sizes * weight[:, None] * weight
    widths = np.array([float(width)])
    shared, undirected = _directed(Signals(below.square[None], below.mean[None]), widths)
    found = bounded_gradient(onward + (sizes - onward * below.square) * shared[0], onward)
    layer = Carrying(sizes[None], Signals(below.square, below.mean), shared[0], undirected[0], widths[0])
    return found, _along(layer, found, onward, products)


def _along(
    layer: Carrying,
    found: np.ndarray,
    weighed: np.ndarray,
    products: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Along:
    """Returns D below one layer, of the sums `found` below it, of which `weighed` have come through the weights.

    `products` are those of s and t, the latter without what has no direction.
    """
    wholes, mixed, counts = products
    below = layer.below
    own = weighed * layer.undirected
    own += counts
    wholes, mixed, counts = bounded_sums((wholes, mixed, own), found, below.square.diagonal(), float(layer.widths))
    D = np.empty((len(found), 2, 2, len(found)))
    np.subtract(wholes, found * below.square, out=D[:, 0, 0])
    across = mixed - found * below.mean[:, None]
    D[:, 0, 1], D[:, 1, 0] = across, across.T
    np.subtract(counts, found, out=D[:, 1, 1])
    return D


def in_units(D: Along, exponent: int, wanted: int) -> Along:
    """Returns D of a signal in units of 2^exponent for the same in units of 2^wanted."""
    if exponent == wanted:
        return D
    found = np.ldexp(D, exponent - wanted)
    found[:, 0, 0], found[:, 1, 1] = rescaled(D[:, 0, 0], exponent, wanted), D[:, 1, 1]
    return found
