"""What is trained, as it lies in memory: parameters in one flat array, their gradient and the rule's state beside it.

A *block* is the weights or the biases of one layer. Blocks of a kind follow each other without a gap, so that a trainer
can look at all weights, or all biases, as one flat array.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vgdesk.kernels.interruption import go_on
from vgdesk.kernels.memory import aligned_zeros
from vgdesk.kernels.rules import Rule

_LONG = 2**16
"""A block of more numbers takes time to copy. (Smaller ones are also made for their types while kernels compile.)"""
_ALIGNED = 16  # numbers: 64 bytes of float32, 128 of float64


class Trained(NamedTuple):
    """Holds all that is trained, its gradient, and the rule's state.

    Attributes
    ----------
    parameters, gradient
        Flat, n numbers: p, and dL/dp divided by 2**exponent of its block; while plain descent changes p, the p that is
        coming stands in the place of dL/dp, and nothing of use afterwards (see `descent`).
    start, size
        Shape (blocks,), int64: where each block begins and how many numbers it has.
    square, exponent
        Shape (blocks,): sum of squares of the scaled gradient (float64), and its exponent (int64).
    first, second, peak
        Flat like the parameters, or empty where the rule has no such state (`Rule.slots`).
    updates
        Shape (1,), int64: number of updates made.
    pending
        Shape (4,), float64: the first block that the last update has still to change (-1: none, it is whole), and its
        rate, factor and shift (see `update`).
    """

    parameters: np.ndarray
    gradient: np.ndarray
    start: np.ndarray
    size: np.ndarray
    square: np.ndarray
    exponent: np.ndarray
    first: np.ndarray
    second: np.ndarray
    peak: np.ndarray
    updates: np.ndarray
    pending: np.ndarray


def build_trained(rule: Rule, groups: Sequence[Sequence[np.ndarray]], dtype: np.dtype) -> Trained:
    """Copies parameters into one array, with gradient and state of zeros.

    Within a group (all weights, all biases) blocks follow each other without a gap; a group begins at a cache line.
    Raises `LeftOffError` where another thread asks to leave off and blocks are large.
    """
    starts, end = [], 0
    for group in groups:
        end += -end % _ALIGNED
        for block in group:
            starts.append(end)
            end += block.size
    blocks = [block for group in groups for block in group]
    parameters = aligned_zeros(end, dtype)
    with np.errstate(over="ignore"):  # what exceeds float32 is infinite there, and the run says so
        for start, block in zip(starts, blocks, strict=True):
            if block.size > _LONG:
                go_on()
            parameters[start : start + block.size] = np.ravel(block)
    first, second, peak = (aligned_zeros(end if needed else 0, dtype) for needed in rule.slots)
    return Trained(
        parameters=parameters,
        gradient=aligned_zeros(end, dtype),
        start=np.array(starts, np.int64),
        size=np.array([block.size for block in blocks], np.int64),
        square=np.zeros(len(blocks)),
        exponent=np.zeros(len(blocks), np.int64),
        first=first,
        second=second,
        peak=peak,
        updates=np.zeros(1, np.int64),
        pending=np.full(4, -1.0),
    )
