"""Layers on the way back with what the gradient has along its signal: for networks with skip connections.

Others have nothing along it, and take no other way than `vgdesk.theory.through_layer`. What layers make of it hangs
on the way forwards alone and is computed for a run of like layers together, so many that their arrays stay in the
cache.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.carried import (
    Along,
    Carrying,
    Pairing,
    carried_down,
    carried_pairs,
    carrying,
    in_units,
    kept,
    paired,
)
from vgdesk.theory.carried_numbers import UnitNumbers, unit_numbers
from vgdesk.theory.carried_part import (
    Uneven,
    at_most,
    in_own_size,
    part_along,
    part_pairs,
    part_scatter,
    uneven,
    uneven_powers,
    unevenly,
)
from vgdesk.theory.carried_units import Signals, side_by_side, weighing
from vgdesk.theory.signals import Passed

_TOGETHER = 24
"""More layers of 32 examples than this do not make the prediction faster."""
_ROOM = 1_000_000
"""Numbers in an array that is asked for and given back. glibc then keeps what smaller ones give back (mallopt(3),
M_MMAP_THRESHOLD), where it would return and fetch the pages of every run anew, at a third of the prediction's time."""


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
    passed
        The layers, in the units of phi's own products.
    signals
        What they are given.
    exponents
        The units of their gradients' D: of the signal a layer gives and of the one it is given.
    rows, columns
        (a, b) of the factors whose D the layers ask for, each of shape (layers, 2, examples): of
        `vgdesk.theory.carried_part.part_pairs`, then of `vgdesk.theory.carried.carried_pairs`.
    dropouts
        Shares of the units that are dropped.
    uneven, carrying
        What they make of D, first of its part; a layer without a skip connection forgets it, for which None stands.
    wholes, gradients
        The part of the gradient and dL/dh itself, filled in on the way down.
    """

    first: int
    passed: list[Passed]
    signals: Signals
    exponents: list[tuple[int, int]]
    rows: list[np.ndarray]
    columns: list[np.ndarray]
    dropouts: list[float]
    uneven: Uneven
    carrying: Carrying | None
    wholes: np.ndarray
    gradients: np.ndarray

    @cached_property
    def pairing(self) -> Pairing:
        """Rows and columns as layers that are taken one by one ask for them."""
        return paired(self.rows, self.columns)

    def down(self, place: int, H: np.ndarray, G: np.ndarray, onward: np.ndarray, along: Along | None) -> Below:
        """Takes the gradient through a layer; H and `along` are those above, the others what independence gives."""
        here = place - self.first
        passed, (above, below), D = self.passed[here], self.exponents[here], None
        if along is not None:
            D = kept(self.pairing.rows[here], self.pairing.columns[here], in_units(along, above, passed.given))
            part = at_most(part_along(self.uneven.square[here], self.uneven.mean[here], D[:3]), H)
            self.wholes[here], self.gradients[here] = part.whole, H
            G, onward = unevenly(self.uneven, here, passed.start.weight, part, G, onward)
        if self.carrying is None:
            return Below(G, onward, None)
        past = H if passed.gate is None else H * passed.gate.closed
        onward, along = carried_down(_one(self.carrying, here), H, onward, past, None if D is None else D[3:])
        return Below(G, onward, in_units(along, passed.given, below))

    def scatter(self) -> np.ndarray:
        """Returns the relative variances of `vgdesk.theory.carried_part.part_scatter`, after the last layer."""
        return part_scatter(self.wholes, self.gradients, self.signals.square)


class Carriers(NamedTuple):
    """Is all hidden layers of a network with skip connections, of which some are a run.

    Attributes
    ----------
    layers, passed
        As specified, and after the way forwards; the output layer is the last one.
    numbers, powers
        Those of `vgdesk.theory.carried_numbers`, and of `vgdesk.theory.carried_part.uneven_powers`.
    """

    layers: tuple[DenseLayer, ...]
    passed: list[Passed]
    numbers: UnitNumbers
    powers: np.ndarray

    def run_below(self, last: int) -> CarriedRun | None:
        """Returns the run whose uppermost layer is the one at this place; None where gradients have nothing along h.

        That is of plain layers below plain ones, and of those next to the output.
        """
        first, layers = last, self.layers
        if layers[last].skip is None:
            if last + 2 >= len(layers) or layers[last + 1].skip is None:
                return None
        else:
            while first > 0 and last - first + 1 < _TOGETHER and _is_like(self.passed[first - 1], self.passed[last]):
                first -= 1
        return _run(self, first, last)


def carriers(layers: tuple[DenseLayer, ...], passed: list[Passed]) -> Carriers | None:
    """Returns the hidden layers; None without any skip connection."""
    if all(layer.inner is None for layer in passed):
        return None
    np.empty(_ROOM)
    hidden = [layer.in_given_units() for layer in passed[:-1]]
    numbers = unit_numbers(hidden)
    return Carriers(layers, passed, numbers, uneven_powers(hidden, numbers))


def _run(of: Carriers, first: int, last: int) -> CarriedRun:
    passed, places = of.passed, range(first, last + 1)
    numbers, powers = of.numbers.of_layers(slice(first, last + 1)), of.powers[first : last + 1]
    run = [passed[place].in_given_units() for place in places]
    widths = np.array([float(of.layers[place].width) for place in places])
    below = side_by_side([layer.below for layer in run])
    above = side_by_side([passed[place + 1].below.at(passed[place].given) for place in places])
    sized, root = in_own_size(above)
    (rows, columns), carries = part_pairs(sized, root, widths), None
    if run[0].inner is not None:
        found = weighing(run, numbers, below, above)
        carries, more = carrying(found, below, widths), carried_pairs(found)
        rows, columns = rows + more[0], columns + more[1]
    return CarriedRun(
        first,
        run,
        below,
        [(passed[place + 1].below.exponent, passed[place].below.exponent) for place in places],
        rows,
        columns,
        [of.layers[place].dropout for place in places],
        uneven(run, powers, sized),
        carries,
        np.zeros_like(below.square),
        np.zeros_like(below.square),
    )


def _is_like(passed: Passed, other: Passed) -> bool:
    return passed.inner is not None and (passed.gate is None) == (other.gate is None)


def _one(layers: Carrying, here: int) -> Carrying:
    """Returns the layer at a place of the run."""
    below = Signals(layers.below.square[here], layers.below.mean[here])
    return Carrying(layers.products[here], below, layers.shared[here], layers.undirected[here], layers.widths[here])
