"""One layer on the way back, with what the gradient has along its signal: `vgdesk.theory.signals` for skip connections.

Networks without them have nothing along it, and take no other way than there.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.carried import Along, carried_down
from vgdesk.theory.carried_part import part_along, part_scatter, unevenly
from vgdesk.theory.signals import Passed, Signal, backward


class Below(NamedTuple):
    """Is what a layer gives down: sums of dL/dz_a dL/dz_b and of dL/dh_a dL/dh_b below, and D below.

    `scatter` are the relative variances of `vgdesk.theory.carried_part.part_scatter`.
    """

    delta: np.ndarray
    onward: np.ndarray
    along: Along | None
    scatter: tuple[float, float]


def carried_backward(layer: DenseLayer, passed: Passed, above: Signal, H: np.ndarray, along: Along | None) -> Below:
    """Takes the gradient through a hidden layer; `above` is the signal it gives, H and `along` the gradient there."""
    G, onward = backward(layer, passed, H)
    scatter = 0.0, 0.0
    if along is not None:
        part = part_along(along, float(H.trace()) / len(H), above, layer.width)
        scatter = part_scatter(part, H, passed.below)
        G, onward = unevenly(passed, part, G, onward)
    if layer.skip is None:
        return Below(G, onward, None, scatter)
    return Below(G, *carried_down(passed, above, layer.width, H, onward, along), scatter)
