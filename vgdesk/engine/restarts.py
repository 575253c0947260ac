"""Whether a dead worker is worth another try."""

ATTEMPTS = 3


class Restarts:
    """Counts starts that never got as far as "ready", so that a worker that cannot start is not started for ever."""

    def __init__(self) -> None:
        self._failures = 0

    def record_ready(self) -> None:
        """Forgets earlier failures: a worker has started."""
        self._failures = 0

    def record_failure(self) -> None:
        """Remembers that a worker died before it was ready."""
        self._failures += 1

    @property
    def are_exhausted(self) -> bool:
        """Whether `ATTEMPTS` starts in a row have failed."""
        return self._failures >= ATTEMPTS
