"""The products of a dense layer, and the sums that go with them; those of a cell are in `cell_products`.

    forward     z  = h W^T + b                 (B, in) x (in, out)
    backward    dh = (delta W) * phi'(z)       (B, out) x (out, in)
    gradient    dW = (delta^T h) * mask        (out, B) x (B, in),       db = sum over the batch of delta

and the one that adds to what stands there: dW = dW + delta^T h (of a sum in parts, see `long_products`).

Every matrix product of a layer is here, behind one small function each, and each returns the sums of squares that the
record needs. There are two ways to do them: BLAS, best at wide layers, and explicit vectors (`simd.dense`), best at
narrow ones. The caller asks for explicit vectors by giving a `strip`, scratch memory of `layout.Wiring.strip_size`
numbers, and for BLAS by giving one of length 0. All matrices are contiguous rows of one number format; shapes are
checked by the trainer's door in Python.
"""

import math

import numpy as np
from numba import types

from vgdesk.kernels._jit import inlined_kernel, kernel, reduction_kernel
from vgdesk.kernels.blas import add_blas_product, blas_product
from vgdesk.kernels.late_binding import shared_conductor, shared_kernel, shared_reduction
from vgdesk.kernels.simd import dense
from vgdesk.kernels.simd.columns import column_sums
from vgdesk.kernels.simd.thin import INPUTS, thin_sums
from vgdesk.kernels.views import part

_TWO = types.UniTuple(types.float64, 2)


@inlined_kernel
def forward_product(h, W, b, z, strip):
    """Writes z = h W^T + b and returns its sum of squares, which may have left the format (see `is_finite`)."""
    return dense.forward(h, W, b, z, strip) if strip.size else _blas_forward(h, W, b, z)


@kernel
def is_finite(square, z):
    """Whether all of a matrix is finite whose sum of squares was computed: that may overflow although no number did."""
    return square < math.inf or _all_finite(part(z, 0, z.size))


@inlined_kernel
def backward_product(delta, W, slope, dh, strip):
    """Writes dh = (delta W) * slope and returns the sums of squares before and after it; without `slope` no factor."""
    if strip.size:
        return dense.backward(delta, W, slope, dh)
    return _blas_backward(delta, W, slope, dh)


@inlined_kernel
def gradient_product(delta, h, mask, dW, strip):
    """Writes dW = (delta^T h) * mask and returns its sum of squares; an empty `mask` is no factor."""
    if is_thin(delta, h, strip):
        square = thin_gradients(delta, h, dW, part(strip, 0, 0), strip)
        return multiply(part(dW, 0, dW.size), mask) if mask.size else square
    if strip.size:
        return dense.gradient(delta, h, mask, dW)
    return _blas_gradient(delta, h, mask, dW)


@inlined_kernel
def descent_product(delta, h, W, factor, out):
    """Writes out = W + factor dW, dW = delta^T h, by the explicit product; returns the sum of squares of dW."""
    return dense.descent(delta, h, W, factor, out)


@kernel
def add_gradient_product(delta, h, mask, dW, strip):
    """Writes dW = (dW + delta^T h) * mask and returns its sum of squares; `mask` as for `gradient_product`."""
    return dense.add_gradient(delta, h, mask, dW) if strip.size else _blas_add_gradient(delta, h, mask, dW)


@kernel
def is_thin(delta, h, strip):
    """Whether `h` has so few inputs that `thin_gradients` is the way."""
    return h.shape[1] <= INPUTS and strip.size >= (h.shape[1] + 1) * delta.shape[1]


def _thin_signature(number):
    return types.float64(number[:, ::1], number[:, ::1], number[:, ::1], number[::1], number[::1])


@shared_conductor(_thin_signature)
def thin_gradients(delta, h, dW, db, strip):
    """Writes dW = delta^T h and db, unless it is empty, in one pass; returns the sum of squares of dW."""
    thin_sums(delta, h, strip)
    units = delta.shape[1]
    for source in range(h.shape[1]):
        for unit in range(units):
            dW[unit, source] = strip[source * units + unit]
    for unit in range(db.size):
        db[unit] = strip[h.shape[1] * units + unit]
    return sum_of_squares(part(dW, 0, dW.size))


@shared_kernel(lambda number: types.float64(number[:, ::1], number[:, ::1], number[::1], number[:, ::1]))
def _blas_forward(h, W, b, z):
    blas_product(h, False, W, True, z)
    return _add_bias(z, b)


@shared_kernel(lambda number: _TWO(number[:, ::1], number[:, ::1], number[::1], number[:, ::1]))
def _blas_backward(delta, W, slope, dh):
    blas_product(delta, False, W, False, dh)
    flat = part(dh, 0, dh.size)
    before = sum_of_squares(flat)
    return before, multiply(flat, slope) if slope.size else before


@shared_kernel(lambda number: types.float64(number[:, ::1], number[:, ::1], number[::1], number[:, ::1]))
def _blas_gradient(delta, h, mask, dW):
    blas_product(delta, True, h, False, dW)
    flat = part(dW, 0, dW.size)
    return multiply(flat, mask) if mask.size else sum_of_squares(flat)


@shared_kernel(lambda number: types.float64(number[:, ::1], number[:, ::1], number[::1], number[:, ::1]))
def _blas_add_gradient(delta, h, mask, dW):
    add_blas_product(delta, True, h, False, dW)
    flat = part(dW, 0, dW.size)
    return multiply(flat, mask) if mask.size else sum_of_squares(flat)


@shared_kernel(lambda number: types.float64(number[:, ::1], number[::1]))
def bias_product(delta, db):
    """Writes db = sum over the batch of delta and returns its sum of squares."""
    return column_sums(delta, db)


@reduction_kernel
def _add_bias(z, b):
    total = z.dtype.type(0)
    for row in range(z.shape[0]):
        for unit in range(z.shape[1]):
            value = z[row, unit] + b[unit]
            z[row, unit] = value
            total += value * value
    return np.float64(total)


@shared_kernel(lambda number: types.boolean(number[::1]))
def _all_finite(values):
    """Decides where a sum of squares cannot."""
    finite = True
    for i in range(values.size):
        finite &= abs(values[i]) < math.inf
    return finite


@shared_reduction(lambda number: types.float64(number[::1], number[::1]))
def multiply(values, factors):
    """Multiplies `values` by `factors` in place and returns the sum of squares of the result."""
    total = values.dtype.type(0)
    for i in range(values.size):
        value = values[i] * factors[i]
        values[i] = value
        total += value * value
    return np.float64(total)


@shared_reduction(lambda number: types.float64(number[::1]))
def sum_of_squares(values):
    """Returns the sum of squares."""
    return _squares(values)


@reduction_kernel
def _squares(values):
    total = values.dtype.type(0)
    for i in range(values.size):
        total += values[i] * values[i]
    return np.float64(total)
