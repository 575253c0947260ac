"""The gradient of drawn networks, many at once, on its way back through `vgdesk.theory.drawn_layers`.

It must meet the same W as the signals did: with fresh ones ("gradient independence", Yang & Schoenholz 2017) each of 62
layers of 16 units with batch norm would pass on 8 per cent more with ReLU, and 10 with tanh, than it does.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer, Residual
from vgdesk.theory.drawn_layers import DrawnLayer, by_unit, drawn_layer, normalised_axis
from vgdesk.theory.initialisation import Start
from vgdesk.theory.loss_gradient import state_gradient
from vgdesk.theory.number_stream import NumberStream
from vgdesk.theory.units import layer_phi


class Magnitudes(NamedTuple):
    """Holds ln of squared norms per draw: of dL/dW, dL/dz and dL/dh, shapes (draws, layers), and dL/dh^0, (draws,).

    It is -inf of what is exactly 0.
    """

    weight: np.ndarray
    delta: np.ndarray
    state: np.ndarray
    at_input: np.ndarray


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
        The layers and how each is drawn, the one next to the input first.
    inputs, targets
        Shapes (examples, features) and (examples, outputs).
    draws
        Number of networks.
    batch
        How many examples those given stand for: their pairs count as often as in a batch of this size.
    """
    stream = NumberStream()
    h = np.broadcast_to(inputs.T.astype(np.float32), (draws, inputs.shape[1], len(inputs)))
    passed: list[DrawnLayer] = []
    for layer, start in zip(layers, starts, strict=True):
        passed.append(drawn_layer(layer, start, h, stream))
        h = passed[-1].value
    z = np.ascontiguousarray(np.moveaxis(passed[-1].argument, 1, 0), float)
    state, slope = state_gradient(z, targets.T[:, None], layer_phi(layers[-1]), loss)
    H = np.moveaxis(state, 0, 1).astype(np.float32) / np.float32(len(inputs))
    found = _way_back(layers, passed, H, None if slope is None else np.moveaxis(slope, 0, 1), batch)
    smaller = math.log(len(inputs) / batch)
    return Magnitudes(found.weight, found.delta + smaller, found.state + smaller, found.at_input + smaller)


def _way_back(
    layers: Sequence[DenseLayer], passed: list[DrawnLayer], H: np.ndarray, slopes: np.ndarray | None, batch: int
) -> Magnitudes:
    """Takes dL/dy back; its size is taken out at every layer, for a thousand layers underflow."""
    draws, count, exponent = len(H), len(layers), np.zeros(len(H))
    weight, delta, state = (np.empty((draws, count)) for _ in range(3))
    for place in range(count - 1, -1, -1):
        layer, at = layers[place], passed[place]
        size = _log_squares(H)
        inverse = np.exp(-0.5 * np.where(np.isfinite(size), size, 0.0)).astype(np.float32)
        H, exponent = H * inverse[:, None, None], exponent + size
        if place < count - 1:
            slopes = by_unit(layer_phi(layer), at.argument, is_slope=True)
        g = _before(layer, at, H, slopes)
        state[:, place], delta[:, place] = exponent, exponent + _log_squares(g)
        weight[:, place] = exponent + _log_products(g, at, layer.normalisation == "batch", batch)
        H = _below(layer, at, g, H)
    return Magnitudes(weight, delta, state, exponent + _log_squares(H))


def _before(layer: DenseLayer, at: DrawnLayer, H: np.ndarray, slopes: np.ndarray | None) -> np.ndarray:
    """Returns dL/dz of dL/dh: what comes before gate, dropout, phi and normalisation."""
    g = H if at.gate is None else H * at.gate.opened
    g = g if at.kept is None else g * at.kept
    g = g if slopes is None else g * slopes.astype(np.float32, copy=False)
    return g if at.deviation is None else _before_norm(g, at.argument, at.deviation, normalised_axis(layer))


def _before_norm(g: np.ndarray, a: np.ndarray, deviation: np.ndarray, axis: int) -> np.ndarray:
    """Returns the gradient without its parts along 1 and along a, over s."""
    along = (g * a).mean(axis=axis, keepdims=True)
    left = g - g.mean(axis=axis, keepdims=True)
    left -= a * along
    left /= deviation
    return left


def _below(layer: DenseLayer, at: DrawnLayer, g: np.ndarray, H: np.ndarray) -> np.ndarray:
    """Returns dL/dh of the layer below."""
    onward = at.weight.swapaxes(1, 2) @ g
    onward *= at.scale
    if isinstance(layer.skip, Residual):
        onward += H
    elif at.gate is not None:
        opened = at.gate.opened
        closed = 1.0 - opened
        onward += H * closed
        onward += at.gate.weight.swapaxes(1, 2) @ (H * (at.inner - at.below) * opened * closed)
    return onward


def _log_squares(values: np.ndarray) -> np.ndarray:
    """Returns ln of every draw's squared norm."""
    return _logs(np.einsum("dua,dua->d", values, values).astype(float))


def _logs(squares: np.ndarray) -> np.ndarray:
    return np.log(squares, out=np.full(len(squares), -np.inf), where=squares != 0.0)


def _log_products(g: np.ndarray, at: DrawnLayer, is_centred: bool, batch: int) -> np.ndarray:
    """Returns ln |sum_a g_a h_a'|^2 of every draw, with products of two examples as frequent as in the batch."""
    products = g @ at.below.swapaxes(1, 2)
    if at.wired is not None:
        products *= at.wired
    whole, shown = _log_squares(products), g.shape[2]
    if batch == shown:
        return whole
    # behind batch norm the g add up to nothing: what all h have in common has no part, and must not seem to
    h = at.below - at.below.mean(axis=2, keepdims=True) if is_centred else at.below
    own = np.einsum("da,da->d", np.square(g).sum(axis=1), np.square(h).sum(axis=1)).astype(float)
    pairs = np.exp(whole) - own
    square = own * shown / batch + pairs * (1.0 - 1.0 / batch) / (1.0 - 1.0 / shown)
    return _logs(np.maximum(square, own / batch))
