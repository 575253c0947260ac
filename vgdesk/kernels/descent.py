"""Plain gradient descent of one plain layer in one pass with its gradient.

    W' = W - eta dW,   dW = delta^T h,         b' = b - eta db

In a narrow layer, writing dW, reading it again and changing W takes as long as a twelfth of the product. So dW stays in
registers, where its squares are summed and W' is made of it.

Whether the step counts is known only when all its gradients are: were one not finite, or should the step be left off,
the parameters must still be those before it. So W' does not replace W. It is written where dW would have been, in
`trained.gradient`, and whoever asks for the descent lets both arrays change places once the step is good (see
`feed_forward`). The numbers are those of `update`, to the last bit.
"""

import math

from numba import types

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.clipping import UNCLIPPED, multiply_by_power
from vgdesk.kernels.dense_gradient import shared_weight_gradient
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.long_products import LONGEST
from vgdesk.kernels.products import bias_product, descent_product, is_thin
from vgdesk.kernels.rules import PLAIN
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, normalise
from vgdesk.kernels.simd.columns import column_descent
from vgdesk.kernels.update import LARGE_EXPONENT
from vgdesk.kernels.views import matrix, part

MOST_PARAMETERS = 1 << 22
"""More are not copied from one array into the other within the time in which a person expects an answer."""


@inlined_kernel
def is_plain_descent(wiring, options, rule, cap, trained):
    """Whether a step changes every parameter by -eta times its gradient, and nothing else has to be known before."""
    is_plain = rule.code == PLAIN and rule.weight_decay == 0.0 and cap.code == UNCLIPPED and not options.skip.size
    learned = True
    for layer in range(wiring.bias_block.size):
        learned &= wiring.bias_block[layer] >= 0
    return is_plain and learned and trained.parameters.size <= MOST_PARAMETERS


@inlined_kernel
def descend(delta, exponent, h, below, mask, scratch, strip, trained, weights, biases, rate):
    """Writes W' and b' of one layer into `trained.gradient`, and the sums of squares and exponents of dW and db.

    Parameters are those of `dense_gradient.write_gradient`, and the learning rate. A gradient that the product in one
    pass cannot have, or whose size turns out to need a scale, is written first and then changed into W'.
    """
    first, units = trained.start[weights], delta.shape[1]
    W, out = matrix(trained.parameters, first, units, h.shape[1]), matrix(trained.gradient, first, units, h.shape[1])
    square, total = math.nan, exponent + below
    if _is_common(delta, h, mask, strip, total):
        square = descent_product(delta, h, W, -math.ldexp(rate, total), out)
    if not LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
        square, further = shared_weight_gradient(delta, h, mask, out, scratch, strip)
        total += further
        descend_apart(part(W, 0, W.size), part(out, 0, W.size), rate, total)
    trained.square[weights], trained.exponent[weights] = square, total
    start = trained.start[biases]
    b, changed = part(trained.parameters, start, units), part(trained.gradient, start, units)
    square, further = descend_biases(delta, b, changed, rate, exponent)
    trained.square[biases], trained.exponent[biases] = square, exponent + further


@inlined_kernel
def _is_common(delta, h, mask, strip, exponent):
    """Whether nothing stands in the way of one pass: it has to be the explicit product, short, of ordinary numbers."""
    is_short = h.shape[0] * delta.shape[1] * h.shape[1] <= LONGEST and exponent <= LARGE_EXPONENT
    return is_short and strip.size > 0 and mask.size == 0 and not is_thin(delta, h, strip)


@shared_kernel(lambda number: types.void(number[::1], number[::1], types.float64, types.int64))
def descend_apart(parameters, gradient, rate, exponent):
    """Writes the changed parameters over a scaled gradient."""
    if exponent > LARGE_EXPONENT:
        multiply_by_power(gradient, 1.0, exponent)
        exponent = 0
    _change(parameters, gradient, -math.ldexp(rate, exponent))


@inlined_kernel
def _change(parameters, gradient, take):
    factor = parameters.dtype.type(take)
    for i in range(parameters.size):
        gradient[i] = parameters[i] + factor * gradient[i]


def _bias_signature(number):
    result, flat = types.Tuple((types.float64, types.int64)), number[::1]
    return result(number[:, ::1], flat, flat, types.float64, types.int64)


@shared_kernel(_bias_signature)
def descend_biases(delta, b, changed, rate, exponent):
    """Writes b' and returns the sum of squares of db, and its exponent relative to that of delta."""
    if exponent <= LARGE_EXPONENT:
        square = column_descent(delta, b, -math.ldexp(rate, exponent), changed)
        if LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
            return square, 0
    return _descend_biases_apart(delta, b, changed, rate, exponent)


@shared_kernel(_bias_signature)
def _descend_biases_apart(delta, b, changed, rate, exponent):
    square, further = normalise(changed, bias_product(delta, changed))
    descend_apart(b, changed, rate, exponent + further)
    return square, further


@shared_kernel(lambda number: types.void(number[::1], number[::1]))
def bring_home(source, target):
    """Copies the parameters where Python knows them, after an odd number of descents."""
    for i in range(source.size):
        target[i] = source[i]
