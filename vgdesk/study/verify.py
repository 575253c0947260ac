"""Use case: do three independent ways to the gradient agree at the current parameters?

Symbolic (local derivatives by SymPy, 60 digits), back-propagated (the training kernel, float64) and central difference
(of the 60-digit forward pass; no derivative rule in it). The batch is the first `MOST_EXAMPLES` examples that are
trained on: 60 digits take their time, and the rules are the same for every example.
"""

import math

import numpy as np

from vgdesk.records.derivation import CheckRow, Verification
from vgdesk.records.parameters import Parameters
from vgdesk.spec.activation import ACTIVATION_FACTS
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.gradients import central_differences, example_states, mean_gradient
from vgdesk.training.data import load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

TOLERANCE_BACKPROPAGATED = 1e-10
"""Relative; float64 rounding through a few layers stays far below."""
TOLERANCE_CENTRAL = 1e-10
"""Relative; truncation e^2 = 1e-24 times the third derivative."""
FLOOR = 1e-300
"""Below this a float64 gradient is subnormal or zero and is compared absolutely."""
KINK_REACH = 1e-10
"""So near a kink the halves of a central difference may lie on either side (each half changes a weight by 1e-12)."""

MOST_EXAMPLES = 8


def verify(experiment: Experiment, parameters: Parameters | None = None) -> Verification:
    """Compares every parameter's gradient over the three ways; raises `DerivationTooLarge` for large networks."""
    numbers, data = parameters or draw(experiment), load_parts(experiment).training.first(MOST_EXAMPLES)
    weights, biases = mean_gradient(example_states(experiment, numbers, data.inputs, data.targets))
    central = central_differences(experiment, numbers, data.inputs, data.targets)
    trained = gradient(experiment, numbers, data.inputs, data.targets)
    rows = [_row(e.name, _at(weights, e), _at(trained.weights, e), central[e.name]) for e in experiment.network.edges()]
    rows += [
        _row(
            b.name,
            float(biases[b.layer - 1][b.unit - 1]),
            float(trained.biases[b.layer - 1][b.unit - 1]),
            central[b.name],
        )
        for b in experiment.network.biases()
    ]
    kink = _at_kink(experiment, trained.preactivations)
    return _judge(experiment.name, tuple(rows), kink)


def _at(arrays, edge) -> float:
    return float(arrays[edge.layer - 1][edge.unit - 1, edge.source - 1])


def _row(name: str, symbolic: float, backpropagated: float, central: float) -> CheckRow:
    return CheckRow(
        name=name,
        symbolic=symbolic,
        backpropagated=backpropagated,
        central_difference=central,
        relative_error_backpropagated=_relative_error(symbolic, backpropagated),
        relative_error_central=_relative_error(symbolic, central),
    )


def _relative_error(reference: float, value: float) -> float:
    difference = abs(reference - value)
    if difference == 0.0 or (math.isnan(reference) and math.isnan(value)):
        return 0.0
    return difference / max(abs(reference), FLOOR)


def _at_kink(experiment: Experiment, preactivations: tuple[np.ndarray, ...]) -> bool:
    """Whether some unit stands at a kink: for ReLU at 0 a central difference gives 1/2, where the convention is 0."""
    layers = zip(experiment.network.layers, preactivations, strict=True)
    places = ((z, kink) for layer, z in layers for kink in ACTIVATION_FACTS[layer.activation].kinks)
    return any(bool(np.any(np.abs(z - kink) <= KINK_REACH)) for z, kink in places)


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
