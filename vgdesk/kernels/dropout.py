"""Dropout: which units are dropped at which step, from a hash instead of a stream.

    u(example, unit) = mix(layer's key + G (example * units + unit + 1)) / 2^64,   rounded down to 53 bits
    layer's key      = mix(step's key + G layer)          layer counts from 1
    step's key       = mix(seed + G (step + 1))           step counts from 0
    factor           = 0 where u < p, else 1 / (1 - p)

all modulo 2^64, with G = 0x9E3779B97F4A7C15 and mix the finaliser of SplitMix64 (Steele, Lea & Flood 2014). `example`
is the place in the batch. No number depends on the one before, so steps may be made in any portions.
"""

import numpy as np
from numba import types

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.late_binding import shared_kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)


@inlined_kernel
def _mix(x):
    x = (x ^ (x >> np.uint64(30))) * FIRST
    x = (x ^ (x >> np.uint64(27))) * SECOND
    return x ^ (x >> np.uint64(31))


@shared_kernel(lambda number: types.void(types.uint64, types.int64, types.int64, types.float64, number[::1]))
def dropout_factors(seed, step, layer, probability, factor):
    """Writes the factors of one layer (index from 0) into a flat array, example after example."""
    key = _mix(_mix(seed + GOLDEN * np.uint64(step + 1)) + GOLDEN * np.uint64(layer + 1))
    kept, dropped = factor.dtype.type(1.0 / (1.0 - probability)), factor.dtype.type(0)
    # u < p exactly when the 53 bits are below p * 2^53, rounded up
    bound = np.uint64(np.ceil(probability * 9007199254740992.0))
    for place in range(factor.size):
        bits = _mix(key + GOLDEN * np.uint64(place + 1)) >> np.uint64(11)
        factor[place] = dropped if bits < bound else kept
