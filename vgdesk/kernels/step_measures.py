"""What can be told about one step beside its row: arrays of one number per layer, by the names of `spec.recording`.

    "saturated", "dead"                     shares of units (see `layer_statistics`)
    "activation-mean", "activation-variance"   of the layer's h over batch and units
    "weight-norm", "weight-change", "update"   log10 of |W|, |W - W at the start|, |W after - W before the step|
    "float32-lost", "float16-lost"          shares of dL/dW that the format would store as 0
    "histogram"                             shape (layers, bins + 2): shares of z, the first below, the last above

All but "update" belong to the network before the step.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.kernels import layer_statistics
from vgdesk.kernels.assembly import Assembly, Room

_LINES = {
    "saturated": layer_statistics.SATURATED,
    "dead": layer_statistics.DEAD,
    "activation-mean": layer_statistics.MEAN,
    "activation-variance": layer_statistics.VARIANCE,
    "float32-lost": layer_statistics.SINGLE_LOST,
    "float16-lost": layer_statistics.HALF_LOST,
    "weight-norm": layer_statistics.NORM,
    "weight-change": layer_statistics.CHANGE,
}


OF_GRADIENT = ("lag", "float32-lost", "float16-lost")
"""What a step that was not finite does not have."""


class Bins(NamedTuple):
    """Asks for a histogram: `number` equal bins from `low` to `high`."""

    number: int
    low: float
    high: float


def measures_of(assembly: Assembly, room: Room, start: np.ndarray, bins: Bins | None) -> dict[str, np.ndarray]:
    """Returns all but "update", read from a room where a step was rehearsed; `start` as in `layer_statistics`."""
    lines = np.empty((len(_LINES), len(assembly.network.activations)))
    inner = _inner(assembly, room)
    layer_statistics.write_statistics(assembly.wiring, room.work, inner, assembly.trained, start, lines)
    quantities = {name: lines[line] for name, line in _LINES.items()}
    if bins is not None:
        histogram = np.zeros((lines.shape[1], bins.number + 2))
        low, high = float(bins.low), float(bins.high)
        layer_statistics.write_histograms(assembly.wiring, room.work, low, high, histogram)
        quantities["histogram"] = histogram
    return quantities


def without_gradient(quantities: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Returns quantities of a step whose gradient is not known: what belongs to the gradient is NaN."""
    unknown = {name: np.full_like(quantities[name], np.nan) for name in OF_GRADIENT if name in quantities}
    return quantities | unknown


def update_norm(assembly: Assembly, before: np.ndarray) -> np.ndarray:
    """Returns "update"; `before` are the parameters before the step, flat."""
    distances = np.empty(len(assembly.network.activations))
    layer_statistics.write_distances(assembly.trained, before, distances)
    return distances


def _inner(assembly: Assembly, room: Room) -> np.ndarray:
    """Returns phi(a): the activation, but what stood before it where a skip connection made h of it."""
    if room.options is None or set(assembly.network.skips) == {None}:
        return room.work.activation
    inner, batch, start = room.work.activation.copy(), len(room.work.inputs), assembly.wiring.unit_start
    for layer, skip in enumerate(assembly.network.skips):
        if skip is not None:
            cut = slice(batch * start[layer], batch * start[layer + 1])
            inner[cut] = room.options.inner[cut]
    return inner
