"""What was found about an activation of one's own."""

import msgspec

from vgdesk.spec.formula.facts import Behaviour


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
    """

    text: str
    slope: str
    parameters: tuple[tuple[str, float], ...]
    behaviour: Behaviour
    points: tuple[float, ...]
    exact_values: tuple[float, ...]
    exact_slopes: tuple[float, ...]
    central_differences: tuple[float, ...]


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
