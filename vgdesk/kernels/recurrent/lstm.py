"""An LSTM through time, forward and back; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.recurrent.block_products import add_terms, back_product, state_before, weights_of
from vgdesk.kernels.recurrent.layout import W_HH
from vgdesk.kernels.recurrent.lstm_passes import lstm_back, lstm_gates, lstm_state
from vgdesk.kernels.recurrent.signals import keep, measure, signal
from vgdesk.kernels.recurrent.signatures import backward_signature, forward_signature
from vgdesk.kernels.recurrent.time_loops import run_back, run_forward
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _step(net, room, trained, t):
    """Writes z_t, what the gates give, c_t and h_t; returns whether the product is finite."""
    one, rows, width = net.batch * net.width, net.batch, net.width
    here, four = t * one, 4 * one
    h, z = state_before(net, room, t), matrix(room.z, 4 * here, rows, 4 * width)
    finite = add_terms(net, room, trained, h, z, t)
    factor, forget, c = part(room.factor, 4 * here, four), part(room.carry, here, one), part(room.c, here, one)
    written, output = part(room.inner, 0, one), part(room.inner, one, one)
    lstm_gates(width, part(z, 0, four), c, factor, forget, written, output)
    next_c, bend = part(room.c, here + one, one), part(room.cell_factor, here, one)
    lstm_state(width, c, forget, written, output, factor, next_c, bend, part(room.h, here + one, one))
    return finite


@shared_conductor(forward_signature)
def lstm_forward(net, room, trained):
    """Runs an LSTM through time; returns whether every product was finite."""
    return run_forward(net, room, trained, _step)


@inlined_kernel
def _step_back(net, room, trained, t, exponent):
    """Writes delta_t, dL/dc_t, dL/dc_{t-1} and dL/dh_{t-1}, and returns the latter's sum of squares.

    All have the exponent of dL/dh_t.
    """
    one, rows, width = net.batch * net.width, net.batch, net.width
    here, four = t * one, 4 * one
    factor, delta = part(room.factor, 4 * here, four), part(room.delta, 4 * here, four)
    bend, forget, dc = part(room.cell_factor, here, one), part(room.carry, here, one), signal(room.dc, one, t)
    dh, before = signal(room.dh, one, t), signal(room.dc, one, t - 1)
    cell, gates = lstm_back(width, dh, factor, bend, forget, dc, delta, before)
    measure(dc, cell, exponent, room.cell_square, room.cell_exponent, t)
    measure(delta, gates, exponent, room.delta_square, room.delta_exponent, t)
    keep(delta, room.kept, 4 * here)
    passed = 0.0
    if t > 0:
        below, W = matrix(signal(room.dh, one, t - 1), 0, rows, width), weights_of(trained, W_HH, 4 * width, width)
        passed = back_product(matrix(delta, 0, rows, 4 * width), W, below, room.strip)
    return passed


@shared_conductor(backward_signature)
def lstm_backward(net, room, trained, output_exponent):
    """Goes back through the time of an LSTM."""
    run_back(net, room, trained, output_exponent, _step_back)
