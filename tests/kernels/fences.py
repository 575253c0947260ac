"""Arrays between two fences: memory pages that end the process when they are read or written.

A kernel without bounds check can go one number too far and nobody notices. Here such a number lies beyond a fence. An
array may begin right behind the first fence or end right before the second, and what is left between fence and array
is filled with a pattern that `intact` looks at afterwards.
"""

import ctypes
import mmap
from dataclasses import dataclass

import numpy as np

PAGE = mmap.PAGESIZE
_PATTERN = 0xA5


@dataclass(frozen=True)
class Fenced:
    """An array and the memory between its fences."""

    array: np.ndarray
    _memory: np.ndarray
    _start: int
    _owner: mmap.mmap

    def intact(self) -> bool:
        """Returns whether nothing outside the array was written."""
        end = self._start + self.array.nbytes
        return bool(np.all(self._memory[: self._start] == _PATTERN) and np.all(self._memory[end:] == _PATTERN))


def fenced(values: np.ndarray, at_end: bool, offset: int = 0) -> Fenced:
    """Copies an array between two fences.

    Parameters
    ----------
    values
        What the array holds.
    at_end
        Whether the array ends at the second fence; else it begins `offset` numbers behind the first.
    offset
        Moves the array by so many numbers away from its fence, so that it is not aligned to anything larger.
    """
    inner = (1 + (values.nbytes + offset * values.itemsize) // PAGE) * PAGE
    owner = mmap.mmap(-1, inner + 2 * PAGE)
    memory = np.frombuffer(owner, np.uint8)
    for first in (0, PAGE + inner):
        _forbid(memory.ctypes.data + first)
    room = memory[PAGE : PAGE + inner]
    room[:] = _PATTERN
    shift = offset * values.itemsize
    start = inner - values.nbytes - shift if at_end else shift
    array = room[start : start + values.nbytes].view(values.dtype).reshape(values.shape)
    array[...] = values
    return Fenced(array, room, start, owner)


def _forbid(address: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(PAGE), 0) != 0:
        raise OSError(ctypes.get_errno(), "mprotect failed")
