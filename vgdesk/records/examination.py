"""What was found about an activation of one's own."""

import msgspec

from vgdesk.records.formula import Formula
from vgdesk.spec.formula.facts import Behaviour

CURVE_REACH = 5.0


class Examination(msgspec.Struct, frozen=True):
    """Is a formula with its derivative, its behaviour and exact numbers to check against.

    Attributes
    ----------
    text
        What was read (ASCII, normalised).
    slope
        phi'(z), written as a formula.
    parameters
        Names and numbers.
    behaviour
        Range, steepest slope, saturation, limits, kinks.
    points
        Some z away from the kinks.
    exact_values, exact_slopes
        phi and phi' there, from the symbolic expressions with 60 digits.
    central_differences
        The slope there without a rule of calculus, from phi with 60 digits.
    definitions
        phi(z) = ... and phi'(z) = ... to be typeset; a very long one is left out.
    curve
        (z, phi, phi') at even steps from -`CURVE_REACH` to `CURVE_REACH`, to be drawn.
    """

    text: str
    slope: str
    parameters: tuple[tuple[str, float], ...]
    behaviour: Behaviour
    points: tuple[float, ...]
    exact_values: tuple[float, ...]
    exact_slopes: tuple[float, ...]
    central_differences: tuple[float, ...]
    definitions: tuple[Formula, ...] = ()
    curve: tuple[tuple[float, float, float], ...] = ()


class NumericCheck(msgspec.Struct, frozen=True):
    """Tells how well three ways to phi' agree: symbolic, central difference, kernel.

    Attributes
    ----------
    points
        How many z were compared.
    central_error, kernel_error
        The largest differences from the symbolic slope, relative to the steepest one met.
    passed
        Whether both are within rounding.
    """

    points: int
    central_error: float
    kernel_error: float
    passed: bool
