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

Layers with options (normalisation, dropout, PReLU, skips) go forward and backward in `blocks`; the rest is common.
"""

import math

from numba import types

from vgdesk.kernels._jit import conductor, inlined_kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.blocks import forward_blocks
from vgdesk.kernels.blocks_backward import backward_blocks
from vgdesk.kernels.dense_gradient import write_gradient
from vgdesk.kernels.forward_scaling import is_ordinary, restore, scaled_forward
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.long_products import long_backward_product, long_forward_product
from vgdesk.kernels.losses import BCE, SOFTMAX_CROSS_ENTROPY, output_delta
from vgdesk.kernels.products import multiply, sum_of_squares
from vgdesk.kernels.scaling import log10_norm, normalise
from vgdesk.kernels.signatures import layer_signature, plain_backward_signature, plain_forward_signature
from vgdesk.kernels.simd.examples import copy_rows
from vgdesk.kernels.simd.subnormal import FLUSH, read_mode, write_mode
from vgdesk.kernels.states import LOST_ABOVE, LOST_BELOW, binary_state, careful_square
from vgdesk.kernels.update import complete_update, total_square, update
from vgdesk.kernels.views import matrix, part


@shared_kernel(lambda number: types.void(number[:, ::1], types.int64[::1], types.int64[::1], number[:, ::1]))
def take_examples(source, rows, following, target):
    """Copies the named rows of `source` into `target`."""
    copy_rows(source, rows, following, target)


@shared_kernel(plain_forward_signature)
def _forward(wiring, work, trained):
    """Runs the batch through the network; returns whether every z was finite."""
    batch = work.inputs.shape[0]
    h = work.inputs
    finite, exponent = True, 0
    for layer in range(wiring.activations.size):
        if interrupted():
            break
        below, above, unit = wiring.widths[layer], wiring.widths[layer + 1], wiring.unit_start[layer]
        W = matrix(trained.parameters, wiring.weight_start[layer], above, below)
        b = part(trained.parameters, trained.start[layer + wiring.activations.size], above)
        z = matrix(work.preactivation, work.preactivation_start[layer], batch, above)
        strip, square = part(work.strip, 0, wiring.strip_size[layer]), 0.0
        if exponent == 0:
            square = long_forward_product(h, W, b, z, strip)
        if not is_ordinary(square, exponent):
            kind = wiring.scales[layer]
            exponent, good = scaled_forward(kind, square, h, exponent, W, b, z, work.scratch, work.biases, strip)
            finite &= good
        work.forward_exponent[layer] = exponent
        size, first = batch * above, batch * unit
        phi, slope = wiring.activations[layer], part(work.slope, first, size)
        activate(phi, wiring.alphas[layer], part(z, 0, size), part(work.activation, first, size), slope)
        h = matrix(work.activation, first, batch, above)
    return finite


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
def _output_delta(wiring, is_raw, work):
    """Turns dL/dh of the output layer into delta; returns its sum of squares and exponent."""
    batch, last = work.inputs.shape[0], wiring.activations.size - 1
    first, size = batch * wiring.unit_start[last], batch * wiring.widths[last + 1]
    square, exponent = work.delta_square[last], work.delta_exponent[last]
    if not is_raw:
        delta = part(work.delta, first, size)
        square, shift = normalise(delta, multiply(delta, part(work.slope, first, size)))
        exponent += shift
    return square, exponent


@shared_kernel(layer_signature)
def _layer_gradient(wiring, layer, work, trained):
    """Writes dW and db of one layer, whose delta is ready."""
    batch, below, above = work.inputs.shape[0], wiring.widths[layer], wiring.widths[layer + 1]
    delta = matrix(work.delta, batch * wiring.unit_start[layer], batch, above)
    h, exponent = work.inputs, 0
    if layer > 0:
        h = matrix(work.activation, batch * wiring.unit_start[layer - 1], batch, below)
        exponent = work.forward_exponent[layer - 1]
    mask = part(wiring.mask, wiring.weight_start[layer], above * below) if wiring.mask.size else wiring.mask
    strip, biases = part(work.strip, 0, wiring.strip_size[layer]), wiring.bias_block[layer]
    write_gradient(delta, work.delta_exponent[layer], h, exponent, mask, work.scratch, strip, trained, layer, biases)


@shared_kernel(plain_backward_signature)
def _backward(wiring, is_raw, work, trained):
    """Carries delta from the output to the first layer and writes every layer's gradient, all scaled."""
    batch = work.inputs.shape[0]
    square, exponent = _output_delta(wiring, is_raw, work)
    for layer in range(wiring.activations.size - 1, -1, -1):
        if interrupted():
            break
        work.delta_square[layer], work.delta_exponent[layer] = square, exponent
        _layer_gradient(wiring, layer, work, trained)
        if layer > 0:
            below, above, unit = wiring.widths[layer], wiring.widths[layer + 1], wiring.unit_start[layer]
            first, size = batch * wiring.unit_start[layer - 1], batch * below
            delta = matrix(work.delta, batch * unit, batch, above)
            W = matrix(trained.parameters, wiring.weight_start[layer], above, below)
            slope, dh = part(work.slope, first, size), matrix(work.delta, first, batch, below)
            strip = part(work.strip, 0, wiring.strip_size[layer])
            before, after = long_backward_product(delta, W, slope, dh, strip)
            shift = 0
            if square != 0.0 and not LOST_BELOW <= before <= LOST_ABOVE:
                before, shift = careful_square(delta, W)
            work.state_square[layer - 1], work.state_exponent[layer - 1] = before, exponent + shift
            square, shift = normalise(part(dh, 0, size), after)
            exponent += shift


@inlined_kernel
def _record(work, trained, record, step, square, exponent):
    """Writes one row of log10 norms; returns whether all are numbers (or exactly zero)."""
    total = log10_norm(square, exponent)
    record.total_norm[step] = record.clipped_norm[step] = total
    good = total < math.inf
    layers = work.delta_square.size
    for layer in range(layers):
        weight = log10_norm(trained.square[layer], trained.exponent[layer])
        delta = log10_norm(work.delta_square[layer], work.delta_exponent[layer])
        record.weight_norm[step, layer], record.delta_norm[step, layer] = weight, delta
        record.bias_norm[step, layer] = log10_norm(trained.square[layers + layer], trained.exponent[layers + layer])
        record.state_norm[step, layer] = log10_norm(work.state_square[layer], work.state_exponent[layer])
        good &= weight < math.inf and delta < math.inf
    return good


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
def train(wiring, options, loss_code, rule, cap, rates, trained, inputs, targets, rows, work, record):
    """Trains one step per line of `rows` and records each step before its update.

    `wiring`, `options`, `rule`, `trained`, `work` and `record` are lent (see `lent`).

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
        `gradient` stands there.
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
    batch, is_raw = rows.shape[1], loss_code in (BCE, SOFTMAX_CROSS_ENTROPY)
    while finite and step < rows.shape[0]:
        chosen, following = part(rows, step * batch, batch), part(rows, min(step + 1, rows.shape[0] - 1) * batch, batch)
        take_examples(inputs, chosen, following, work.inputs)
        take_examples(targets, chosen, following, work.targets)
        if not options.skip.size:
            finite = _forward(wiring, work, trained)
        else:
            finite = forward_blocks(wiring, options, work, trained)
        if interrupted():
            finite = True
            break
        _true_output(wiring, work)
        finite = _loss(wiring, loss_code, work, finite, record, step)
        if finite:
            if not options.skip.size:
                _backward(wiring, is_raw, work, trained)
            else:
                backward_blocks(wiring, options, is_raw, work, trained)
            if interrupted():
                break
            square, exponent = total_square(trained)
            finite = _record(work, trained, record, step, square, exponent)
            if finite and rates.size:
                after, engaged = update(rule, cap, rates[step], trained, square, exponent)
                record.clipped_norm[step], record.clipped[step] = after, engaged
        step += 1
    write_mode(mode)
    return step, finite
