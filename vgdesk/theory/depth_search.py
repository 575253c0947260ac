"""Looks for the depth at which a prediction crosses a limit.

`measure(depth)` is a logarithm that the prediction of that depth gives. Far from the ends it changes by nearly the same
amount per layer, so the next depth asked for is where the straight line through two known depths meets the limit, at
most `_STRIDE` times deeper than the deepest known; once the crossing lies between two known depths, the line through
them, or the middle, narrows it down to two neighbours. A dozen predictions answer for thousands of layers.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import MAX_DEPTH, FeedForward
from vgdesk.theory.initialisation import Start, rule_start

_STRIDE = 5
FOR_EVER = 1_000_000
"""A network that by the pace of its deepest layers keeps the limit up to here keeps it at any depth."""


class DepthFound(NamedTuple):
    """Is the answer of a search.

    Attributes
    ----------
    deepest
        The depth that keeps the limit while one layer more does not; 0 where no depth does, None where all up to
        `tried` do.
    tried
        The largest depth that was predicted.
    estimate
        Where `deepest` is None: the depth that keeps the limit at the pace of the deepest layers, None for any depth.
    """

    deepest: int | None
    tried: int
    estimate: int | None = None


def search(measure: Callable[[int], float], depth: int, most: int, bounds: tuple[float, float]) -> DepthFound:
    """Returns how deep a network may be.

    Parameters
    ----------
    measure
        Takes a depth, from 2 on; nan where there is no prediction, which counts as beyond the limit.
    depth
        Where to begin.
    most
        The largest depth to ask for.
    bounds
        Between which the measure must lie.
    """
    inside, outside = depth, None
    if not _keeps(measure(depth), bounds):
        if depth == 2 or not _keeps(measure(2), bounds):
            return DepthFound(0, depth)
        inside, outside = 2, depth
    before = max(2, inside // 2) if inside > 2 else 3
    while outside is None:
        deeper = min(most, max(inside + 1, min(_STRIDE * inside, _meets(measure, before, inside, bounds))))
        if inside >= most:
            return DepthFound(None, inside, _estimate(measure, inside, bounds))
        before, inside, outside = (
            (inside, deeper, None) if _keeps(measure(deeper), bounds) else (before, inside, deeper)
        )
    return DepthFound(_between(measure, inside, outside, bounds), outside)


def _keeps(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _meets(measure: Callable[[int], float], before: int, last: int, bounds: tuple[float, float]) -> int:
    """Returns the depth behind `last` where the line through two depths meets a bound, or `FOR_EVER`."""
    value = measure(last)
    pace = (value - measure(before)) / (last - before)
    if not math.isfinite(pace) or pace == 0.0:
        return FOR_EVER
    left = (bounds[0] - value if pace < 0.0 else bounds[1] - value) / pace
    return last + 1 + int(min(left, FOR_EVER))


def _estimate(measure: Callable[[int], float], deepest: int, bounds: tuple[float, float]) -> int | None:
    meets = _meets(measure, deepest // 2, deepest, bounds)
    return meets - 1 if meets < FOR_EVER else None


def _between(measure: Callable[[int], float], inside: int, outside: int, bounds: tuple[float, float]) -> int:
    """Returns the last depth that keeps the limit, between one that does and one that does not."""
    is_line = True
    while outside - inside > 1:
        low, high = measure(inside), measure(outside)
        bound = bounds[0] if high < bounds[0] else bounds[1]
        place = inside + (outside - inside) // 2
        if is_line and math.isfinite(high) and high != low:
            place = inside + int((outside - inside) * (bound - low) / (high - low))
            place = min(max(place, inside + 1), outside - 1)
        # a line that hits one side time after time is helped by a step across, and then by the middle
        inside, outside, is_near = _narrowed(measure, inside, outside, place, bounds)
        is_line = is_near or not is_line
    return inside


def _narrowed(
    measure: Callable[[int], float], inside: int, outside: int, place: int, bounds: tuple[float, float]
) -> tuple[int, int, bool]:
    """Asks at a depth and at the next one; returns the new ends, and whether the crossing is nearer than by halves."""
    width = outside - inside
    if not _keeps(measure(place), bounds):
        if place - 1 > inside and _keeps(measure(place - 1), bounds):
            return place - 1, place, True
        outside = min(outside, max(place - 1, inside + 1) if place - 1 > inside else place)
    elif place + 1 < outside and not _keeps(measure(place + 1), bounds):
        return place, place + 1, True
    else:
        inside = place
    return inside, outside, 2 * (outside - inside) <= width


def typical_layer(network: FeedForward) -> int:
    """Returns the number of the hidden layer in the middle, which stands for all of them."""
    return max(1, network.depth // 2)


def typical_start(experiment: Experiment) -> Start:
    """Returns how that layer is drawn where it is repeated: behind one of its own width, not behind the inputs."""
    network = experiment.feed_forward
    number = typical_layer(network)
    width = network.layers[number - 1].width
    return rule_start(experiment.layer_initialisation(number), width, width)


def deepened(experiment: Experiment, depth: int) -> Experiment:
    """Returns the experiment with its middle hidden layer repeated, or layers around it left out, until `depth` layers.

    Only layers from as many units to as many can stand in a row: where the middle one is none, it is made one.

    Raises
    ------
    SpecError
        `depth` is below 2, or what is left cannot stand in a row.
    """
    network = experiment.feed_forward
    if depth < 2:
        raise SpecError(f"depth must be at least 2 for a network with a hidden layer, got {depth}")
    if depth == network.depth:
        return experiment
    number = typical_layer(network)
    front, rear = network.layers[:number], network.layers[number:]
    if depth < network.depth:
        front, rear = network.layers[: depth // 2], network.layers[network.depth - depth + depth // 2 :]
        # what stands behind the gap has lost the units it was wired to
        rear = (msgspec.structs.replace(rear[0], sources=None), *rear[1:])
    # the repeated layer stands behind one of its own width, whatever stood below it; its wiring is that of all units
    copy = msgspec.structs.replace(network.layers[number - 1], sources=None, unit_names=())
    layers = (*front, *(copy,) * (depth - len(front) - len(rear)), *rear)
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(network, layers=layers))


def most_layers(experiment: Experiment) -> int:
    """Returns how deep this network can be made at all: as deep as a spec may be, or half of that, and so on."""
    depth, most = experiment.feed_forward.depth, MAX_DEPTH
    while most > depth:
        try:
            deepened(experiment, most)
        except SpecError:
            most = max(depth, most // 2)
        else:
            return most
    return depth
