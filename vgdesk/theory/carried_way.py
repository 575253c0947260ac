"""One layer on the way back, with what the gradient has along its signal: `vgdesk.theory.signals` for skip connections.

Networks without them have nothing along it, and take no other way than there.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.carried import Along, carried_down
from vgdesk.theory.carried_part import at_most, part_along, part_scatter, unevenly
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
    """Takes the gradient through a hidden layer; `above` is the signal it gives, H and `along` the gradient there.

    D goes with the signal's units, and here all are in those of phi (`vgdesk.theory.exponents`).
    """
    G, onward = backward(layer, passed, H)
    scatter, given, e = (0.0, 0.0), passed, passed.given
    if along is not None or layer.skip is not None:
        given = passed.in_given_units()
    if along is not None:
        along = along.at(above.exponent, e)
        part = at_most(part_along(along, float(H.trace()) / len(H), above.at(e), layer.width), H)
        scatter = part_scatter(part, H, given.below)
        G, onward = unevenly(given, part, G, onward)
    if layer.skip is None:
        return Below(G, onward, None, scatter)
    onward, along = carried_down(given, above.at(e), layer.width, H, onward, along)
    return Below(G, onward, along if along is None else along.at(e, passed.below.exponent), scatter)
