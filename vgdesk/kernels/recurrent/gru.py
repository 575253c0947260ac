"""A GRU through time, forward and back; see `through_time` for the equations.

The two variants, reset gate after the product or before it, are compiled apart: a network has only one of them.
"""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.cell_products import packed_forward_product
from vgdesk.kernels.clipping import add_squares
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.recurrent.block_products import (
    add_back,
    add_both_back,
    add_recurrent,
    add_terms,
    back_product,
    dense_product,
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
from vgdesk.kernels.recurrent.signals import arrive, keep, measure
from vgdesk.kernels.recurrent.signatures import backward_signature, forward_signature
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
    """Writes z_t, gates, candidate and h_t; returns whether the products are finite."""
    one, width = net.batch * net.width, net.width
    h, z = matrix(room.h, t * one, net.batch, width), matrix(room.z, 2 * t * one, net.batch, 2 * width)
    finite = add_terms(net, room, trained, h, z, t)
    flat = matrix(room.candidate_recurrent, t * one, net.batch, width)
    finite &= _candidate_product(h, room, trained, flat)
    gate, slope = part(room.gate, 2 * t * one, 2 * one), part(room.slope, 2 * t * one, 2 * one)
    n, bend = part(room.candidate_z, t * one, one), part(room.candidate_slope, t * one, one)
    gru_gates_after(width, part(z, 0, 2 * one), n, part(flat, 0, one), gate, slope, bend)
    new, following = part(room.candidate, t * one, one), part(room.h, (t + 1) * one, one)
    gru_state(width, n, part(h, 0, one), gate, new, bend, following)
    return finite


@inlined_kernel
def _step_before(net, room, trained, t):
    """Does what `_step_after` does."""
    one, width = net.batch * net.width, net.width
    h, z = matrix(room.h, t * one, net.batch, width), matrix(room.z, 2 * t * one, net.batch, 2 * width)
    finite = add_terms(net, room, trained, h, z, t)
    gate, slope = part(room.gate, 2 * t * one, 2 * one), part(room.slope, 2 * t * one, 2 * one)
    new, bend = part(room.candidate, t * one, one), part(room.candidate_slope, t * one, one)
    n, reset = (
        matrix(room.candidate_z, t * one, net.batch, width),
        matrix(room.reset, t * one, net.batch, width),
    )
    gru_gates_before(width, part(z, 0, 2 * one), part(h, 0, one), gate, slope, bend, part(reset, 0, one))
    W = weights_of(trained, W_HN, width, width)
    finite &= add_recurrent(reset, W, room.candidate_packed, n, room.product)
    gru_state(width, part(n, 0, one), part(h, 0, one), gate, new, bend, part(room.h, (t + 1) * one, one))
    return finite


@shared_conductor(forward_signature)
def gru_forward_after(net, room, trained):
    """Runs a GRU through time; returns whether every product was finite."""
    finite = True
    for t in range(net.steps):
        if interrupted():
            break
        finite &= _step_after(net, room, trained, t)
    return finite


@shared_conductor(forward_signature)
def gru_forward_before(net, room, trained):
    """Does the same with the reset gate before the product."""
    finite = True
    for t in range(net.steps):
        if interrupted():
            break
        finite &= _step_before(net, room, trained, t)
    return finite


@inlined_kernel
def _before(net, room, t):
    """Returns where dL/dh_{t-1} goes; the one of the first time step is of no use."""
    one = net.batch * net.width
    place = part(room.more, 0, one)
    if t > 0:
        place = part(room.dh, (t - 1) * one, one)
    return place


@inlined_kernel
def _step_back_after(net, room, trained, t, exponent):
    """Writes delta_t of the gates and of the candidate, and dL/dh_{t-1}; returns its sum of squares.

    All have the exponent of dL/dh_t.
    """
    one, rows, width = net.batch * net.width, net.batch, net.width
    here, before = t * one, _before(net, room, t)
    gate, slope = part(room.gate, 2 * here, 2 * one), part(room.slope, 2 * here, 2 * one)
    new, bend = part(room.candidate, here, one), part(room.candidate_slope, here, one)
    delta, candidate = part(room.delta, 2 * here, 2 * one), part(room.candidate_delta, here, one)
    dh, h = part(room.dh, here, one), part(room.h, here, one)
    flat, behind = part(room.candidate_recurrent, here, one), part(room.reset_delta, here, one)
    gates, last = gru_back_after(width, dh, gate, slope, new, bend, h, flat, delta, candidate, behind, before)
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
    here, before = t * one, _before(net, room, t)
    gate, slope = part(room.gate, 2 * here, 2 * one), part(room.slope, 2 * here, 2 * one)
    new, bend = part(room.candidate, here, one), part(room.candidate_slope, here, one)
    delta, candidate = part(room.delta, 2 * here, 2 * one), part(room.candidate_delta, here, one)
    dh, h, through = part(room.dh, here, one), part(room.h, here, one), matrix(room.through, 0, rows, width)
    (last,) = gru_candidate_back(width, dh, gate, slope, bend, candidate)
    back_product(matrix(candidate, 0, rows, width), weights_of(trained, W_HN, width, width), through, room.strip)
    (gates,) = gru_back_before(width, dh, gate, slope, new, h, part(through, 0, one), delta, before)
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
    """Goes back through the time of a GRU; leaves all signals, each time step with its exponent."""
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = arrive(net, room, t, square, exponent, output_exponent)
        square = _step_back_after(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@shared_conductor(backward_signature)
def gru_backward_before(net, room, trained, output_exponent):
    """Does the same with the reset gate before the product."""
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = arrive(net, room, t, square, exponent, output_exponent)
        square = _step_back_before(net, room, trained, t, exponent)
        room.exponent[t] = exponent
