"""Layers of finite width, drawn: one batch on its way through many networks at once.

Batch norm makes every unit's 1/s a matter of that unit's own z, and of the draw: the Gram matrix h'h of the examples
over N units is random, the next layer's z is normal with it as covariance, and so on, a Markov chain. Its 1/N term has
no closed form, but the chain can be run: z = W h with fresh W has exactly that law.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from vgdesk.spec.layer import NORMALISATION_EPSILON, DenseLayer, Highway, Residual
from vgdesk.theory.initialisation import Start
from vgdesk.theory.number_stream import NumberStream
from vgdesk.theory.phi import Phi
from vgdesk.theory.units import UnitPhi, layer_phi


class DrawnGate(NamedTuple):
    """Is the gate of a highway: its matrix, and T = sigmoid(W_T h + b_T)."""

    weight: np.ndarray
    opened: np.ndarray


class DrawnLayer(NamedTuple):
    """Is one layer of all draws as the signals have passed it; signals have the shape (draws, units, examples).

    Attributes
    ----------
    below
        h of the layer below.
    weight, scale
        W is `weight` times `scale`; shape (draws, units, units below).
    wired
        Which connections there are, shape (units, units below); None for all.
    argument
        phi's argument, after normalisation.
    deviation
        s of a normalisation, else None.
    kept
        What dropout multiplies by, else None.
    inner
        phi's value after dropout.
    gate
        Of a highway, else None.
    value
        h.
    """

    below: np.ndarray
    weight: np.ndarray
    scale: np.float32
    wired: np.ndarray | None
    argument: np.ndarray
    deviation: np.ndarray | None
    kept: np.ndarray | None
    inner: np.ndarray
    gate: DrawnGate | None
    value: np.ndarray


def drawn_layer(layer: DenseLayer, start: Start, h: np.ndarray, stream: NumberStream) -> DrawnLayer:
    """Draws a layer for every draw of `h`, shape (draws, units below, examples), and takes the signals through it."""
    wired = _wired(layer, h.shape[1])
    weight, scale = _matrices(layer.width, start, h, stream)
    weight = weight if wired is None else weight * wired
    z = weight @ h
    z *= scale
    if start.bias > 0.0:
        z += stream.take((len(h), layer.width, 1)) * np.float32(np.sqrt(start.bias))
    deviation = _normalise(z, normalised_axis(layer)) if layer.normalisation != "none" else None
    inner, kept, gate = by_unit(layer_phi(layer), z), None, None
    if layer.dropout:
        kept = (stream.chances(z.shape) >= layer.dropout) / np.float32(1.0 - layer.dropout)
        inner = inner * kept
    value = inner
    if isinstance(layer.skip, Residual):
        value = inner + h
    elif isinstance(layer.skip, Highway):
        gate = _gate(layer.skip, start, h, stream, wired)
        value = h + gate.opened * (inner - h)
    return DrawnLayer(h, weight, scale, wired, z, deviation, kept, inner, gate, value)


def normalised_axis(layer: DenseLayer) -> int:
    """Returns what a normalisation takes means over: the examples or the units."""
    return 2 if layer.normalisation == "batch" else 1


def by_unit(phi: Phi | UnitPhi, z: np.ndarray, is_slope: bool = False) -> np.ndarray:
    """Returns phi or its slope of arrays whose middle axis counts the units, which a layer of several wants last."""
    function = phi.slope if is_slope else phi.value
    if isinstance(phi, Phi):
        return np.asarray(function(z), np.float32)
    return np.ascontiguousarray(function(z.swapaxes(1, 2)).swapaxes(1, 2), np.float32)


def _normalise(z: np.ndarray, axis: int) -> np.ndarray:
    """Normalises in place; returns what was divided by."""
    z -= z.mean(axis=axis, keepdims=True)
    deviation = np.sqrt(np.square(z).mean(axis=axis, keepdims=True) + np.float32(NORMALISATION_EPSILON))
    z /= deviation
    return deviation


def _matrices(width: int, start: Start, h: np.ndarray, stream: NumberStream) -> tuple[np.ndarray, np.float32]:
    """Returns the numbers of W of every draw, shape (draws, width, units below), and what they are to be times."""
    draws, below = h.shape[:2]
    if not start.is_orthogonal:
        numbers = stream.take((draws, width, below), is_uniform=start.excess < 0.0)
        return numbers, np.float32(np.sqrt(start.weight / start.fan_in))
    scale = np.float32(np.sqrt(start.weight * max(width, below) / start.fan_in))
    return stream.take_orthogonal(draws, width, below), scale


def _gate(skip: Highway, start: Start, h: np.ndarray, stream: NumberStream, wired: np.ndarray | None) -> DrawnGate:
    weight, scale = _matrices(h.shape[1], start, h, stream)
    weight = weight * scale if wired is None else weight * (scale * wired)
    return DrawnGate(weight, expit(weight @ h + np.float32(skip.gate_bias)))


def _wired(layer: DenseLayer, below: int) -> np.ndarray | None:
    """Returns the connections as ones and zeros, None where all are there."""
    if layer.sources is None:
        return None
    wired = np.zeros((layer.width, below), np.float32)
    for unit, sources in enumerate(layer.sources):
        wired[unit, np.array(sources) - 1] = 1.0
    return wired
