"""The way forward through time, and the output; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.losses import output_delta
from vgdesk.kernels.products import sum_of_squares
from vgdesk.kernels.recurrent.block_products import back_product, dense_product, pack_block, weights_of
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
from vgdesk.kernels.recurrent.lstm import lstm_forward
from vgdesk.kernels.recurrent.rnn import rnn_forward
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.views import matrix


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
        finite &= rnn_forward(net, room, trained)
    elif net.cell == LSTM:
        finite &= lstm_forward(net, room, trained)
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
