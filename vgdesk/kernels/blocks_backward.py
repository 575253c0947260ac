"""The way back through layers with options; see `blocks` for the formulas."""

import math

from vgdesk.kernels import normalisation
from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.dense_gradient import write_gradient
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.layout import ACTIVATION_CODES
from vgdesk.kernels.long_products import long_backward_product
from vgdesk.kernels.options import (
    BATCH,
    BETA,
    GAMMA,
    GATE_B,
    GATE_W,
    HIGHWAY,
    NO_NORMALISATION,
    NO_SKIP,
    SLOPE,
)
from vgdesk.kernels.prelu import leak_gradient
from vgdesk.kernels.products import multiply, sum_of_squares
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.signatures import backward_signature
from vgdesk.kernels.skips import add_scaled, back_to_gate, copy, product
from vgdesk.kernels.views import matrix, part

_PRELU = ACTIVATION_CODES["prelu"]


@shared_kernel(backward_signature)
def backward_blocks(wiring, options, is_raw, work, trained):
    """Carries the signal from the output to the first layer and writes every gradient, all scaled.

    `work.delta` of the output layer holds dL/dh, or dL/dz where `is_raw`, normalised, with `delta_exponent`.
    """
    batch, last = work.inputs.shape[0], wiring.activations.size - 1
    first, size = batch * wiring.unit_start[last], batch * wiring.widths[last + 1]
    copy(part(work.delta, first, size), part(options.signal, first, size))
    exponent = work.delta_exponent[last]
    for layer in range(last, -1, -1):
        if interrupted():
            break
        units, below = wiring.widths[layer + 1], wiring.widths[layer]
        first, size = batch * wiring.unit_start[layer], batch * units
        strip = part(work.strip, 0, wiring.strip_size[layer])
        h, under, below_exponent = work.inputs, 0, 0
        if layer > 0:
            under, below_exponent = batch * wiring.unit_start[layer - 1], work.forward_exponent[layer - 1]
            h = matrix(work.activation, under, batch, below)
        flat, signal = part(work.delta, first, size), part(options.signal, first, size)
        if layer < last or not is_raw:
            a = part(work.preactivation, first, size)
            if options.normalisation[layer] != NO_NORMALISATION:
                a = part(options.argument, first, size)
            slope, code = part(work.slope, first, size), wiring.activations[layer]
            delta, forward = matrix(flat, 0, batch, units), work.forward_exponent[layer]
            _to_delta(options, layer, code, first, exponent, forward, trained, signal, a, slope, delta)
        square, shift = normalise(flat, sum_of_squares(flat))
        work.delta_square[layer], work.delta_exponent[layer] = square, exponent + shift
        delta = matrix(flat, 0, batch, units)
        mask = part(wiring.mask, wiring.weight_start[layer], units * below if wiring.mask.size else 0)
        biases = wiring.bias_block[layer]
        write_gradient(delta, exponent + shift, h, below_exponent, mask, work.scratch, strip, trained, layer, biases)
        gate_exponent = 0
        if options.skip[layer] == HIGHWAY:
            gate_exponent = _gate_gradient(options, layer, first, exponent, trained, signal, h, work.scratch, strip)
        if layer > 0:
            target = matrix(options.signal, under, batch, below)
            W = matrix(trained.parameters, trained.start[layer], units, below)
            found = exponent + shift + _times(delta, W, work.ones, target, strip)
            if options.skip[layer] != NO_SKIP:
                gates = exponent, gate_exponent
                found = _beside(options, layer, first, trained, gates, found, signal, target, work.ones, strip)
            lower = part(target, 0, target.size)
            square, shift = normalise(lower, sum_of_squares(lower))
            exponent = found + shift
            work.state_square[layer - 1], work.state_exponent[layer - 1] = square, exponent


@inlined_kernel
def _to_delta(options, layer, code, first, exponent, forward, trained, signal, a, slope, delta):
    """Turns dL/dh of a layer into delta, both divided by 2**exponent, and writes the gradients met on the way.

    `a` is divided by 2**forward.
    """
    flat = part(delta, 0, signal.size)
    if options.skip[layer] == HIGHWAY:
        product(signal, part(options.gate, first, signal.size), flat)
    else:
        copy(signal, flat)
    if options.drops and options.dropout[layer] > 0.0:
        multiply(flat, part(options.factor, first, signal.size))
    if code == _PRELU:
        block = options.block[layer, SLOPE]
        total, shift = math.frexp(leak_gradient(flat, a))
        trained.gradient[trained.start[block]] = total
        trained.square[block], trained.exponent[block] = total * total, exponent + forward + shift
    multiply(flat, slope)
    if options.normalisation[layer] != NO_NORMALISATION:
        _through_normalisation(options, layer, first, exponent, trained, delta)


@inlined_kernel
def _through_normalisation(options, layer, first, exponent, trained, delta):
    """Turns da into dz and writes dgamma and dbeta."""
    units, at, other = delta.shape[1], options.block[layer, GAMMA], options.block[layer, BETA]
    standard = matrix(options.standard, first, delta.shape[0], units)
    root = part(options.root, layer * options.root.shape[1], options.root.shape[1])
    gamma, dgamma = part(trained.parameters, trained.start[at], units), part(trained.gradient, trained.start[at], units)
    dbeta = part(trained.gradient, trained.start[other], units)
    normalisation.gradients(delta, standard, dgamma, dbeta)
    if options.normalisation[layer] == BATCH:
        normalisation.back_through_units(delta, standard, root, gamma, dgamma, dbeta)
    else:
        normalisation.back_through_rows(delta, standard, root, gamma)
    trained.square[at], shift = normalise(dgamma, sum_of_squares(dgamma))
    trained.exponent[at] = exponent + shift
    trained.square[other], shift = normalise(dbeta, sum_of_squares(dbeta))
    trained.exponent[other] = exponent + shift


@inlined_kernel
def _gate_gradient(options, layer, first, exponent, trained, signal, h_below, scratch, strip):
    """Writes dL/dz of a highway's gate into `other_spare`, and the gate's gradients; returns the exponent of both."""
    size, flat = signal.size, part(options.other_spare, 0, signal.size)
    inner, gate = part(options.inner, first, size), part(options.gate, first, size)
    back_to_gate(signal, part(h_below, 0, size), inner, gate, part(options.carry, first, size), flat)
    _, shift = normalise(flat, sum_of_squares(flat))
    delta, dense = matrix(flat, 0, h_below.shape[0], h_below.shape[1]), part(flat, 0, 0)
    weights, biases = options.block[layer, GATE_W], options.block[layer, GATE_B]
    write_gradient(delta, exponent + shift, h_below, 0, dense, scratch, strip, trained, weights, biases)
    return exponent + shift


@inlined_kernel
def _times(delta, W, ones, target, strip):
    """Writes delta W, normalised, and returns the exponent taken out."""
    flat = part(target, 0, target.size)
    _, square = long_backward_product(delta, W, part(ones, 0, target.size), target, strip)
    _, shift = normalise(flat, square)
    return shift


@inlined_kernel
def _beside(options, layer, first, trained, exponents, found, signal, target, ones, strip):
    """Adds what the skip leads down beside the layer to `target`; returns the exponent of the sum.

    `exponents` are those of dL/dh and of dL/dz of the gate, `found` that of `target`.
    """
    flat, size = part(target, 0, target.size), target.size
    if options.skip[layer] == HIGHWAY:
        straight, (batch, units) = part(options.spare, 0, size), target.shape
        product(signal, part(options.carry, first, size), straight)
        _, shift = normalise(straight, sum_of_squares(straight))
        found = add_scaled(flat, found, straight, exponents[0] + shift)
        W = matrix(trained.parameters, trained.start[options.block[layer, GATE_W]], units, units)
        gate_delta, through = matrix(options.other_spare, 0, batch, units), matrix(straight, 0, batch, units)
        shift = _times(gate_delta, W, ones, through, strip)
        found = add_scaled(flat, found, straight, exponents[1] + shift)
    else:
        found = add_scaled(flat, found, signal, exponents[0])
    return found
