"""A derivation whose numbers can be changed: the program that computes them, and where each of them stands.

Where a number stands is told by *marks*. The template is the derivation as it would be told if every value were another
odd number, its mark; a number of the template that equals a mark is the value of that mark's slot, and every other
number (an exponent, a factor of the loss) is a constant of the formula. `vgdesk.present.live` puts the numbers in.
"""

import math
from enum import StrEnum

import msgspec
import numpy as np

from vgdesk.records.derivation import Derivation, Place
from vgdesk.records.derivation_views import Ledger, MatrixView, PathView
from vgdesk.records.formula import Formula
from vgdesk.records.places import Places
from vgdesk.records.program import Program


class NumberKind(StrEnum):
    """What a number is that can be changed."""

    INPUT = "input"
    TARGET = "target"
    WEIGHT = "weight"
    BIAS = "bias"
    OTHER = "other"
    RATE = "learning rate"


class Adjustable(msgspec.Struct, frozen=True, kw_only=True):
    """Is a number that can be changed.

    Attributes
    ----------
    name
        What `vgdesk derive --let` calls it: "w1", "age", "x2", "t1", "eta".
    kind
        Which part of the experiment it is.
    value
        Its number in the experiment.
    is_probability
        Whether it must lie in [0, 1]: the targets of a loss that compares probabilities.
    place
        What lights up with it; None for what the diagram does not show: targets, a cell's inputs, the learning rate.
    """

    name: str
    kind: NumberKind
    value: float
    place: Place | None = None
    is_probability: bool = False


class LiveProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Says how the symbolic profile follows from the program, run once per example.

    Attributes
    ----------
    quantity, places
        As of a `vgdesk.records.profile.GradientProfile`.
    groups
        The slots of the derivatives whose norm each place shows.
    is_mean
        Whether derivatives are averaged over the examples before the norm is taken (those of shared weights), or each
        example's counts by itself (those of signals).
    data
        The first given numbers of every example, shape (examples, inputs and targets); empty where there are too many
        examples to follow at once.
    row
        The example that is derived, counting from 0.
    """

    quantity: str
    places: Places
    groups: tuple[tuple[int, ...], ...]
    is_mean: bool
    data: np.ndarray
    row: int


class LiveDerivation(msgspec.Struct, frozen=True, kw_only=True):
    """Is a derivation, its views and its profile, ready to be told with other numbers.

    Attributes
    ----------
    numbers
        What can be changed, in the order of the program's given slots.
    program
        Computes every value from them.
    marks, mark_slots
        The marks in rising order, and the slot of each.
    template
        The derivation with marks in place of its numbers.
    held_steps
        Which of its steps (counting from 0) keep the numbers they have until the derivation is made anew.
    matrices
        The matrix view with marks; None where this network has none.
    paths, ledger
        These views with true numbers: which path is the largest is not found anew.
    factor_slots
        By id of a factor of these views, the slot of its value.
    factor_numbers
        By id of a factor of these views, its closed form with marks; none of a factor that is a single number.
    gradient
        The slot of the gradient.
    profile
        How the profile follows.
    """

    numbers: tuple[Adjustable, ...]
    program: Program
    marks: np.ndarray
    mark_slots: np.ndarray
    template: Derivation
    held_steps: tuple[int, ...]
    matrices: MatrixView | None
    paths: PathView
    ledger: Ledger
    factor_slots: dict[str, int]
    gradient: int
    profile: LiveProfile
    factor_numbers: dict[str, Formula] = {}


def digits_to_show(old: float, new: float) -> int:
    """Returns how many digits of a new weight show its change with two digits: 0.99984 after 1, not 1."""
    change = abs(new - old)
    if not (change > 0 and math.isfinite(change)) or new == 0 or not math.isfinite(new):
        return 3
    return min(15, max(3, math.floor(math.log10(abs(new))) - math.floor(math.log10(change)) + 2))
