"""The way back through time; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.products import backward_product, multiply
from vgdesk.kernels.recurrent.block_products import back_product, weights_of
from vgdesk.kernels.recurrent.gru import gru_backward_after, gru_backward_before
from vgdesk.kernels.recurrent.layout import GRU_AFTER, LSTM, RNN, W_HH
from vgdesk.kernels.recurrent.lstm_passes import lstm_backward
from vgdesk.kernels.recurrent.signals import arrive, keep, measure
from vgdesk.kernels.recurrent.signatures import backward_signature
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, normalise
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _rnn_delta(net, room, t):
    """Writes delta_t, not yet scaled, from dL/dh_t and returns its sum of squares."""
    one = net.batch * net.width
    if room.kept.size:  # else delta takes the place of dL/dh
        keep(part(room.dh, t * one, one), room.delta, t * one)
    return multiply(part(room.delta, t * one, one), part(room.slope, t * one, one))


@inlined_kernel
def _rnn_pass_on(net, room, trained, t):
    """Writes delta_{t-1}, not yet scaled, from delta_t; returns the sums of squares of dL/dh_{t-1} and delta_{t-1}.

    Where the output joins, or dL/dh_{t-1} has to be brought near 1 before the slope makes it smaller still, only
    dL/dh_{t-1} is written, and the second number is -1.
    """
    one, square, inner = net.batch * net.width, 0.0, -1.0
    delta, W = matrix(room.delta, t * one, net.batch, net.width), weights_of(trained, W_HH, net.width, net.width)
    if t <= net.steps - net.output_steps:
        slope, below = part(room.slope, (t - 1) * one, one), matrix(room.delta, (t - 1) * one, net.batch, net.width)
        square, inner = backward_product(delta, W, slope, below, room.strip)
        if not LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
            inner = -1.0
    if inner < 0.0 or room.kept.size:
        square = back_product(delta, W, matrix(room.dh, (t - 1) * one, net.batch, net.width), room.strip)
    return square, inner


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


@shared_conductor(backward_signature)
def _rnn_backward(net, room, trained, output_exponent):
    """Goes back through the time of an RNN; leaves all signals, each time step with its exponent."""
    one, square, inner, exponent = net.batch * net.width, 0.0, -1.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        if inner < 0.0:
            exponent = arrive(net, room, t, square, exponent, output_exponent)
            inner = _rnn_delta(net, room, t)
        else:
            room.signal_exponent[t] = room.state_exponent[t] = exponent
            room.state_square[t] = square
        delta = part(room.delta, t * one, one)
        inner, shift = normalise(delta, inner)
        exponent += shift
        measure(delta, inner, exponent, room.delta_square, room.delta_exponent, t)
        keep(delta, room.kept, t * one)
        room.exponent[t] = exponent
        if t > 0:
            square, inner = _rnn_pass_on(net, room, trained, t)


@shared_conductor(backward_signature)
def _lstm_backward(net, room, trained, output_exponent):
    """Goes back through the time of an LSTM; leaves all signals, each time step with its exponent."""
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = arrive(net, room, t, square, exponent, output_exponent)
        square, exponent = _lstm_step_back(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@inlined_kernel
def backward(net, room, trained, output_exponent):
    """Goes back through time from the output and leaves all signals, each time step with its exponent."""
    if net.cell == RNN:
        _rnn_backward(net, room, trained, output_exponent)
    elif net.cell == LSTM:
        _lstm_backward(net, room, trained, output_exponent)
    elif net.cell == GRU_AFTER:
        gru_backward_after(net, room, trained, output_exponent)
    else:
        gru_backward_before(net, room, trained, output_exponent)
