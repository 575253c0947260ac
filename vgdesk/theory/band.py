"""How far a network of finite width lies from the prediction: the variance of ln |delta^l|^2 over seeds.

Every hidden layer m of width N adds independent noise of two kinds, to first order in 1/N:

    backwards   Var(ln |delta^m|^2 | delta^(m+1)) = (3 E[phi'^4] / E[phi'^2]^2 - 1) / N        linear 2, ReLU 5
    forwards    Var(q_(m+1) | q_m) = sigma_w^4 (E[phi^4] - E[phi^2]^2) / N

and they are correlated, for both come from the same preactivations. A change of q_(m+1) goes on with the slope chi_q of
the variance map and changes every later ln chi by d ln E[phi'^2] / dq. (cf. Hanin & Nica 2020, "Products of many large
random matrices and gradients in deep neural networks", whose ReLU constant 5 this is.) Orthogonal matrices keep
lengths: 3 (E[phi'^4] / E[phi'^2]^2 - 1) backwards.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.moments import Moments

LARGEST = 400.0
"""Beyond this variance of ln |delta|^2 (9 decades of the norm) a band says nothing more."""
_TINY = 1e-300
_SMALLEST_VARIANCE = 1e-100
"""Below this a signal is taken as exactly zero, which does not scatter."""


class NoisyLayer(NamedTuple):
    """Says what a hidden layer adds.

    Attributes
    ----------
    at
        Moments at the layer's variance.
    width
        Number of units.
    onward
        sigma_w^2 of the layer above.
    is_orthogonal
        Whether the matrix above keeps lengths.
    is_renewed
        Whether the layer above normalises, so that a change of q is forgotten.
    share
        Share of the gradient that takes the way through phi rather than the skip connection.
    """

    at: Moments[float]
    width: int
    onward: float
    is_orthogonal: bool
    is_renewed: bool
    share: float


class Scatter(NamedTuple):
    """Holds variances of the natural logarithm of squared norms, shape (layers,): hidden layers, then the output."""

    delta: np.ndarray
    state: np.ndarray
    weight: np.ndarray


def relative_variance(at: Moments[float], is_orthogonal: bool = False) -> float:
    """Returns N Var(|delta|^2) / E[|delta|^2]^2 of one layer: 3 E[phi'^4] / E[phi'^2]^2 - 1."""
    kurtosis = at.slope_fourth / max(at.slope_square**2, _TINY)
    return 3 * (kurtosis - 1) if is_orthogonal else 3 * kurtosis - 1


def last_log_variance(layers: list[NoisyLayer], q: float) -> float:
    """Returns the variance over seeds of ln q of the output's preactivations, whose mean variance is q."""
    if q < _SMALLEST_VARIANCE:
        return 0.0
    forward = np.array([_noise(layer)[0] for layer in layers])
    return min(LARGEST, float(np.log1p(_responses(layers)[-1] ** 2 * forward / q**2).sum()))


def scatter(
    layers: list[NoisyLayer], biases: np.ndarray, variances: np.ndarray, output: float, output_weight: float
) -> Scatter:
    """Returns the scatter over seeds.

    Parameters
    ----------
    layers
        The hidden layers, the one next to the input first.
    biases, variances
        sigma_b^2 and q of every layer, shape (hidden layers + 1,).
    output, output_weight
        Variance of ln |delta|^2 and of ln |dL/dW|^2 that comes from the output layer.
    """
    count = len(layers)
    response = _responses(layers)
    slopes = np.array([layer.share * _log_slope(layer.at) for layer in layers] + [0.0])
    forward, mixed = np.array([_noise(layer) for layer in layers]).reshape(count, 2).T
    backward = np.array([_backward(layer) for layer in layers])
    gates = np.array([layer.share**2 * (0.0 if layer.is_orthogonal else 2.0) / layer.width for layer in layers])
    # later[l] is the response of ln |delta^l|^2 to each forward noise: the sum over all layers from l on
    later = np.cumsum((slopes[:, None] * response)[::-1], axis=0)[::-1]
    signals = (variances - biases)[:, None]
    below = np.where(signals < _SMALLEST_VARIANCE, 0.0, response / np.maximum(signals, _SMALLEST_VARIANCE))
    # row l, column j: what hidden layer j's noise does to layer l, which it reaches backwards only where j >= l
    places, sources = np.arange(count + 1)[:, None], np.arange(count)[None, :]
    noise = backward, mixed, forward
    delta = output + _totals(later, sources >= places, *noise)
    weight = output_weight + _totals(later + below, sources >= places, *noise)
    state = np.full(count + 1, output)
    state[:count] += _totals(later[1:], sources > places[:count], *noise) + gates
    return Scatter(*(np.minimum(variance, LARGEST) for variance in (delta, state, weight)))


def _responses(layers: list[NoisyLayer]) -> np.ndarray:
    """Returns d q_m / d noise_j, shape (hidden layers + 1, hidden layers)."""
    response = np.zeros((len(layers) + 1, len(layers)))
    for place, layer in enumerate(layers):
        chi_q = layer.onward * (layer.at.slope_square + layer.at.curvature)
        if not layer.is_renewed:
            response[place + 1] = np.clip(chi_q * response[place], -1e150, 1e150)
            response[place + 1, place] = 1.0
    return response


def _log_slope(at: Moments[float]) -> float:
    return at.slope_growth / max(at.slope_square, _TINY)


def _noise(layer: NoisyLayer) -> tuple[float, float]:
    """Returns the variance of the forward noise, and its covariance with the backward noise."""
    at = layer.at
    forward = layer.onward**2 * max(0.0, at.square_fourth - at.square**2) / layer.width
    mixed = layer.onward * (at.mixed - at.square * at.slope_square) / max(at.slope_square, _TINY) / layer.width
    return forward, layer.share * mixed


def _backward(layer: NoisyLayer) -> float:
    return layer.share**2 * relative_variance(layer.at, layer.is_orthogonal) / layer.width


def _totals(
    response: np.ndarray, own: np.ndarray, backward: np.ndarray, mixed: np.ndarray, forward: np.ndarray
) -> np.ndarray:
    """Returns the variance of each row: the sum over the sources of noise."""
    parts = own * (backward + 2 * response * mixed) + response**2 * forward
    return np.log1p(np.maximum(parts, 0.0)).sum(axis=1)
