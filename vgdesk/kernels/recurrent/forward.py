"""The way forward through time, and the output; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.losses import output_delta
from vgdesk.kernels.products import sum_of_squares
from vgdesk.kernels.recurrent.block_products import back_product, dense_product, recurrent_product
from vgdesk.kernels.recurrent.cells import add, add_in_blocks, add_product, gru_state, lstm_cell, multiply_into
from vgdesk.kernels.recurrent.layout import (
    B_HN,
    B_IN,
    B_MAIN,
    B_OUT,
    GRU_AFTER,
    LSTM,
    RNN,
    W_HH,
    W_HN,
    W_IH,
    W_IN,
    W_OUT,
)
from vgdesk.kernels.recurrent.signatures import forward_signature
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _rnn_step(net, room, trained, h, t):
    """Writes h_t and phi'(z_t) of an RNN; returns whether its product is finite."""
    one = net.batch * net.width
    recurrent = matrix(room.recurrent, 0, net.batch, net.width)
    finite = recurrent_product(h, trained, W_HH, room.nothing, recurrent, room.strip)
    argument = part(room.argument, t * one, one)
    add(part(room.drive, t * one, one), part(room.recurrent, 0, one), argument)
    activate(net.main_code, net.main_alpha, argument, part(room.h, (t + 1) * one, one), part(room.slope, t * one, one))
    return finite


@inlined_kernel
def _lstm_step(net, room, trained, h, t):
    """Writes gates, c_t and h_t of an LSTM; returns whether its product is finite."""
    one = net.batch * net.width
    recurrent = matrix(room.recurrent, 0, net.batch, 4 * net.width)
    finite = recurrent_product(h, trained, W_HH, room.nothing, recurrent, room.strip)
    first = 4 * t * one
    argument, gate, slope = part(room.argument, first, 4 * one), part(room.gate, first, 4 * one), room.slope
    add_in_blocks(part(room.drive, first, 4 * one), part(room.recurrent, 0, 4 * one), argument, net.width, 4)
    activate(net.main_code, 1.0, part(argument, 0, 3 * one), part(gate, 0, 3 * one), part(slope, first, 3 * one))
    last = 3 * one
    activate(net.candidate_code, 1.0, part(argument, last, one), part(gate, last, one), part(slope, first + last, one))
    c, squashed = part(room.c, (t + 1) * one, one), part(room.squashed, t * one, one)
    lstm_cell(gate, part(room.c, t * one, one), c)
    activate(net.candidate_code, 1.0, c, squashed, part(room.squashed_slope, t * one, one))
    multiply_into(part(gate, 2 * one, one), squashed, part(room.h, (t + 1) * one, one))
    return finite


@inlined_kernel
def _gru_step(net, room, trained, h, t):
    """Writes gates, candidate and h_t of a GRU; returns whether its products are finite."""
    one = net.batch * net.width
    recurrent = matrix(room.recurrent, 0, net.batch, 2 * net.width)
    finite = recurrent_product(h, trained, W_HH, room.nothing, recurrent, room.strip)
    first, last = 3 * t * one, 2 * one
    argument, gate = part(room.argument, first, 3 * one), part(room.gate, first, 3 * one)
    add_in_blocks(part(room.drive, last * t, last), part(room.recurrent, 0, last), argument, net.width, 2)
    activate(net.main_code, 1.0, part(argument, 0, last), part(gate, 0, last), part(room.slope, first, last))
    candidate, drive = matrix(room.candidate_recurrent, t * one, net.batch, net.width), room.candidate_drive
    flat, r, z = part(candidate, 0, one), part(gate, 0, one), part(argument, last, one)
    if net.cell == GRU_AFTER:
        finite &= dense_product(h, trained, W_HN, B_HN, candidate, room.strip)
        add_product(part(drive, t * one, one), r, flat, z)
    else:
        reset = matrix(room.reset, t * one, net.batch, net.width)
        multiply_into(r, part(h, 0, one), part(reset, 0, one))
        finite &= recurrent_product(reset, trained, W_HN, room.nothing, candidate, room.strip)
        add(part(drive, t * one, one), flat, z)
    activate(net.candidate_code, 1.0, z, part(gate, last, one), part(room.slope, first + last, one))
    gru_state(gate, part(room.slope, first, 3 * one), part(h, 0, one), part(room.h, (t + 1) * one, one))
    return finite


@shared_kernel(forward_signature)
def _rnn_forward(net, room, trained):
    """Runs an RNN through time; returns whether every product was finite."""
    finite = True
    for t in range(net.steps):
        h = matrix(room.h, t * net.batch * net.width, net.batch, net.width)
        finite &= _rnn_step(net, room, trained, h, t)
    return finite


@shared_kernel(forward_signature)
def _lstm_forward(net, room, trained):
    """Runs an LSTM through time; returns whether every product was finite."""
    finite = True
    for t in range(net.steps):
        h = matrix(room.h, t * net.batch * net.width, net.batch, net.width)
        finite &= _lstm_step(net, room, trained, h, t)
    return finite


@shared_kernel(forward_signature)
def _gru_forward(net, room, trained):
    """Runs a GRU through time; returns whether every product was finite."""
    finite = True
    for t in range(net.steps):
        h = matrix(room.h, t * net.batch * net.width, net.batch, net.width)
        finite &= _gru_step(net, room, trained, h, t)
    return finite


@inlined_kernel
def forward(net, room, trained):
    """Runs the batch through time; returns whether every product was finite."""
    rows = net.steps * net.batch
    finite = dense_product(room.x, trained, W_IH, B_MAIN, matrix(room.drive, 0, rows, net.main * net.width), room.strip)
    if room.candidate_drive.size:
        drive = matrix(room.candidate_drive, 0, rows, net.width)
        finite &= dense_product(room.x, trained, W_IN, B_IN, drive, room.strip)
    if net.cell == RNN:
        finite &= _rnn_forward(net, room, trained)
    elif net.cell == LSTM:
        finite &= _lstm_forward(net, room, trained)
    else:
        finite &= _gru_forward(net, room, trained)
    return finite


@inlined_kernel
def answer(net, loss_code, room, trained):
    """Answers, takes the loss, and writes what the output gives to dL/dh; returns (finite, loss, its exponent)."""
    rows = net.output_steps * net.batch
    h = matrix(room.h, (net.steps + 1 - net.output_steps) * net.batch * net.width, rows, net.width)
    z = matrix(room.raw, 0, rows, net.outputs)
    finite = dense_product(h, trained, W_OUT, B_OUT, z, room.strip)
    output, slope = matrix(room.output, 0, rows, net.outputs), matrix(room.output_slope, 0, rows, net.outputs)
    activate(net.output_code, net.output_alpha, room.raw, room.output, room.output_slope)
    delta = matrix(room.output_delta, 0, rows, net.outputs)
    loss = output_delta(loss_code, z, output, slope, room.targets, delta)
    _, exponent = normalise(room.output_delta, sum_of_squares(room.output_delta))
    back_product(delta, trained, W_OUT, room.ones, matrix(room.output_dh, 0, rows, net.width), room.strip)
    return finite, loss, exponent
