"""Use case: examine an activation typed as a formula, and check its kernel against 60 digits."""

import math
from collections.abc import Iterator, Sequence

from vgdesk.errors import FormulaError
from vgdesk.records.examination import CURVE_REACH, Examination, NumericCheck
from vgdesk.spec.formula.behaviour import behaviour_of
from vgdesk.spec.formula.examining import OwnActivation, own_activation
from vgdesk.spec.formula.plain import plain_slope
from vgdesk.spec.formula.values import values
from vgdesk.spec.formula.writing import write

REACH = 8.0
POINTS = 33
CURVE_POINTS = 241
TOLERANCE = 1e-9
"""Of the steepest slope: what float64 may lose where large terms cancel."""


def examine(text: str) -> Examination:
    """Returns what can be said of the activation; `text` is a formula in z.

    Raises
    ------
    FormulaError
        It cannot be an activation.
    """
    from vgdesk.symbolic.own_activation import exact_differences, exact_values
    from vgdesk.symbolic.own_formula import definitions

    own = own_activation(text)
    behaviour = behaviour_of(own)
    points = check_points(own, behaviour.finite)
    return Examination(
        text=own.formula.text,
        slope=write(plain_slope(own)),
        parameters=own.formula.parameters,
        behaviour=behaviour,
        points=tuple(points),
        exact_values=tuple(exact_values(own.tree, points)),
        exact_slopes=tuple(exact_values(own.slope, points)),
        central_differences=tuple(exact_differences(own.tree, points)),
        definitions=definitions(own),
        curve=tuple(_curve(own)),
    )


def _curve(own: OwnActivation) -> Iterator[tuple[float, float, float]]:
    z = [CURVE_REACH * (2 * n / (CURVE_POINTS - 1) - 1) for n in range(CURVE_POINTS)]
    return zip(z, values(own.tree, z), values(own.slope, z), strict=True)


def check_points(own: OwnActivation, finite: tuple[float, float]) -> list[float]:
    """Returns z from -8 to 8 at which phi is finite, none of them beside a kink; odd ones, where no kink is typed."""
    spread = (2 * REACH * n / (POINTS - 1) - REACH + 1 / 509 for n in range(POINTS))
    return [z for z in spread if finite[0] <= z <= finite[1] and all(abs(z - kink) > 1e-6 for kink in own.kinks)]


def check(examination: Examination) -> NumericCheck:
    """Compares the kernel and the central difference with the exact slopes.

    Raises
    ------
    FormulaError
        There is nothing to compare: phi is finite nowhere near 0.
    """
    from vgdesk.kernels.formula.evaluation import phi_and_slope

    if not examination.points:
        raise FormulaError(f"a formula must be finite somewhere between -{REACH:g} and {REACH:g}")
    _, slopes = phi_and_slope(own_activation(examination.text), examination.points)
    central = _error(examination.central_differences, examination.exact_slopes)
    kernel = _error([float(slope) for slope in slopes], examination.exact_slopes)
    return NumericCheck(len(examination.points), central, kernel, central <= TOLERANCE and kernel <= TOLERANCE)


def _error(found: Sequence[float], exact: Sequence[float]) -> float:
    scale = max(max(map(abs, exact)), 1e-300)
    differences = [abs(a - b) / scale for a, b in zip(found, exact, strict=True)]
    return math.nan if any(difference != difference for difference in differences) else max(differences)
