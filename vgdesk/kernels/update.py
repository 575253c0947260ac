"""One update of all parameters of a network: clip the gradient, then let the rule change the parameters.

All parameters stand in one flat array, cut into blocks (the weights or the biases of one layer), and their gradient in
another (see `trained`). A block has its own exponent: its true gradient is gradient * 2**exponent. A trainer of any
kind of network fills `gradient`, `square` and `exponent`, and calls `total_square`, then `update`.

The update of a very large network takes some tenths of a second. Where the word to leave off comes meanwhile (see
`interruption`), the blocks that are left are changed by `complete_update`, before anybody uses the parameters.
"""

import math
from functools import cache

import numpy as np
from numba import typeof, types

from vgdesk.kernels._jit import inlined_kernel, kernel
from vgdesk.kernels.clipping import BY_VALUE, Cap, add_squares, clamp, multiply_by_power, norm_factor
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor, shared_kernel
from vgdesk.kernels.lent import LentType
from vgdesk.kernels.rules import PLAIN, PLAIN_DESCENT, RULE_TYPE, blend, follow_rule
from vgdesk.kernels.scaling import log10_norm
from vgdesk.kernels.trained import build_trained
from vgdesk.kernels.views import part

LARGE_EXPONENT = 64
_NOT_BY_VALUE = Cap()


def _sum_signature(number):
    return types.Tuple((types.float64, types.int64))(_trained_type(number))


def _update_signature(number):
    result = types.Tuple((types.float64, types.boolean))
    return result(RULE_TYPE, typeof(Cap()), types.float64, _trained_type(number), types.float64, types.int64)


@cache
def _trained_type(number):
    return LentType(typeof(build_trained(PLAIN_DESCENT, [[np.zeros(1)]], np.dtype(str(number)))))


@shared_conductor(_sum_signature)
def total_square(trained):
    """Returns (square, exponent) of all gradients together: their sum of squares is square * 4**exponent."""
    square, exponent = 0.0, np.int64(0)  # a plain 0 is a type of its own, for which `add_squares` is compiled once more
    for block in range(trained.square.size):
        square, exponent = add_squares(square, exponent, trained.square[block], trained.exponent[block])
    return square, exponent


@shared_kernel(_update_signature)
def update(rule, cap, rate, trained, square, exponent):
    """Clips and changes all parameters; `gradient` may be overwritten.

    Parameters
    ----------
    square, exponent
        What `total_square` returned.

    Returns
    -------
    log10_clipped_norm, engaged
        log10 of the total norm after clipping, and whether clipping changed the gradient.
    """
    trained.updates[0] += 1
    factor, shift = norm_factor(cap, square, exponent)
    engaged = factor < 1.0 or shift != 0
    log10_norm_after = log10_norm(square, exponent) + math.log10(factor) + shift * math.log10(2.0)
    clamped, is_clamped = 0.0, False
    is_plain = rule.code == PLAIN and rule.weight_decay == 0.0 and cap.code != BY_VALUE
    for block in range(trained.square.size):
        if cap.code != BY_VALUE and interrupted():  # by value, the norm after clipping is known at the end only
            trained.pending[0], trained.pending[1], trained.pending[2], trained.pending[3] = block, rate, factor, shift
            break
        if is_plain:  # not through `_change`: a narrow layer takes no longer than the call
            first, size = trained.start[block], trained.size[block]
            p, g = part(trained.parameters, first, size), part(trained.gradient, first, size)
            _descend_scaled(p, g, rate * factor, trained.exponent[block] + shift)
        else:
            more, outside = _change(rule, cap, rate, trained, block, factor, shift)
            clamped += more
            is_clamped |= outside
    if is_clamped:
        return log10_norm(clamped, np.int64(0)), True
    return log10_norm_after, engaged


@inlined_kernel
def complete_update(rule, trained):
    """Changes the blocks that an update left when it was left off; to be called before the parameters are used."""
    if trained.pending[0] >= 0.0:  # asked here, for what finishes them need not be compiled until then
        _finish(rule, trained)


@shared_kernel(lambda number: types.void(RULE_TYPE, _trained_type(number)))
def _finish(rule, trained):
    rate, factor, shift = trained.pending[1], trained.pending[2], int(trained.pending[3])
    for block in range(int(trained.pending[0]), trained.square.size):
        _change(rule, _NOT_BY_VALUE, rate, trained, block, factor, shift)
    trained.pending[0] = -1.0


def _change_signature(number):
    result = types.Tuple((types.float64, types.boolean))
    return result(
        RULE_TYPE, typeof(Cap()), types.float64, _trained_type(number), types.int64, types.float64, types.int64
    )


@shared_kernel(_change_signature)
def _change(rule, cap, rate, trained, block, factor, shift):
    """Changes one block by its gradient times factor * 2**shift, and returns what `clamp` did."""
    first, size = trained.start[block], trained.size[block]
    p, g = part(trained.parameters, first, size), part(trained.gradient, first, size)
    exponent, clamped, is_clamped = trained.exponent[block] + shift, 0.0, False
    if rule.code == PLAIN and rule.weight_decay == 0.0 and cap.code != BY_VALUE:
        _descend_scaled(p, g, rate * factor, exponent)
    else:
        multiply_by_power(g, factor, exponent)
        clamped, is_clamped = _follow(rule, cap, rate, trained, block)
    return clamped, is_clamped


def _follow_signature(number):
    result = types.Tuple((types.float64, types.boolean))
    return result(RULE_TYPE, typeof(Cap()), types.float64, _trained_type(number), types.int64)


@shared_kernel(_follow_signature)
def _follow(rule, cap, rate, trained, block):
    """Clamps the true gradient of a block, lets the rule change its parameters, and returns what `clamp` did."""
    first, size = trained.start[block], trained.size[block]
    p, g = part(trained.parameters, first, size), part(trained.gradient, first, size)
    clamped, is_clamped = clamp(g, cap)
    buffer, second = _state(trained.first, first, size), _state(trained.second, first, size)
    follow_rule(rule.code, rule, trained.updates[0], rate, p, g, buffer, second, _state(trained.peak, first, size))
    return clamped, is_clamped


@inlined_kernel
def _state(flat, first, size):
    return part(flat, first if flat.size else 0, size if flat.size else 0)


@kernel
def _descend_scaled(parameters, gradient, rate, exponent):
    """Applies a scaled gradient; one that exceeds the number format honestly becomes infinite first, 0 stays 0."""
    if exponent > LARGE_EXPONENT:
        multiply_by_power(gradient, 1.0, exponent)
        exponent = 0
    blend(parameters, gradient, 1.0, -math.ldexp(rate, exponent))
