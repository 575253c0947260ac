"""Long runs of equal layers with batch norm: drawn shorter, and continued by their own middle.

Some ten layers behind the inputs, and before the output, every layer of such a run does on average what its neighbours
do: batch norm renews the size of the signals, and the examples have decorrelated. So a run that makes a network deeper
than `LONGEST` is left out in its middle, in line and variance each layer there continues the pace of those around it,
and a prediction of a thousand layers costs that of 64.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.initialisation import Start, layer_starts

LONGEST = 64
"""So many layers are looked at, if others can be left out."""
_SHORTEST_RUN = 32
"""So many layers of the run stay."""
_NEAR = 8
"""Layers to each side of the middle by which wide networks go on, whose pace is exact."""


class Gap(NamedTuple):
    """Says which layers are left out.

    Attributes
    ----------
    middle
        The place of the first of them, and in the shorter network of what stands above them.
    length
        How many they are.
    reach
        Layers to each side of the middle whose pace they continue.
    """

    middle: int
    length: int
    reach: int


def repeated_layers(experiment: Experiment) -> Gap | None:
    """Returns which layers of a deep network need not be looked at, None where all must be."""
    layers = experiment.feed_forward.layers
    if len(layers) <= LONGEST:
        return None
    first, end = _longest_run(layers, layer_starts(experiment))
    count = min(len(layers) - LONGEST, end - first - _SHORTEST_RUN)
    half = (end - first - count) // 2
    # what the ends of the run feel of its neighbours is no pace
    return Gap(first + half, count, 2 * half // 3) if count > 0 else None


def without_gap(experiment: Experiment, gap: Gap) -> Experiment:
    """Returns the experiment without the layers that are left out."""
    network = experiment.feed_forward
    layers = network.layers[: gap.middle] + network.layers[gap.middle + gap.length :]
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(network, layers=layers))


def with_gap_filled(prediction: Prediction, gap: Gap) -> Prediction:
    """Returns the prediction of the whole network from that of the shorter one."""
    if prediction.reason:
        return prediction
    delta = next(profile for profile in prediction.profiles if profile.quantity == "delta")
    # all three quantities share a layer's factor, and dL/dz scatters least beside it
    pace, spread = _pace(delta.log10_norm, gap, gap.reach), max(0.0, _pace(_variance(delta), gap, gap.reach))
    # variances and chi stay what they are there
    arrays = {
        name: value for name, value in msgspec.structs.asdict(prediction).items() if isinstance(value, np.ndarray)
    }
    filled = {name: _filled(value, gap, 0.0) for name, value in arrays.items()}
    filled["wide"] = _filled(prediction.wide, gap, _pace(prediction.wide, gap, min(_NEAR, gap.reach)))
    return msgspec.structs.replace(
        prediction,
        **filled,
        profiles=tuple(_filled_profile(profile, gap, pace, spread) for profile in prediction.profiles),
        log10_input_norm=prediction.log10_input_norm + pace * gap.length,
        note=prediction.note or _note(gap),
    )


def _note(gap: Gap) -> str:
    first, last = gap.middle + 1, gap.middle + gap.length
    if gap.length == 1:
        return f"layer {first} is taken to pass on what the layers around it do"
    return f"layers {first} to {last} are taken to pass on what the layers around them do"


def _longest_run(layers: Sequence[DenseLayer], starts: Sequence[Start]) -> tuple[int, int]:
    """Returns where the longest run of equal layers begins and ends, of those that batch norm renews and none skips."""
    best, first = (0, 0), 0
    for place in range(1, len(layers) + 1):
        if place < len(layers) and layers[place] == layers[first] and starts[place] == starts[first]:
            continue
        is_renewed = layers[first].normalisation == "batch" and layers[first].skip is None
        if is_renewed and place - first > best[1] - best[0]:
            best = (first, place)
        first = place
    return best


def _variance(profile: GradientProfile) -> np.ndarray:
    if profile.log10_deviation is None:
        raise ValueError("a predicted profile has a band")
    return profile.log10_deviation**2


def _filled_profile(profile: GradientProfile, gap: Gap, pace: float, spread: float) -> GradientProfile:
    line, variance = _filled(profile.log10_norm, gap, pace), _filled(_variance(profile), gap, spread)
    return msgspec.structs.replace(profile, log10_norm=line, log10_deviation=frozen(np.sqrt(variance)))


def _pace(values: np.ndarray, gap: Gap, reach: int) -> float:
    """Returns by how much the values grow from layer to layer downwards, around the middle."""
    # of two gradients of 0 it is nan
    found = (float(values[gap.middle - reach]) - float(values[gap.middle + reach])) / (2 * reach)
    return found if math.isfinite(found) else 0.0


def _filled(values: np.ndarray, gap: Gap, pace: float) -> np.ndarray:
    """Returns values that grow by `pace` from layer to layer downwards through the gap."""
    above = values[gap.middle :]
    between = above[0] + pace * np.arange(gap.length, 0, -1.0)
    return frozen(np.concatenate([values[: gap.middle] + pace * gap.length, between, above]))
