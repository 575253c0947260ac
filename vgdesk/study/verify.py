"""Use case: do three independent ways to the gradient agree at the current parameters?

Symbolic (local derivatives by SymPy, 60 digits), back-propagated (the training kernel, float64) and central difference
(of the 60-digit forward pass; no derivative rule in it). The batch is the first `MOST_EXAMPLES` examples that are
trained on: 60 digits take their time, and the rules are the same for every example.
"""

import math

from vgdesk.records.derivation import CheckRow, Verification
from vgdesk.records.parameters import Parameters, named_arrays
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.study.derive import derived_examples
from vgdesk.symbolic.gradients import BatchGradient, central_differences
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.limits import require_derivable
from vgdesk.training.data import TaskData
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

TOLERANCE_BACKPROPAGATED = 1e-10
"""Relative; float64 rounding through a few layers stays far below."""
TOLERANCE_CENTRAL = 1e-10
"""Relative; truncation e^2 = 1e-24 times the third derivative."""
FLOOR = 1e-300
"""Below this a float64 gradient is subnormal or zero and is compared absolutely."""
CANCELLATION = 1e-2
"""Normalisation subtracts means and divides by up to sqrt(1e-5) = 1/316: float64 leaves some 1e-13 of the largest
gradient where the true one is small or 0, so gradients below this share of the largest are compared with that share,
not with themselves."""
KINK_REACH = 1e-10
"""So near a kink the halves of a central difference may lie on either side (each half changes a weight by 1e-12); for
ReLU at 0 the difference gives 1/2, where the convention is 0."""

MOST_EXAMPLES = 8


def verify(experiment: Experiment, parameters: Parameters | None = None, data: TaskData | None = None) -> Verification:
    """Compares every parameter's gradient over the three ways; raises `DerivationTooLarge` for large networks.

    Parameters
    ----------
    parameters, data
        Other numbers and examples than the experiment's own.
    """
    require_derivable(experiment)
    numbers = parameters or draw(experiment)
    data = data.first(MOST_EXAMPLES) if data else derived_examples(experiment, MOST_EXAMPLES)
    symbolic = BatchGradient(experiment, numbers, data.inputs, data.targets)
    central = central_differences(experiment, numbers, data.inputs, data.targets)
    trained = named_arrays(experiment.network, gradient(experiment, numbers, data.inputs, data.targets))
    closed_form = symbolic.by_name()
    floor = _floor(experiment, max(abs(float(value)) for value in closed_form.values()))
    rows = tuple(
        _row(
            floor,
            entry.name,
            float(closed_form[entry.name]),
            float(trained[entry.array][entry.position]),
            central[entry.name],
        )
        for entry in learned_numbers(experiment.network)
    )
    return _judge(experiment.name, rows, symbolic.is_at_kink(KINK_REACH))


def _row(floor: float, name: str, symbolic: float, backpropagated: float, central: float) -> CheckRow:
    return CheckRow(
        name=name,
        symbolic=symbolic,
        backpropagated=backpropagated,
        central_difference=central,
        relative_error_backpropagated=_relative_error(symbolic, backpropagated, floor),
        relative_error_central=_relative_error(symbolic, central, floor),
    )


def _relative_error(reference: float, value: float, floor: float) -> float:
    difference = abs(reference - value)
    if difference == 0.0 or (math.isnan(reference) and math.isnan(value)):
        return 0.0
    return difference / max(abs(reference), floor)


def _floor(experiment: Experiment, largest: float) -> float:
    """Returns below which size gradients are compared absolutely."""
    network = experiment.network
    normalises = isinstance(network, FeedForward) and any(layer.normalisation != "none" for layer in network.layers)
    return max(FLOOR, CANCELLATION * largest) if normalises else FLOOR


def _judge(name: str, rows: tuple[CheckRow, ...], kink: bool) -> Verification:
    def error(row: CheckRow) -> float:
        central = 0.0 if kink else row.relative_error_central
        return max(row.relative_error_backpropagated / TOLERANCE_BACKPROPAGATED, central / TOLERANCE_CENTRAL)

    worst = max(rows, key=error)
    passed = error(worst) <= 1.0
    largest = max(worst.relative_error_backpropagated, 0.0 if kink else worst.relative_error_central)
    sentence = (
        f"All {len(rows)} gradients agree: symbolic = back-propagated = central difference "
        f"(largest relative error {largest:.1e}, at {worst.name})."
        if passed
        else f"The three ways disagree at {worst.name}: symbolic {worst.symbolic:.6g}, back-propagated "
        f"{worst.backpropagated:.6g}, central difference {worst.central_difference:.6g}."
    )
    if kink:
        sentence += " Some unit stands at a kink, where the central difference does not count."
    return Verification(experiment=name, rows=rows, passed=passed, worst=worst.name, sentence=sentence)
