"""Where the iteration of a variance map ends that goes up and down: in a fixed point, a cycle, or nowhere in sight.

A map with one hump may do anything that the logistic map does; nothing is claimed beyond what is seen after a thousand
steps.
"""

from collections.abc import Callable
from typing import NamedTuple

MOST_STEPS = 1000
LONGEST_PERIOD = 16
_SAME = 1e-9


class End(NamedTuple):
    """Tells where an iteration ends.

    Attributes
    ----------
    q
        The last variance.
    period
        1 in a fixed point, more in a cycle, 0 where neither is seen, None where the variance left the range.
    words
        The same as a sentence.
    """

    q: float
    period: int | None
    words: str


def follow(step: Callable[[float], float], q0: float, largest: float) -> End:
    """Iterates q -> step(q) from q0 and returns where it ends; `largest` is where the map ends."""
    seen = [q0]
    for _ in range(MOST_STEPS):
        q = step(seen[-1])
        if not q <= largest:
            return End(q, None, f"the variance grows beyond {largest:.4g} after {len(seen)} layers")
        seen.append(q)
        if len(seen) > LONGEST_PERIOD and _is_same(seen[-1], seen[-2]):
            return End(q, 1, "")
    for period in range(2, LONGEST_PERIOD + 1):
        if all(_is_same(seen[-n], seen[-n - period]) for n in range(1, period + 1)):
            low, high = min(seen[-period:]), max(seen[-period:])
            between = f"between q = {low:.6g} and {high:.6g}"
            return End(seen[-1], period, f"the variance ends in a cycle of {period} layers {between}")
    if abs(seen[-1] - seen[-2]) < 1e-4 * seen[-1]:
        return End(seen[-1], 1, "the variance still moves slowly after a thousand layers")
    return End(seen[-1], 0, "the variance goes up and down without settling in a thousand layers")


def _is_same(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME * max(abs(a), abs(b))
