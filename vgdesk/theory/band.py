"""How far a network of finite width lies from the prediction: mean and variance of ln |delta^l|^2 over seeds.

Of the noise of every layer (`vgdesk.theory.noise`), with x = ln q and

    kappa_m = dx_(m+1) / dx_m = chi_q q_m / q_(m+1)       s_m = d ln E[phi'^2] / dx at q_m
              beside a skip connection E[T^2] chi_q q_m / q_(m+1) and what `vgdesk.theory.carried_noise` adds
    T_l = s_l + kappa_l T_(l+1)                           what a change of x_l makes of ln |delta^l|^2
    v_(m+1) = kappa_m^2 v_m + forwards                    Var x

every term is a logarithm (`vgdesk.theory.log_gamma`). It is the mean of the logarithm, not the logarithm of the mean,
that adds up over layers to what a typical seed has.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.log_gamma import log_gamma_moments
from vgdesk.theory.noise import SMALLEST_VARIANCE, STEEPEST, Noise, NoisyLayers, noise_of
from vgdesk.theory.typical import Typical, Walk, typical

LARGEST = 400.0
"""Beyond this variance of ln |delta|^2 (9 decades of the norm) a band says nothing more."""
_TINY = 1e-300


class Scatter(NamedTuple):
    """Holds moments of the natural logarithm of squared norms, shape (layers,): hidden layers, then the output.

    The first three are variances; the drifts are what the mean of the logarithm differs by from that of wide networks.
    """

    delta: np.ndarray
    state: np.ndarray
    weight: np.ndarray
    delta_drift: np.ndarray
    state_drift: np.ndarray
    weight_drift: np.ndarray


class Ending(NamedTuple):
    """Is the same of the output layer's gradient: variance of ln |delta|^2 and of ln |dL/dW|^2, and their drifts.

    `response` is d ln |delta|^2 / d ln q there, of which the others then hold nothing: 1 where the loss is the square
    of outputs that dwarf their targets.
    """

    delta: float
    weight: float
    delta_drift: float
    weight_drift: float
    response: float = 0.0


def last_log_variance(layers: NoisyLayers, variances: np.ndarray) -> float:
    """Returns the variance over seeds of ln q of the output's preactivations; variances as for `scatter`."""
    noise, v = noise_of(layers, variances), 0.0
    # before the loss is known all layers' walks are linear, which for what the output's mean error hangs on is enough
    for kappa, added in zip(noise.kappa.tolist(), log_gamma_moments(noise.forward)[1].tolist(), strict=True):
        v = min(LARGEST, kappa * kappa * v + added)
    return v


def scatter(
    layers: NoisyLayers,
    biases: np.ndarray,
    variances: np.ndarray,
    output: Ending,
    merged: np.ndarray | None = None,
) -> Scatter:
    """Returns the scatter over seeds.

    Parameters
    ----------
    layers
        The hidden layers.
    biases, variances
        sigma_b^2 and q of every layer, in units of that layer, shape (hidden layers + 1,).
    output
        What comes from the output layer.
    merged
        tau of `vgdesk.theory.one_direction`, shape (hidden layers, hidden layers); None for one example.
    """
    noise, found = _typical(layers, variances)
    v, d = found.variance, found.mean
    reply = _replies(noise, output.response)
    mean_drift, _ = log_gamma_moments(noise.backward)
    crossing, crossing_drift = _crossing(noise, output)
    response = reply[1:]
    around = 2 * response * noise.mixed + response**2 * noise.forward
    each = _log_variance(noise.backward + around)
    # 1 / s^2 of layer normalisation is on average larger than 1 over the average
    delta_own = _sum_from(each + noise.stretched)
    own_drift = mean_drift + noise.stretched / 2
    moved = _sum_from(np.log1p(layers.share * np.expm1(np.clip(found.moved, -LARGEST, LARGEST))))
    delta = output.delta + delta_own + reply**2 * v
    signals = variances - biases
    lift = np.where(signals < SMALLEST_VARIANCE, 0.0, variances / np.maximum(signals, SMALLEST_VARIANCE))
    further, further_drift = 0.0, 0.0
    if merged is not None:
        # what layers above add to one direction more than to many
        further = merged @ np.maximum(_log_variance(noise.alone + around) - each, 0.0)
        further_drift = merged @ np.minimum(log_gamma_moments(noise.alone)[0] - mean_drift, 0.0)
    weight = np.append(output.delta + delta_own[:-1] + crossing + further, output.weight) + (reply + lift) ** 2 * v
    gate_drift, gate = log_gamma_moments(noise.gate)
    state = np.append(output.delta + delta_own[1:] + reply[1:] ** 2 * v[1:] + gate, delta[-1])
    with_output = output.response * d[-1]
    delta_drift = output.delta_drift + _sum_from(own_drift) + moved + with_output
    weight_drift = np.append(delta_drift[:-1] + crossing_drift + further_drift, output.weight_drift + with_output)
    weight_drift += lift * d
    state_drift = np.append(delta_drift[1:] + gate_drift, output.delta_drift + with_output)
    capped = (np.minimum(variance, LARGEST) for variance in (delta, state, weight))
    drifts = (np.clip(drift, -LARGEST, LARGEST) for drift in (delta_drift, state_drift, weight_drift))
    return Scatter(*capped, *drifts)


def _crossing(noise: Noise, output: Ending) -> tuple[np.ndarray, np.ndarray]:
    """Returns variance and drift that products of two examples give to ln |dL/dW|^2: W's, or if more the output's."""
    own = np.log1p(noise.crossing)
    given = noise.output_share * max(0.0, output.weight - output.delta)
    drift = noise.output_share * (output.weight_drift - output.delta_drift)
    return np.maximum(own, given), np.where(own > given, -own / 2, drift)


def _sum_from(terms: np.ndarray) -> np.ndarray:
    """Returns the sum from each place on, and a last 0."""
    return np.append(np.cumsum(terms[::-1])[::-1], 0.0)


def _log_variance(relative: np.ndarray) -> np.ndarray:
    return log_gamma_moments(np.clip(relative, 0.0, LARGEST))[1]


def _typical(layers: NoisyLayers, variances: np.ndarray) -> tuple[Noise, Typical]:
    """Returns the noise of every layer of the typical network, and where its ln q lies."""
    noise = noise_of(layers, variances)
    log_q = np.log(np.maximum(variances[:-1], _TINY))
    drift, added = log_gamma_moments(np.minimum(noise.forward, LARGEST))
    walk = Walk(layers.curves, log_q, noise.given, noise.past, noise.crossed, drift, added)
    found = typical(walk, LARGEST, STEEPEST)
    return noise._replace(
        kappa=found.kappa,
        slope=layers.share * found.slope,
        forward=noise.forward * found.forward,
        mixed=noise.mixed * found.mixed,
        backward=noise.backward * found.backward,
        alone=noise.alone * found.backward,
    ), found


def _replies(noise: Noise, response: float) -> np.ndarray:
    """Returns T of every layer, that of the output as the last, shape (hidden layers + 1,)."""
    reply = [response]
    for kappa, slope in zip(noise.kappa[::-1].tolist(), noise.slope[::-1].tolist(), strict=True):
        reply.append(max(-STEEPEST, min(STEEPEST, slope + kappa * reply[-1])))
    return np.array(reply[::-1])
