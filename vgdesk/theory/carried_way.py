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
from vgdesk.theory.carried_numbers import Hidden, UnitNumbers
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
from vgdesk.theory.carried_units import Signals, Weighing, side_by_side, weighing
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
    below, above
        What they are given, and what they give.
    exponents
        The units of their gradients' D: of the signal a layer gives and of the one it is given.
    widths, dropouts
        Units of each layer, as many as below, and shares of them that are dropped.
    numbers, powers
        Those of `vgdesk.theory.carried_numbers`, and of `vgdesk.theory.carried_part.uneven_powers`.
    """

    first: int
    passed: list[Passed]
    below: Signals
    above: Signals
    exponents: list[tuple[int, int]]
    widths: np.ndarray
    dropouts: list[float]
    numbers: UnitNumbers
    powers: np.ndarray

    def __post_init__(self) -> None:
        # the part of the gradient and dL/dh itself, filled in on the way down
        self.wholes, self.gradients = np.zeros_like(self.below.square), np.zeros_like(self.below.square)

    @cached_property
    def sized(self) -> tuple[Signals, np.ndarray]:
        """The signals they give, in units of their own size, and these units."""
        return in_own_size(self.above)

    @cached_property
    def uneven(self) -> Uneven:
        """What they make of the part of D."""
        return uneven(self.passed, self.powers, self.sized[0])

    @cached_property
    def weighing(self) -> Weighing | None:
        """Moments of their units; None without skip connections."""
        return None if self.passed[0].inner is None else weighing(self.passed, self.numbers, self.below, self.above)

    @cached_property
    def carrying(self) -> Carrying | None:
        """What they make of D; a layer without a skip connection forgets it, for which None stands."""
        return None if self.weighing is None else carrying(self.weighing, self.below, self.widths)

    @cached_property
    def asked(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Rows and columns (a, b) of the factors whose D the layers ask for, each of shape (layers, 2, examples).

        They are of `vgdesk.theory.carried_part.part_pairs`, then of `vgdesk.theory.carried.carried_pairs`.
        """
        rows, columns = part_pairs(*self.sized, self.widths)
        if self.weighing is not None:
            more = carried_pairs(self.weighing)
            rows, columns = rows + more[0], columns + more[1]
        return rows, columns

    @cached_property
    def pairing(self) -> Pairing:
        """Rows and columns as layers that are taken one by one ask for them."""
        return paired(*self.asked)

    def own_signals(self, passed: list[Passed]) -> np.ndarray:
        """Returns products of the signals that are given to these layers, in the signals' own units."""
        if all(layer.given == below for layer, (_, below) in zip(self.passed, self.exponents, strict=True)):
            return self.below.square
        return np.array([layer.below.square for layer in passed])

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
        return part_scatter(self.wholes, self.gradients, self.below.square)


class Carriers(NamedTuple):
    """Is all hidden layers of a network with skip connections, of which some are a run.

    Attributes
    ----------
    layers, passed
        As specified, and after the way forwards; the output layer is the last one.
    hidden, powers
        Those of `vgdesk.theory.carried_numbers`, and of `vgdesk.theory.carried_part.uneven_powers`.
    """

    layers: tuple[DenseLayer, ...]
    passed: list[Passed]
    hidden: Hidden
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


def carriers(layers: tuple[DenseLayer, ...], passed: list[Passed], hidden: Hidden | None) -> Carriers | None:
    """Returns the hidden layers; None without any skip connection."""
    if hidden is None:
        return None
    np.empty(_ROOM)
    return Carriers(layers, passed, hidden, uneven_powers(*hidden))


def _run(of: Carriers, first: int, last: int) -> CarriedRun:
    passed, places = of.passed, range(first, last + 1)
    run, numbers = of.hidden.layers[first : last + 1], of.hidden.numbers.of_layers(slice(first, last + 1))
    below = side_by_side([layer.below for layer in run])
    above = side_by_side([passed[place + 1].below.at(passed[place].given) for place in places])
    return CarriedRun(
        first,
        run,
        below,
        above,
        [(passed[place + 1].below.exponent, passed[place].below.exponent) for place in places],
        np.array([float(of.layers[place].width) for place in places]),
        [of.layers[place].dropout for place in places],
        numbers,
        of.powers[first : last + 1],
    )


def _is_like(passed: Passed, other: Passed) -> bool:
    return passed.inner is not None and (passed.gate is None) == (other.gate is None)


def _one(layers: Carrying, here: int) -> Carrying:
    """Returns the layer at a place of the run."""
    below = Signals(layers.below.square[here], layers.below.mean[here])
    return Carrying(layers.products[here], below, layers.shared[here], layers.undirected[here], layers.widths[here])
