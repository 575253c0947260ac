"""A ring of float64 numbers in shared memory, with one writer process and one reader process.

Two counters stand in front of the numbers: how many were ever *written* and how many were ever *read*. Each counter has
one owner, who only ever increases it, so no lock is needed; number k lies in cell k mod capacity. The writer copies its
numbers first and publishes the counter after them, so the reader never sees a half-written block; when there is no room
the writer has to wait, so nothing is lost. Cells start as NaN: whoever reads too far gets no plausible number.

The process that created the ring owns it and unlinks it once, after every process that attached has been joined:
Python 3.11 registers an attached block with the family's one resource tracker too, and a registration that arrives
after the owner's removal would be reported as a leak.
"""

import threading
from multiprocessing.shared_memory import SharedMemory
from typing import Self

import numpy as np

DEFAULT_CAPACITY = 1 << 20
"""Numbers: 8 MiB, about 23,000 rows of a 20-layer network, a second at full speed."""

_HEADER_BYTES = 128
_WRITTEN = 0
_READ = 8  # a cache line away from the writer's counter


class NumberRing:
    """Is one end of the ring. Make it with `create` (the owner) or `attach` (the other process)."""

    def __init__(self, memory: SharedMemory, capacity: int) -> None:
        self._memory = memory
        self.capacity = capacity
        self._counters = np.ndarray(_HEADER_BYTES // 8, np.int64, memory.buf)
        self._cells = np.ndarray(capacity, np.float64, memory.buf, offset=_HEADER_BYTES)
        self._fence = threading.Lock()

    @classmethod
    def create(cls, capacity: int = DEFAULT_CAPACITY) -> Self:
        """Allocates a ring for `capacity` numbers and fills it with NaN."""
        ring = cls(SharedMemory(create=True, size=_HEADER_BYTES + 8 * capacity), capacity)
        ring._counters[:] = 0
        ring._cells[:] = np.nan
        return ring

    @classmethod
    def attach(cls, name: str, capacity: int) -> Self:
        """Opens the ring that another process created."""
        return cls(SharedMemory(name=name), capacity)

    @property
    def name(self) -> str:
        """What `attach` needs to find the ring."""
        return self._memory.name

    @property
    def written(self) -> int:
        """How many numbers were ever published."""
        return int(self._counters[_WRITTEN])

    @property
    def room(self) -> int:
        """How many numbers can be written now."""
        return self.capacity - (self.written - int(self._counters[_READ]))

    def write(self, numbers: np.ndarray) -> bool:
        """Publishes all the numbers, or none of them and returns False when there is no room yet."""
        if len(numbers) > self.capacity:
            raise ValueError(f"a ring of {self.capacity} numbers cannot take {len(numbers)} at once")
        if len(numbers) > self.room:
            return False
        start = self.written
        for cells, part in self._pieces(start, len(numbers)):
            self._cells[cells] = numbers[part]
        self._order_memory()
        self._counters[_WRITTEN] = start + len(numbers)
        return True

    def read(self, until: int) -> np.ndarray:
        """Takes out the numbers up to the counter value `until`, which must have been published."""
        start = int(self._counters[_READ])
        numbers = np.empty(max(0, until - start))
        self._order_memory()
        for cells, part in self._pieces(start, len(numbers)):
            numbers[part] = self._cells[cells]
        self._order_memory()
        self._counters[_READ] = start + len(numbers)
        return numbers

    def close(self) -> None:
        """Lets go of the memory in this process."""
        del self._counters, self._cells  # arrays that still looked at the memory would keep it from closing
        self._memory.close()

    def unlink(self) -> None:
        """Removes the memory from the system; the owner calls it once, after the other process has ended."""
        self._memory.unlink()

    def _pieces(self, start: int, count: int) -> list[tuple[slice, slice]]:
        first = start % self.capacity
        before_end = min(count, self.capacity - first)
        return [
            (slice(first, first + before_end), slice(0, before_end)),
            (slice(0, count - before_end), slice(before_end, count)),
        ]

    def _order_memory(self) -> None:
        # x86 keeps stores in order; ARM does not. An acquired and a released lock are the barriers Python has.
        self._fence.acquire()
        self._fence.release()
        self._fence.acquire()
        self._fence.release()
