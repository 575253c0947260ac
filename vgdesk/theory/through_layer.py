"""One layer on the way of a batch through a network and of its gradient back, as covariances over the examples.

Forwards, with the first layer's exact z_a . z_b from the real inputs:

    K^l = sigma_w^2 E[h_a h_b] + sigma_b^2            z = W h + b
    E[h_a h_b] from K^l by Mehler's formula           `vgdesk.theory.pairs`

Backwards G^l = E[sum_i delta_ai delta_bi]:

    G^l = E[phi'_a phi'_b] * sigma_w^2 G^(l+1)        (element by element)

so that, of the batch-mean loss, |delta^l|^2 = sum_a G_aa / B^2 and |dL/dW^l|^2 = fan_in sum_ab G^l_ab E[h_a h_b] / B^2.
On the diagonal this is Schoenholz et al. 2017, eq. 12; gradients and signals are taken as independent, as there.
"""

import math

import numpy as np

from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.spec.mixture import layer_mixture, words_of
from vgdesk.theory.activations import LARGEST_VARIANCE, largest_variance, limit_words
from vgdesk.theory.batch_norm import BatchScale, batch_normalised
from vgdesk.theory.exponents import at_edge, rescaled, with_bias
from vgdesk.theory.initialisation import Start
from vgdesk.theory.layers import dropout_factors, layer_normalised
from vgdesk.theory.lines import SMALLEST_VARIANCE, grows_as_a_line, has_known_moments, power_near_zero
from vgdesk.theory.pairs import NEARBY
from vgdesk.theory.sigmoid_gate import gate_moments
from vgdesk.theory.signals import Passed, Signal
from vgdesk.theory.units import Pairs, layer_pairs, layer_phi

_BESIDE = 1e-30
"""So near to 0 every activation is lines."""
_TINY = 1e-300
_FLATTEST = 1e-90
"""E[phi'^2] whose square, which the scatter over seeds takes, is a number even where q is at its edge."""
_STEADY = 0.25
"""Variances of two layers that differ by a smaller share are steps of a slow walk."""


def enter(layer: DenseLayer, start: Start, below: Signal) -> Passed | None:
    """Returns the layer's argument, or None where its variance is too large (`largest_variance`)."""
    if isinstance(layer.skip, Highway) and below.exponent > 0:
        # of a gate so far out nothing is known but numbers
        below = below.at(0)
        if not float(below.square.trace()) <= LARGEST_VARIANCE:
            return None
    K, exponent = at_edge(*with_bias(start.weight * below.square, below.exponent, start.bias))
    # an example whose variance is no number is no number in the sum
    if not float(K.trace()) <= LARGEST_VARIANCE:
        return None
    scale: np.ndarray | BatchScale | None = None
    divided = 0
    if layer.normalisation != "none":
        K, scale = layer_normalised(K) if layer.normalisation == "layer" else batch_normalised(K)
        # at either edge epsilon is all or nothing: K is multiplied by a constant, or its size is divided out
        divided = max(exponent, 0)
        K, exponent = at_edge(K, min(exponent, 0))
    K, exponent = _in_known_units(layer, K, exponent)
    if not float(K.trace()) <= LARGEST_VARIANCE:
        # what beyond float64 is known of other layers is not of this one
        return None
    q, largest = float(K.trace()) / len(K), float(K.diagonal().max())
    # an example far from the others has moments of its own
    reached = largest if largest > NEARBY * q else q
    if not all(has_known_moments(name, reached) for name in layer.activations):
        return None
    return Passed(below, start, K, q, scale, None, None, exponent=exponent, divided=divided)


def _in_known_units(layer: DenseLayer, K: np.ndarray, exponent: int) -> tuple[np.ndarray, int]:
    """Returns K as it is, or without an exponent where the layer's activation is not known beyond float64."""
    if exponent < 0:
        is_known = power_near_zero(layer_mixture(layer)) is not None
    else:
        is_known = exponent == 0 or (grows_as_a_line(layer_mixture(layer)) and not isinstance(layer.skip, Highway))
    return (K, exponent) if is_known else (rescaled(K, exponent, 0), 0)


def too_small(layer: DenseLayer, passed: Passed, number: int) -> str:
    """Returns why a layer that was entered cannot be left: a formula's moments at so small a q are unknown; else ""."""
    if not 0.0 < passed.q < SMALLEST_VARIANCE or power_near_zero(layer_mixture(layer)) is not None:
        return ""
    return (
        f"the variance of z in layer {number} falls below {SMALLEST_VARIANCE:g}: next to 0 "
        f"{words_of(layer_mixture(layer))} is neither a straight line nor a constant"
    )


def too_flat(layer: DenseLayer, passed: Passed, number: int) -> str:
    """Returns why a layer has no gradient in theory, while a run has; else "": phi' may be exactly 0."""
    if passed.phi is not None and passed.phi.at.slope_square >= _FLATTEST:
        return ""
    phi, typical = layer_phi(layer), np.full(layer.width, math.sqrt(passed.q))
    steepest = max(float(np.max(np.abs(phi.slope(place * typical)))) for place in (-1.0, 0.0, 1.0))
    if not 0.0 < steepest < math.sqrt(_FLATTEST):
        return ""
    return (
        f"{words_of(layer_mixture(layer))} is so flat in layer {number} that the mean square of its slope is below "
        f"{_FLATTEST:g}: theory, which takes squares, cannot tell it from zero"
    )


def too_large(number: int, activation: str) -> str:
    """Returns the sentence about a layer that cannot be entered."""
    reason = limit_words(activation)
    if not reason:
        largest = f"{largest_variance(activation):g}".replace("e+", "e")
        return f"the variance of z grows without bound: in layer {number} it exceeds {largest}"
    return f"the variance of z in layer {number} exceeds {largest_variance(activation):.4g}: {reason}"


def leave(layer: DenseLayer, passed: Passed, known: Pairs | None) -> tuple[Passed, Signal]:
    """Returns the layer with its activation, and its signal. `known` is the same activation at a variance nearby."""
    is_same = known is not None and math.isclose(known.q, passed.q, rel_tol=1e-12)
    # a panel takes a dozen integrals, which pays where layers change q so little that several meet on one
    is_steady = known is not None and math.isclose(known.q, passed.q, rel_tol=_STEADY)
    phi = known if is_same and known is not None else layer_pairs(layer, passed.q, is_steady)
    F, slopes = phi.both(passed.argument)
    # as `vgdesk.theory.pairs` has phi at the examples' own variances: all of it scaled, or a mean would exceed its root
    mean = phi.at.mean * np.sqrt(F.diagonal() / max(phi.at.square, _TINY))
    slopes = _at_nothing(layer, passed.argument, slopes)
    given = 0 if passed.exponent < 0 and power_near_zero(layer_mixture(layer)) == 0 else passed.exponent
    if layer.dropout:
        F = F * dropout_factors(len(F), layer.dropout)
    below, gate, inner, exponent = passed.below, None, None, given
    if layer.skip is not None:
        inner = Signal(F, mean, given)
    if inner is not None and exponent != below.exponent:
        exponent = max(exponent, below.exponent)
        own, below = inner.at(exponent), below.at(exponent)
        F, mean = own.square, own.mean
    if isinstance(layer.skip, Residual):
        cross = below.mean[:, None] * mean
        F = F + below.square
        F += cross
        F += cross.T
        mean = mean + below.mean
    elif isinstance(layer.skip, Highway):
        argument = passed.start.weight * rescaled(below.square, exponent, 0)
        gate = gate_moments(layer.skip.gate_bias, argument, is_steady)
        cross = below.mean[:, None] * mean
        gate = gate._replace(apart=rescaled(F + below.square - cross - cross.T, exponent, 0))
        cross *= gate.both
        F = gate.opened * F + gate.closed * below.square + cross + cross.T
        mean = gate.mean * mean + (1.0 - gate.mean) * below.mean
    signal = Signal(F, mean, exponent)
    if layer.skip is not None:
        signal = signal.at(at_edge(F, exponent)[1])
    return passed._replace(phi=phi, gate=gate, slopes=slopes, inner=inner, given=given), signal


def _at_nothing(layer: DenseLayer, K: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Returns E[phi'_a phi'_b] with phi'(0) for examples whose z is exactly 0, where a kink has no side's slope."""
    is_nothing = K.diagonal() <= 0.0
    if not is_nothing.any():
        return slopes
    phi, zeros = layer_phi(layer), np.zeros(layer.width)
    here, beside = phi.slope(zeros), (phi.slope(zeros + _BESIDE) + phi.slope(zeros - _BESIDE)) / 2.0
    if np.allclose(here, beside, rtol=1e-6):
        return slopes
    # of z = 0 beside another z the expectation has both sides' slopes, each half
    factors = np.where(is_nothing, here.mean() / beside.mean() if beside.mean() else 0.0, 1.0)
    found = slopes * factors * factors[:, None]
    found[np.ix_(is_nothing, is_nothing)] = np.mean(here**2)
    return found


def backward(layer: DenseLayer, passed: Passed, H: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Takes sums of dL/dh_a dL/dh_b through a layer; returns those of dL/dz, and of dL/dh of the layer below.

    Both still lack the factor 4^-divided; past a skip connection, only the first.
    """
    if passed.slopes is None:
        raise ValueError("the layer has no activation yet")
    G = H if passed.gate is None else H * passed.gate.opened
    if layer.dropout:
        G = G * dropout_factors(len(G), layer.dropout)
    G = through_norm(passed, G * passed.slopes)
    onward = passed.start.weight * G
    if layer.skip is not None:
        onward = rescaled(onward, -passed.divided, 0)
    if isinstance(layer.skip, Residual):
        onward = onward + H
    elif passed.gate is not None:
        onward = onward + H * (passed.gate.closed + passed.start.weight * passed.gate.slopes * passed.gate.apart)
    return G, onward


def through_norm(passed: Passed, G: np.ndarray) -> np.ndarray:
    """Returns the gradients before the normalisation."""
    if isinstance(passed.scale, BatchScale):
        return passed.scale.backward(G)
    return G if passed.scale is None else G * passed.scale
