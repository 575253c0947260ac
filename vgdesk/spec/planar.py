"""Two classes of points in the plane, the classic tasks a single layer cannot solve.

The points are drawn from the experiment's seed. They are as many of one class as of the other, one more of class 0 when
their number is odd.
"""

from vgdesk.spec.base import Spec, require_finite, require_integer

MAX_POINTS = 100_000


class Xor(Spec, frozen=True, tag="xor", tag_field="kind"):
    """Is the exclusive or: the four corners of the unit square, class 1 where exactly one coordinate is 1."""


class TwoCircles(Spec, frozen=True, tag="two-circles", tag_field="kind"):
    """Is a circle of radius 1 (class 0) around one of radius 1/2 (class 1), both around the origin.

    Attributes
    ----------
    count
        Number of points.
    noise
        Standard deviation of the normal noise that is added to each coordinate.
    """

    count: int = 200
    noise: float = 0.05

    def __post_init__(self) -> None:
        require_integer("count", self.count, 2, MAX_POINTS)
        require_finite("noise", self.noise, 0.0, 10.0)


class TwoSpirals(Spec, frozen=True, tag="two-spirals", tag_field="kind"):
    """Is two arms that wind around each other from the origin to radius 1 (Lang and Witbrock 1988, there 3 turns).

    Attributes
    ----------
    count
        Number of points.
    noise
        Standard deviation of the normal noise that is added to each coordinate.
    turns
        How often each arm winds around the origin.
    """

    count: int = 200
    noise: float = 0.01
    turns: float = 1.0

    def __post_init__(self) -> None:
        require_integer("count", self.count, 2, MAX_POINTS)
        require_finite("noise", self.noise, 0.0, 10.0)
        require_finite("turns", self.turns, 0.1, 10.0)


Planar = Xor | TwoCircles | TwoSpirals
XOR_POINTS = 4
PLANE = 2
"""Number of coordinates, and of classes."""
