"""How far a network of finite width lies from the prediction: mean and variance of ln |delta^l|^2 over seeds.

Every hidden layer m of width N adds independent noise of two kinds, to first order in 1/N:

    backwards   Var(ln |delta^m|^2 | delta^(m+1)) = b / N         b = 3 E[phi'^4] / E[phi'^2]^2 - 1: linear 2, ReLU 5,
                                                                  less for a batch (`vgdesk.theory.alike`)
    forwards    Var(ln q_(m+1) | q_m) = sigma_w^4 (E[phi^4] - E[phi^2]^2) / N / q_(m+1)^2

and they are correlated, for both come from the same preactivations (cf. Hanin & Nica 2020, "Products of many large
random matrices and gradients in deep neural networks"). With x = ln q and

    kappa_m = dx_(m+1) / dx_m = chi_q q_m / q_(m+1)       s_m = d ln E[phi'^2] / dx at q_m
              beside a skip connection E[T^2] chi_q q_m / q_(m+1) and what `vgdesk.theory.carried_noise` adds
    T_l = s_l + kappa_l T_(l+1)                           what a change of x_l makes of ln |delta^l|^2
    v_(m+1) = kappa_m^2 v_m + forwards                    Var x

a sum over N terms has nearly a Gamma distribution of shape k = N / b (for linear units exactly: chi-squared). Hence
E ln = psi(k) - ln k and Var ln = psi'(k), which for narrow layers is far more than -b / 2N and b / N. It is the mean of
the logarithm, not the logarithm of the mean, that adds up over layers to what a typical seed has.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import digamma

from vgdesk.theory.log_curves import LogCurves
from vgdesk.theory.moments import Moments
from vgdesk.theory.typical import Typical, Walk, typical

LARGEST = 400.0
"""Beyond this variance of ln |delta|^2 (9 decades of the norm) a band says nothing more."""
_TINY = 1e-300
_SMALLEST_VARIANCE = 1e-100
"""Below this a signal is taken as exactly zero, which does not scatter."""
_SHIFT = 10
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
"""B_2 to B_14."""
_STEEPEST = 1e3
"""Larger responses come of variances about to leave all bounds, and their squares must stay numbers."""


class NoisyLayers(NamedTuple):
    """Says what every hidden layer adds; arrays of shape (layers,), the layer next to the input first.

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
    backward
        b of the module's text, of the sum over examples; None for one example.
    gate
        What W alone adds to |dL/dh|^2, were it normal, times N; None for one example.
    coherence
        Share of the forward noise that the examples have in common.
    crossing
        Relative variance of |dL/dW|^2 that is of products of two examples.
    output_share
        Share of what the output layer's |dL/dW|^2 scatters more than its |delta|^2 that is found here, too: all of it
        where the signals of the examples are as alike as below the output.
    excess
        k S of `vgdesk.theory.alike` for one example: what weights above that are not normal take from (W'u)_i^4.
    uneven
        The same for the sum over examples.
    even
        k S of the matrix below the layer, S of the signal it meets: what weights that are not normal take from z_i^4.
    opened, past
        E[T^2] of a highway's gate, 1 without one, and sigma_w^2 times d E[h'^2] / d ln q of what passes phi by.
    both, turned
        Variance of h'^2 of a unit that is not of phi alone, and N^2 times its covariance with the squared gradient, of
        what passes phi by (`vgdesk.theory.carried_noise`).
    units
        4^(e - e') of the units of phi's moments over those of q above (`vgdesk.theory.exponents`).
    dropped
        p / (1 - p) of dropout, times the share of products of an example with itself (`vgdesk.theory.dropped`).
    stretched
        N Var ln s^2 of what layer normalisation divides one example by, 2 of normal numbers; 0 without.
    """

    at: Moments[np.ndarray]
    width: np.ndarray
    onward: np.ndarray
    is_orthogonal: np.ndarray
    is_renewed: np.ndarray
    share: np.ndarray
    curves: tuple[LogCurves, ...]
    backward: np.ndarray | None = None
    gate: np.ndarray | None = None
    coherence: np.ndarray | float = 1.0
    crossing: np.ndarray | float = 0.0
    output_share: np.ndarray | float = 0.0
    excess: np.ndarray | float = 0.0
    uneven: np.ndarray | float = 0.0
    even: np.ndarray | float = 0.0
    opened: np.ndarray | float = 1.0
    past: np.ndarray | float = 0.0
    both: np.ndarray | float = 0.0
    units: np.ndarray | float = 1.0
    turned: np.ndarray | float = 0.0
    dropped: np.ndarray | float = 0.0
    stretched: np.ndarray | float = 0.0


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


class _Noise(NamedTuple):
    """Holds what every hidden layer adds, in logarithms, and how a change of ln q goes on; shapes (layers,)."""

    forward: np.ndarray
    mixed: np.ndarray
    given: np.ndarray
    past: np.ndarray
    crossed: np.ndarray
    kappa: np.ndarray
    slope: np.ndarray
    backward: np.ndarray
    alone: np.ndarray
    crossing: np.ndarray
    output_share: np.ndarray
    gate: np.ndarray
    stretched: np.ndarray


def relative_variance(at: Moments[float], is_orthogonal: bool = False) -> float:
    """Returns N Var(|delta|^2) / E[|delta|^2]^2 of one layer: 3 E[phi'^4] / E[phi'^2]^2 - 1."""
    kurtosis = at.slope_fourth / max(at.slope_square**2, _TINY)
    return 3 * (kurtosis - 1) if is_orthogonal else 3 * kurtosis - 1


def last_log_variance(layers: NoisyLayers, variances: np.ndarray) -> float:
    """Returns the variance over seeds of ln q of the output's preactivations; variances as for `scatter`."""
    noise, v = _noise(layers, variances), 0.0
    # before the loss is known all layers' walks are linear, which for what the output's mean error hangs on is enough
    for kappa, added in zip(noise.kappa.tolist(), log_gamma_moments(noise.forward)[1].tolist(), strict=True):
        v = min(LARGEST, kappa * kappa * v + added)
    return v


def log_gamma_moments(relative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns E ln X and Var ln X of Gamma numbers of mean 1 and these variances; 0 and 0 for a variance of 0."""
    shape = 1.0 / np.maximum(relative, 1e-9)
    is_sure = relative <= 1e-9
    mean, variance = digamma(shape) - np.log(shape), trigamma(shape)
    return np.where(is_sure, 0.0, mean), np.where(is_sure, 0.0, variance)


def trigamma(x: np.ndarray) -> np.ndarray:
    """Returns psi'(x) of numbers above 0 to about 1e-14: its recurrence up to x + 10, from there its asymptotic series.

    `scipy.special.polygamma` raises twenty powers per number, which a band of 200 layers pays seven times.
    Source: Abramowitz & Stegun 1964, 6.4.6 and 6.4.12.
    """
    steps = np.arange(float(_SHIFT)).reshape(-1, *[1] * np.ndim(x))
    inverse = 1.0 / (x + _SHIFT)
    square = inverse * inverse
    tail = np.zeros_like(square)
    for number in reversed(_BERNOULLI):
        tail += number
        tail *= square
    shifted = x + steps
    shifted *= shifted
    return np.reciprocal(shifted, out=shifted).sum(axis=0) + inverse * (1.0 + tail) + square / 2


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
    lift = np.where(signals < _SMALLEST_VARIANCE, 0.0, variances / np.maximum(signals, _SMALLEST_VARIANCE))
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


def _crossing(noise: _Noise, output: Ending) -> tuple[np.ndarray, np.ndarray]:
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


def _noise(layers: NoisyLayers, variances: np.ndarray) -> _Noise:
    """Returns the noise of every layer, in units of ln q and ln |delta|^2."""
    at, width, share = layers.at, layers.width, layers.share
    slope_square, part = np.maximum(at.slope_square, _TINY), share**2 / width
    # phi' is of this layer, W of the layer above, whose own share counts; the output has no skip connection
    above = np.append(share[1:], 1.0)[: len(width)]
    # a signal of nothing does not scatter, and a normalised one forgets
    goes_on = (variances[1:] > _SMALLEST_VARIANCE) & ~layers.is_renewed
    relative = np.where(goes_on, layers.onward * layers.units / np.maximum(variances[1:], _SMALLEST_VARIANCE), 0.0)
    common = layers.coherence / width
    # share of q above that comes through phi, at most 1 however large q is
    given, square = relative * layers.opened * at.square, np.maximum(at.square, _TINY)
    kappa = given / square * (at.slope_square + at.curvature) * variances[:-1]
    # and what passes phi by
    past = relative / np.maximum(layers.onward, _TINY) * layers.past
    kappa += past
    gate = np.where(layers.is_orthogonal, 0.0, 2.0) if layers.gate is None else layers.gate
    # |H + W'g|^2 has the product of what passes a skip connection and what passes W, of either sign
    across = 2 * gate * above * (1 - above) / width
    drawn, drawn_alone = gate + layers.uneven, np.where(layers.is_orthogonal, 0.0, 2.0) + layers.excess
    kurtosis = at.slope_fourth / np.maximum(slope_square**2, _TINY)
    kurtosis += kurtosis * layers.dropped
    alone = np.where(layers.is_orthogonal, 3 * (kurtosis - 1), (3 + layers.excess) * kurtosis - 1)
    through = drawn * above**2 / width + across
    # of sum_i z_i^2 / N, which weights that are not normal make less or more of, this response goes on in sum_i phi_i^2
    growth = (at.slope_square + at.curvature) * variances[:-1] / square
    loud = at.square_fourth / square / square - 1.0 + layers.even * growth**2
    # masks are an example's own, whatever the examples have in common
    own = given**2 * (np.maximum(0.0, loud) * common + at.square_fourth / square / square * layers.dropped / width)
    crossed, both = relative**2 * layers.both * common, at.mixed / square / slope_square
    return _Noise(
        forward=own + crossed,
        mixed=share * given * ((both - 1.0) * common + both * layers.dropped / width)
        + (1.0 - share) * relative * layers.turned / width**2,
        given=given,
        past=past + np.zeros_like(width),
        crossed=crossed / np.maximum(own + crossed, _TINY),
        kappa=np.clip(kappa, -_STEEPEST, _STEEPEST),
        slope=share * variances[:-1] * at.slope_growth / slope_square,
        backward=((alone if layers.backward is None else layers.backward) - drawn) * part + through,
        alone=(alone - drawn_alone) * part + drawn_alone * above**2 / width + across,
        crossing=layers.crossing + np.zeros_like(width),
        output_share=layers.output_share + np.zeros_like(width),
        gate=through,
        stretched=layers.stretched * share**2 * common,
    )


def _typical(layers: NoisyLayers, variances: np.ndarray) -> tuple[_Noise, Typical]:
    """Returns the noise of every layer of the typical network, and where its ln q lies."""
    noise = _noise(layers, variances)
    log_q = np.log(np.maximum(variances[:-1], _TINY))
    drift, added = log_gamma_moments(np.minimum(noise.forward, LARGEST))
    found = typical(
        Walk(layers.curves, log_q, noise.given, noise.past, noise.crossed, drift, added), LARGEST, _STEEPEST
    )
    return noise._replace(
        kappa=found.kappa,
        slope=layers.share * found.slope,
        forward=noise.forward * found.forward,
        mixed=noise.mixed * found.mixed,
        backward=noise.backward * found.backward,
        alone=noise.alone * found.backward,
    ), found


def _replies(noise: _Noise, response: float) -> np.ndarray:
    """Returns T of every layer, that of the output as the last, shape (hidden layers + 1,)."""
    reply = [response]
    for kappa, slope in zip(noise.kappa[::-1].tolist(), noise.slope[::-1].tolist(), strict=True):
        reply.append(max(-_STEEPEST, min(_STEEPEST, slope + kappa * reply[-1])))
    return np.array(reply[::-1])
