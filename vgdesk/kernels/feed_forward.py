"""The fused trainer of feed-forward networks: many steps of forward, backward, record and update in one call.

One step, for layers l = 1..L with h^0 the inputs:

    forward     z^l = h^{l-1} W^l^T + b^l,   h^l = phi(z^l)
    loss        dL/dh^L,   delta^L = dL/dz^L
    backward    dL/dh^l = delta^{l+1} W^{l+1},   delta^l = dL/dh^l * phi'(z^l)
    gradient    dW^l = delta^l^T h^{l-1},   db^l = sum over the batch of delta^l
    update      clip all gradients together, then follow the rule (see `update`, `rules`)

delta, dW and db are scaled numbers (see `scaling`), and so are z and h (see `forward_scaling`): whenever a norm leaves
the safe band, an exact power of two moves from the array into the layer's exponent. The record holds log10 norms, the
update applies the exponent.

Plain layers go forward and backward in `plain_layers`, those with options (normalisation, dropout, PReLU, skips) in
`blocks`; the rest is common. Where nothing stands between gradient and update, one pass does both (see `descent`).
"""

import math

from numba import types

from vgdesk.kernels._jit import conductor, inlined_kernel
from vgdesk.kernels.blocks import forward_blocks
from vgdesk.kernels.blocks_backward import backward_blocks
from vgdesk.kernels.descent import bring_home, is_plain_descent
from vgdesk.kernels.forward_scaling import restore
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.losses import BCE, SOFTMAX_CROSS_ENTROPY, output_delta
from vgdesk.kernels.plain_layers import backward_plain, forward_plain
from vgdesk.kernels.products import sum_of_squares
from vgdesk.kernels.scaling import log10_norm, normalise
from vgdesk.kernels.simd.examples import copy_rows
from vgdesk.kernels.simd.logarithm import log10_norms
from vgdesk.kernels.simd.subnormal import FLUSH, read_mode, write_mode
from vgdesk.kernels.states import binary_state
from vgdesk.kernels.update import complete_update, total_square, update
from vgdesk.kernels.views import matrix, part


@shared_kernel(lambda number: types.void(number[:, ::1], types.int64[::1], types.int64[::1], number[:, ::1]))
def take_examples(source, rows, following, target):
    """Copies the named rows of `source` into `target`."""
    copy_rows(source, rows, following, target)


@inlined_kernel
def _true_output(wiring, work):
    """Makes z and h of the output the true numbers that the loss compares."""
    last, batch = wiring.activations.size - 1, work.inputs.shape[0]
    exponent, size = work.forward_exponent[last], batch * wiring.widths[last + 1]
    if exponent != 0:
        restore(part(work.preactivation, work.preactivation_start[last], size), exponent)
        restore(part(work.activation, batch * wiring.unit_start[last], size), exponent)
        work.forward_exponent[last] = 0


@inlined_kernel
def _output(wiring, loss_code, work):
    """Writes dL/dh of the output layer (dL/dz where the loss is defined on z), normalised, and returns the loss."""
    batch, last = work.inputs.shape[0], wiring.activations.size - 1
    first, outputs = batch * wiring.unit_start[last], wiring.widths[last + 1]
    z = matrix(work.preactivation, work.preactivation_start[last], batch, outputs)
    h, signal = matrix(work.activation, first, batch, outputs), part(work.delta, first, batch * outputs)
    ones = matrix(work.ones, 0, batch, outputs)
    loss = output_delta(loss_code, z, h, ones, work.targets, matrix(signal, 0, batch, outputs))
    square, exponent = normalise(signal, sum_of_squares(signal))
    work.delta_square[last], work.delta_exponent[last] = square, exponent
    if loss_code == BCE:
        square, exponent = binary_state(z, work.targets)
    work.state_square[last], work.state_exponent[last] = square, exponent
    return loss


@inlined_kernel
def _record(work, trained, record, step, square, exponent):
    """Writes one row of log10 norms; returns whether all are numbers (or exactly zero)."""
    total = log10_norm(square, exponent)
    record.total_norm[step] = record.clipped_norm[step] = total
    layers = work.delta_square.size
    row, squares, exponents = step * layers, trained.square, trained.exponent
    weights = log10_norms(part(squares, 0, layers), part(exponents, 0, layers), part(record.weight_norm, row, layers))
    deltas = log10_norms(work.delta_square, work.delta_exponent, part(record.delta_norm, row, layers))
    biases = part(squares, layers, layers), part(exponents, layers, layers)
    log10_norms(biases[0], biases[1], part(record.bias_norm, row, layers))
    log10_norms(work.state_square, work.state_exponent, part(record.state_norm, row, layers))
    return total < math.inf and weights and deltas


@inlined_kernel
def _record_nothing(record, step):
    record.total_norm[step] = record.clipped_norm[step] = math.nan
    for layer in range(record.weight_norm.shape[1]):
        record.weight_norm[step, layer] = record.bias_norm[step, layer] = math.nan
        record.delta_norm[step, layer] = record.state_norm[step, layer] = math.nan


@inlined_kernel
def _loss(wiring, loss_code, work, finite, record, step):
    """Records the loss; returns whether it and all before it are finite, so that there is a way back."""
    loss = _output(wiring, loss_code, work)
    record.loss[step] = loss if finite else math.nan
    record.clipped[step] = False
    good = finite and abs(loss) < math.inf
    if not good:
        _record_nothing(record, step)
    return good


@conductor
def train(wiring, options, loss_code, rule, cap, rates, trained, successor, inputs, targets, rows, work, record):
    """Trains one step per line of `rows` and records each step before its update.

    `wiring`, `options`, `rule`, `trained`, `successor`, `work` and `record` are lent (see `lent`).

    Parameters
    ----------
    wiring, options
        The network; `options` are those of no layer when it is plain (see `options.no_options`).
    rule, cap
        How parameters change, and how the gradient is clipped before.
    rates
        Shape (steps,), float64: the learning rate of each step; of length 0 no parameter is changed.
    trained
        Weights, biases, then other parameters, block by block, changed in place. After the last step
        `gradient` stands there, unless parameters were changed without it (see `descent`).
    successor
        The same as `trained`, with `parameters` and `gradient` in each other's place.
    inputs, targets
        All examples, (N, inputs) and (N, outputs).
    rows
        Shape (steps, batch): which examples each step takes.
    record
        Where the rows of the record go.

    Returns
    -------
    recorded, finite
        How many rows were written, and whether all were finite; the first row that is not ends the run without update.
        There are fewer than asked for when another thread interrupts: the step it meets leaves neither row nor update.
    """
    mode = read_mode()
    write_mode(mode | FLUSH)
    finite, step = True, 0
    complete_update(rule, trained)
    descends = rates.size > 0 and is_plain_descent(wiring, options, rule, cap, trained)
    is_away = False
    batch, is_raw = rows.shape[1], loss_code in (BCE, SOFTMAX_CROSS_ENTROPY)
    while finite and step < rows.shape[0]:
        chosen, following = part(rows, step * batch, batch), part(rows, min(step + 1, rows.shape[0] - 1) * batch, batch)
        take_examples(inputs, chosen, following, work.inputs)
        take_examples(targets, chosen, following, work.targets)
        if not options.skip.size:
            finite = forward_plain(wiring, work, trained)
        else:
            finite = forward_blocks(wiring, options, work, trained)
        if interrupted():
            finite = True
            break
        _true_output(wiring, work)
        finite = _loss(wiring, loss_code, work, finite, record, step)
        if finite:
            if not options.skip.size:
                backward_plain(wiring, is_raw, work, trained, descends, rates[step] if descends else 0.0)
            else:
                backward_blocks(wiring, options, is_raw, work, trained)
            if interrupted():
                break
            square, exponent = total_square(trained)
            finite = _record(work, trained, record, step, square, exponent)
            if finite and descends:
                trained.updates[0] += 1
                trained, successor, is_away = successor, trained, not is_away
            elif finite and rates.size:
                after, engaged = update(rule, cap, rates[step], trained, square, exponent)
                record.clipped_norm[step], record.clipped[step] = after, engaged
        step += 1
    if is_away:
        bring_home(trained.parameters, successor.parameters)
    write_mode(mode)
    return step, finite
