"""What the processor offers to the explicit products: how wide its vectors are and how many sums it can hold at once.

A tile of a product lives entirely in registers: some rows of two vectors of running sums, two vectors of the right
factor, and one number of the left factor spread over a vector.

    AVX-512       64-byte vectors, 32 registers    8 rows (19 registers)
    AVX2 + FMA    32-byte vectors, 16 registers    6 rows (15 registers)

On other processors the trainer multiplies by BLAS: nobody has measured the explicit products there. They still compile,
in narrow vectors, because one compiled trainer holds both ways.
"""

from functools import cache
from typing import Any, NamedTuple

from numba.core.registry import cpu_target

VECTORS = 2
"""How many vectors wide a tile is."""


class Registers(NamedTuple):
    """Is the shape of a tile; `fit` says whether the explicit products are worth using."""

    vector_bytes: int
    rows: int
    fit: bool


@cache
def registers() -> Registers:
    """Returns what the processor that Numba compiles for offers; Numba's own settings may have narrowed it."""
    target: Any = cpu_target.target_context
    _, _, features = target.codegen().magic_tuple()
    present = set(features.split(","))
    if "+avx512f" in present:
        return Registers(64, 8, True)
    if {"+avx2", "+fma"} <= present:
        return Registers(32, 6, True)
    return Registers(16, 4, False)


def strip_size(depth: int, itemsize: int) -> int:
    """Returns how many numbers a strip of that depth holds, rounded up to whole vectors (see `strip`)."""
    count = registers().vector_bytes // itemsize
    return VECTORS * count * (-(-depth // count) * count)


def packed_size(rows: int, depth: int, itemsize: int) -> int:
    """Returns how many numbers all strips of a matrix of that many rows and that depth hold (see `dense.pack`)."""
    width = VECTORS * (registers().vector_bytes // itemsize)
    return -(-rows // width) * strip_size(depth, itemsize)
