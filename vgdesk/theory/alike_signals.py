"""How alike the signals of a batch's examples are in one draw: as wide networks have it, and more of finite width.

What rho of `vgdesk.theory.alike` is of gradients, eta_ab = E[(h_a . h_b)^2] / E[|h_a|^2 |h_b|^2] is of signals: the
squared correlation c_ab of wide networks, and what finite width makes of it,

    eta - c^2 =: y,     y' = (sigma_w^2 E[phi'_a phi'_b] q / q')^2 y + (1 - eta)^2 / N
"""

import numpy as np

from vgdesk.theory.alike import Likeness, correlations


def alikeness(signals: np.ndarray) -> np.ndarray:
    """Returns the mean over pairs of two examples of the squared correlation, shape (layers,)."""
    count = signals.shape[1]
    return ((correlations(signals) ** 2).sum(axis=(1, 2)) - count) / (count * (count - 1))


def further_likeness(
    like: Likeness, widths: np.ndarray, onward: np.ndarray, variances: np.ndarray, past: np.ndarray
) -> np.ndarray:
    """Returns y of the signal below each hidden layer, shape (layers, examples, examples).

    Parameters
    ----------
    widths, onward
        Units of each layer, and sigma_w^2 of the weights above it, times E[T^2] of a gate.
    variances
        q of each layer and of the output, shape (layers + 1,).
    past
        Share of q above that a skip connection leads past the weights: what is new adds 1 - past^2, for the products
        of both parts are as new as those of the one.
    """
    y = np.zeros_like(like.correlation)
    apart = 1.0 - like.correlation**2
    grown, narrow = passed_on(like, onward, variances, past), (1.0 - past**2) / widths
    for place in range(len(widths) - 1):
        left = apart[place] - y[place]
        left *= left
        left *= narrow[place]
        y[place + 1] = np.minimum(grown[place] * y[place] + left, apart[place])
    return y


def passed_on(like: Likeness, onward: np.ndarray, variances: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Returns which share of y each hidden layer passes on, at most 1; arguments as for `further_likeness`."""
    ratios = onward * variances[:-1] / np.maximum(variances[1:], 1e-300)
    return np.clip(ratios[:, None, None] * like.slopes + past[:, None, None], -1.0, 1.0) ** 2
