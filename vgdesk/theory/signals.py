"""A batch on its way through a feed-forward network and its gradient on the way back, as covariances over examples.

Forwards, layer by layer, with the first layer's exact z_a . z_b from the real inputs:

    K^l = sigma_w^2 E[h_a h_b] + sigma_b^2            z = W h + b
    E[h_a h_b] from K^l by Mehler's formula           `vgdesk.theory.pairs`

Backwards G^l = E[sum_i delta_ai delta_bi]:

    G^l = E[phi'_a phi'_b] * sigma_w^2 G^(l+1)        (element by element)

so that, of the batch-mean loss, |delta^l|^2 = sum_a G_aa / B^2 and |dL/dW^l|^2 = fan_in sum_ab G^l_ab E[h_a h_b] / B^2.
On the diagonal this is Schoenholz et al. 2017, eq. 12; gradients and signals are taken as independent, as there.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.theory.activations import LARGEST_VARIANCE, largest_variance, limit_words
from vgdesk.theory.batch_norm import BatchScale, batch_normalised
from vgdesk.theory.initialisation import Start
from vgdesk.theory.layers import (
    dropout_factors,
    layer_normalised,
)
from vgdesk.theory.sigmoid_gate import Gate, gate_moments
from vgdesk.theory.units import Pairs, layer_pairs, least_known


class Signal(NamedTuple):
    """Is what a layer gives to the next: covariance and means over the units, of every example."""

    square: np.ndarray
    mean: np.ndarray


class Passed(NamedTuple):
    """Is what is known of a layer after the way forwards.

    Attributes
    ----------
    below
        The signal the layer receives.
    start
        sigma_w^2, sigma_b^2 and fan_in.
    argument
        Covariance of phi's argument, after normalisation.
    q
        Its mean variance.
    scale
        Factors of the gradient through a normalisation over units, or what one over examples does; None without.
    phi
        The activation at q; None for an output, whose slope belongs to the loss.
    gate
        Moments of a highway's gate, else None.
    slopes
        E[phi'_a phi'_b] of every pair of examples; None for an output.
    inner
        What a skip connection is given beside the signal from below; None without one.
    """

    below: Signal
    start: Start
    argument: np.ndarray
    q: float
    scale: np.ndarray | BatchScale | None
    phi: Pairs | None
    gate: Gate | None
    slopes: np.ndarray | None = None
    inner: Signal | None = None


def inputs_signal(inputs: np.ndarray) -> Signal:
    """Returns the inputs as a signal: real second moments over the features, shape (examples, features) in."""
    return Signal(inputs @ inputs.T / inputs.shape[1], inputs.mean(axis=1))


def enter(layer: DenseLayer, start: Start, below: Signal) -> Passed | None:
    """Returns the layer's argument, or None where its variance is too large (`largest_variance`)."""
    K = start.weight * below.square + start.bias
    # an example whose variance is no number is no number in the sum
    whole = float(K.trace())
    if not whole <= LARGEST_VARIANCE:
        return None
    scale: np.ndarray | BatchScale | None = None
    if layer.normalisation != "none":
        K, scale = layer_normalised(K) if layer.normalisation == "layer" else batch_normalised(K)
        whole = float(K.trace())
    q = whole / len(K)
    return None if q > largest_variance(least_known(layer)) else Passed(below, start, K, q, scale, None, None)


def too_large(number: int, activation: str) -> str:
    """Returns the sentence about a layer that cannot be entered."""
    reason = limit_words(activation)
    if not reason:
        return f"the variance of z grows without bound: in layer {number} it exceeds 1e200"
    return f"the variance of z in layer {number} exceeds {largest_variance(activation):.4g}: {reason}"


def leave(layer: DenseLayer, passed: Passed, known: Pairs | None) -> tuple[Passed, Signal]:
    """Returns the layer with its activation, and its signal. `known` is the same activation at a variance nearby."""
    is_same = known is not None and math.isclose(known.q, passed.q, rel_tol=1e-12)
    phi = known if is_same and known is not None else layer_pairs(layer, passed.q)
    F, slopes = phi.both(passed.argument)
    mean = np.full(len(F), phi.at.mean)
    if layer.dropout:
        F = F * dropout_factors(len(F), layer.dropout)
    below, gate, inner = passed.below, None, None
    if layer.skip is not None:
        inner = Signal(F, mean)
    if isinstance(layer.skip, Residual):
        cross = np.outer(below.mean, mean)
        F, mean = F + below.square + cross + cross.T, mean + below.mean
    elif isinstance(layer.skip, Highway):
        gate = gate_moments(layer.skip.gate_bias, passed.start.weight * below.square)
        cross = gate.both * np.outer(below.mean, mean)
        apart = F + below.square - np.outer(below.mean, mean) - np.outer(mean, below.mean)
        gate = gate._replace(apart=apart)
        F = gate.opened * F + gate.closed * below.square + cross + cross.T
        mean = gate.mean * mean + (1.0 - gate.mean) * below.mean
    return passed._replace(phi=phi, gate=gate, slopes=slopes, inner=inner), Signal(F, mean)


def backward(layer: DenseLayer, passed: Passed, H: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Takes sums of dL/dh_a dL/dh_b through a layer; returns those of dL/dz, and of dL/dh of the layer below."""
    if passed.slopes is None:
        raise ValueError("the layer has no activation yet")
    G = H if passed.gate is None else H * passed.gate.opened
    if layer.dropout:
        G = G * dropout_factors(len(G), layer.dropout)
    G = through_norm(passed, G * passed.slopes)
    onward = passed.start.weight * G
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
