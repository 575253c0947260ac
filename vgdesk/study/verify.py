"""Use case: do three independent ways to the gradient agree at the current parameters?

Symbolic (local derivatives by SymPy, 60 digits), back-propagated (the training kernel, float64) and central difference
(of the 60-digit forward pass; no derivative rule in it). Beside them stands the slope of the Taylor remainder, which no
single number can imitate (`vgdesk.study.taylor`). The batch is the first `MOST_EXAMPLES` examples that are
trained on: 60 digits take their time, and the rules are the same for every example.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from vgdesk.records.derivation import CheckRow, Verification
from vgdesk.records.parameters import Parameters, named_arrays
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.study.derive import derived_examples
from vgdesk.study.outcome import is_alone, is_held_beside, is_lost, outcome_sentence
from vgdesk.study.taylor import RIGHT_SLOPE, STEPS, direction, taylor_slope
from vgdesk.symbolic.gradients import BatchGradient, central_differences, one_sided_differences
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
ENDLESS = 1e200
"""A relative error beyond this compares a number with one that is exactly 0 and is called infinite: the floor is no
size of anything, and 5e+299 would be an odd thing to tell."""
CANCELLATION = 1e-2
"""Normalisation subtracts means and divides by up to sqrt(1e-5) = 1/316: float64 leaves some 1e-13 of the largest
gradient where the true one is small or 0, so gradients below this share of the largest are compared with that share,
not with themselves."""
CANCELLING_EXAMPLES = 1e-3
"""Where the examples of a batch pull in opposite directions, float64 leaves some 1e-16 of what each of them pulls;
a mean below this share of their mean size is compared with that share: 1e-13 of the size counts as rounding."""
KINK_REACH = 1e-10
"""So near a kink the halves of a central difference may lie on either side (each half changes a weight by 1e-12); for
ReLU at 0 the difference gives 1/2, where the convention is 0."""
KINK_REACH_OF_STEPS = 1e-5
"""The steps of the Taylor remainder are longer; so near a kink they may cross it."""

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
    backpropagated = gradient(experiment, numbers, data.inputs, data.targets)
    trained = named_arrays(experiment.network, backpropagated)
    closed_form = symbolic.by_name()
    floor = _floor(experiment, max(abs(float(value)) for value in closed_form.values()))
    sizes = symbolic.sizes()
    rows = tuple(
        _row(
            max(floor, CANCELLING_EXAMPLES * sizes[entry.name]),
            entry.name,
            float(closed_form[entry.name]),
            float(trained[entry.array][entry.position]),
            central[entry.name],
            math.isfinite(backpropagated.loss),
        )
        for entry in learned_numbers(experiment.network)
    )
    slopes, kink = _slopes(symbolic, closed_form, rows), symbolic.is_at_kink(KINK_REACH)
    if kink:
        differing = [row.name for row in rows if _differs(row)]
        rows = _with_sides(rows, one_sided_differences(experiment, numbers, data.inputs, data.targets, differing))
    return _judge(experiment.name, rows, kink, slopes, len(data.inputs))


def _differs(row: CheckRow) -> bool:
    return row.relative_error_central is not None and row.relative_error_central > TOLERANCE_CENTRAL


def _with_sides(rows: tuple[CheckRow, ...], sides: Mapping[str, tuple[float, float]]) -> tuple[CheckRow, ...]:
    """Returns the rows; those with two sides say these in place of an error, which there is none of at a kink."""
    told = {
        name: {"relative_error_central": None, "slope_below": below, "slope_above": above}
        for name, (below, above) in sides.items()
    }
    return tuple(msgspec.structs.replace(row, **told.get(row.name, {})) for row in rows)


def _slopes(
    symbolic: BatchGradient, closed_form: Mapping[str, Any], rows: tuple[CheckRow, ...]
) -> tuple[float | None, float | None]:
    """Returns the slopes of the Taylor remainder with the symbolic and with the back-propagated gradient."""
    if symbolic.is_at_kink(KINK_REACH_OF_STEPS):
        return None, None
    slopes = _slopes_over(STEPS, symbolic, closed_form, rows)
    size = max(abs(float(value)) for value in closed_form.values())
    if _are_right(slopes) or not 1.0 < size < math.inf:
        return slopes
    # Steps that are long beside 1/|dL/dw| leave the reach of the expansion; a wrong gradient is wrong for shorter, too.
    return _slopes_over([h / size for h in STEPS], symbolic, closed_form, rows)


def _slopes_over(
    steps: Sequence[float], symbolic: BatchGradient, closed_form: Mapping[str, Any], rows: tuple[CheckRow, ...]
) -> tuple[float | None, float | None]:
    v = direction([row.name for row in rows])
    losses = symbolic.losses_along(v, (0.0, *steps))
    exact, rounded = dict.fromkeys(v, 0.0), {row.name: _allowed_rounding(row) for row in rows}
    backpropagated = {row.name: row.backpropagated for row in rows}
    of_symbolic = taylor_slope(losses, closed_form, v, exact, steps)
    return of_symbolic, taylor_slope(losses, backpropagated, v, rounded, steps)


def _are_right(slopes: tuple[float | None, float | None]) -> bool:
    return all(slope is None or slope > RIGHT_SLOPE for slope in slopes)


def _allowed_rounding(row: CheckRow) -> float:
    """Returns how far float64 is off, as long as its digits excuse it; the number it is held beside is rounded, too."""
    difference = max(abs(row.symbolic - row.backpropagated), math.ulp(row.symbolic))
    is_excused = row.relative_error_backpropagated <= TOLERANCE_BACKPROPAGATED
    return difference if is_excused else TOLERANCE_BACKPROPAGATED * abs(row.symbolic)


def _row(floor: float, name: str, symbolic: float, backpropagated: float, central: float, has_loss: bool) -> CheckRow:
    """Returns a row; a loss that float64 does not hold ends a step, so that nothing is propagated back from it."""
    is_compared = not is_alone(symbolic, central) and (has_loss or not math.isnan(backpropagated))
    return CheckRow(
        name=name,
        symbolic=symbolic,
        backpropagated=backpropagated,
        central_difference=central,
        relative_error_backpropagated=_relative_error(symbolic, backpropagated, floor) if is_compared else math.nan,
        relative_error_central=_relative_error(symbolic, central, floor),
    )


def _relative_error(reference: float, value: float, floor: float) -> float:
    """Returns the error; nan of two that are no numbers, which are neither equal nor apart."""
    if not math.isfinite(reference) or not math.isfinite(value):
        return math.inf if math.isfinite(reference) or math.isfinite(value) else math.nan
    difference = abs(reference - value)
    if difference == 0.0:
        return 0.0
    error = difference / max(abs(reference), floor)
    return math.inf if error >= ENDLESS else error


def _floor(experiment: Experiment, largest: float) -> float:
    """Returns below which size gradients are compared absolutely."""
    network = experiment.network
    normalises = isinstance(network, FeedForward) and any(layer.normalisation != "none" for layer in network.layers)
    return max(FLOOR, CANCELLATION * largest) if normalises else FLOOR


def _judge(
    name: str, rows: tuple[CheckRow, ...], kink: bool, slopes: tuple[float | None, float | None], examples: int
) -> Verification:
    def error(row: CheckRow) -> float:
        central = 0.0 if kink else row.relative_error_central or 0.0
        if is_lost(row):  # a result, and nothing that could be held beside another one
            return central / TOLERANCE_CENTRAL if is_held_beside(row) else 0.0
        return max(row.relative_error_backpropagated / TOLERANCE_BACKPROPAGATED, central / TOLERANCE_CENTRAL)

    def largest(errors: Iterable[float]) -> float:
        return max((one for one in errors if not math.isnan(one)), default=math.nan)

    rows = tuple(msgspec.structs.replace(row, agrees=error(row) <= 1.0) for row in rows)
    worst = max(rows, key=error)
    central = [row.relative_error_central for row in rows if row.relative_error_central is not None]
    return Verification(
        experiment=name,
        rows=rows,
        passed=worst.agrees and _are_right(slopes),
        worst=worst.name,
        sentence=outcome_sentence(rows, worst, kink, slopes, examples),
        largest_error_backpropagated=largest(row.relative_error_backpropagated for row in rows),
        largest_error_central=largest(central) if central else None,
        taylor_symbolic=slopes[0],
        taylor_backpropagated=slopes[1],
        examples=examples,
        at_kink=kink,
    )
