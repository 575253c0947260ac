"""An RNN through time, forward and back; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.products import backward_product, multiply
from vgdesk.kernels.recurrent.block_products import add_terms, back_product, state_before, weights_of
from vgdesk.kernels.recurrent.layout import W_HH
from vgdesk.kernels.recurrent.signals import arrive, keep, measure, signal
from vgdesk.kernels.recurrent.signatures import backward_signature, forward_signature
from vgdesk.kernels.recurrent.time_loops import run_forward
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, normalise
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _step(net, room, trained, t):
    """Writes z_t, h_t and phi'(z_t); returns whether the product is finite."""
    one = net.batch * net.width
    h, z = state_before(net, room, t), matrix(room.z, t * one, net.batch, net.width)
    finite = add_terms(net, room, trained, h, z, t)
    following, factor = part(room.h, (t + 1) * one, one), part(room.factor, t * one, one)
    activate(net.main_code, net.main_alpha, part(z, 0, one), following, factor)
    return finite


@shared_conductor(forward_signature)
def rnn_forward(net, room, trained):
    """Runs an RNN through time; returns whether every product was finite."""
    return run_forward(net, room, trained, _step)


@inlined_kernel
def _delta(net, room, t):
    """Writes delta_t, not yet scaled, from dL/dh_t and returns its sum of squares."""
    one = net.batch * net.width
    if room.kept.size:  # else delta takes the place of dL/dh
        keep(signal(room.dh, one, t), room.delta, t * one)
    return multiply(part(room.delta, t * one, one), part(room.factor, t * one, one))


@inlined_kernel
def _pass_on(net, room, trained, t):
    """Writes delta_{t-1}, not yet scaled, from delta_t; returns the sums of squares of dL/dh_{t-1} and delta_{t-1}.

    Where the output joins, or dL/dh_{t-1} has to be brought near 1 before the slope makes it smaller still, only
    dL/dh_{t-1} is written, and the second number is -1.
    """
    one, square, inner = net.batch * net.width, 0.0, -1.0
    delta, W = matrix(room.delta, t * one, net.batch, net.width), weights_of(trained, W_HH, net.width, net.width)
    if t <= net.steps - net.output_steps:
        factor, below = part(room.factor, (t - 1) * one, one), matrix(room.delta, (t - 1) * one, net.batch, net.width)
        square, inner = backward_product(delta, W, factor, below, room.strip)
        if not LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
            inner = -1.0
    if inner < 0.0 or room.kept.size:
        square = back_product(delta, W, matrix(signal(room.dh, one, t - 1), 0, net.batch, net.width), room.strip)
    return square, inner


@shared_conductor(backward_signature)
def rnn_backward(net, room, trained, output_exponent):
    """Goes back through the time of an RNN; leaves all signals, each time step with its exponent."""
    one, square, inner, exponent = net.batch * net.width, 0.0, -1.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        if inner < 0.0:
            exponent = arrive(net, room, t, square, exponent, output_exponent)
            inner = _delta(net, room, t)
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
            square, inner = _pass_on(net, room, trained, t)
