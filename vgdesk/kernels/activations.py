"""Activations by code: h = phi(z) and the slope phi'(z) in one pass, over a whole layer."""

from vgdesk.kernels._jit import inlined_kernel, kernel
from vgdesk.kernels.layout import RELU, SIGMOID, TANH
from vgdesk.kernels.simd.elementary import sigmoid, tanh


@kernel
def activate(code, z, h, slope):
    """Writes h = phi(z) and slope = phi'(z) for flat arrays of equal length.

    At the kink ReLU'(0) = 0. NaN gives NaN in `h`.
    """
    if code == SIGMOID:
        sigmoid(z, h, slope)
    elif code == TANH:
        tanh(z, h, slope)
    elif code == RELU:
        _relu(z, h, slope)
    else:
        _identity(z, h, slope)


@inlined_kernel
def _relu(z, h, slope):
    zero, one = z.dtype.type(0), z.dtype.type(1)
    for i in range(z.size):
        h[i] = zero if z[i] <= zero else z[i]
        slope[i] = one if z[i] > zero else zero


@inlined_kernel
def _identity(z, h, slope):
    for i in range(z.size):
        h[i] = z[i]
        slope[i] = 1
