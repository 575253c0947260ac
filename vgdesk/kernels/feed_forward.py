"""The fused trainer of feed-forward networks: many steps of forward, backward, record and update in one call.

One step, for layers l = 1..L with h^0 the inputs:

    forward     z^l = h^{l-1} W^l^T + b^l,   h^l = phi(z^l)
    loss        delta^L = dL/dz^L
    backward    delta^l = (delta^{l+1} W^{l+1}) * phi'(z^l)
    gradient    dW^l = delta^l^T h^{l-1},   db^l = sum over the batch of delta^l
    update      clip all gradients together, then follow the rule (see `update`, `rules`)

delta, dW and db are scaled numbers (see `scaling`): whenever a norm leaves the safe band, an exact power of two moves
from the array into the layer's exponent. The record holds log10 norms, the update applies the exponent.
"""

import math

from numba import types

from vgdesk.kernels._jit import entry, inlined_kernel, kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.losses import output_delta
from vgdesk.kernels.products import (
    backward_product,
    bias_product,
    forward_product,
    gradient_product,
    sum_of_squares,
)
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, log10_norm, normalise
from vgdesk.kernels.simd.subnormal import FLUSH, read_mode, write_mode
from vgdesk.kernels.update import total_square, update
from vgdesk.kernels.views import matrix, part


@kernel
def _take(source, rows, target):
    """Copies the named rows of `source` into `target`."""
    columns = source.shape[1]
    for row in range(rows.size):
        example, place = part(source, rows[row] * columns, columns), part(target, row * columns, columns)
        for column in range(columns):
            place[column] = example[column]


@inlined_kernel
def _forward(wiring, work, trained):
    """Runs the batch through the network; returns whether every z was finite."""
    batch = work.inputs.shape[0]
    h = work.inputs
    finite = True
    for layer in range(wiring.activations.size):
        below, above, unit = wiring.widths[layer], wiring.widths[layer + 1], wiring.unit_start[layer]
        W = matrix(trained.parameters, wiring.weight_start[layer], above, below)
        b = part(trained.parameters, trained.start[layer + wiring.activations.size], above)
        z = matrix(work.preactivation, work.preactivation_start[layer], batch, above)
        finite &= forward_product(h, W, b, z, part(work.strip, 0, wiring.strip_size[layer]))
        size, first = batch * above, batch * unit
        slope = part(work.slope, first, size)
        activate(wiring.activations[layer], part(z, 0, size), part(work.activation, first, size), slope)
        h = matrix(work.activation, first, batch, above)
    return finite


@inlined_kernel
def _output(wiring, loss_code, work):
    """Writes the output layer's delta; returns the loss."""
    batch, last = work.inputs.shape[0], wiring.activations.size - 1
    first, outputs = batch * wiring.unit_start[last], wiring.widths[last + 1]
    z = matrix(work.preactivation, work.preactivation_start[last], batch, outputs)
    h, slope = matrix(work.activation, first, batch, outputs), matrix(work.slope, first, batch, outputs)
    return output_delta(loss_code, z, h, slope, work.targets, matrix(work.delta, first, batch, outputs))


@inlined_kernel
def _weight_gradient(delta, h, mask, dW, scratch, strip):
    """Writes dW (scaled) and returns (sum of squares, exponent relative to delta).

    A gradient that leaves the safe band is computed once more, from activations scaled near 1.
    """
    square, exponent, rescued = 0.0, 0, False
    while True:
        square = gradient_product(delta, h, mask, dW, strip)
        if rescued or LOWEST_SQUARE <= square <= HIGHEST_SQUARE or math.isnan(square):
            break
        rescued, copy = True, part(scratch, 0, h.size)
        exponent = _scaled_copy(part(h, 0, h.size), copy)
        h = matrix(copy, 0, h.shape[0], h.shape[1])
    if rescued:
        square, further = normalise(part(dW, 0, dW.size), square)
        exponent += further
    return square, exponent


@shared_kernel(lambda number: types.int64(number[::1], number[::1]))
def _scaled_copy(values, copy):
    """Copies an array, brings the copy near 1 and returns the exponent of two that was taken out."""
    for i in range(values.size):
        copy[i] = values[i]
    _, exponent = normalise(copy, sum_of_squares(copy))
    return exponent


@inlined_kernel
def _layer_gradient(wiring, layer, work, trained):
    """Writes dW and db of one layer, whose delta is ready."""
    batch, below, above = work.inputs.shape[0], wiring.widths[layer], wiring.widths[layer + 1]
    first, unit = wiring.weight_start[layer], wiring.unit_start[layer]
    delta = matrix(work.delta, batch * unit, batch, above)
    h = work.inputs
    if layer > 0:
        h = matrix(work.activation, batch * wiring.unit_start[layer - 1], batch, below)
    mask = part(wiring.mask, first, above * below) if wiring.mask.size else wiring.mask
    dW = matrix(trained.gradient, first, above, below)
    strip = part(work.strip, 0, wiring.strip_size[layer])
    square, exponent = _weight_gradient(delta, h, mask, dW, work.scratch, strip)
    trained.square[layer], trained.exponent[layer] = square, work.delta_exponent[layer] + exponent
    bias = layer + wiring.activations.size
    db = part(trained.gradient, trained.start[bias], above)
    bias_product(delta, db)
    square, exponent = normalise(db, sum_of_squares(db))
    trained.square[bias], trained.exponent[bias] = square, work.delta_exponent[layer] + exponent


@inlined_kernel
def _backward(wiring, work, trained):
    """Carries delta from the output to the first layer and writes every layer's gradient, all scaled."""
    batch, layers = work.inputs.shape[0], wiring.activations.size
    output = part(work.delta, batch * wiring.unit_start[layers - 1], batch * wiring.widths[layers])
    square, exponent = normalise(output, sum_of_squares(output))
    for layer in range(layers - 1, -1, -1):
        work.delta_square[layer], work.delta_exponent[layer] = square, exponent
        _layer_gradient(wiring, layer, work, trained)
        if layer > 0:
            below, above, unit = wiring.widths[layer], wiring.widths[layer + 1], wiring.unit_start[layer]
            first, size = batch * wiring.unit_start[layer - 1], batch * below
            delta = matrix(work.delta, batch * unit, batch, above)
            W = matrix(trained.parameters, wiring.weight_start[layer], above, below)
            slope, dh = part(work.slope, first, size), matrix(work.delta, first, batch, below)
            strip = part(work.strip, 0, wiring.strip_size[layer])
            _, square = backward_product(delta, W, slope, dh, strip)
            square, shift = normalise(part(dh, 0, size), square)
            exponent += shift


@inlined_kernel
def _record(work, trained, record, step, square, exponent):
    """Writes one row of log10 norms; returns whether all are numbers (or exactly zero)."""
    total = log10_norm(square, exponent)
    record.total_norm[step] = record.clipped_norm[step] = total
    good = total < math.inf
    for layer in range(work.delta_square.size):
        weight = log10_norm(trained.square[layer], trained.exponent[layer])
        delta = log10_norm(work.delta_square[layer], work.delta_exponent[layer])
        record.weight_norm[step, layer], record.delta_norm[step, layer] = weight, delta
        good &= weight < math.inf and delta < math.inf
    return good


@inlined_kernel
def _record_nothing(record, step):
    record.total_norm[step] = record.clipped_norm[step] = math.nan
    for layer in range(record.weight_norm.shape[1]):
        record.weight_norm[step, layer] = record.delta_norm[step, layer] = math.nan


@inlined_kernel
def _gradient(wiring, loss_code, work, trained, record, step):
    """Runs forward, loss and backward and records; returns whether everything was finite."""
    finite = _forward(wiring, work, trained)
    loss = _output(wiring, loss_code, work)
    record.loss[step] = loss if finite else math.nan
    record.clipped[step] = False
    if not finite or not abs(loss) < math.inf:
        _record_nothing(record, step)
        return False
    _backward(wiring, work, trained)
    return True


@entry
def train(wiring, loss_code, rule, cap, rates, trained, inputs, targets, rows, work, record):
    """Trains one step per line of `rows` and records each step before its update.

    Parameters
    ----------
    rule, cap
        How parameters change, and how the gradient is clipped before.
    rates
        Shape (steps,), float64: the learning rate of each step; of length 0 no parameter is changed.
    trained
        Weights, then biases, a block for each layer, changed in place. After the last step `gradient` stands there.
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
    """
    mode = read_mode()
    write_mode(mode | FLUSH)
    finite, step = True, 0
    batch = rows.shape[1]
    while finite and step < rows.shape[0]:
        _take(inputs, part(rows, step * batch, batch), work.inputs)
        _take(targets, part(rows, step * batch, batch), work.targets)
        finite = _gradient(wiring, loss_code, work, trained, record, step)
        if finite:
            square, exponent = total_square(trained)
            finite = _record(work, trained, record, step, square, exponent)
            if finite and rates.size:
                after, engaged = update(rule, cap, rates[step], trained, square, exponent)
                record.clipped_norm[step], record.clipped[step] = after, engaged
        step += 1
    write_mode(mode)
    return step, finite
