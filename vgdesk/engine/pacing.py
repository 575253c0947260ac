"""How many steps to run in one call, and when.

A *block* is the number of steps of one call, adapted so that a call takes about `CALL_SECONDS`: long enough for the
kernel to be efficient, short enough to pause or stop at once. At a given speed v the steps are due at times k/v after
an *anchor*; a run that cannot keep up moves the anchor instead of catching up in a burst.
"""

import math

CALL_SECONDS = 0.008
LARGEST_BLOCK = 1 << 16
_LAG_SECONDS = 0.25


class Pace:
    """Decides the number of steps of the next call. Times are seconds of any clock that only goes forward."""

    def __init__(self, speed: float | None, now: float) -> None:
        self.block = 1
        self.set_speed(speed, now)

    def set_speed(self, speed: float | None, now: float) -> None:
        """Goes on at `speed` steps per second from now, None = as fast as possible; the first step is due at once."""
        self.speed = speed
        self._anchor = now
        self._done = 0

    def seconds_until_due(self, now: float) -> float:
        """Returns how long to wait for the next call: 0 when steps are due."""
        if self.speed is None:
            return 0.0
        next_step = self._anchor + self._done / self.speed
        # Fast runs wait for several steps at a time: one call per step would spend the time on calling.
        next_call = max(next_step, self._last_call + CALL_SECONDS) if self._done else next_step
        return max(0.0, next_call - now)

    def steps_due(self, now: float) -> int:
        """Returns how many steps to run in a call now: at least 1 and at most `block`."""
        if self.speed is None:
            return self.block
        due = math.floor((now - self._anchor) * self.speed) + 1 - self._done
        return max(1, min(due, self.block))

    def record(self, steps: int, began: float, now: float) -> None:
        """Learns that a call ran `steps` steps from time `began` until `now`."""
        seconds = max(now - began, 1e-7)
        if steps == self.block or seconds > CALL_SECONDS:
            fitting = int(steps * CALL_SECONDS / seconds)
            self.block = max(1, min(fitting, 2 * self.block, LARGEST_BLOCK))
        self._last_call = began
        self._done += steps
        if self.speed is not None and now - (self._anchor + self._done / self.speed) > _LAG_SECONDS:
            self.set_speed(self.speed, now)
