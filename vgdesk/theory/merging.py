"""How a batch's signals merge in narrow layers: how far the variances of its examples scatter together.

Of one draw, S_ab = h_a . h_b is what W meets: the trace of the next S, q of the whole batch, has the relative variance
2 P / N where one example has 2 / N, and P = tr(S^2) / tr(S)^2, the *coherence*, is 1 where all examples are one
direction and 1 / B where they are orthogonal and of one size. Wide networks keep the P of their correlations c_ab, the
mean of c_ab^2. In narrow ones y = P less that grows until one direction is left, for products of random matrices
stretch one direction most (Furstenberg & Kesten 1960). By Ito's formula, with W'W = 1 + G / sqrt(N), a linear layer has

    N E[P' - P] = 1 + P + 6 P^2 - 8 tr(S^3) / tr(S)^3

which is 1 for orthogonal examples. At last the two largest eigenvalues of S part by 1 / N per layer, of variance 4 / N,
in the logarithm, and 1 - P, which is large in draws where they have not, falls by exp(-1 / 8 N) per layer. Between both

    y' = g y + (1 - p^2) ((1 - P)^2 (1 + P) + (1 - P) / 8) / N

with g the mean share of y that a layer passes on and p that of q which a skip connection leads past the weights, is no
theorem: it has both ends right, and products of 32 x 32 matrices from three kinds of batches confirm P to 0.09
at every depth.
"""

import numpy as np

from vgdesk.theory.alike import Likeness, all_pairs
from vgdesk.theory.alike_signals import passed_on

_PARTING = 1.0 / 8.0


def coherence(
    like: Likeness,
    widths: np.ndarray,
    onward: np.ndarray,
    variances: np.ndarray,
    biases: np.ndarray,
    past: np.ndarray,
    batch: int,
) -> np.ndarray:
    """Returns P of the arguments of every hidden layer, shape (layers,).

    Parameters
    ----------
    widths, onward
        Units of each layer, and sigma_w^2 of the weights above it, times E[T^2] of a gate.
    variances, biases
        q and sigma_b^2 of each layer and of the output, shape (layers + 1,).
    past
        Share of q above that a skip connection leads past the weights, as in `vgdesk.theory.alike_signals`.
    batch
        Number of examples, of which those given stand for all.
    """
    count = like.correlation.shape[1]
    pairs = all_pairs(np.full(count, 1.0 / count), batch)
    wide = np.einsum("lab,ab->l", like.correlation**2, pairs)
    kept = np.einsum("lab,ab->l", passed_on(like, onward, variances, past), pairs)
    # a bias, the same for all examples, is in q and not in h
    signals = 1.0 - biases[:-1] / np.maximum(variances[:-1], 1e-300)
    found, y = [], 0.0
    rates = (1.0 - past**2) / widths
    for start, share, passed, rate in zip(wide.tolist(), signals.tolist(), kept.tolist(), rates.tolist(), strict=True):
        here = min(1.0, start + share * share * y)
        found.append(here)
        left = 1.0 - here
        y = min(passed * y + left * (left * (1.0 + here) + _PARTING) * rate, 1.0 - start)
    return np.array(found)
