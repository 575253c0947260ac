"""The fused trainer of recurrent networks: many steps of forward, backward, record and update in one call.

One training step, with x_t the inputs of time step t = 1..T and h_0 = c_0 = 0 (conventions, lines 6-7):

    rnn     h_t = phi(W_ih x_t + W_hh h_{t-1} + b)
    lstm    i, f, o = sigmoid, g = tanh of W_ih x_t + W_hh h_{t-1} + b, in the order i, f, g, o
            c_t = f c_{t-1} + i g,   h_t = o tanh(c_t)
    gru     r, z = sigmoid of the same;   n = tanh(W_in x_t + b_in + r (W_hn h_{t-1} + b_hn))  reset after the product
                                          n = tanh(W_in x_t + b_in + W_hn (r h_{t-1}))         before it
            h_t = (1 - z) n + z h_{t-1}
    output  y_t = phi_out(W_out h_t + b_out) at the last time steps

Back through time, from t = T: dL/dh_t is what the output gives plus what time step t + 1 gives; from it dL/dz_t of
every gate (delta), and from that, through W_hh, what time step t - 1 gets. The weights' gradients sum over time:
dW_hh = sum of delta_t^T h_{t-1}, one product over all time steps at once, as is the inputs' part of z.

Every delta_t is a signal times a *factor* that the way forward knows, and it writes that instead of gates and slopes:

    rnn     delta = dL/dh_t phi'(z)
    lstm    dL/dc_t = dL/dc_t + dL/dh_t (o tanh'(c_t)),   delta of i, f, g = dL/dc_t (g i'), (c_{t-1} f'), (i g')
            delta of o = dL/dh_t (tanh(c_t) o'),   dL/dc_{t-1} = dL/dc_t f
    gru     delta of n = dL/dh_t ((1 - z) n'),   delta of z = dL/dh_t ((h_{t-1} - n) z')
            delta of r = delta of n ((W_hn h_{t-1} + b_hn) r') after the product, dL/d(r h_{t-1}) (h_{t-1} r') before it
            dL/dh_{t-1} = dL/dh_t z + what the products give

What lies in memory between forward and back is up to two fifths less than that (LSTM), and processors wait for memory.

Signals are scaled numbers (see `kernels.scaling`): at each time step an exact power of two moves from the arrays into
that time step's exponent where they leave the safe band. All signals of a time step share it. Before the weights'
gradients all time steps are brought to the largest exponent.

States are not scaled, unlike those of a feed-forward network (see `forward_scaling`). There the inputs come once and
100 layers of small weights leave nothing of them; here W_ih x_t + b comes at every time step and h_t stays near its
size, unless all later inputs and b are 0. Gates are bounded and need the true z. What is left is a ReLU or linear
state that grows beyond float32, 2^128: a loss of such an output does not exist in the format either, the record names
the time step, and float64 reaches 2^1024.
"""

import math

from numba import typeof, types

from vgdesk.kernels._jit import conductor, inlined_kernel, kernel
from vgdesk.kernels.clipping import add_squares
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_conductor, shared_kernel
from vgdesk.kernels.lent import LentType
from vgdesk.kernels.recurrent.backward import backward
from vgdesk.kernels.recurrent.forward import answer, forward
from vgdesk.kernels.recurrent.gradients import write_all_gradients
from vgdesk.kernels.recurrent.layout import (
    B_HN,
    B_IN,
    B_MAIN,
    B_OUT,
    W_HH,
    W_HN,
    W_IH,
    W_IN,
    W_OUT,
    build_record,
    build_shape,
)
from vgdesk.kernels.recurrent.network import RecurrentNetwork
from vgdesk.kernels.scaling import log10_norm
from vgdesk.kernels.simd.subnormal import FLUSH, read_mode, write_mode
from vgdesk.kernels.update import complete_update, total_square, update
from vgdesk.kernels.views import part

_RECORD = build_record(1, build_shape(RecurrentNetwork("rnn", 1, 1, 1, 1, "mse"), 1))


@shared_conductor(lambda number: types.void(number[:, ::1], types.int64[::1], types.int64, number[::1]))
def _take(source, rows, pieces, target):
    """Copies the named sequences, a row of `pieces` equal parts each, so that parts follow each other by time."""
    batch, length = rows.size, source.shape[1] // pieces
    for row in range(batch):
        sequence = part(source, rows[row] * source.shape[1], source.shape[1])
        for k in range(length):  # outside: pieces are many and short
            for piece in range(pieces):
                target[(piece * batch + row) * length + k] = sequence[piece * length + k]


@inlined_kernel
def _block_norm(trained, first, second):
    """Returns log10 of the norm of two blocks' gradient together."""
    return _norm_of_both(
        trained.square[first], trained.exponent[first], trained.square[second], trained.exponent[second]
    )


@kernel
def _norm_of_both(square, exponent, more, other):
    """Does so from numbers, for which it is compiled once; for blocks by name, it would be for each name."""
    square, exponent = add_squares(square, exponent, more, other)
    return log10_norm(square, exponent)


@inlined_kernel
def _record(room, trained, record, step, square, exponent):
    """Writes one row of log10 norms; returns whether all are numbers (or exactly zero)."""
    record.total_norm[step] = record.clipped_norm[step] = log10_norm(square, exponent)
    record.weight_norm[step, 0] = _block_norm(trained, W_IH, W_IN)
    record.weight_norm[step, 1] = _block_norm(trained, W_HH, W_HN)
    record.weight_norm[step, 2] = log10_norm(trained.square[W_OUT], trained.exponent[W_OUT])
    record.bias_norm[step, 0] = _block_norm(trained, B_MAIN, B_IN)
    record.bias_norm[step, 1] = log10_norm(trained.square[B_HN], trained.exponent[B_HN])
    record.bias_norm[step, 2] = log10_norm(trained.square[B_OUT], trained.exponent[B_OUT])
    good = record.total_norm[step] < math.inf
    for t in range(record.state_norm.shape[1]):
        state = log10_norm(room.state_square[t], room.state_exponent[t])
        delta = log10_norm(room.delta_square[t], room.delta_exponent[t])
        record.state_norm[step, t], record.delta_norm[step, t] = state, delta
        good &= state < math.inf and delta < math.inf
        if record.cell_norm.shape[1]:
            record.cell_norm[step, t] = log10_norm(room.cell_square[t], room.cell_exponent[t])
    return good


@shared_kernel(lambda number: types.void(LentType(typeof(_RECORD)), types.int64))
def _record_nothing(record, step):
    """Writes a row without numbers."""
    record.total_norm[step] = record.clipped_norm[step] = math.nan
    for k in range(3):
        record.weight_norm[step, k] = record.bias_norm[step, k] = math.nan
    for t in range(record.state_norm.shape[1]):
        record.state_norm[step, t] = record.delta_norm[step, t] = math.nan
    for t in range(record.cell_norm.shape[1]):
        record.cell_norm[step, t] = math.nan


@conductor
def train(net, loss_code, rule, cap, rates, trained, inputs, targets, rows, room, record):
    """Trains one step per line of `rows` and records each step before its update.

    `net`, `rule`, `trained`, `room` and `record` are lent (see `kernels.lent`).

    Parameters
    ----------
    net
        The network, see `layout.Shape`.
    rule, cap, rates
        As for `feed_forward.train`.
    trained
        The nine blocks of `layout`, changed in place. After the last step `gradient` stands there.
    inputs, targets
        All examples, flat in time: (N, T*I) and (N, S*O).
    rows
        Shape (steps, batch): which examples each step takes.
    record
        Where the rows of the record go.

    Returns
    -------
    recorded, finite
        As of `feed_forward.train`.
    """
    mode = read_mode()
    write_mode(mode | FLUSH)
    finite, step = True, 0
    complete_update(rule, trained)
    while finite and step < rows.shape[0]:
        batch = part(rows, step * net.batch, net.batch)
        _take(inputs, batch, net.steps, part(room.x, 0, room.x.size))
        _take(targets, batch, net.output_steps, part(room.targets, 0, room.targets.size))
        finite = forward(net, room, trained)
        if interrupted():
            finite = True
            break
        answered, loss, exponent = answer(net, loss_code, room, trained)
        finite &= answered
        record.loss[step] = loss if finite else math.nan
        record.clipped[step] = False
        finite &= abs(loss) < math.inf
        if finite:
            backward(net, room, trained, exponent)
            if interrupted():
                break
            write_all_gradients(net, room, trained, exponent)
            if interrupted():
                break
            square, total = total_square(trained)
            finite = _record(room, trained, record, step, square, total)
            if finite and rates.size:
                after, engaged = update(rule, cap, rates[step], trained, square, total)
                record.clipped_norm[step], record.clipped[step] = after, engaged
        else:
            _record_nothing(record, step)
        step += 1
    write_mode(mode)
    return step, finite
