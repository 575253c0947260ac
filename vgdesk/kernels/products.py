"""The products of a dense layer and of a cell, and the sums that go with them.

    forward     z  = h W^T + b                 (B, in) x (in, out)
    backward    dh = (delta W) * phi'(z)       (B, out) x (out, in)
    gradient    dW = (delta^T h) * mask        (out, B) x (B, in),       db = sum over the batch of delta

and those that add to what stands there: z = z + h W^T with W packed once for many of them, dh = dh + delta W (of a
cell), and dW = dW + delta^T h (of a sum in parts, see `long_products`).

Every matrix product of the trainer is here, behind one small function each, and each returns the sums of squares that
the record needs. There are two ways to do them: BLAS, best at wide layers, and explicit vectors (`simd.dense`), best at
narrow ones. The caller asks for explicit vectors by giving a `strip`, scratch memory of `layout.Wiring.strip_size`
numbers, and for BLAS by giving one of length 0. All matrices are contiguous rows of one number format; shapes are
checked by the trainer's door in Python.
"""

import math

import numpy as np
from numba import types

from vgdesk.kernels._jit import inlined_kernel, kernel, reduction_kernel
from vgdesk.kernels.blas import add_blas_product, blas_product
from vgdesk.kernels.late_binding import shared_kernel, shared_reduction
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


@kernel
def add_gradient_product(delta, h, mask, dW, strip):
    """Writes dW = (dW + delta^T h) * mask and returns its sum of squares; `mask` as for `gradient_product`."""
    return dense.add_gradient(delta, h, mask, dW) if strip.size else _blas_add_gradient(delta, h, mask, dW)


@kernel
def is_thin(delta, h, strip):
    """Whether `h` has so few inputs that `thin_gradients` is the way."""
    return h.shape[1] <= INPUTS and strip.size >= (h.shape[1] + 1) * delta.shape[1]


@shared_kernel(lambda number: types.float64(number[:, ::1], number[:, ::1], number[:, ::1], number[::1], number[::1]))
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


@shared_kernel(lambda number: types.void(number[:, ::1], number[::1]))
def pack_weights(W, packed):
    """Packs W for `add_forward_product`; of length 0, `packed` says that BLAS multiplies."""
    if packed.size:
        dense.pack(W, packed)


@inlined_kernel
def add_forward_product(h, W, packed, z, room):
    """Writes z = z + h W^T and returns whether all of z is finite; `room` is for as many numbers as `z`."""
    square = dense.add_packed(h, packed, z) if packed.size else _blas_add(h, W, True, z, room)
    return is_finite(square, z)


@inlined_kernel
def packed_forward_product(h, packed, b, z):
    """Writes z = h W^T + b, with W packed by `pack_weights`, and returns whether all of z is finite."""
    return is_finite(dense.forward_packed(h, packed, b, z), z)


@inlined_kernel
def add_backward_product(delta, W, dh, strip, room):
    """Writes dh = dh + delta W and returns its sum of squares; `room` is for as many numbers as `dh`."""
    return dense.add_product(delta, W, dh) if strip.size else _blas_add(delta, W, False, dh, room)


@shared_kernel(
    lambda number: types.float64(number[:, ::1], number[:, ::1], types.boolean, number[:, ::1], number[:, ::1])
)
def _blas_add(left, right, turned, out, room):
    blas_product(left, False, right, turned, room)
    return _add(part(out, 0, out.size), part(room, 0, room.size))


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


@reduction_kernel
def _add(values, others):
    total = values.dtype.type(0)
    for i in range(values.size):
        value = values[i] + others[i]
        values[i] = value
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
