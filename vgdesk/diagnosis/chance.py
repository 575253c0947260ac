"""The loss and the right answers of whoever never looks at the input, where the spec alone tells them.

The best of such answers is the mean of the targets, with m_k and v_k the mean and the variance of output k:

    mse                      mean of v_k                      half-mse-sum    sum of v_k / 2
    bce                      mean of H(m_k)                   softmax-cross-entropy    sum of -m_k ln m_k

with H(m) = -m ln m - (1 - m) ln(1 - m). A network that starts with large weights begins far above it; reaching it is
the output's bias settling, and no learning. Classes count as equally frequent: where they are not, guessing is cheaper
than what is told here, and whatever ends above this ends above that, too.
"""

import math
from collections.abc import Sequence

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.sequences import AddingProblem, SequenceExamples
from vgdesk.spec.task import Examples, has_classes

SUM_VARIANCE = 1.0 / 6.0
"""Of two numbers drawn from [0, 1], which the adding problem asks for the sum of."""


def chance_loss(experiment: Experiment | None) -> float:
    """Returns the loss of always answering the mean target, or infinity where it is not known from the spec."""
    moments = None if experiment is None else _moments(experiment)
    if experiment is None or moments is None:
        return math.inf
    means, variances = moments
    match experiment.loss:
        case "mse":
            loss = sum(variances) / len(variances)
        case "half-mse-sum":
            loss = sum(variances) / 2
        case "bce":
            loss = sum(_surprise(mean) + _surprise(1.0 - mean) for mean in means) / len(means)
        case _:
            # targets that are no probabilities of classes have no such least loss
            loss = sum(map(_surprise, means)) if math.isclose(sum(means), 1.0, rel_tol=1e-9) else math.inf
    return loss if loss > 0.0 else math.inf


def chance_accuracy(experiment: Experiment | None) -> float:
    """Returns the share of right answers of whoever guesses a class, or nan where there are no classes."""
    return math.nan if experiment is None or not has_classes(experiment.task) else 1.0 / _classes(experiment)


def _classes(experiment: Experiment) -> int:
    """Returns how many classes the outputs tell apart; a single one says yes or no."""
    return max(2, experiment.network.outputs)


def _moments(experiment: Experiment) -> tuple[Sequence[float], Sequence[float]] | None:
    """Returns mean and variance over the examples of every output, or None where only the data tell."""
    match experiment.task:
        case AddingProblem():
            return [1.0], [SUM_VARIANCE]
        case Examples(targets=rows):
            return _moments_of(rows)
        case SequenceExamples(targets=sequences):
            return _moments_of([sequence[0] for sequence in sequences]) if len(sequences[0]) == 1 else None
        case task if has_classes(task):
            share, outputs = 1.0 / _classes(experiment), experiment.network.outputs
            return [share] * outputs, [share * (1.0 - share)] * outputs
        case _:
            return None


def _moments_of(rows: Sequence[Sequence[float]]) -> tuple[Sequence[float], Sequence[float]]:
    columns = list(zip(*rows, strict=True))
    means = [sum(column) / len(column) for column in columns]
    away = ([value - mean for value in column] for column, mean in zip(columns, means, strict=True))
    return means, [sum(one * one for one in column) / len(column) for column in away]  # ** would not return infinity


def _surprise(share: float) -> float:
    """Returns -m ln m, whose limit at 0 is 0; a mean of probabilities may be a rounding error outside [0, 1]."""
    return -share * math.log(share) if share > 0.0 else 0.0
