"""How far |dL/dW|^2 hangs on one direction: what a batch averages away of |delta|^2 need not average away there.

|dL/dW^l|^2 = sum_ab (delta_a . delta_b)(h_a . h_b) / B^2. Where the signals h of all examples are nearly one vector, as
behind sigmoids, whose values have a mean, it is |h|^2 times that of the *sum* of the delta_a: one vector, which W meets
as that of a single example, and it scatters like one, while |delta|^2 = sum_a |delta_a|^2 is a mean over many.

With equal correlations s of the signals and g of the gradients, S and G have one large eigenvalue and B - 1 equal
ones, and of |dL/dW^l|^2 = tr(S G) the share of the large ones, the *common* part, is

    p = e f / (1 + e f)       e = (1 + (B-1) s) / (1 - s)       f = (1 + (B-1) g) / (1 - g) / (B - 1)

What of the gradients is not common has the likeness R_0 = (rho - p_0^2) / (1 - p_0)^2, rho the mean over all pairs of
`vgdesk.theory.alike` and p_0 the common part of |delta|^2 itself, where S = 1 and e = 1. So tr(S G) scatters as that of
directions alike by R = p^2 + (1 - p)^2 R_0, in place of rho. Both are between "many", rho, and "one", 1:

    tau(l, m) = (R(s of layer l, g of layer m) - rho_m) / (1 - rho_m)

says how far what layer m adds to ln |dL/dW^l|^2 has come from what it adds to ln |delta^l|^2 to what one example has.
What it adds more is in the products of two examples, and these forget: phi' of layer k leaves the share e_k of their
square (`vgdesk.theory.alike`), little of it in chaotic layers and under dropout. So, with K = prod_(k=l..m) e_k, tau
has the factor K where it is of the mean of ln |dL/dW^l|^2. Its variance remembers longer, for some pairs of examples
are more alike than others: K^(1/8), which is no theorem, is nearest to ReLU, ELU, tanh and erf networks of 16 to 64.
"""

from typing import NamedTuple

import numpy as np

_MOST_ALIKE = 1.0 - 1e-9


class OneDirection(NamedTuple):
    """Is tau(l, m) of the mean and of the variance of ln |dL/dW|^2, 0 to 1, shapes (layers, layers).

    It is 0 below the diagonal, where layer m lies below layer l.
    """

    mean: np.ndarray
    variance: np.ndarray


def one_direction(
    signals: np.ndarray, gradients: np.ndarray, same: np.ndarray, kept: np.ndarray, batch: int
) -> OneDirection:
    """Returns how far each layer's gradient hangs on one direction.

    Parameters
    ----------
    signals, gradients
        E[h_a . h_b] of the h below each hidden layer and E[delta_a . delta_b] of its delta, for the first examples;
        shapes (layers, examples, examples).
    same
        rho, the mean over all pairs of the batch, shape (layers,).
    kept
        e of pairs of two examples, shape (layers,).
    batch
        Number of examples, of which those given stand for all.
    """
    s, g = _mean_correlation(signals), _mean_correlation(gradients)
    e = _lift(s, batch)
    f = _lift(g, batch) / (batch - 1)
    own = f / (1.0 + f)
    rest = np.clip((same - own**2) / np.maximum((1.0 - own) ** 2, 1e-12), 0.0, 1.0)
    common = np.outer(e, f)
    common /= 1.0 + common
    # p^2 + (1-p)^2 R_0, written into the few arrays there are: of a thousand layers each has 8 MB
    found = 1.0 - common
    found *= found
    found *= rest
    common *= common
    found += common
    found -= same
    found /= np.maximum(1.0 - same, 1e-12)
    np.clip(found, 0.0, 1.0, out=found)
    found = np.triu(found)
    longer = _remembered(kept, common)
    variance = found * longer
    # K is the eighth power of what is remembered
    longer *= longer
    longer *= longer
    longer *= longer
    found *= longer
    return OneDirection(found, variance)


def _remembered(kept: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Returns K^(1/8) on and above the diagonal, 1 below it, written to `out`."""
    forgotten = np.cumsum(np.log(np.clip(kept, 1e-300, 1.0))) / 8.0
    np.subtract.outer(forgotten, np.append(0.0, forgotten[:-1]), out=out)
    # out[m, l]: the layers between l and m, m the farther from the input
    return np.exp(np.minimum(out, 0.0, out=out), out=out).T


def _lift(correlation: np.ndarray, batch: int) -> np.ndarray:
    """Returns (1 + (B-1) c) / (1 - c), 0 or more: the large eigenvalue over the others."""
    near = np.minimum(correlation, _MOST_ALIKE)
    return np.maximum(0.0, 1.0 + (batch - 1) * near) / (1.0 - near)


def _mean_correlation(products: np.ndarray) -> np.ndarray:
    """Returns the sum over pairs of two examples over what it would be if they were alike, shape (layers,)."""
    count = products.shape[1]
    own = np.trace(products, axis1=1, axis2=2)
    pairs = products.sum(axis=(1, 2)) - own
    return pairs / np.maximum(own * (count - 1), 1e-300)
