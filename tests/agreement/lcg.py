"""The integer generator from which the reference traces draw their numbers, so that any program can rebuild them."""

from collections.abc import Iterator

import numpy as np


def uniforms(seed: int) -> Iterator[float]:
    """Yields u = s / 2^31 with s <- (1103515245 s + 12345) mod 2^31."""
    state = seed
    while True:
        state = (1103515245 * state + 12345) % 2**31
        yield state / 2**31


def symmetric(stream: Iterator[float], *shape: int) -> np.ndarray:
    """Returns numbers 2u - 1 in [-1, 1), row after row."""
    return np.array([2 * next(stream) - 1 for _ in range(int(np.prod(shape)))]).reshape(shape)
