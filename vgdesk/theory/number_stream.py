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

    def chances(self, shape: tuple[int, ...]) -> np.ndarray:
        """Returns numbers between 0 and 1, all alike."""
        return self._generator.random(shape, dtype=np.float32)


def _numbers(generator: np.random.Generator, count: int, is_uniform: bool) -> np.ndarray:
    if not is_uniform:
        return generator.standard_normal(count, dtype=np.float32)
    return (generator.random(count, dtype=np.float32) - np.float32(0.5)) * np.float32(np.sqrt(12.0))


@lru_cache(maxsize=2)
def _store(is_uniform: bool) -> np.ndarray:
    return frozen(_numbers(np.random.default_rng(_SEED), _STORED, is_uniform), np.float32)
