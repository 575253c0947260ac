"""The loss of whoever has learned nothing but the mean of the targets, where the spec alone tells it.

A network that starts with large weights begins far above it; reaching it is no learning.
"""

import math
from collections.abc import Sequence

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.sequences import AddingProblem, SequenceExamples
from vgdesk.spec.task import Examples

SUM_VARIANCE = 1.0 / 6.0
"""Of two numbers drawn from [0, 1], which the adding problem asks for the sum of."""


def chance_loss(experiment: Experiment | None) -> float:
    """Returns the loss of always answering the mean target, or infinity where it is not known from the spec."""
    if experiment is None or experiment.loss not in ("mse", "half-mse-sum"):
        return math.inf
    match experiment.task:
        case AddingProblem():
            variance, outputs = SUM_VARIANCE, 1
        case Examples(targets=rows):
            variance, outputs = _variance(rows), len(rows[0])
        case SequenceExamples(targets=sequences) if len(sequences[0]) == 1:
            rows = [sequence[0] for sequence in sequences]
            variance, outputs = _variance(rows), len(rows[0])
        case _:
            return math.inf
    if variance == 0.0:
        return math.inf
    return variance if experiment.loss == "mse" else variance * outputs / 2


def _variance(rows: Sequence[Sequence[float]]) -> float:
    """Returns the variance over the examples, averaged over the outputs."""
    columns = list(zip(*rows, strict=True))
    means = [sum(column) / len(column) for column in columns]
    squares = [
        sum((value - mean) ** 2 for value in column) / len(column) for column, mean in zip(columns, means, strict=True)
    ]
    return sum(squares) / len(squares)
