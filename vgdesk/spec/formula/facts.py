"""What can be said of an activation: bounds, kinks, limits. The plain facts; `behaviour` finds them."""

import math

import msgspec

SATURATED = 0.01
"""Where |phi'| is below it a unit is called saturated."""
SEARCHED = 10.0
"""How far from 0 such places are looked for where the slope has no limit far out, as that of sin."""


class Extreme(msgspec.Struct, frozen=True):
    """Is a bound of a formula's values; infinite where there is none.

    Attributes
    ----------
    value
        The bound.
    at
        Where it is reached or approached; infinite where that is far out.
    is_reached
        False where the formula only comes near it.
    """

    value: float
    at: float
    is_reached: bool


class Kink(msgspec.Struct, frozen=True):
    """Is a point where the slope, or the value itself, differs from one side to the other; limits from either side."""

    at: float
    value: tuple[float, float]
    slope: tuple[float, float]

    @property
    def is_jump(self) -> bool:
        """Whether the value itself jumps."""
        return not math.isclose(*self.value, rel_tol=1e-6, abs_tol=1e-6)


class Behaviour(msgspec.Struct, frozen=True):
    """Is what can be said of an activation.

    Attributes
    ----------
    lowest, highest
        Of phi.
    steepest
        The largest |phi'|.
    kinks
        In ascending order.
    saturated
        Intervals where |phi'| < `SATURATED`, ends may be infinite; of a slope without a limit far out those within
        `SEARCHED` of 0. None where the slope turns too often to tell.
    limits, slope_limits
        Of phi and phi' at -infinity and infinity; NaN where there is none.
    finite
        The z between which phi and phi' are finite numbers in float64.
    """

    lowest: Extreme
    highest: Extreme
    steepest: Extreme
    kinks: tuple[Kink, ...]
    saturated: tuple[tuple[float, float], ...] | None
    limits: tuple[float, float]
    slope_limits: tuple[float, float]
    finite: tuple[float, float]
