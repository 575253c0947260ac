"""Products that take longer than a person waits, in parts between which the word to leave off is heard.

    z  = h W^T + b          some rows of h (examples, or examples at time steps) at a time
    dh = (delta W) slope    some rows of delta at a time
    dW = (delta^T h) mask   the sum over so many rows, added to what stands there

The parts are few enough to cost nothing, and small products are made at once. What is left of a product that was left
off is of no use: whoever hears the word drops the step (see `interruption`).
"""

from numba import types

from vgdesk.kernels._jit import inlined_kernel, kernel
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.products import add_gradient_product, backward_product, forward_product, gradient_product
from vgdesk.kernels.views import matrix, part

LONGEST = 1 << 31
"""Multiplications in one part: some hundredths of a second."""
FEWEST_ROWS = 64
"""In a part: with fewer, products lose their speed."""

_TWO = types.UniTuple(types.float64, 2)


@inlined_kernel
def long_forward_product(h, W, b, z, strip):
    """Does what `products.forward_product` does."""
    if h.shape[0] * W.size <= LONGEST:
        return forward_product(h, W, b, z, strip)
    return _forward_in_parts(h, W, b, z, strip)


@inlined_kernel
def long_backward_product(delta, W, slope, dh, strip):
    """Does what `products.backward_product` does."""
    if delta.shape[0] * W.size <= LONGEST:
        return backward_product(delta, W, slope, dh, strip)
    return _backward_in_parts(delta, W, slope, dh, strip)


@inlined_kernel
def long_gradient_product(delta, h, mask, dW, strip):
    """Does what `products.gradient_product` does."""
    if h.shape[0] * dW.size <= LONGEST:
        return gradient_product(delta, h, mask, dW, strip)
    return _gradient_in_parts(delta, h, mask, dW, strip)


@kernel
def _rows_of_a_part(products):
    """Returns how many rows go into a part when each takes so many multiplications."""
    return max(FEWEST_ROWS, LONGEST // products)


@shared_kernel(lambda number: types.float64(number[:, ::1], number[:, ::1], number[::1], number[:, ::1], number[::1]))
def _forward_in_parts(h, W, b, z, strip):
    rows, (above, below), square = _rows_of_a_part(W.size), W.shape, 0.0
    for first in range(0, h.shape[0], rows):
        if interrupted():
            break
        count = min(rows, h.shape[0] - first)
        source, target = matrix(h, first * below, count, below), matrix(z, first * above, count, above)
        square += forward_product(source, W, b, target, strip)
    return square


@shared_kernel(lambda number: _TWO(number[:, ::1], number[:, ::1], number[::1], number[:, ::1], number[::1]))
def _backward_in_parts(delta, W, slope, dh, strip):
    rows, (above, below), before, after = _rows_of_a_part(W.size), W.shape, 0.0, 0.0
    for first in range(0, delta.shape[0], rows):
        if interrupted():
            break
        count = min(rows, delta.shape[0] - first)
        source, target = matrix(delta, first * above, count, above), matrix(dh, first * below, count, below)
        squares = backward_product(source, W, part(slope, first * below, count * below), target, strip)
        before, after = before + squares[0], after + squares[1]
    return before, after


@shared_kernel(lambda number: types.float64(number[:, ::1], number[:, ::1], number[::1], number[:, ::1], number[::1]))
def _gradient_in_parts(delta, h, mask, dW, strip):
    rows, (above, below) = min(_rows_of_a_part(dW.size), h.shape[0]), dW.shape
    square = gradient_product(matrix(delta, 0, rows, above), matrix(h, 0, rows, below), mask, dW, strip)
    for first in range(rows, h.shape[0], rows):
        if interrupted():
            break
        count = min(rows, h.shape[0] - first)
        some, source = matrix(delta, first * above, count, above), matrix(h, first * below, count, below)
        square = add_gradient_product(some, source, mask, dW, strip)
    return square
