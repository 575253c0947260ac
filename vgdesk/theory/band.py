"""How far a network of finite width lies from the prediction: mean and variance of ln |delta^l|^2 over seeds.

Of the noise of every layer (`vgdesk.theory.noise`), with x = ln q and

    kappa_m = dx_(m+1) / dx_m = chi_q q_m / q_(m+1)       s_m = d ln E[phi'^2] / dx at q_m
              beside a skip connection E[T^2] chi_q q_m / q_(m+1) and what `vgdesk.theory.carried_noise` adds
    T_l = s_l + kappa_l T_(l+1)                           what a change of x_l makes of ln |delta^l|^2
    v_(m+1) = kappa_m^2 v_m + forwards                    Var x

and delta^l has all of its own phi' and s_l, of which a skip connection lets only a share go further. Every term is a
logarithm (`vgdesk.theory.log_gamma`). It is the mean of the logarithm, not the logarithm of the mean, that adds up over
layers to what a typical seed has.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.theory.log_gamma import log_gamma_moments
from vgdesk.theory.noise import LARGEST, SMALLEST_VARIANCE, STEEPEST, Noise, NoisyLayers, noise_of, sum_from
from vgdesk.theory.one_direction import OneDirection
from vgdesk.theory.typical import Typical, Walk, typical
from vgdesk.theory.unequal_sizes import unequal_sizes

_TINY = 1e-300


def log10_deviation(log_square: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Returns the standard deviation of log10 of norms, of the variance of ln of their squares; 0 of what is 0.

    A gradient of wide networks is exactly 0 only where weights or slopes are, which no draw changes.
    """
    return np.where(np.isneginf(log_square), 0.0, np.sqrt(variance) / (2 * math.log(10)))


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
    of outputs that dwarf their targets. `spread` is s^2 of `vgdesk.theory.apart`.
    """

    delta: float
    weight: float
    delta_drift: float
    weight_drift: float
    response: float = 0.0
    spread: float = 0.0


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
    merged: OneDirection | None = None,
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
        tau of the hidden layers; None for one example.
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
    delta_own = sum_from(each + noise.stretched)
    own_drift = mean_drift + noise.stretched / 2
    moved = sum_from(_shared(layers.share, np.clip(found.moved, -LARGEST, LARGEST)))
    beside = _beside(noise)
    at_delta = reply + beside.reply
    delta = output.delta + delta_own + beside.variance + at_delta**2 * v
    signals = variances - biases
    lift = np.where(signals < SMALLEST_VARIANCE, 0.0, variances / np.maximum(signals, SMALLEST_VARIANCE))
    of_delta, of_weight, of_state = unequal_sizes(noise, output.spread, reply, lift, layers.batch)
    further, further_drift = 0.0, 0.0
    if merged is not None:
        # what layers above add to one direction more than to many
        unlike = of_delta.variance[:-1] - of_delta.variance[1:], of_delta.drift[:-1] - of_delta.drift[1:]
        further = merged.variance @ np.maximum(_log_variance(noise.alone + around) - each - unlike[0], 0.0)
        further_drift = merged.mean @ np.minimum(log_gamma_moments(noise.alone)[0] - mean_drift - unlike[1], 0.0)
    weight = np.append(output.delta + delta_own[:-1] + beside.variance[:-1] + crossing + further, output.weight)
    weight += (at_delta + lift) ** 2 * v
    gate_drift, gate = log_gamma_moments(noise.gate)
    state = np.append(output.delta + delta_own[1:] + reply[1:] ** 2 * v[1:] + gate, delta[-1])
    with_output = output.response * d[-1]
    onward_drift = output.delta_drift + sum_from(own_drift) + moved + with_output
    delta_drift = onward_drift + beside.drift
    weight_drift = np.append(delta_drift[:-1] + crossing_drift + further_drift, output.weight_drift + with_output)
    weight_drift += lift * d
    state_drift = np.append(onward_drift[1:] + gate_drift, output.delta_drift + with_output)
    sizes = of_delta, of_state, of_weight
    whole = zip((delta, state, weight), sizes, strict=True)
    capped = (np.minimum(variance + more.variance, LARGEST) for variance, more in whole)
    moved = zip((delta_drift, state_drift, weight_drift), sizes, strict=True)
    drifts = (np.clip(drift + more.drift, -LARGEST, LARGEST) for drift, more in moved)
    return Scatter(*capped, *drifts)


def _shared(share: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Returns ln(1 - share + share e^moved), in which e^-40 beside 1 would be lost where the share is all."""
    return np.logaddexp(np.log(np.maximum(1.0 - share, _TINY)), np.log(np.maximum(share, _TINY)) + moved)


class _Beside(NamedTuple):
    """Holds what ln |delta|^2 has that goes no further beside a skip connection: variance, drift, response to ln q."""

    variance: np.ndarray
    drift: np.ndarray
    reply: np.ndarray


def _beside(noise: Noise) -> _Beside:
    """Returns it of every layer, with nothing of the output.

    delta is phi' dL/dh whole, whatever share of dL/dh below it becomes. Where phi saturates, few units have all of it.
    """
    drift, variance = log_gamma_moments(noise.backward + noise.beside)
    further_drift, further = log_gamma_moments(noise.backward)
    return _Beside(*(np.append(own, 0.0) for own in (variance - further, drift - further_drift, noise.slope_beside)))


def _crossing(noise: Noise, output: Ending) -> tuple[np.ndarray, np.ndarray]:
    """Returns variance and drift that products of two examples give to ln |dL/dW|^2: W's, or if more the output's."""
    own = np.log1p(noise.crossing)
    given = noise.output_share * max(0.0, output.weight - output.delta)
    drift = noise.output_share * (output.weight_drift - output.delta_drift)
    return np.maximum(own, given), np.where(own > given, -own / 2, drift)


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
        slope_beside=(1.0 - layers.share) * found.slope,
        beside=noise.beside * found.backward,
        forward=noise.forward * found.forward,
        mixed=noise.mixed * found.mixed,
        backward=noise.backward * found.backward,
        apart=noise.apart * found.backward,
        own_forward=noise.own_forward * found.forward,
        own_mixed=noise.own_mixed * found.mixed,
        alone=noise.alone * found.backward,
    ), found


def _replies(noise: Noise, response: float) -> np.ndarray:
    """Returns T of every layer, that of the output as the last, shape (hidden layers + 1,)."""
    reply = [response]
    for kappa, slope in zip(noise.kappa[::-1].tolist(), noise.slope[::-1].tolist(), strict=True):
        reply.append(max(-STEEPEST, min(STEEPEST, slope + kappa * reply[-1])))
    return np.array(reply[::-1])
