"""Remedies that act on the weights at the start, and two that people believe in."""

import math
from functools import partial

from vgdesk.diagnosis.remedies.remedy import Remedy, drawn_by, replaced
from vgdesk.errors import SpecError
from vgdesk.records.remedy import Helps
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import FixedGaussian, Glorot, He, Initialisation, LeCun, Orthogonal
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.table import CsvTable
from vgdesk.spec.task import Digits, Examples

_MATCHED = "with the activation"
_OF_SIGMOIDS = "a sigmoid has no good initialisation below σ_w = 10.15"


def _start(name: str, title: str, rule: Initialisation, word: str) -> Remedy:
    change = partial(drawn_by, rule=rule)
    return Remedy(name, title, "weights at the start", "initialisation", Helps.MATCHED, word, change, _OF_SIGMOIDS)


def with_small_weights(experiment: Experiment) -> Experiment:
    """Returns the experiment with every weight drawn very small, W_hh of a recurrent network too."""
    network = experiment.network
    if isinstance(network, Recurrent):
        experiment = replaced(experiment, network=replaced(network, recurrent_initialisation=None))
    return drawn_by(experiment, FixedGaussian())


def with_scaled_inputs(experiment: Experiment) -> Experiment:
    """Returns the experiment with every input column moved to mean 0 and deviation 1; a constant one to 0."""
    task = experiment.task
    if isinstance(task, CsvTable):
        return replaced(experiment, task=replaced(task, standardise=True))
    if isinstance(task, Examples) and len(task.inputs) == 1:
        raise SpecError("a single example has no scale")
    if isinstance(task, Examples):
        return replaced(experiment, task=replaced(task, inputs=_standardised(task.inputs)))
    what = "digits lie in [0, 1] already" if isinstance(task, Digits) else "the inputs of this task are drawn to scale"
    raise SpecError(what)


def _standardised(rows: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    columns = [_standard(column) for column in zip(*rows, strict=True)]
    return tuple(zip(*columns, strict=True))


def _standard(column: tuple[float, ...]) -> list[float]:
    mean = sum(column) / len(column)
    deviation = math.hypot(*(value - mean for value in column)) / math.sqrt(len(column))
    return [(value - mean) / deviation if deviation > 0 else 0.0 for value in column]


STARTS = (
    _start("xavier", "Xavier (Glorot) initialisation", Glorot(), _MATCHED),
    _start("he", "He initialisation", He(), _MATCHED),
    _start("lecun", "LeCun initialisation", LeCun(), _MATCHED),
    _start("orthogonal", "orthogonal initialisation", Orthogonal(), f"{_MATCHED}; keeps lengths in linear networks"),
    Remedy(
        "small-weights",
        "very small initial weights",
        "weights at the start",
        "initialisation",
        Helps.WORSE,
        "each layer multiplies by the weights once more",
        with_small_weights,
    ),
)
INPUTS = (
    Remedy(
        "input-scaling",
        "inputs to mean 0 and deviation 1",
        "forward scale of the first layer",
        "inputs",
        Helps.NO,
        "no effect on the factor of any later layer",
        with_scaled_inputs,
    ),
)
