"""A GRU through time, forward and back; see `through_time` for the equations.

The two variants, reset gate after the product or before it, are compiled apart: a network has only one of them.
"""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.cell_products import packed_forward_product
from vgdesk.kernels.clipping import add_squares
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.recurrent.block_products import (
    add_back,
    add_both_back,
    add_recurrent,
    add_terms,
    back_product,
    dense_product,
    state_before,
    weights_of,
)
from vgdesk.kernels.recurrent.gru_passes import (
    gru_back_after,
    gru_back_before,
    gru_candidate_back,
    gru_gates_after,
    gru_gates_before,
    gru_state,
)
from vgdesk.kernels.recurrent.layout import B_HN, W_HH, W_HN
from vgdesk.kernels.recurrent.signals import keep, measure, signal
from vgdesk.kernels.recurrent.signatures import backward_signature, forward_signature
from vgdesk.kernels.recurrent.time_loops import run_back, run_forward
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _candidate_product(h, room, trained, flat):
    """Writes W_hn h + b_hn; returns whether it is finite."""
    if room.candidate_packed.size:
        b = part(trained.parameters, trained.start[B_HN], flat.shape[1])
        return packed_forward_product(h, room.candidate_packed, b, flat)
    return dense_product(h, trained, W_HN, B_HN, flat, room.strip)


@inlined_kernel
def _step_after(net, room, trained, t):
    """Writes z_t, what the gates give, and h_t; returns whether the products are finite."""
    one, rows, width = net.batch * net.width, net.batch, net.width
    here, two = t * one, 2 * one
    h, z = state_before(net, room, t), matrix(room.z, 2 * here, rows, 2 * width)
    finite = add_terms(net, room, trained, h, z, t)
    rest, flat = part(room.inner, 0, one), matrix(room.inner, one, rows, width)
    finite &= _candidate_product(h, room, trained, flat)
    n, factor = part(room.candidate_z, here, one), part(room.factor, 2 * here, two)
    reset, carry = part(room.reset_gate, here, one), part(room.carry, here, one)
    gru_gates_after(width, part(z, 0, two), part(flat, 0, one), n, factor, reset, carry, rest)
    _state(net, room, t)
    return finite


@inlined_kernel
def _step_before(net, room, trained, t):
    """Does what `_step_after` does."""
    one, rows, width = net.batch * net.width, net.batch, net.width
    here, two = t * one, 2 * one
    h, z = state_before(net, room, t), matrix(room.z, 2 * here, rows, 2 * width)
    finite = add_terms(net, room, trained, h, z, t)
    state, factor = matrix(room.reset, here, rows, width), part(room.factor, 2 * here, two)
    reset, carry, rest = part(room.reset_gate, here, one), part(room.carry, here, one), part(room.inner, 0, one)
    gru_gates_before(width, part(z, 0, two), part(room.h, here, one), part(state, 0, one), factor, reset, carry, rest)
    n, W = matrix(room.candidate_z, here, rows, width), weights_of(trained, W_HN, width, width)
    finite &= add_recurrent(state, W, room.candidate_packed, n, room.product)
    _state(net, room, t)
    return finite


@inlined_kernel
def _state(net, room, t):
    """Writes h_t and the factors of the candidate and of z."""
    one = net.batch * net.width
    here = t * one
    n, h, following = part(room.candidate_z, here, one), part(room.h, here, one), part(room.h, here + one, one)
    carry, rest, factor = part(room.carry, here, one), part(room.inner, 0, one), part(room.factor, 2 * here, 2 * one)
    gru_state(net.width, n, h, carry, rest, factor, part(room.candidate_factor, here, one), following)


@shared_conductor(forward_signature)
def gru_forward_after(net, room, trained):
    """Runs a GRU through time; returns whether every product was finite."""
    return run_forward(net, room, trained, _step_after)


@shared_conductor(forward_signature)
def gru_forward_before(net, room, trained):
    """Does the same with the reset gate before the product."""
    return run_forward(net, room, trained, _step_before)


@inlined_kernel
def _step_back_after(net, room, trained, t, exponent):
    """Writes delta_t of the gates and of the candidate, and dL/dh_{t-1}; returns its sum of squares.

    All have the exponent of dL/dh_t.
    """
    one, rows, width = net.batch * net.width, net.batch, net.width
    here, dh, before = t * one, signal(room.dh, one, t), signal(room.dh, one, t - 1)
    factor, bend = part(room.factor, 2 * here, 2 * one), part(room.candidate_factor, here, one)
    reset, carry = part(room.reset_gate, here, one), part(room.carry, here, one)
    delta, candidate = part(room.delta, 2 * here, 2 * one), part(room.candidate_delta, here, one)
    behind = part(room.reset_delta, here, one)
    gates, last = gru_back_after(width, dh, factor, bend, reset, carry, delta, candidate, behind, before)
    keep(behind, room.reset_kept, here)
    _measure(net, room, t, exponent, gates, last)
    passed = 0.0
    if t > 0:
        W, W_n = weights_of(trained, W_HH, 2 * width, width), weights_of(trained, W_HN, width, width)
        both, below = matrix(delta, 0, rows, 2 * width), matrix(before, 0, rows, width)
        passed = add_both_back(both, W, matrix(behind, 0, rows, width), W_n, room.product, below, room.strip)
    return passed


@inlined_kernel
def _step_back_before(net, room, trained, t, exponent):
    """Does what `_step_back_after` does."""
    one, rows, width = net.batch * net.width, net.batch, net.width
    here, dh, before = t * one, signal(room.dh, one, t), signal(room.dh, one, t - 1)
    factor, bend = part(room.factor, 2 * here, 2 * one), part(room.candidate_factor, here, one)
    reset, carry = part(room.reset_gate, here, one), part(room.carry, here, one)
    delta, candidate = part(room.delta, 2 * here, 2 * one), part(room.candidate_delta, here, one)
    (last,) = gru_candidate_back(width, dh, bend, candidate)
    through = matrix(room.through, 0, rows, width)
    back_product(matrix(candidate, 0, rows, width), weights_of(trained, W_HN, width, width), through, room.strip)
    (gates,) = gru_back_before(width, dh, factor, reset, carry, part(through, 0, one), delta, before)
    _measure(net, room, t, exponent, gates, last)
    passed = 0.0
    if t > 0:
        both, below = matrix(delta, 0, rows, 2 * width), matrix(before, 0, rows, width)
        passed = add_back(both, weights_of(trained, W_HH, 2 * width, width), room.product, below, room.strip)
    return passed


@inlined_kernel
def _measure(net, room, t, exponent, gates, last):
    """Measures the deltas of the gates and of the candidate, of which the sums of squares are given."""
    one = net.batch * net.width
    delta, candidate = part(room.delta, 2 * t * one, 2 * one), part(room.candidate_delta, t * one, one)
    measure(candidate, last, exponent, room.delta_square, room.delta_exponent, t)
    square, other = room.delta_square[t], room.delta_exponent[t]
    measure(delta, gates, exponent, room.delta_square, room.delta_exponent, t)
    square, other = add_squares(square, other, room.delta_square[t], room.delta_exponent[t])
    room.delta_square[t], room.delta_exponent[t] = square, other
    keep(delta, room.kept, 2 * t * one)
    keep(candidate, room.candidate_kept, t * one)


@shared_conductor(backward_signature)
def gru_backward_after(net, room, trained, output_exponent):
    """Goes back through the time of a GRU."""
    run_back(net, room, trained, output_exponent, _step_back_after)


@shared_conductor(backward_signature)
def gru_backward_before(net, room, trained, output_exponent):
    """Does the same with the reset gate before the product."""
    run_back(net, room, trained, output_exponent, _step_back_before)
