"""The way forward through time, and the output; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.losses import output_delta
from vgdesk.kernels.products import sum_of_squares
from vgdesk.kernels.recurrent.block_products import add_terms, back_product, dense_product, pack_block, weights_of
from vgdesk.kernels.recurrent.gru import gru_forward_after, gru_forward_before
from vgdesk.kernels.recurrent.layout import (
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
from vgdesk.kernels.recurrent.lstm_passes import lstm_gates, lstm_state
from vgdesk.kernels.recurrent.signatures import forward_signature
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _rnn_step(net, room, trained, h, t):
    """Writes z_t, h_t and phi'(z_t) of an RNN; returns whether its product is finite."""
    one = net.batch * net.width
    z = matrix(room.z, t * one, net.batch, net.width)
    finite = add_terms(net, room, trained, h, z, t)
    activate(
        net.main_code, net.main_alpha, part(z, 0, one), part(room.h, (t + 1) * one, one), part(room.slope, t * one, one)
    )
    return finite


@inlined_kernel
def _lstm_step(net, room, trained, h, t):
    """Writes z_t, gates, c_t and h_t of an LSTM; returns whether its product is finite."""
    one = net.batch * net.width
    here, four = t * one, 4 * one
    z = matrix(room.z, 4 * here, net.batch, 4 * net.width)
    finite = add_terms(net, room, trained, h, z, t)
    gate, slope = part(room.gate, 4 * here, four), part(room.slope, 4 * here, four)
    c, next_c = part(room.c, here, one), part(room.c, here + one, one)
    squashed, bend = part(room.squashed, here, one), part(room.squashed_slope, here, one)
    lstm_gates(net.width, part(z, 0, four), gate, slope)
    lstm_state(net.width, gate, c, next_c, squashed, bend, part(room.h, here + one, one))
    return finite


@shared_conductor(forward_signature)
def _rnn_forward(net, room, trained):
    """Runs an RNN through time; returns whether every product was finite."""
    finite = True
    for t in range(net.steps):
        if interrupted():
            break
        h = matrix(room.h, t * net.batch * net.width, net.batch, net.width)
        finite &= _rnn_step(net, room, trained, h, t)
    return finite


@shared_conductor(forward_signature)
def _lstm_forward(net, room, trained):
    """Runs an LSTM through time; returns whether every product was finite."""
    finite = True
    for t in range(net.steps):
        if interrupted():
            break
        h = matrix(room.h, t * net.batch * net.width, net.batch, net.width)
        finite &= _lstm_step(net, room, trained, h, t)
    return finite


@inlined_kernel
def forward(net, room, trained):
    """Runs the batch through time; returns whether every product was finite."""
    rows = net.steps * net.batch
    pack_block(trained, W_HH, net.main * net.width, net.width, room.packed)
    finite = True
    if room.input_packed.size:
        pack_block(trained, W_IH, net.main * net.width, net.inputs, room.input_packed)
    else:
        z = matrix(room.z, 0, rows, net.main * net.width)
        finite = dense_product(room.x, trained, W_IH, B_MAIN, z, room.strip)
    if room.candidate_z.size:
        pack_block(trained, W_HN, net.width, net.width, room.candidate_packed)
        candidate = matrix(room.candidate_z, 0, rows, net.width)
        finite &= dense_product(room.x, trained, W_IN, B_IN, candidate, room.strip)
    if net.cell == RNN:
        finite &= _rnn_forward(net, room, trained)
    elif net.cell == LSTM:
        finite &= _lstm_forward(net, room, trained)
    elif net.cell == GRU_AFTER:
        finite &= gru_forward_after(net, room, trained)
    else:
        finite &= gru_forward_before(net, room, trained)
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
    W = weights_of(trained, W_OUT, net.outputs, net.width)
    back_product(delta, W, matrix(room.output_dh, 0, rows, net.width), room.strip)
    return finite, loss, exponent
