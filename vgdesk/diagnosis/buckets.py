"""The course of a loss in at most `MOST` means, however long the run is; adding a row takes constant time.

When all buckets are full, neighbours join and each bucket holds twice as many rows.
"""

import math
from typing import NamedTuple

import numpy as np

MOST = 64


class Buckets(NamedTuple):
    """Holds means of equal numbers of rows, the earliest first.

    Attributes
    ----------
    means
        Of the full buckets.
    size
        Rows per bucket.
    total, rows
        Sum and number of the rows in the bucket that is being filled.
    starts
        Step of the first row of each full bucket, and of the one that is being filled where it has a row.
    """

    means: tuple[float, ...] = ()
    size: int = 1
    total: float = 0.0
    rows: int = 0
    starts: tuple[int, ...] = ()

    def add(self, values: np.ndarray, steps: np.ndarray) -> "Buckets":
        """Returns the buckets with further rows and their steps; values that are not finite are left out."""
        means, size, total, rows, starts = list(self.means), self.size, self.total, self.rows, list(self.starts)
        for value, step in zip(values.tolist(), steps.tolist(), strict=True):
            if not math.isfinite(value):
                continue
            if rows == 0:
                starts.append(step)
            total, rows = total + value, rows + 1
            if rows == size:
                means.append(total / size)
                total, rows = 0.0, 0
            if len(means) == MOST:
                means = [(a + b) / 2 for a, b in zip(means[::2], means[1::2], strict=True)]
                starts, size = starts[::2], size * 2
        return Buckets(tuple(means), size, total, rows, tuple(starts))

    def mean(self, first: float, last: float) -> float:
        """Returns the mean over the buckets from the share `first` of the run to the share `last`."""
        count = len(self.means)
        low = min(int(first * count), count - 1)
        part = self.means[low : max(low + 1, int(last * count))]
        return sum(part) / len(part)

    def step_at(self, share: float) -> int:
        """Returns the step at which the part of the run begins that `mean` takes from this share on."""
        # a share that stands for a whole number of buckets may be a rounding error below it
        return self.starts[min(int(share * len(self.means) + 1e-9), len(self.means) - 1)]

    def lowest(self) -> tuple[float, int]:
        """Returns the lowest mean over a quarter of the run, wherever it begins, and the step it begins at."""
        width = self._width
        means = [sum(self.means[low : low + width]) / width for low in range(len(self.means) - width + 1)]
        low = min(range(len(means)), key=means.__getitem__)
        return means[low], self.starts[low]

    def error(self) -> float:
        """Returns the standard error of the mean over the last quarter."""
        return self._scatter / math.sqrt(self._width)

    def flat_since(self, tolerance: float) -> float:
        """Returns from which share of the run on the mean over a quarter of it stays near that of the last quarter.

        Near is within `tolerance` of it; single means may lie farther off, for batches are noisy. A mean over a quarter
        hides a short fall at its beginning, so the plateau begins where two single means are no farther from it than
        noise: a third of the tolerance, or three times what the means of the last quarter scatter.
        """
        level, width = self.mean(0.75, 1.0), self._width
        last = flat = len(self.means) - width
        while flat and abs(sum(self.means[flat - 1 : flat - 1 + width]) / width - level) <= tolerance * level:
            flat -= 1
        near = max(tolerance * level / 3, 3 * self._scatter)
        while flat < last and any(abs(mean - level) > near for mean in self.means[flat : flat + 2]):
            flat += 1
        return flat / len(self.means)

    @property
    def _width(self) -> int:
        """Number of buckets in a quarter of the run."""
        return max(1, len(self.means) // 4)

    @property
    def _scatter(self) -> float:
        """Standard deviation of the single means of the last quarter."""
        level, part = self.mean(0.75, 1.0), self.means[len(self.means) - self._width :]
        return math.hypot(*(mean - level for mean in part)) / math.sqrt(len(part))  # squares of a loss may be infinite
