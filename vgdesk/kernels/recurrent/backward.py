"""The way back through time; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.products import multiply
from vgdesk.kernels.recurrent.block_products import back_product, weights_of
from vgdesk.kernels.recurrent.gru import gru_backward_after, gru_backward_before
from vgdesk.kernels.recurrent.layout import GRU_AFTER, LSTM, RNN, W_HH
from vgdesk.kernels.recurrent.lstm_passes import lstm_backward
from vgdesk.kernels.recurrent.signals import arrive, keep, measure
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


@shared_conductor(backward_signature)
def _rnn_backward(net, room, trained, output_exponent):
    """Goes back through the time of an RNN; leaves all signals, each time step with its exponent."""
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = arrive(net, room, t, square, exponent, output_exponent)
        square, exponent = _rnn_step_back(net, room, trained, t, exponent)
        room.exponent[t] = exponent


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
