"""The products of recurrent networks; those of a whole step name their parameters by block (see `layout`).

Those of one time step get the matrix itself: to hand over all that is trained takes as long as a small product.
"""

from numba import types

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.cell_products import (
    add_backward_product,
    add_forward_product,
    joint_backward_product,
    joint_forward_product,
    pack_weights,
)
from vgdesk.kernels.dense_gradient import shared_weight_gradient
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.long_products import long_forward_product
from vgdesk.kernels.products import backward_product, bias_product, is_finite, is_thin, sum_of_squares, thin_gradients
from vgdesk.kernels.recurrent.layout import B_MAIN, W_HH
from vgdesk.kernels.recurrent.signatures import (
    dense_signature,
    gradients_signature,
    place_types,
    weights_signature,
)
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, normalise
from vgdesk.kernels.views import matrix, part


@shared_conductor(dense_signature)
def dense_product(h, trained, weights, biases, z, strip):
    """Writes z = h W^T + b with the named blocks; returns whether all of z is finite."""
    W = matrix(trained.parameters, trained.start[weights], z.shape[1], h.shape[1])
    square = long_forward_product(h, W, part(trained.parameters, trained.start[biases], z.shape[1]), z, strip)
    return is_finite(square, z)


@shared_conductor(lambda number: types.void(place_types(number)[2], types.int64, types.int64, types.int64, number[::1]))
def pack_block(trained, weights, rows, columns, packed):
    """Packs the named block of a step for `add_recurrent`."""
    pack_weights(matrix(trained.parameters, trained.start[weights], rows, columns), packed)


@inlined_kernel
def weights_of(trained, weights, rows, columns):
    """Returns the matrix of the named block."""
    return matrix(trained.parameters, trained.start[weights], rows, columns)


@inlined_kernel
def add_recurrent(h, W, packed, z, product):
    """Writes z = z + h W^T, with W also packed by `pack_block`; returns whether all of z is finite."""
    return add_forward_product(h, W, packed, z, matrix(product, 0, z.shape[0], z.shape[1]))


@inlined_kernel
def state_before(net, room, t):
    """Returns h_{t-1} for a product; where it is known to be zero, without columns, unless BLAS multiplies."""
    columns = net.width
    if t < net.blank and room.packed.size:
        columns = 0
    return matrix(room.h, t * net.batch * net.width, net.batch, columns)


@inlined_kernel
def add_terms(net, room, trained, h, z, t):
    """Writes z_t of the main gates from h_{t-1} and, where that is not made for all time steps, x_t.

    Returns whether it is finite.
    """
    W, finite = weights_of(trained, W_HH, net.main * net.width, net.width), True
    if room.input_packed.size:
        x = matrix(room.x, t * net.batch * net.inputs, net.batch, net.inputs)
        b = part(trained.parameters, trained.start[B_MAIN], net.main * net.width)
        finite = joint_forward_product(h, room.packed, x, room.input_packed, b, z)
    else:
        finite = add_recurrent(h, W, room.packed, z, room.product)
    return finite


@shared_conductor(lambda number: types.float64(*[number[:, ::1]] * 2, number[::1], number[:, ::1], number[::1]))
def add_back(delta, W, product, dh, strip):
    """Writes dh = dh + delta W and returns the sum of squares."""
    return add_backward_product(delta, W, dh, strip, matrix(product, 0, dh.shape[0], dh.shape[1]))


@inlined_kernel
def add_both_back(delta, W, more, V, product, dh, strip):
    """Writes dh = dh + delta W + more V and returns the sum of squares."""
    return joint_backward_product(delta, W, more, V, dh, strip, matrix(product, 0, dh.shape[0], dh.shape[1]))


@inlined_kernel
def back_product(delta, W, dh, strip):
    """Writes dh = delta W and returns the sum of squares."""
    return backward_product(delta, W, part(strip, 0, 0), dh, strip)[0]


@shared_conductor(weights_signature)
def write_weights(delta, exponent, h, room, trained, weights):
    """Writes dW = delta^T h into a block."""
    dW = matrix(trained.gradient, trained.start[weights], delta.shape[1], h.shape[1])
    square, further = shared_weight_gradient(delta, h, room.no_mask, dW, room.scratch, room.strip)
    trained.square[weights], trained.exponent[weights] = square, exponent + further


@shared_conductor(gradients_signature)
def write_gradients(delta, exponent, h, room, trained, weights, biases):
    """Writes dW = delta^T h and db = sum of delta over batch and time into two blocks."""
    dW = matrix(trained.gradient, trained.start[weights], delta.shape[1], h.shape[1])
    db = part(trained.gradient, trained.start[biases], delta.shape[1])
    square, biases_square, further = 0.0, 0.0, 0
    if is_thin(delta, h, room.strip):
        square = thin_gradients(delta, h, dW, db, room.strip)
        biases_square = sum_of_squares(db)
    elif room.strip.size >= 2 * delta.shape[1]:  # the same code, for that of `bias_product` need not be compiled then
        first = matrix(h, 0, h.shape[0], 1)  # any numbers: dW is written again below
        thin_gradients(delta, first, matrix(dW, 0, delta.shape[1], 1), db, room.strip)
        biases_square = sum_of_squares(db)
    else:
        biases_square = bias_product(delta, db)
    if not LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
        square, further = shared_weight_gradient(delta, h, room.no_mask, dW, room.scratch, room.strip)
    trained.square[weights], trained.exponent[weights] = square, exponent + further
    square, further = normalise(db, biases_square)
    trained.square[biases], trained.exponent[biases] = square, exponent + further
