"""The products of recurrent networks, with parameters named by their block (see `layout`)."""

from numba import types

from vgdesk.kernels.dense_gradient import weight_gradient
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.products import (
    add_backward_product,
    add_forward_product,
    backward_product,
    bias_product,
    forward_product,
    pack_weights,
    sum_of_squares,
)
from vgdesk.kernels.recurrent.signatures import (
    back_signature,
    dense_signature,
    place_types,
    product_types,
    weights_signature,
)
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.views import matrix, part


@shared_kernel(dense_signature)
def dense_product(h, trained, weights, biases, z, strip):
    """Writes z = h W^T + b with the named blocks; returns whether all of z is finite."""
    W = matrix(trained.parameters, trained.start[weights], z.shape[1], h.shape[1])
    return forward_product(h, W, part(trained.parameters, trained.start[biases], z.shape[1]), z, strip)


@shared_kernel(lambda number: types.void(place_types(number)[2], types.int64, types.int64, types.int64, number[::1]))
def pack_block(trained, weights, rows, columns, packed):
    """Packs the named block of a step for `add_recurrent`."""
    pack_weights(matrix(trained.parameters, trained.start[weights], rows, columns), packed)


@shared_kernel(lambda number: types.boolean(*product_types(number)))
def add_recurrent(h, trained, weights, packed, z, product):
    """Writes z = z + h W^T with the named block, packed by `pack_block`; returns whether all of z is finite."""
    W = matrix(trained.parameters, trained.start[weights], z.shape[1], h.shape[1])
    return add_forward_product(h, W, packed, z, matrix(product, 0, z.shape[0], z.shape[1]))


@shared_kernel(lambda number: types.float64(*product_types(number)))
def add_back(delta, trained, weights, product, dh, strip):
    """Writes dh = dh + delta W with the named block and returns the sum of squares."""
    W = matrix(trained.parameters, trained.start[weights], delta.shape[1], dh.shape[1])
    return add_backward_product(delta, W, dh, strip, matrix(product, 0, dh.shape[0], dh.shape[1]))


@shared_kernel(back_signature)
def back_product(delta, trained, weights, dh, strip):
    """Writes dh = delta W with the named block and returns the sum of squares."""
    W = matrix(trained.parameters, trained.start[weights], delta.shape[1], dh.shape[1])
    return backward_product(delta, W, part(strip, 0, 0), dh, strip)[0]


@shared_kernel(weights_signature)
def write_weights(delta, exponent, h, room, trained, weights):
    """Writes dW = delta^T h into a block."""
    dW = matrix(trained.gradient, trained.start[weights], delta.shape[1], h.shape[1])
    square, further = weight_gradient(delta, h, room.no_mask, dW, room.scratch, room.strip)
    trained.square[weights], trained.exponent[weights] = square, exponent + further


@shared_kernel(lambda number: types.void(number[:, ::1], types.int64, place_types(number)[2], types.int64))
def write_biases(delta, exponent, trained, biases):
    """Writes db = sum of delta over batch and time into a block."""
    db = part(trained.gradient, trained.start[biases], delta.shape[1])
    bias_product(delta, db)
    square, further = normalise(db, sum_of_squares(db))
    trained.square[biases], trained.exponent[biases] = square, exponent + further
