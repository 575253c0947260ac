"""The speed control: a slider whose positions are a logarithmic scale of steps per second, "as fast as it goes" last.

Position p in [0, SPEED_POSITIONS - 1] stands for 10^(4 p / (SPEED_POSITIONS - 1)) steps/s, position SPEED_POSITIONS for
None, which means no limit, as in the engine.
"""

import math

SPEED_POSITIONS = 40
SLOWEST, FASTEST = 1.0, 10_000.0
FIRST_SPEED = 30.0


def speed_at(position: int) -> float | None:
    """Returns steps per second at a slider position, to two digits; None at the last one."""
    if position >= SPEED_POSITIONS:
        return None
    exact = SLOWEST * (FASTEST / SLOWEST) ** (max(position, 0) / (SPEED_POSITIONS - 1))
    return float(f"{exact:.2g}")


def position_of(speed: float | None) -> int:
    """Returns the slider position nearest to a speed."""
    if speed is None or speed > FASTEST:
        return SPEED_POSITIONS
    share = math.log(max(speed, SLOWEST) / SLOWEST) / math.log(FASTEST / SLOWEST)
    return round(share * (SPEED_POSITIONS - 1))


def speed_text(speed: float | None) -> str:
    """Returns the words for a speed, e.g. "30 steps/s"."""
    return "max speed" if speed is None else f"{speed:,.0f} steps/s"
