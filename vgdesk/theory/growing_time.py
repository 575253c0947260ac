"""Where the state of a recurrent cell grows without end: the gradient at the last time step is a matter of each draw.

With an unbounded activation the largest eigenvalue of W_hh decides how large h_T is, and seeds lie decades apart. A
squared loss has an error as large as h_T, and with it a gradient; cross-entropy, whose gradient is bounded, has not.
With q = h_T^2 of one drawn network (`vgdesk.theory.drawn_time`) its outputs are normal numbers over W_out,

    z_a = sqrt(sigma^2 q) (sqrt(r) u + sqrt(1 - r) u_a) + b        r = h_a h_b / h^2

and ln |dL/dh_T|^2 = e(q) has a mean and a variance v(q) over u. With ln |dL/dh_t|^2 / |dL/dh_T|^2 = l_t of the same
draws, line and band are

    median over draws of l_t + E[e(q)]        Var(l_t + E[e(q)]) + E[v(q)]

which holds the covariance of the two: a draw that makes states grow makes gradients grow.
"""

import math

import numpy as np

from vgdesk.theory.activations import phi_of
from vgdesk.theory.initialisation import Start
from vgdesk.theory.loss_gradient import state_gradient

_OUTPUTS, _EXAMPLES = 64, 8
"""So many W_out are drawn per network, and so many examples read."""
_SEED = 20_262


def growing_line(logs: np.ndarray, ends: np.ndarray, within: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns line and variance of ln |dL/dh_t|^2, shape (time steps,).

    Parameters
    ----------
    logs
        l_t of every draw, shape (draws, time steps); -inf where a draw has no gradient.
    ends, within
        E[e(q)] and v(q) of every draw, shape (draws,).
    """
    whole = logs + ends[:, None]
    known = np.where(np.isfinite(whole), whole, np.nan)
    return np.median(whole, axis=0), np.nanvar(known, axis=0, ddof=1) + within.mean()


def last_gradients(
    size: np.ndarray, alike: float, on_output: Start, targets: np.ndarray, activation: str, loss: str
) -> tuple[np.ndarray, np.ndarray]:
    """Returns mean and variance over W_out of ln (mean |dL/dh_T|^2 of an example), shape (draws,).

    Parameters
    ----------
    size, alike
        sqrt(q) of every draw, shape (draws,), and r.
    targets
        Those of the last output step, shape (examples, outputs).
    """
    shown = targets[:_EXAMPLES]
    z = _outputs(size * math.sqrt(on_output.weight), alike, on_output.bias, shown.shape)
    gradient, slope = state_gradient(z, shown.T[:, None], phi_of(activation), loss)
    gradient = gradient if slope is None else gradient * slope
    by_draw = gradient.reshape(len(gradient), len(size), _OUTPUTS, len(shown))
    largest = np.abs(by_draw).max(axis=(0, 2, 3))
    by_draw = by_draw / np.where(largest > 0.0, largest, 1.0)[:, None, None]
    sums = np.square(by_draw).sum(axis=(0, 3)) * (on_output.weight / len(shown))
    # answers that are certain and right have no gradient: the median is that of the others
    logs = np.log(np.where(sums > 0.0, sums, np.nan)) + 2.0 * np.log(np.where(largest > 0.0, largest, 1.0))[:, None]
    is_there = np.isfinite(logs)
    count = np.maximum(is_there.sum(axis=1), 1)
    mean = np.where(is_there, logs, 0.0).sum(axis=1) / count
    away = np.where(is_there, logs - mean[:, None], 0.0)
    return np.where(is_there.any(axis=1), mean, -math.inf), np.square(away).sum(axis=1) / count


def _outputs(size: np.ndarray, alike: float, bias: float, shape: tuple[int, ...]) -> np.ndarray:
    """Returns z, shape (outputs, draws times W_out, examples)."""
    examples, outputs = shape
    generator = np.random.default_rng(_SEED)
    own, common, shift = (
        generator.standard_normal((outputs, _OUTPUTS, count), dtype=np.float32) for count in (examples, 1, 1)
    )
    mixed = math.sqrt(alike) * common + math.sqrt(1.0 - alike) * own
    z = size[:, None, None] * mixed[:, None].astype(float) + math.sqrt(bias) * shift[:, None]
    return z.reshape(outputs, -1, examples)
