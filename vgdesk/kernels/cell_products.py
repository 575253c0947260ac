"""The products of a cell at one time step; like those of a dense layer (see `products`), by vectors or by BLAS.

forward     z  = z + h W^T        z = h W^T + b        z = b + h W^T + x V^T     W, V packed once
backward    dh = dh + delta W     dh = dh + delta W + more V
"""

import numpy as np
from numba import types

from vgdesk.kernels._jit import inlined_kernel, reduction_kernel
from vgdesk.kernels.blas import blas_product
from vgdesk.kernels.late_binding import shared_conductor, shared_kernel
from vgdesk.kernels.products import is_finite
from vgdesk.kernels.simd import dense, joint
from vgdesk.kernels.views import part


@shared_conductor(lambda number: types.void(number[:, ::1], number[::1]))
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
def joint_forward_product(h, packed, x, more_packed, b, z):
    """Writes z = b + h W^T + x V^T, with both matrices packed, and returns whether all of z is finite."""
    return is_finite(joint.forward_joint(h, packed, x, more_packed, b, z), z)


@inlined_kernel
def add_backward_product(delta, W, dh, strip, room):
    """Writes dh = dh + delta W and returns its sum of squares; `room` is for as many numbers as `dh`."""
    return dense.add_product(delta, W, dh) if strip.size else _blas_add(delta, W, False, dh, room)


@inlined_kernel
def joint_backward_product(delta, W, more, V, dh, strip, room):
    """Writes dh = dh + delta W + more V and returns its sum of squares; `room` is for as many numbers as `dh`."""
    if strip.size:
        return joint.add_joint(delta, W, more, V, dh)
    _blas_add(more, V, False, dh, room)
    return _blas_add(delta, W, False, dh, room)


@shared_kernel(
    lambda number: types.float64(number[:, ::1], number[:, ::1], types.boolean, number[:, ::1], number[:, ::1])
)
def _blas_add(left, right, turned, out, room):
    blas_product(left, False, right, turned, room)
    return _add(part(out, 0, out.size), part(room, 0, room.size))


@reduction_kernel
def _add(values, others):
    total = values.dtype.type(0)
    for i in range(values.size):
        value = values[i] + others[i]
        values[i] = value
        total += value * value
    return np.float64(total)
