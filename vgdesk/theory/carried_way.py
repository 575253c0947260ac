"""Layers on the way back with what the gradient has along its signal: `vgdesk.theory.signals` for skip connections.

Networks without them have nothing along it, and take no other way than there. What layers make of it hangs on the way
forwards alone and is computed for a run of like layers together, so many that their arrays stay in the cache.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.carried import Along, Carrying, carried_down, carrying, in_units
from vgdesk.theory.carried_numbers import unit_numbers
from vgdesk.theory.carried_part import Part, Uneven, part_along, part_scatter, uneven, unevenly
from vgdesk.theory.carried_units import Signals, side_by_side
from vgdesk.theory.signals import Passed

_TOGETHER = 8


class Below(NamedTuple):
    """Is what a layer gives down: sums of dL/dz_a dL/dz_b and of dL/dh_a dL/dh_b below, and D below."""

    delta: np.ndarray
    onward: np.ndarray
    along: Along | None


@dataclass
class CarriedRun:
    """Is a run of hidden layers that all have a gate, or all a residual connection, or one below such a run.

    Attributes
    ----------
    first
        Place of the lowest layer.
    layers, passed
        As specified, and in the units of phi's own products.
    signals
        What they are given.
    exponents
        The units of their gradients' D: of the signal a layer gives and of the one it is given.
    uneven, carrying
        What they make of D; a layer without a skip connection forgets it, for which None stands.
    wholes, gradients
        The part of the gradient and dL/dh itself, filled in on the way down.
    """

    first: int
    layers: tuple[DenseLayer, ...]
    passed: list[Passed]
    signals: Signals
    exponents: list[tuple[int, int]]
    uneven: Uneven
    carrying: Carrying | None
    wholes: np.ndarray
    gradients: np.ndarray

    def down(self, place: int, H: np.ndarray, G: np.ndarray, onward: np.ndarray, along: Along | None) -> Below:
        """Takes the gradient through a layer; H and `along` are those above, the others what independence gives."""
        here = place - self.first
        passed, (above, below) = self.passed[here], self.exponents[here]
        if along is not None:
            along = in_units(along, above, passed.given)
            part = self._part(here, along)
            self.wholes[here], self.gradients[here] = part.whole, H
            G, onward = unevenly(self.uneven, here, passed.start.weight, part, G, onward)
        if self.carrying is None:
            return Below(G, onward, None)
        past = H if passed.gate is None else H * passed.gate.closed
        onward, along = carried_down(_one(self.carrying, here), H, onward, past, along)
        return Below(G, onward, in_units(along, passed.given, below))

    def _part(self, here: int, along: Along) -> Part:
        return part_along(self.uneven.rows[here], self.uneven.square[here], self.uneven.mean[here], along)

    def scatter(self) -> np.ndarray:
        """Returns the relative variances of `vgdesk.theory.carried_part.part_scatter`, after the last layer."""
        return part_scatter(self.wholes, self.gradients, self.signals.square)


def carried_run(layers: tuple[DenseLayer, ...], passed: list[Passed], last: int) -> CarriedRun | None:
    """Returns the run whose uppermost layer is the one at this place; None where gradients have nothing along signals.

    That is of plain layers below plain ones, and of those next to the output.
    """
    first = last
    if layers[last].skip is None:
        if last + 2 >= len(layers) or layers[last + 1].skip is None:
            return None
    else:
        while first > 0 and last - first + 1 < _TOGETHER and _is_like(passed[first - 1], passed[last]):
            first -= 1
    places = range(first, last + 1)
    run = [passed[place].in_given_units() for place in places]
    of, widths = unit_numbers(run), np.array([float(layers[place].width) for place in places])
    below = side_by_side([layer.below for layer in run])
    above = side_by_side([passed[place + 1].below.at(passed[place].given) for place in places])
    return CarriedRun(
        first,
        layers[first : last + 1],
        run,
        below,
        [(passed[place + 1].below.exponent, passed[place].below.exponent) for place in places],
        uneven(run, of, above, widths),
        None if layers[last].skip is None else carrying(run, of, below, above, widths),
        np.zeros_like(below.square),
        np.zeros_like(below.square),
    )


def _is_like(passed: Passed, other: Passed) -> bool:
    return passed.inner is not None and (passed.gate is None) == (other.gate is None)


def _one(layers: Carrying, here: int) -> Carrying:
    """Returns the layer at a place of the run."""
    below = Signals(layers.below.square[here], layers.below.mean[here])
    return Carrying(layers.rows[here], layers.products[here], below, layers.shared[here], layers.undirected[here])
