"""Layers of finite width, drawn: one batch through many networks at once, and its gradient on the way back.

Batch norm makes every unit's 1/s a matter of that unit's own z, and of the draw: the Gram matrix h'h of the examples
over N units is random, the next layer's z is normal with it as covariance, and so on, a Markov chain. Its 1/N term has
no closed form, but the chain can be run: z = W h with fresh W has exactly that law. On the way back the same W must be
met again: fresh ones there ("gradient independence", Yang & Schoenholz 2017) would make each of 62 layers of 16 units
pass on 8 per cent more with ReLU, and 10 with tanh, than it does.

The numbers come of one fixed stream, no seed of the user's: the same experiment has the same prediction.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.spec.layer import NORMALISATION_EPSILON, DenseLayer, Residual
from vgdesk.theory.activations import Phi
from vgdesk.theory.initialisation import Start
from vgdesk.theory.outputs import state_gradient
from vgdesk.theory.units import UnitPhi, layer_phi

_SEED = 20_261
_STREAM = 1_000_003
"""Numbers that are kept, 4 MB; a prime, so that a second round does not fall on the rows of the first."""
_TINY = 1e-37


class Magnitudes(NamedTuple):
    """Holds ln of squared norms per draw: of dL/dW, dL/dz and dL/dh, shapes (draws, layers), and dL/dh^0, (draws,)."""

    weight: np.ndarray
    delta: np.ndarray
    state: np.ndarray
    at_input: np.ndarray


class _Layer(NamedTuple):
    """Is one layer on its way forwards, of all draws: what the way back needs; shapes (draws, units, examples)."""

    below: np.ndarray
    weight: np.ndarray
    scale: np.float32
    argument: np.ndarray
    deviation: np.ndarray | None
    value: np.ndarray
    mask: np.ndarray | None


class _Stream:
    """Gives numbers of mean 0 and variance 1, one after the other out of a fixed store."""

    def __init__(self) -> None:
        self._place = 0
        self.generator = np.random.default_rng(_SEED)

    def take(self, shape: tuple[int, ...], is_uniform: bool = False) -> np.ndarray:
        store, count = _store(is_uniform), int(np.prod(shape))
        if count > len(store):
            return _numbers(self.generator, count, is_uniform).reshape(shape)
        if self._place + count > len(store):
            self._place = int(self.generator.integers(0, len(store) - count + 1))
        taken = store[self._place : self._place + count].reshape(shape)
        self._place += count
        return taken


def drawn_magnitudes(
    layers: Sequence[DenseLayer],
    starts: Sequence[Start],
    inputs: np.ndarray,
    targets: np.ndarray,
    loss: str,
    draws: int,
    batch: int,
) -> Magnitudes:
    """Returns the gradient of the batch-mean loss at every layer of so many drawn networks.

    Parameters
    ----------
    layers, starts
        The layers and how each is drawn, the one next to the input first; all units wired, no highways.
    inputs, targets
        Shapes (examples, features) and (examples, outputs).
    draws
        Number of networks.
    batch
        How many examples those given stand for: their pairs count as often as in a batch of this size.
    """
    stream = _Stream()
    h = np.broadcast_to(inputs.T.astype(np.float32), (draws, inputs.shape[1], len(inputs)))
    passed: list[_Layer] = []
    for layer, start in zip(layers, starts, strict=True):
        entered = _enter(layer, start, h, stream)
        passed.append(entered)
        h = entered.value
    z = np.ascontiguousarray(np.moveaxis(passed[-1].argument, 1, 0), dtype=float)
    state, slope = state_gradient(z, targets.T[:, None], layer_phi(layers[-1]), loss)
    H = np.moveaxis(state, 0, 1).astype(np.float32) / np.float32(len(inputs))
    slopes = None if slope is None else np.moveaxis(slope, 0, 1).astype(np.float32)
    found = _way_back(layers, passed, H, slopes, batch)
    smaller = math.log(len(inputs) / batch)
    return Magnitudes(found.weight, found.delta + smaller, found.state + smaller, found.at_input + smaller)


def _enter(layer: DenseLayer, start: Start, h: np.ndarray, stream: _Stream) -> _Layer:
    """Draws a layer and takes the signals through it."""
    weight, scale = _drawn(layer.width, start, h, stream)
    z = weight @ h
    z *= scale
    if start.bias > 0.0:
        z += stream.take((len(h), layer.width, 1)) * np.float32(np.sqrt(start.bias))
    deviation = None
    if layer.normalisation != "none":
        axis = _axis(layer)
        z -= z.mean(axis=axis, keepdims=True)
        deviation = np.sqrt(np.square(z).mean(axis=axis, keepdims=True) + np.float32(NORMALISATION_EPSILON))
        z /= deviation
    value, mask = _by_unit(layer_phi(layer), "value", z), None
    if layer.dropout:
        mask = (stream.generator.random(z.shape, dtype=np.float32) >= layer.dropout) / np.float32(1.0 - layer.dropout)
        value = value * mask
    if isinstance(layer.skip, Residual):
        value = value + h
    return _Layer(h, weight, scale, z, deviation, value, mask)


def _drawn(width: int, start: Start, h: np.ndarray, stream: _Stream) -> tuple[np.ndarray, np.float32]:
    """Returns the numbers of W of every draw, shape (draws, width, units below), and what they are to be times."""
    draws, below = h.shape[:2]
    if not start.is_orthogonal:
        numbers = stream.take((draws, width, below), is_uniform=start.excess < 0.0)
        return numbers, np.float32(np.sqrt(start.weight / start.fan_in))
    square = max(width, below)
    turned, corner = np.linalg.qr(stream.take((draws, square, square)))
    # signs make the law that of all rotations
    turned *= np.sign(np.diagonal(corner, axis1=1, axis2=2))[:, None, :]
    return turned[:, :width, :below], np.float32(np.sqrt(start.weight * square / start.fan_in))


def _way_back(
    layers: Sequence[DenseLayer], passed: list[_Layer], H: np.ndarray, slopes: np.ndarray | None, batch: int
) -> Magnitudes:
    """Takes dL/dy back; a size is taken out at every layer, for a thousand layers underflow."""
    draws, count = len(H), len(layers)
    found = Magnitudes(*(np.empty((draws, count)) for _ in range(3)), at_input=np.zeros(draws))
    exponent = np.zeros(draws)
    for place in range(count - 1, -1, -1):
        layer, at = layers[place], passed[place]
        H, log_size = _rescaled(H)
        exponent = exponent + log_size
        found.state[:, place] = exponent
        if place < count - 1:
            slopes = _by_unit(layer_phi(layer), "slope", at.argument)
        delta = H if slopes is None else H * slopes
        if at.mask is not None:
            delta = delta * at.mask
        if at.deviation is not None:
            delta = _through_norm(delta, at, _axis(layer))
        found.delta[:, place] = exponent + _log_squares(delta)
        found.weight[:, place] = exponent + _log_products(delta, at.below, batch)
        onward = at.weight.swapaxes(1, 2) @ delta
        onward *= at.scale
        H = onward + H if isinstance(layer.skip, Residual) else onward
    found.at_input[:] = exponent + _log_squares(H)
    return found


def _through_norm(delta: np.ndarray, at: _Layer, axis: int) -> np.ndarray:
    """Returns the gradient before a normalisation: without its parts along 1 and along a, over s."""
    along = (delta * at.argument).mean(axis=axis, keepdims=True)
    delta = delta - delta.mean(axis=axis, keepdims=True)
    delta -= at.argument * along
    delta /= at.deviation
    return delta


def _rescaled(H: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns H of squared norm 1 in every draw, and the logarithm of what was taken out."""
    logs = _log_squares(H)
    return H * np.exp(-0.5 * logs).astype(np.float32)[:, None, None], logs


def _log_squares(values: np.ndarray) -> np.ndarray:
    """Returns ln of every draw's squared norm."""
    return np.log(np.maximum(np.einsum("dua,dua->d", values, values), _TINY).astype(float))


def _log_products(delta: np.ndarray, h: np.ndarray, batch: int) -> np.ndarray:
    """Returns ln |sum_a delta_a h_a'|^2 of every draw, with products of two examples as frequent as in the batch."""
    whole, shown = _log_squares(delta @ h.swapaxes(1, 2)), delta.shape[2]
    if batch == shown:
        return whole
    own = np.einsum("dua,dua,dva,dva->d", delta, delta, h, h, optimize=True).astype(float)
    pairs = np.exp(whole) - own
    square = own * shown / batch + pairs * (1.0 - 1.0 / batch) / (1.0 - 1.0 / shown)
    return np.log(np.maximum(square, own / batch))


def _axis(layer: DenseLayer) -> int:
    """Returns what a normalisation takes means over: the examples or the units."""
    return 2 if layer.normalisation == "batch" else 1


def _by_unit(phi: Phi | UnitPhi, what: str, z: np.ndarray) -> np.ndarray:
    """Returns phi or its slope of arrays whose middle axis counts the units, which these functions want last."""
    function = phi.value if what == "value" else phi.slope
    if isinstance(phi, Phi):
        return np.asarray(function(z), np.float32)
    return np.ascontiguousarray(function(z.swapaxes(1, 2)).swapaxes(1, 2), np.float32)


def _numbers(generator: np.random.Generator, count: int, is_uniform: bool) -> np.ndarray:
    if not is_uniform:
        return generator.standard_normal(count, dtype=np.float32)
    return (generator.random(count, dtype=np.float32) - np.float32(0.5)) * np.float32(np.sqrt(12.0))


@lru_cache(maxsize=2)
def _store(is_uniform: bool) -> np.ndarray:
    return frozen(_numbers(np.random.default_rng(_SEED), _STREAM, is_uniform), np.float32)
