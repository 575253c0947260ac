"""A fixed stream of random numbers for theory that draws: the same experiment has the same prediction."""

from functools import lru_cache

import numpy as np

from vgdesk.records.codec import frozen

_SEED = 20_261
"""No seed of the user's: a prediction is of all of them."""
_STORED = 1_000_003
"""Numbers that are kept, 4 MB; drawing them anew for every prediction would take a third of its time."""


class NumberStream:
    """Gives numbers of mean 0 and variance 1 in float32, one after the other.

    They come out of a store; where it ends, they go on somewhere in it, which shifts them against the first round.
    """

    def __init__(self) -> None:
        self._place = 0
        self._generator = np.random.default_rng(_SEED)
        self._rotations: dict[tuple[int, ...], np.ndarray] = {}
        self._turns = 0

    def take(self, shape: tuple[int, ...], is_uniform: bool = False) -> np.ndarray:
        """Returns the next numbers, normal or uniform ones; not to be written to."""
        store, count = _store(is_uniform), int(np.prod(shape))
        if count > len(store):
            return _numbers(self._generator, count, is_uniform).reshape(shape)
        if self._place + count > len(store):
            self._place = int(self._generator.integers(0, len(store) - count + 1))
        taken = store[self._place : self._place + count].reshape(shape)
        self._place += count
        return taken

    def take_orthogonal(self, draws: int, rows: int, columns: int) -> np.ndarray:
        """Returns matrices with orthonormal rows, or columns where they are tall, one per draw.

        One is made per draw. From then on each draw gets that of the next one, with new signs of rows and columns: it
        meets none twice in as many layers as there are draws, and then with other signs.
        """
        shape = (draws, rows, columns)
        if shape not in self._rotations:
            self._rotations[shape] = _orthogonal(self.take((draws, max(rows, columns), min(rows, columns))), rows)
        self._turns += 1
        turned = np.roll(self._rotations[shape], self._turns, axis=0)
        turned *= _signs(self.take((draws, rows, 1)))
        turned *= _signs(self.take((draws, 1, columns)))
        return turned

    def chances(self, shape: tuple[int, ...]) -> np.ndarray:
        """Returns numbers between 0 and 1, all alike."""
        return self._generator.random(shape, dtype=np.float32)


def _orthogonal(normal: np.ndarray, rows: int) -> np.ndarray:
    """Returns Q of the matrices, of all rotations alike: with the signs of R's diagonal (Mezzadri 2007)."""
    turned, corner = np.linalg.qr(normal)
    turned *= _signs(np.diagonal(corner, axis1=1, axis2=2))[:, None, :]
    return turned if turned.shape[1] == rows else turned.swapaxes(1, 2)


def _signs(numbers: np.ndarray) -> np.ndarray:
    return np.where(numbers < 0.0, np.float32(-1.0), np.float32(1.0))


def _numbers(generator: np.random.Generator, count: int, is_uniform: bool) -> np.ndarray:
    if not is_uniform:
        return generator.standard_normal(count, dtype=np.float32)
    return (generator.random(count, dtype=np.float32) - np.float32(0.5)) * np.float32(np.sqrt(12.0))


@lru_cache(maxsize=2)
def _store(is_uniform: bool) -> np.ndarray:
    return frozen(_numbers(np.random.default_rng(_SEED), _STORED, is_uniform), np.float32)
