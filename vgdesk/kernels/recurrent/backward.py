"""The way back through time; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.clipping import add_squares
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.products import sum_of_squares
from vgdesk.kernels.recurrent.block_products import back_product
from vgdesk.kernels.recurrent.cells import (
    gru_candidate_delta,
    gru_delta,
    gru_pass_on,
    lstm_delta,
    lstm_pass_on,
    lstm_through_output,
    multiply_into,
)
from vgdesk.kernels.recurrent.layout import GRU_AFTER, LSTM, RNN, W_HH, W_HN
from vgdesk.kernels.recurrent.signals import balance, clear, join, keep, measure
from vgdesk.kernels.recurrent.signatures import backward_signature
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _rnn_step_back(net, room, trained, t, exponent):
    """Writes delta_t and dL/dh_{t-1}; returns the exponent of both."""
    one = net.batch * net.width
    delta = part(room.delta, t * one, one)
    multiply_into(part(room.dh, t * one, one), part(room.slope, t * one, one), delta)
    _, shift = normalise(delta, sum_of_squares(delta))
    exponent += shift
    measure(delta, exponent, room.delta_square, room.delta_exponent, t)
    keep(delta, room.kept, t * one)
    if t > 0:
        before = matrix(room.dh, (t - 1) * one, net.batch, net.width)
        back_product(matrix(delta, 0, net.batch, net.width), trained, W_HH, room.ones, before, room.strip)
    return exponent


@inlined_kernel
def _lstm_step_back(net, room, trained, t, exponent):
    """Writes delta_t, dL/dc_t, dL/dc_{t-1} and dL/dh_{t-1}; all have the exponent of dL/dh_t."""
    one = net.batch * net.width
    gate, slope = part(room.gate, 4 * t * one, 4 * one), part(room.slope, 4 * t * one, 4 * one)
    dh, dc, c = part(room.dh, t * one, one), part(room.dc, (t + 1) * one, one), part(room.c, t * one, one)
    lstm_through_output(gate, dh, part(room.squashed_slope, t * one, one), dc, dc)
    measure(dc, exponent, room.cell_square, room.cell_exponent, t)
    delta = part(room.delta, 4 * t * one, 4 * one)
    lstm_delta(gate, slope, c, part(room.squashed, t * one, one), dh, dc, delta, net.width)
    measure(delta, exponent, room.delta_square, room.delta_exponent, t)
    keep(delta, room.kept, 4 * t * one)
    if t > 0:
        lstm_pass_on(gate, dc, part(room.dc, t * one, one))
        before = matrix(room.dh, (t - 1) * one, net.batch, net.width)
        back_product(matrix(delta, 0, net.batch, 4 * net.width), trained, W_HH, room.ones, before, room.strip)
    return exponent


@inlined_kernel
def _gru_step_back(net, room, trained, t, exponent):
    """Writes delta_t of the gates and of the candidate, and dL/dh_{t-1}; all have the exponent of dL/dh_t."""
    one, rows, width = net.batch * net.width, net.batch, net.width
    gate, slope = part(room.gate, 3 * t * one, 3 * one), part(room.slope, 3 * t * one, 3 * one)
    dh, h = part(room.dh, t * one, one), part(room.h, t * one, one)
    candidate, more = part(room.candidate_delta, t * one, one), part(room.more, 0, one)
    gru_candidate_delta(gate, slope, dh, candidate)
    r, delta = part(gate, 0, one), part(room.delta, 2 * t * one, 2 * one)
    if net.cell == GRU_AFTER:
        behind = part(room.reset_delta, t * one, one)
        multiply_into(candidate, r, behind)
        multiply_into(candidate, part(room.candidate_recurrent, t * one, one), more)
        gru_delta(gate, slope, h, dh, more, delta, width)
        back_product(matrix(behind, 0, rows, width), trained, W_HN, room.ones, matrix(more, 0, rows, width), room.strip)
        keep(behind, room.reset_kept, t * one)
    else:
        through = part(room.recurrent, 0, one)
        back_product(
            matrix(candidate, 0, rows, width), trained, W_HN, room.ones, matrix(more, 0, rows, width), room.strip
        )
        multiply_into(more, h, through)
        gru_delta(gate, slope, h, dh, through, delta, width)
        multiply_into(more, r, more)
    _measure_two(delta, candidate, exponent, room, t)
    keep(delta, room.kept, 2 * t * one)
    keep(candidate, room.candidate_kept, t * one)
    if t > 0:
        before = matrix(room.dh, (t - 1) * one, rows, width)
        back_product(matrix(delta, 0, rows, 2 * width), trained, W_HH, room.ones, before, room.strip)
        gru_pass_on(gate, dh, more, part(before, 0, one))
    return exponent


@inlined_kernel
def _measure_two(delta, candidate, exponent, room, t):
    """Writes the norm of delta_t of all three gates."""
    measure(candidate, exponent, room.delta_square, room.delta_exponent, t)
    square, other = room.delta_square[t], room.delta_exponent[t]
    measure(delta, exponent, room.delta_square, room.delta_exponent, t)
    square, other = add_squares(square, other, room.delta_square[t], room.delta_exponent[t])
    room.delta_square[t], room.delta_exponent[t] = square, other


@inlined_kernel
def _arrive(net, room, t, exponent, output_exponent):
    """Completes dL/dh_t with what the output gives, brings it near 1 and measures it; returns its exponent."""
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
    exponent = balance(dh, dc, exponent)
    room.signal_exponent[t] = exponent
    measure(dh, exponent, room.state_square, room.state_exponent, t)
    return exponent


@shared_kernel(backward_signature)
def _rnn_backward(net, room, trained, output_exponent):
    """Goes back through the time of an RNN; leaves all signals, each time step with its exponent."""
    exponent = output_exponent
    for t in range(net.steps - 1, -1, -1):
        exponent = _arrive(net, room, t, exponent, output_exponent)
        exponent = _rnn_step_back(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@shared_kernel(backward_signature)
def _lstm_backward(net, room, trained, output_exponent):
    """Goes back through the time of an LSTM; leaves all signals, each time step with its exponent."""
    exponent = output_exponent
    for t in range(net.steps - 1, -1, -1):
        exponent = _arrive(net, room, t, exponent, output_exponent)
        exponent = _lstm_step_back(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@shared_kernel(backward_signature)
def _gru_backward(net, room, trained, output_exponent):
    """Goes back through the time of a GRU; leaves all signals, each time step with its exponent."""
    exponent = output_exponent
    for t in range(net.steps - 1, -1, -1):
        exponent = _arrive(net, room, t, exponent, output_exponent)
        exponent = _gru_step_back(net, room, trained, t, exponent)
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
