"""|dL/dW| of the output layer above few units: in one draw the signals of two examples are more alike than expected.

|dL/dW|^2 = sum_ab (delta_a . delta_b)(h_a . h_b) / B^2, and outputs z = W h of examples whose h is alike are alike
themselves, and with them their errors delta. Wide networks have one covariance of h for all draws. In a narrow one
h_a . h_b scatters around it, by y of `vgdesk.theory.alike_signals` as correlation, and where it is large so is
delta_a . delta_b: the mean of the product is above the product of the means, in chaotic layers, which make ever new
signals out of nearly the same ones, by up to a factor 4. So here h is drawn, of n units, from a fixed stream:

    h_a = sum_b R_ab g_b        R R' = E[h_a . h_b],   g_b normal, n units        y = (1 - c^2)^2 / n

which tells n. Layers below remember of this, per layer, the root of the share e of the products of two gradients that
phi' leaves and of the share of y that is passed on.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import Phi
from vgdesk.theory.alike import Likeness
from vgdesk.theory.band import Ending, Scatter
from vgdesk.theory.loss_gradient import state_gradient
from vgdesk.theory.noise import LARGEST
from vgdesk.theory.number_stream import NumberStream
from vgdesk.theory.outputs import covariance_root
from vgdesk.theory.signals import Passed
from vgdesk.theory.units import UnitPhi

_DRAWS = 64
_FEW = 48
"""With more units than this the mean is above that of wide networks by less than a twentieth of a decade."""


class Narrow(NamedTuple):
    """Says how few units the signals below the output are of, and what hidden layers remember; None of wide ones.

    `units` is n of the module's text; `remembered` has the shape (hidden layers,).
    """

    units: int
    remembered: np.ndarray


def narrow_signals(
    like: Likeness, further: np.ndarray, widths: np.ndarray, passed: np.ndarray, signals: np.ndarray
) -> Narrow | None:
    """Returns what `Narrow` says.

    Parameters
    ----------
    further, passed
        y of the h below every hidden layer and the share of it that each passes on, shape (layers, examples, examples).
    widths
        Units of each layer.
    signals
        E[h_a . h_b] below the output layer, shape (examples, examples).
    """
    sizes = np.sqrt(np.maximum(signals.diagonal(), 1e-300))
    apart = np.maximum(1.0 - (signals / np.outer(sizes, sizes)) ** 2, 0.0)
    own = np.maximum(1.0 - like.correlation[-1] ** 2 - further[-1], 0.0)
    y = np.minimum(passed[-1] * further[-1] + own * own / widths[-1], apart)
    between = 1.0 - np.eye(len(signals))
    square, wanted = float((apart * apart * between).sum()), float((y * between).sum())
    if square >= _FEW * wanted:
        return None
    left = np.sqrt(np.maximum(like.kept * passed, 0.0)) * between
    shares = left.sum(axis=(1, 2)) / between.sum()
    return Narrow(max(2, round(square / wanted)), np.cumprod(shares[::-1])[::-1])


def drawn_weight(
    output: Passed,
    targets: np.ndarray,
    phi: Phi | UnitPhi,
    loss: str,
    log_variance: float,
    units: int,
    batch: int,
) -> tuple[float, float]:
    """Returns mean and variance of ln |dL/dW|^2 of the output layer over draws of signals of so many units.

    Parameters
    ----------
    targets
        Of the examples that stand for all `batch`, shape (examples, outputs).
    log_variance
        Variance over seeds of ln q of the outputs, as `vgdesk.theory.outputs` has it.
    """
    products, (count, outputs) = output.below.square, targets.shape
    if not products.trace() > 0.0:
        return -math.inf, 0.0
    stream = NumberStream()
    h = _signals(products, stream.take((_DRAWS, units, count)).astype(float))
    # bias and weights of an output are the same for all examples
    z = np.sqrt(output.start.weight / units) * np.matmul(stream.take((_DRAWS, outputs, units)).astype(float), h)
    z += np.sqrt(output.start.bias) * stream.take((_DRAWS, outputs, 1))
    z *= np.exp(np.sqrt(log_variance) / 2 * stream.take((_DRAWS, 1, 1)) - log_variance / 4)
    state, slope = state_gradient(np.ascontiguousarray(z.transpose(1, 0, 2)), targets.T[:, None], phi, loss)
    delta = (state if slope is None else state * slope).transpose(1, 2, 0)
    alike = (delta @ delta.transpose(0, 2, 1)) * (h.transpose(0, 2, 1) @ h) / units
    own = np.trace(alike, axis1=1, axis2=2)
    between = (alike.sum(axis=(1, 2)) - own) / max(1, count * (count - 1))
    squares = own / count / batch + between * (batch - 1) / batch
    logs = np.log(output.start.fan_in * squares[squares > 0.0])
    return (float(logs.mean()), float(logs.var())) if len(logs) else (-math.inf, 0.0)


def with_drawn(
    found: Scatter, narrow: Narrow, wide: Ending, drawn: tuple[float, float], log_squares: np.ndarray
) -> Scatter:
    """Returns the scatter with what is drawn in place of what wide networks have at the output.

    Parameters
    ----------
    drawn
        Of `drawn_weight`.
    log_squares
        ln |dL/dW|^2 of every layer in wide networks.
    """
    mean, variance = drawn
    if not (math.isfinite(mean) and math.isfinite(log_squares[-1])):
        return found
    rise = min(max(0.0, mean - log_squares[-1] - wide.weight_drift), LARGEST)
    rises = np.append(np.log1p(math.expm1(rise) * narrow.remembered), rise)
    more = np.append(np.zeros(len(rises) - 1), max(0.0, variance - wide.weight))
    return found._replace(weight_drift=found.weight_drift + rises, weight=found.weight + more)


def _signals(products: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Returns signals of the shape (draws, units, examples), of each draw with the sizes that are expected."""
    h = normal @ covariance_root(products).T
    sizes = np.einsum("dua,dua->da", h, h) / normal.shape[1]
    h *= np.sqrt(products.diagonal() / np.maximum(sizes, 1e-300))[:, None, :]
    return h
