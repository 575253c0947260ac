"""The way back through time; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.clipping import add_squares
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.products import multiply, sum_of_squares
from vgdesk.kernels.recurrent.block_products import add_back, back_product, weights_of
from vgdesk.kernels.recurrent.gru_passes import gru_backward_after, gru_backward_before, gru_candidate_backward
from vgdesk.kernels.recurrent.layout import GRU_AFTER, LSTM, RNN, W_HH, W_HN
from vgdesk.kernels.recurrent.lstm_passes import lstm_backward
from vgdesk.kernels.recurrent.signals import balance, clear, join, keep, measure
from vgdesk.kernels.recurrent.signatures import backward_signature
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _rnn_step_back(net, room, trained, t, exponent):
    """Writes delta_t and dL/dh_{t-1}; returns the latter's sum of squares and the exponent of both."""
    one = net.batch * net.width
    delta = part(room.delta, t * one, one)
    if room.kept.size:  # else delta takes the place of the slope
        keep(part(room.slope, t * one, one), room.delta, t * one)
    square, shift = normalise(delta, multiply(delta, part(room.dh, t * one, one)))
    exponent += shift
    measure(delta, square, exponent, room.delta_square, room.delta_exponent, t)
    keep(delta, room.kept, t * one)
    passed = 0.0
    if t > 0:
        before = matrix(room.dh, (t - 1) * one, net.batch, net.width)
        passed = back_product(
            matrix(delta, 0, net.batch, net.width), weights_of(trained, W_HH, net.width, net.width), before, room.strip
        )
    return passed, exponent


@inlined_kernel
def _lstm_step_back(net, room, trained, t, exponent):
    """Writes delta_t, dL/dc_t, dL/dc_{t-1} and dL/dh_{t-1}, and returns the latter's sum of squares and exponent.

    All have the exponent of dL/dh_t.
    """
    one = net.batch * net.width
    here, four = t * one, 4 * one
    gate, slope, delta = (
        part(room.gate, 4 * here, four),
        part(room.slope, 4 * here, four),
        part(room.delta, 4 * here, four),
    )
    dh, dc, c = part(room.dh, here, one), part(room.dc, here + one, one), part(room.c, here, one)
    squashed, bend, before = (
        part(room.squashed, here, one),
        part(room.squashed_slope, here, one),
        part(room.dc, here, one),
    )
    cell, gates = lstm_backward(net.width, dh, gate, slope, c, squashed, bend, dc, delta, before)
    measure(dc, cell, exponent, room.cell_square, room.cell_exponent, t)
    measure(delta, gates, exponent, room.delta_square, room.delta_exponent, t)
    keep(delta, room.kept, 4 * here)
    passed = 0.0
    if t > 0:
        below, W = (
            matrix(room.dh, here - one, net.batch, net.width),
            weights_of(trained, W_HH, 4 * net.width, net.width),
        )
        passed = back_product(matrix(delta, 0, net.batch, 4 * net.width), W, below, room.strip)
    return passed, exponent


@inlined_kernel
def _gru_step_back(net, room, trained, t, exponent):
    """Writes delta_t of the gates and of the candidate, and dL/dh_{t-1}; returns its sum of squares and exponent.

    All have the exponent of dL/dh_t.
    """
    one, rows, width = net.batch * net.width, net.batch, net.width
    here = t * one
    gate, slope, delta = (
        part(room.gate, 3 * here, 3 * one),
        part(room.slope, 3 * here, 3 * one),
        part(room.delta, 2 * here, 2 * one),
    )
    dh, h, candidate = part(room.dh, here, one), part(room.h, here, one), part(room.candidate_delta, here, one)
    before = part(room.more, 0, one)
    if t > 0:
        before = part(room.dh, here - one, one)
    below = matrix(before, 0, rows, width)
    if net.cell == GRU_AFTER:
        flat, behind = part(room.candidate_recurrent, here, one), part(room.reset_delta, here, one)
        gates, last = gru_backward_after(width, dh, gate, slope, h, flat, delta, candidate, behind, before)
        add_back(
            matrix(behind, 0, rows, width), weights_of(trained, W_HN, width, width), room.product, below, room.strip
        )
        keep(behind, room.reset_kept, here)
    else:
        through = matrix(room.through, 0, rows, width)
        (last,) = gru_candidate_backward(width, dh, gate, slope, candidate)
        back_product(matrix(candidate, 0, rows, width), weights_of(trained, W_HN, width, width), through, room.strip)
        (gates,) = gru_backward_before(width, dh, gate, slope, h, part(through, 0, one), delta, before)
    _measure_two(delta, gates, candidate, last, exponent, room, t)
    keep(delta, room.kept, 2 * here)
    keep(candidate, room.candidate_kept, here)
    passed = 0.0
    if t > 0:
        W = weights_of(trained, W_HH, 2 * width, width)
        passed = add_back(matrix(delta, 0, rows, 2 * width), W, room.product, below, room.strip)
    return passed, exponent


@inlined_kernel
def _measure_two(delta, gates, candidate, last, exponent, room, t):
    """Writes the norm of delta_t of all three gates, of which the sums of squares are given."""
    measure(candidate, last, exponent, room.delta_square, room.delta_exponent, t)
    square, other = room.delta_square[t], room.delta_exponent[t]
    measure(delta, gates, exponent, room.delta_square, room.delta_exponent, t)
    square, other = add_squares(square, other, room.delta_square[t], room.delta_exponent[t])
    room.delta_square[t], room.delta_exponent[t] = square, other


@inlined_kernel
def _arrive(net, room, t, square, exponent, output_exponent):
    """Completes dL/dh_t with what the output gives, brings it near 1 and measures it; returns its exponent.

    `square` is the sum of squares of what time step t + 1 gives.
    """
    one = net.batch * net.width
    dh, dc = part(room.dh, t * one, one), part(room.dc, 0, 0)
    if room.dc.size:
        dc = part(room.dc, (t + 1) * one, one)
    if t == net.steps - 1:
        clear(dh)
        clear(dc)
    if t >= net.steps - net.output_steps:
        more = part(room.output_dh, (t - net.steps + net.output_steps) * one, one)
        exponent = join(dh, dc, exponent, more, output_exponent)
        square = sum_of_squares(dh)
    square, exponent = balance(dh, dc, square, exponent)
    room.signal_exponent[t] = exponent
    measure(dh, square, exponent, room.state_square, room.state_exponent, t)
    return exponent


@shared_conductor(backward_signature)
def _rnn_backward(net, room, trained, output_exponent):
    """Goes back through the time of an RNN; leaves all signals, each time step with its exponent."""
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = _arrive(net, room, t, square, exponent, output_exponent)
        square, exponent = _rnn_step_back(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@shared_conductor(backward_signature)
def _lstm_backward(net, room, trained, output_exponent):
    """Goes back through the time of an LSTM; leaves all signals, each time step with its exponent."""
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = _arrive(net, room, t, square, exponent, output_exponent)
        square, exponent = _lstm_step_back(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@shared_conductor(backward_signature)
def _gru_backward(net, room, trained, output_exponent):
    """Goes back through the time of a GRU; leaves all signals, each time step with its exponent."""
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = _arrive(net, room, t, square, exponent, output_exponent)
        square, exponent = _gru_step_back(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@inlined_kernel
def backward(net, room, trained, output_exponent):
    """Goes back through time from the output and leaves all signals, each time step with its exponent."""
    if net.cell == RNN:
        _rnn_backward(net, room, trained, output_exponent)
    elif net.cell == LSTM:
        _lstm_backward(net, room, trained, output_exponent)
    else:
        _gru_backward(net, room, trained, output_exponent)
