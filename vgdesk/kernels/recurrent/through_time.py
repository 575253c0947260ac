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

Signals are scaled numbers (see `kernels.scaling`): at each time step an exact power of two moves from the arrays into
that time step's exponent where they leave the safe band. All signals of a time step share it. Before the weights'
gradients all time steps are brought to the largest exponent.
"""

import math

import numpy as np
from numba import typeof, types

from vgdesk.kernels._jit import entry, inlined_kernel, kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.clipping import add_squares, multiply_by_power
from vgdesk.kernels.dense_gradient import weight_gradient
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.losses import output_delta
from vgdesk.kernels.products import backward_product, bias_product, forward_product, sum_of_squares
from vgdesk.kernels.recurrent.cells import (
    add,
    add_in_blocks,
    add_product,
    gru_candidate_delta,
    gru_delta,
    gru_pass_on,
    gru_state,
    lstm_cell,
    lstm_delta,
    lstm_pass_on,
    lstm_through_output,
    multiply_into,
)
from vgdesk.kernels.recurrent.layout import (
    B_HN,
    B_IN,
    B_MAIN,
    B_OUT,
    GRU_AFTER,
    GRU_BEFORE,
    LSTM,
    RNN,
    W_HH,
    W_HN,
    W_IH,
    W_IN,
    W_OUT,
    Shape,
    build_room,
)
from vgdesk.kernels.rules import PLAIN_DESCENT
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, log10_norm, normalise, peak
from vgdesk.kernels.simd.subnormal import FLUSH, read_mode, write_mode
from vgdesk.kernels.trained import build_trained
from vgdesk.kernels.update import total_square, update
from vgdesk.kernels.views import matrix, part

_TRUSTED_BELOW, _TRUSTED_ABOVE = 1e-24, 1e24
"""Where a float32 sum of squares has all its terms."""


def _place_types(number):
    """Returns the types of network, room and parameters in a number format."""
    dtype = np.dtype(str(number))
    shape = Shape(RNN, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0)
    trained = build_trained(PLAIN_DESCENT, [[np.zeros(1)]], dtype)
    return typeof(shape), typeof(build_room(shape, dtype)), typeof(trained)


def _product_types(number):
    """Returns the types of a product's left side, parameters, block, further numbers, result and strip."""
    return number[:, ::1], _place_types(number)[2], types.int64, number[::1], number[:, ::1], number[::1]


def _dense_signature(number):
    left, trained, block, _, out, strip = _product_types(number)
    return types.boolean(left, trained, block, block, out, strip)


def _weights_signature(number):
    return types.void(number[:, ::1], types.int64, number[:, ::1], *_place_types(number)[1:], types.int64)


def _forward_signature(number):
    return types.boolean(*_place_types(number), number[:, ::1], types.int64)


def _backward_signature(number):
    return types.int64(*_place_types(number), types.int64, types.int64)


@shared_kernel(lambda number: types.void(number[:, ::1], types.int64[::1], types.int64, number[::1]))
def _take(source, rows, pieces, target):
    """Copies the named sequences, a row of `pieces` equal parts each, so that parts follow each other by time."""
    batch, length = rows.size, source.shape[1] // pieces
    for row in range(batch):
        sequence = part(source, rows[row] * source.shape[1], source.shape[1])
        for piece in range(pieces):
            place = part(target, (piece * batch + row) * length, length)
            for k in range(length):
                place[k] = sequence[piece * length + k]


@shared_kernel(_dense_signature)
def _dense(h, trained, weights, biases, z, strip):
    """Writes z = h W^T + b with the named blocks; returns whether all of z is finite."""
    W = matrix(trained.parameters, trained.start[weights], z.shape[1], h.shape[1])
    return forward_product(h, W, part(trained.parameters, trained.start[biases], z.shape[1]), z, strip)


@shared_kernel(lambda number: types.boolean(*_product_types(number)))
def _recur(h, trained, weights, nothing, z, strip):
    """Writes z = h W^T with the named block; `nothing` is a bias of zeros."""
    W = matrix(trained.parameters, trained.start[weights], z.shape[1], h.shape[1])
    return forward_product(h, W, part(nothing, 0, z.shape[1]), z, strip)


@shared_kernel(lambda number: types.void(*_product_types(number)))
def _back(delta, trained, weights, ones, dh, strip):
    """Writes dh = delta W with the named block."""
    W = matrix(trained.parameters, trained.start[weights], delta.shape[1], dh.shape[1])
    backward_product(delta, W, part(ones, 0, dh.size), dh, strip)


@shared_kernel(_forward_signature)
def _rnn_forward(net, room, trained, h, t):
    """Writes h_t and phi'(z_t) of an RNN; returns whether its product is finite."""
    one = net.batch * net.width
    recurrent = matrix(room.recurrent, 0, net.batch, net.width)
    finite = _recur(h, trained, W_HH, room.nothing, recurrent, room.strip)
    argument = part(room.argument, t * one, one)
    add(part(room.drive, t * one, one), part(room.recurrent, 0, one), argument)
    activate(net.main_code, argument, part(room.h, (t + 1) * one, one), part(room.slope, t * one, one))
    return finite


@shared_kernel(_forward_signature)
def _lstm_forward(net, room, trained, h, t):
    """Writes gates, c_t and h_t of an LSTM; returns whether its product is finite."""
    one = net.batch * net.width
    recurrent = matrix(room.recurrent, 0, net.batch, 4 * net.width)
    finite = _recur(h, trained, W_HH, room.nothing, recurrent, room.strip)
    first = 4 * t * one
    argument, gate, slope = part(room.argument, first, 4 * one), part(room.gate, first, 4 * one), room.slope
    add_in_blocks(part(room.drive, first, 4 * one), part(room.recurrent, 0, 4 * one), argument, net.width, 4)
    activate(net.main_code, part(argument, 0, 3 * one), part(gate, 0, 3 * one), part(slope, first, 3 * one))
    last = 3 * one
    activate(net.candidate_code, part(argument, last, one), part(gate, last, one), part(slope, first + last, one))
    c, squashed = part(room.c, (t + 1) * one, one), part(room.squashed, t * one, one)
    lstm_cell(gate, part(room.c, t * one, one), c)
    activate(net.candidate_code, c, squashed, part(room.squashed_slope, t * one, one))
    multiply_into(part(gate, 2 * one, one), squashed, part(room.h, (t + 1) * one, one))
    return finite


@shared_kernel(_forward_signature)
def _gru_forward(net, room, trained, h, t):
    """Writes gates, candidate and h_t of a GRU; returns whether its products are finite."""
    one = net.batch * net.width
    recurrent = matrix(room.recurrent, 0, net.batch, 2 * net.width)
    finite = _recur(h, trained, W_HH, room.nothing, recurrent, room.strip)
    first, last = 3 * t * one, 2 * one
    argument, gate = part(room.argument, first, 3 * one), part(room.gate, first, 3 * one)
    add_in_blocks(part(room.drive, last * t, last), part(room.recurrent, 0, last), argument, net.width, 2)
    activate(net.main_code, part(argument, 0, last), part(gate, 0, last), part(room.slope, first, last))
    candidate, drive = matrix(room.candidate_recurrent, t * one, net.batch, net.width), room.candidate_drive
    flat, r, z = part(candidate, 0, one), part(gate, 0, one), part(argument, last, one)
    if net.cell == GRU_AFTER:
        finite &= _dense(h, trained, W_HN, B_HN, candidate, room.strip)
        add_product(part(drive, t * one, one), r, flat, z)
    else:
        reset = matrix(room.reset, t * one, net.batch, net.width)
        multiply_into(r, part(h, 0, one), part(reset, 0, one))
        finite &= _recur(reset, trained, W_HN, room.nothing, candidate, room.strip)
        add(part(drive, t * one, one), flat, z)
    activate(net.candidate_code, z, part(gate, last, one), part(room.slope, first + last, one))
    gru_state(gate, part(room.slope, first, 3 * one), part(h, 0, one), part(room.h, (t + 1) * one, one))
    return finite


@inlined_kernel
def _forward(net, room, trained):
    """Runs the batch through time; returns whether every product was finite."""
    rows = net.steps * net.batch
    finite = _dense(room.x, trained, W_IH, B_MAIN, matrix(room.drive, 0, rows, net.main * net.width), room.strip)
    if room.candidate_drive.size:
        drive = matrix(room.candidate_drive, 0, rows, net.width)
        finite &= _dense(room.x, trained, W_IN, B_IN, drive, room.strip)
    for t in range(net.steps):
        h = matrix(room.h, t * net.batch * net.width, net.batch, net.width)
        if net.cell == RNN:
            finite &= _rnn_forward(net, room, trained, h, t)
        elif net.cell == LSTM:
            finite &= _lstm_forward(net, room, trained, h, t)
        else:
            finite &= _gru_forward(net, room, trained, h, t)
    return finite


@inlined_kernel
def _output(net, loss_code, room, trained):
    """Answers, takes the loss, and writes what the output gives to dL/dh; returns (finite, loss, its exponent)."""
    rows = net.output_steps * net.batch
    h = matrix(room.h, (net.steps + 1 - net.output_steps) * net.batch * net.width, rows, net.width)
    z = matrix(room.raw, 0, rows, net.outputs)
    finite = _dense(h, trained, W_OUT, B_OUT, z, room.strip)
    output, slope = matrix(room.output, 0, rows, net.outputs), matrix(room.output_slope, 0, rows, net.outputs)
    activate(net.output_code, room.raw, room.output, room.output_slope)
    delta = matrix(room.output_delta, 0, rows, net.outputs)
    loss = output_delta(loss_code, z, output, slope, room.targets, delta)
    _, exponent = normalise(room.output_delta, sum_of_squares(room.output_delta))
    _back(delta, trained, W_OUT, room.ones, matrix(room.output_dh, 0, rows, net.width), room.strip)
    return finite, loss, exponent


@kernel
def _is_zero(values):
    """Whether all of a signal is exactly zero."""
    return sum_of_squares(values) == 0.0 and peak(values) == 0.0


@shared_kernel(lambda number: types.int64(number[::1], number[::1], types.int64, number[::1], types.int64))
def _join(dh, dc, exponent, more, other):
    """Adds what the output gives to what later time steps gave, in place; returns the exponent of dL/dh and dL/dc."""
    if _is_zero(more):
        return exponent
    if _is_zero(dh) and _is_zero(dc):
        exponent = other
    if other > exponent:
        multiply_by_power(dh, 1.0, exponent - other)
        multiply_by_power(dc, 1.0, exponent - other)
        exponent = other
    elif other < exponent:
        multiply_by_power(more, 1.0, other - exponent)
    add(dh, more, dh)
    return exponent


@shared_kernel(lambda number: types.int64(number[::1], number[::1], types.int64))
def _balance(dh, dc, exponent):
    """Brings the signals of a time step near 1 by one power of two; returns their exponent."""
    square = sum_of_squares(dh)
    if dc.size:
        square += sum_of_squares(dc)
    if LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
        return exponent
    largest = max(peak(dh), peak(dc))
    if largest == 0.0 or not largest < math.inf:
        return exponent
    _, shift = math.frexp(largest)
    multiply_by_power(dh, 1.0, -shift)
    multiply_by_power(dc, 1.0, -shift)
    return exponent + shift


@shared_kernel(lambda number: types.UniTuple(types.float64, 2)(number[::1]))
def _careful(values):
    """Returns (sum of squares, exponent) where the plain sum may have lost terms."""
    largest = peak(values)
    if largest == 0.0 or not largest < math.inf:
        return largest, 0.0
    _, shift = math.frexp(largest)
    scale, total = math.ldexp(1.0, -max(shift, -1000)), 0.0
    for k in range(values.size):
        value = np.float64(values[k]) * scale
        total += value * value
    return total, np.float64(max(shift, -1000))


@shared_kernel(lambda number: types.void(number[::1], types.int64, types.float64[::1], types.int64[::1], types.int64))
def _measure(values, exponent, squares, exponents, t):
    """Writes the norm of a signal of time step t."""
    square, shift = sum_of_squares(values), 0
    if not math.isnan(square) and not _TRUSTED_BELOW <= square <= _TRUSTED_ABOVE:
        square, further = _careful(values)
        shift = np.int64(further)
    squares[t], exponents[t] = square, exponent + shift


@kernel
def _keep(values, copy, first):
    """Copies a signal of one time step where copies are asked for."""
    if copy.size:
        for k in range(values.size):
            copy[first + k] = values[k]


@shared_kernel(_backward_signature)
def _rnn_backward(net, room, trained, t, exponent):
    """Writes delta_t and dL/dh_{t-1}; returns the exponent of both."""
    one = net.batch * net.width
    delta = part(room.delta, t * one, one)
    multiply_into(part(room.dh, t * one, one), part(room.slope, t * one, one), delta)
    _, shift = normalise(delta, sum_of_squares(delta))
    exponent += shift
    _measure(delta, exponent, room.delta_square, room.delta_exponent, t)
    _keep(delta, room.kept, t * one)
    if t > 0:
        before = matrix(room.dh, (t - 1) * one, net.batch, net.width)
        _back(matrix(delta, 0, net.batch, net.width), trained, W_HH, room.ones, before, room.strip)
    return exponent


@shared_kernel(_backward_signature)
def _lstm_backward(net, room, trained, t, exponent):
    """Writes delta_t, dL/dc_t, dL/dc_{t-1} and dL/dh_{t-1}; all have the exponent of dL/dh_t."""
    one = net.batch * net.width
    gate, slope = part(room.gate, 4 * t * one, 4 * one), part(room.slope, 4 * t * one, 4 * one)
    dh, dc, c = part(room.dh, t * one, one), part(room.dc, (t + 1) * one, one), part(room.c, t * one, one)
    lstm_through_output(gate, dh, part(room.squashed_slope, t * one, one), dc, dc)
    _measure(dc, exponent, room.cell_square, room.cell_exponent, t)
    delta = part(room.delta, 4 * t * one, 4 * one)
    lstm_delta(gate, slope, c, part(room.squashed, t * one, one), dh, dc, delta, net.width)
    _measure(delta, exponent, room.delta_square, room.delta_exponent, t)
    _keep(delta, room.kept, 4 * t * one)
    if t > 0:
        lstm_pass_on(gate, dc, part(room.dc, t * one, one))
        before = matrix(room.dh, (t - 1) * one, net.batch, net.width)
        _back(matrix(delta, 0, net.batch, 4 * net.width), trained, W_HH, room.ones, before, room.strip)
    return exponent


@shared_kernel(_backward_signature)
def _gru_backward(net, room, trained, t, exponent):
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
        _back(matrix(behind, 0, rows, width), trained, W_HN, room.ones, matrix(more, 0, rows, width), room.strip)
        _keep(behind, room.reset_kept, t * one)
    else:
        through = part(room.recurrent, 0, one)
        _back(matrix(candidate, 0, rows, width), trained, W_HN, room.ones, matrix(more, 0, rows, width), room.strip)
        multiply_into(more, h, through)
        gru_delta(gate, slope, h, dh, through, delta, width)
        multiply_into(more, r, more)
    _measure_two(delta, candidate, exponent, room, t)
    _keep(delta, room.kept, 2 * t * one)
    _keep(candidate, room.candidate_kept, t * one)
    if t > 0:
        before = matrix(room.dh, (t - 1) * one, rows, width)
        _back(matrix(delta, 0, rows, 2 * width), trained, W_HH, room.ones, before, room.strip)
        gru_pass_on(gate, dh, more, part(before, 0, one))
    return exponent


@inlined_kernel
def _measure_two(delta, candidate, exponent, room, t):
    """Writes the norm of delta_t of all three gates."""
    _measure(candidate, exponent, room.delta_square, room.delta_exponent, t)
    square, other = room.delta_square[t], room.delta_exponent[t]
    _measure(delta, exponent, room.delta_square, room.delta_exponent, t)
    square, other = add_squares(square, other, room.delta_square[t], room.delta_exponent[t])
    room.delta_square[t], room.delta_exponent[t] = square, other


@inlined_kernel
def _backward(net, room, trained, output_exponent):
    """Goes back through time from the output and leaves all signals, each time step with its exponent."""
    one, last = net.batch * net.width, net.steps - 1
    exponent, no_cell = output_exponent, part(room.dc, 0, 0)
    for t in range(last, -1, -1):
        dh = part(room.dh, t * one, one)
        dc = part(room.dc, (t + 1) * one, one) if room.dc.size else no_cell
        if t == last:
            _clear(dh)
            _clear(dc)
        if t >= net.steps - net.output_steps:
            more = part(room.output_dh, (t - net.steps + net.output_steps) * one, one)
            exponent = _join(dh, dc, exponent, more, output_exponent)
        exponent = _balance(dh, dc, exponent)
        room.signal_exponent[t] = exponent
        _measure(dh, exponent, room.state_square, room.state_exponent, t)
        if net.cell == RNN:
            exponent = _rnn_backward(net, room, trained, t, exponent)
        elif net.cell == LSTM:
            exponent = _lstm_backward(net, room, trained, t, exponent)
        else:
            exponent = _gru_backward(net, room, trained, t, exponent)
        room.exponent[t] = exponent


@kernel
def _clear(values):
    for k in range(values.size):
        values[k] = 0


@inlined_kernel
def _to_one_exponent(net, room):
    """Multiplies every time step's delta so that all have one exponent, the largest of those not zero; returns it."""
    one, common = net.batch * net.width, np.int64(-(2**62))
    for t in range(net.steps):
        if room.delta_square[t] != 0.0 and room.exponent[t] > common:
            common = room.exponent[t]
    if common == np.int64(-(2**62)):
        return np.int64(0)
    for t in range(net.steps):
        shift = room.exponent[t] - common
        if shift != 0:
            size = one * net.main
            multiply_by_power(part(room.delta, t * size, size), 1.0, shift)
            if room.candidate_delta.size:
                multiply_by_power(part(room.candidate_delta, t * one, one), 1.0, shift)
            if room.reset_delta.size:
                multiply_by_power(part(room.reset_delta, t * one, one), 1.0, shift)
    return common


@shared_kernel(_weights_signature)
def _write_weights(delta, exponent, h, room, trained, weights):
    """Writes dW = delta^T h into a block."""
    dW = matrix(trained.gradient, trained.start[weights], delta.shape[1], h.shape[1])
    square, further = weight_gradient(delta, h, room.no_mask, dW, room.scratch, room.strip)
    trained.square[weights], trained.exponent[weights] = square, exponent + further


@shared_kernel(lambda number: types.void(number[:, ::1], types.int64, _place_types(number)[2], types.int64))
def _write_biases(delta, exponent, trained, biases):
    """Writes db = sum of delta over batch and time into a block."""
    db = part(trained.gradient, trained.start[biases], delta.shape[1])
    bias_product(delta, db)
    square, further = normalise(db, sum_of_squares(db))
    trained.square[biases], trained.exponent[biases] = square, exponent + further


@inlined_kernel
def _gradients(net, room, trained, output_exponent):
    """Writes the gradients of all blocks."""
    rows, width = net.steps * net.batch, net.width
    exponent, h = _to_one_exponent(net, room), matrix(room.h, 0, rows, width)
    delta = matrix(room.delta, 0, rows, net.main * width)
    _write_weights(delta, exponent, room.x, room, trained, W_IH)
    _write_weights(delta, exponent, h, room, trained, W_HH)
    _write_biases(delta, exponent, trained, B_MAIN)
    if net.cell == GRU_AFTER or net.cell == GRU_BEFORE:
        candidate = matrix(room.candidate_delta, 0, rows, width)
        _write_weights(candidate, exponent, room.x, room, trained, W_IN)
        _write_biases(candidate, exponent, trained, B_IN)
        if net.cell == GRU_AFTER:
            behind = matrix(room.reset_delta, 0, rows, width)
            _write_weights(behind, exponent, h, room, trained, W_HN)
            _write_biases(behind, exponent, trained, B_HN)
        else:
            _write_weights(candidate, exponent, matrix(room.reset, 0, rows, width), room, trained, W_HN)
    answers = net.output_steps * net.batch
    read = matrix(room.h, (net.steps + 1 - net.output_steps) * net.batch * width, answers, width)
    output = matrix(room.output_delta, 0, answers, net.outputs)
    _write_weights(output, output_exponent, read, room, trained, W_OUT)
    _write_biases(output, output_exponent, trained, B_OUT)


@kernel
def _block_norm(trained, first, second):
    """Returns log10 of the norm of two blocks' gradient together."""
    square, exponent = trained.square[first], trained.exponent[first]
    square, exponent = add_squares(square, exponent, trained.square[second], trained.exponent[second])
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


@inlined_kernel
def _record_nothing(record, step):
    record.total_norm[step] = record.clipped_norm[step] = math.nan
    for k in range(3):
        record.weight_norm[step, k] = record.bias_norm[step, k] = math.nan
    for t in range(record.state_norm.shape[1]):
        record.state_norm[step, t] = record.delta_norm[step, t] = math.nan
    for t in range(record.cell_norm.shape[1]):
        record.cell_norm[step, t] = math.nan


@entry
def train(net, loss_code, rule, cap, rates, trained, inputs, targets, rows, room, record):
    """Trains one step per line of `rows` and records each step before its update.

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
        How many rows were written, and whether all were finite; the first row that is not ends the run without update.
    """
    mode = read_mode()
    write_mode(mode | FLUSH)
    finite, step = True, 0
    while finite and step < rows.shape[0]:
        batch = part(rows, step * net.batch, net.batch)
        _take(inputs, batch, net.steps, part(room.x, 0, room.x.size))
        _take(targets, batch, net.output_steps, part(room.targets, 0, room.targets.size))
        finite = _forward(net, room, trained)
        answered, loss, exponent = _output(net, loss_code, room, trained)
        finite &= answered
        record.loss[step] = loss if finite else math.nan
        record.clipped[step] = False
        finite &= abs(loss) < math.inf
        if finite:
            _backward(net, room, trained, exponent)
            _gradients(net, room, trained, exponent)
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
