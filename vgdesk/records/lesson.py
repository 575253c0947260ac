"""What a step of a lesson comes to when it is told: the numbers it states beside the measured ones."""

import msgspec

from vgdesk.records.derivation import Derivation
from vgdesk.records.history import GradientHistory
from vgdesk.spec.experiment import Experiment


class ToldNumber(msgspec.Struct, frozen=True, kw_only=True):
    """Is one stated number (or word) and what was measured.

    Attributes
    ----------
    name, measure, compare
        As in `vgdesk.spec.lesson.Expected`.
    said
        What the lesson states.
    measured
        What was found.
    holds
        Whether the statement is true.
    """

    name: str
    measure: str
    compare: str
    said: str
    measured: float | str
    holds: bool


class ToldStep(msgspec.Struct, frozen=True, kw_only=True):
    """Is what is behind a step.

    Attributes
    ----------
    experiment
        What is studied.
    numbers
        Every stated number.
    derivation
        Of the step's weight; None where it names none.
    history
        The run up to the gradient that is on show.
    """

    experiment: Experiment
    numbers: tuple[ToldNumber, ...]
    derivation: Derivation | None
    history: GradientHistory
