"""The gradient of one dense map's weights and biases, scaled: dW = delta^T h, db = sum over the batch of delta."""

import math

from numba import types

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.late_binding import shared_conductor, shared_kernel
from vgdesk.kernels.long_products import long_gradient_product
from vgdesk.kernels.products import bias_product, sum_of_squares
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, normalise
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def write_gradient(delta, exponent, h, below, mask, scratch, strip, trained, weights, biases):
    """Writes dW and db into the gradient of two blocks, with their sums of squares and exponents.

    Parameters
    ----------
    delta, exponent
        Shape (batch, out); stands for delta * 2**exponent.
    h, below
        Shape (batch, in); stands for h * 2**below.
    mask
        1 where a connection exists (flat; of length 0 when all do).
    scratch, strip
        Room for a copy of `h`, and for the product.
    weights, biases
        Numbers of the blocks of `trained`; -1 for biases that are not learned, whose gradient stays 0.
    """
    first = trained.start[weights]
    dW = matrix(trained.gradient, first, delta.shape[1], h.shape[1])
    square, further = weight_gradient(delta, h, mask, dW, scratch, strip)
    trained.square[weights], trained.exponent[weights] = square, exponent + below + further
    if biases >= 0:
        db = part(trained.gradient, trained.start[biases], trained.size[biases])
        square, further = normalise(db, bias_product(delta, db))
        trained.square[biases], trained.exponent[biases] = square, exponent + further


@inlined_kernel
def weight_gradient(delta, h, mask, dW, scratch, strip):
    """Writes dW (scaled) and returns (sum of squares, exponent relative to delta).

    A gradient that leaves the safe band is computed once more, from activations scaled near 1.
    """
    square, exponent, rescued = 0.0, 0, False
    while True:
        square = long_gradient_product(delta, h, mask, dW, strip)
        if rescued or LOWEST_SQUARE <= square <= HIGHEST_SQUARE or math.isnan(square):
            break
        rescued, copy = True, part(scratch, 0, h.size)
        exponent = _scaled_copy(part(h, 0, h.size), copy)
        h = matrix(copy, 0, h.shape[0], h.shape[1])
    if rescued:
        square, further = normalise(part(dW, 0, dW.size), square)
        exponent += further
    return square, exponent


def _weight_signature(number):
    rows, result = number[:, ::1], types.Tuple((types.float64, types.int64))
    return result(rows, rows, number[::1], rows, number[::1], number[::1])


@shared_conductor(_weight_signature)
def shared_weight_gradient(delta, h, mask, dW, scratch, strip):
    """Does what `weight_gradient` does; compiled once for all that are not called layer by layer."""
    return weight_gradient(delta, h, mask, dW, scratch, strip)


@shared_kernel(lambda number: types.int64(number[::1], number[::1]))
def _scaled_copy(values, copy):
    """Copies an array, brings the copy near 1 and returns the exponent of two that was taken out."""
    for i in range(values.size):
        copy[i] = values[i]
    _, exponent = normalise(copy, sum_of_squares(copy))
    return exponent
