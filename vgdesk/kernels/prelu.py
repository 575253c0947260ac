"""PReLU: phi(a) = a above 0 and leak * a elsewhere, with one learned leak per layer (He et al. 2015).

phi'(a) = 1 above 0 and leak elsewhere (also at 0),   dL/dleak = sum of dL/dphi * a where a <= 0
"""

import numpy as np
from numba import types

from vgdesk.kernels.late_binding import shared_kernel


@shared_kernel(lambda number: types.void(number, number[::1], number[::1], number[::1]))
def prelu(leak, a, h, slope):
    """Writes phi and phi' of flat arrays."""
    one = a.dtype.type(1)
    for i in range(a.size):
        slope[i] = one if a[i] > 0 else leak
        h[i] = slope[i] * a[i]


@shared_kernel(lambda number: types.float64(number[::1], number[::1]))
def leak_gradient(signal, a):
    """Returns dL/dleak; `signal` is dL/dphi."""
    total = 0.0
    for i in range(a.size):
        total += np.float64(signal[i]) * min(np.float64(a[i]), 0.0)
    return total
