"""Plain layers, h = phi(W h_below + b), forward and backward; formulas and numbers are those of `feed_forward`."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.dense_gradient import write_gradient
from vgdesk.kernels.descent import descend
from vgdesk.kernels.forward_scaling import is_ordinary, scaled_forward
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.long_products import long_backward_product, long_forward_product
from vgdesk.kernels.products import multiply
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.signatures import (
    descent_signature,
    layer_signature,
    plain_backward_signature,
    plain_forward_signature,
)
from vgdesk.kernels.states import LOST_ABOVE, LOST_BELOW, careful_square
from vgdesk.kernels.views import matrix, part


@shared_kernel(plain_forward_signature)
def forward_plain(wiring, work, trained):
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


@inlined_kernel
def _factors(wiring, layer, work):
    """Returns what the gradient of a layer is made of, whose delta is ready: delta, h, its exponent, mask, strip."""
    batch, below, above = work.inputs.shape[0], wiring.widths[layer], wiring.widths[layer + 1]
    delta = matrix(work.delta, batch * wiring.unit_start[layer], batch, above)
    h, exponent = work.inputs, 0
    if layer > 0:
        h = matrix(work.activation, batch * wiring.unit_start[layer - 1], batch, below)
        exponent = work.forward_exponent[layer - 1]
    mask = part(wiring.mask, wiring.weight_start[layer], above * below) if wiring.mask.size else wiring.mask
    return delta, h, exponent, mask, part(work.strip, 0, wiring.strip_size[layer])


@shared_kernel(layer_signature)
def _layer_gradient(wiring, layer, work, trained):
    """Writes dW and db of one layer."""
    delta, h, below, mask, strip = _factors(wiring, layer, work)
    exponent, biases = work.delta_exponent[layer], wiring.bias_block[layer]
    write_gradient(delta, exponent, h, below, mask, work.scratch, strip, trained, layer, biases)


@shared_kernel(descent_signature)
def _layer_descent(wiring, layer, work, trained, rate):
    """Writes W and b of one layer after the step in the place of dW and db."""
    delta, h, below, mask, strip = _factors(wiring, layer, work)
    exponent, biases = work.delta_exponent[layer], wiring.bias_block[layer]
    descend(delta, exponent, h, below, mask, work.scratch, strip, trained, layer, biases, rate)


@shared_kernel(plain_backward_signature)
def backward_plain(wiring, is_raw, work, trained, descends, rate):
    """Carries delta from the output to the first layer and writes every layer's gradient, all scaled.

    Where the step `descends`, the parameters after it are written instead (see `descent`).
    """
    batch = work.inputs.shape[0]
    square, exponent = _output_delta(wiring, is_raw, work)
    for layer in range(wiring.activations.size - 1, -1, -1):
        if interrupted():
            break
        work.delta_square[layer], work.delta_exponent[layer] = square, exponent
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
        if descends:
            _layer_descent(wiring, layer, work, trained, rate)
        else:
            _layer_gradient(wiring, layer, work, trained)
