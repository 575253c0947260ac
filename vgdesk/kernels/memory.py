"""Memory for kernels."""

import numpy as np

_ALIGNMENT = 64


def aligned_zeros(size: int, dtype: np.dtype) -> np.ndarray:
    """Returns zeros that begin at a cache line, so that no vector is split between two."""
    raw = np.zeros(size * dtype.itemsize + _ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + size * dtype.itemsize].view(dtype)
