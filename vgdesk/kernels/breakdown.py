"""Where a run met its first number that is not finite, read from what the last step left behind."""

from string import ascii_letters

import numpy as np

from vgdesk.kernels.assembly import Assembly, Room
from vgdesk.kernels.network import other_shapes

OPERATIONS = ("preactivation", "normalisation", "activation", "loss", "backward", "gradient")
"""In the order in which a step makes them."""
_LETTERS = f"{ascii_letters}_"


def breakdown(assembly: Assembly, room: Room, loss: float) -> tuple[int, str] | None:
    """Returns (layer, operation), layers counting from 1, or None where every number is finite.

    `loss` is the recorded one, NaN when the way forward already failed. The parameters are still those of the step.
    """
    with np.errstate(all="ignore"):
        ahead = _forward(assembly, room)
    layers = len(assembly.network.activations)
    if ahead is not None:
        return ahead
    if not np.isfinite(loss):
        return layers, "loss"
    return _backward(assembly, room)


def _forward(assembly: Assembly, room: Room) -> tuple[int, str] | None:
    batch, below = len(room.work.inputs), room.work.inputs
    start, units = assembly.wiring.unit_start, assembly.wiring.widths[1:]
    for layer, width in enumerate(units):
        cut = slice(batch * start[layer], batch * (start[layer] + width))
        if not np.isfinite(_preactivation(assembly, room, layer, below)).all():
            return layer + 1, "preactivation"
        if room.options is not None and not _is_normal(assembly, room, layer, cut):
            return layer + 1, "normalisation"
        below = room.work.activation[cut].reshape(batch, width)
        if not np.isfinite(below).all():
            return layer + 1, "activation"
    return None


def _preactivation(assembly: Assembly, room: Room, layer: int, below: np.ndarray) -> np.ndarray:
    """Returns z of a layer once more, as it lay in memory: a plain network keeps only the last layer's."""
    trained, layers, exponents = assembly.trained, len(assembly.network.activations), room.work.forward_exponent
    (W, b) = (trained.parameters[trained.start[n] :][: trained.size[n]] for n in (layer, layer + layers))
    own, shift = exponents[layer], (exponents[layer - 1] if layer else 0) - exponents[layer]
    return np.ldexp(below @ W.reshape(len(b), -1).T, np.int32(shift)) + np.ldexp(b, np.int32(-own))


def _is_normal(assembly: Assembly, room: Room, layer: int, cut: slice) -> bool:
    """Whether a of a normalised layer, and the variances under it, are finite."""
    options = room.options
    if options is None or assembly.network.normalisations[layer] == "none":
        return True
    used = (
        len(room.work.inputs)
        if assembly.network.normalisations[layer] == "layer"
        else assembly.network.widths[layer + 1]
    )
    # an infinite variance leaves a root of exactly 0
    return bool(np.isfinite(options.argument[cut]).all() and (options.root[layer, :used] > 0).all())


def _backward(assembly: Assembly, room: Room) -> tuple[int, str] | None:
    layers = len(assembly.network.activations)
    for layer in range(layers - 1, -1, -1):
        if not np.isfinite(room.work.delta_square[layer]):
            return layer + 1, "backward"
        if not np.isfinite(assembly.trained.square[_blocks_of(assembly, layer)]).all():
            return layer + 1, "gradient"
    return None


def _blocks_of(assembly: Assembly, layer: int) -> list[int]:
    """Returns which blocks of parameters belong to a layer: weights, biases, and what else it learns."""
    layers, others = len(assembly.network.activations), other_shapes(assembly.network)
    own = [place for place, name in enumerate(others) if name.lstrip(_LETTERS) == str(layer + 1)]
    return [layer, layers + layer, *(2 * layers + place for place in own)]
