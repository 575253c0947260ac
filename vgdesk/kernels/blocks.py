"""Layers with options: normalisation, dropout, PReLU and skip connections, there and back.

    forward     z = W h_below + b,   a = norm(z),   F = phi(a) * factor,   h = F, or what the skip makes of it
    backward    dF from dh (skips),   dphi = dF * factor,   da = dphi * phi'(a),   delta = dz from da (normalisation)
                dh_below = delta W + what the skip leads straight down

All signals on the way back are scaled numbers (see `scaling`), each with its own exponent. Layers of a plain network
take the shorter way of `feed_forward`, where delta follows from delta.
"""

import math

from vgdesk.kernels import normalisation
from vgdesk.kernels._jit import inlined_kernel, kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.dense_gradient import write_gradient
from vgdesk.kernels.dropout import dropout_factors
from vgdesk.kernels.layout import ACTIVATION_CODES
from vgdesk.kernels.options import BATCH, BETA, GAMMA, GATE_B, GATE_W, HIGHWAY, NO_NORMALISATION, NO_SKIP, SLOPE
from vgdesk.kernels.prelu import leak_gradient, prelu
from vgdesk.kernels.products import backward_product, forward_product, multiply, sum_of_squares
from vgdesk.kernels.scaling import normalise
from vgdesk.kernels.skips import add_below, add_scaled, back_to_gate, carry_of, copy, mix, product
from vgdesk.kernels.views import matrix, part

_PRELU = ACTIVATION_CODES["prelu"]


@kernel
def forward_blocks(wiring, options, work, trained):
    """Runs the batch through the network; returns whether every z and every variance was finite."""
    finite = True
    for layer in range(wiring.activations.size):
        h = _below(wiring, layer, work)
        W, b = _block(trained, layer), _block(trained, layer + wiring.activations.size)
        z = _units(wiring, layer, work, work.preactivation)
        finite &= _map(h, W, b, z, work, wiring.strip_size[layer])
        finite &= _normalise(wiring, options, layer, work, trained)
        _activate(wiring, options, layer, work, trained)
        if options.skip[layer] != NO_SKIP:
            finite &= _skip(wiring, options, layer, work, trained)
    return finite


@inlined_kernel
def _map(h, W, b, z, work, strip_size):
    """Writes z = h W^T + b; `W` is flat. Returns whether all of z is finite."""
    strip = part(work.strip, 0, strip_size)
    return forward_product(h, matrix(W, 0, b.size, h.shape[1]), b, z, strip)


@inlined_kernel
def _below(wiring, layer, work):
    """Returns what comes into a layer, (batch, units below)."""
    batch, below = work.inputs.shape[0], work.inputs
    if layer > 0:
        below = matrix(work.activation, batch * wiring.unit_start[layer - 1], batch, wiring.widths[layer])
    return below


@inlined_kernel
def _units(wiring, layer, work, flat):
    """Cuts a layer out of an array that holds one number per example and unit."""
    batch = work.inputs.shape[0]
    return matrix(flat, batch * wiring.unit_start[layer], batch, wiring.widths[layer + 1])


@inlined_kernel
def _flat(wiring, layer, work, flat):
    """Returns the same without its shape."""
    batch = work.inputs.shape[0]
    return part(flat, batch * wiring.unit_start[layer], batch * wiring.widths[layer + 1])


@inlined_kernel
def _block(trained, number):
    return part(trained.parameters, trained.start[number], trained.size[number])


@inlined_kernel
def _block_gradient(trained, number):
    return part(trained.gradient, trained.start[number], trained.size[number])


@inlined_kernel
def _argument(wiring, options, layer, work):
    """Returns a of a layer: z itself where it is not normalised."""
    source = options.argument if options.normalisation[layer] != NO_NORMALISATION else work.preactivation
    return _flat(wiring, layer, work, source)


@inlined_kernel
def _normalise(wiring, options, layer, work, trained):
    """Writes a where the layer is normalised."""
    kind, finite = options.normalisation[layer], True
    if kind != NO_NORMALISATION:
        z, units = _units(wiring, layer, work, work.preactivation), wiring.widths[layer + 1]
        standard = _units(wiring, layer, work, options.standard)
        root = part(options.root, layer * options.root.shape[1], options.root.shape[1])
        if kind == BATCH:
            finite = _standardise_units(wiring, options, layer, z, root, standard)
        else:
            finite = normalisation.standardise_rows(z, root, standard)
        gamma = _block(trained, options.block[layer, GAMMA])
        beta = _block(trained, options.block[layer, BETA])
        a = part(options.argument, work.inputs.shape[0] * wiring.unit_start[layer], z.shape[0] * units)
        normalisation.scale_and_shift(standard, gamma, beta, matrix(a, 0, z.shape[0], units))
    return finite


@inlined_kernel
def _standardise_units(wiring, options, layer, z, root, standard):
    first, units = wiring.unit_start[layer], wiring.widths[layer + 1]
    running_mean = part(options.running_mean, first, units)
    running_variance = part(options.running_variance, first, units)
    mean, variance = running_mean, running_variance
    if not options.remembers:
        mean, variance = part(options.mean, 0, units), part(options.variance, 0, units)
        normalisation.unit_moments(z, mean, variance)
    if options.learns:
        normalisation.remember(mean, variance, z.shape[0], running_mean, running_variance)
    return normalisation.standardise_units(z, mean, variance, root, standard)


@inlined_kernel
def _activate(wiring, options, layer, work, trained):
    """Writes F and phi'(a); F is h where nothing skips the layer."""
    a, slope = _argument(wiring, options, layer, work), _flat(wiring, layer, work, work.slope)
    inner = _flat(wiring, layer, work, work.activation)
    if options.skip[layer] != NO_SKIP:
        inner = _flat(wiring, layer, work, options.inner)
    if wiring.activations[layer] == _PRELU:
        prelu(_block(trained, options.block[layer, SLOPE])[0], a, inner, slope)
    else:
        activate(wiring.activations[layer], a, inner, slope)
    if options.drops and options.dropout[layer] > 0.0:
        factor = _flat(wiring, layer, work, options.factor)
        dropout_factors(options.seed, trained.updates[0], layer, options.dropout[layer], factor)
        product(inner, factor, inner)


@inlined_kernel
def _skip(wiring, options, layer, work, trained):
    """Writes h of a layer with a skip connection; returns whether the gate's z was finite."""
    below = _below(wiring, layer, work)
    inner, h = _flat(wiring, layer, work, options.inner), _flat(wiring, layer, work, work.activation)
    passing, finite = part(below, 0, below.size), True
    if options.skip[layer] == HIGHWAY:
        gate, carry = _flat(wiring, layer, work, options.gate), _flat(wiring, layer, work, options.carry)
        raw, slope = part(options.spare, 0, gate.size), part(options.other_spare, 0, gate.size)
        W, b = _block(trained, options.block[layer, GATE_W]), _block(trained, options.block[layer, GATE_B])
        z = matrix(raw, 0, below.shape[0], below.shape[1])
        finite = _map(below, W, b, z, work, wiring.strip_size[layer])
        activate(options.sigmoid, raw, gate, slope)
        carry_of(gate, slope, carry)
        mix(passing, inner, gate, carry, h)
    else:
        add_below(passing, inner, h)
    return finite


@kernel
def backward_blocks(wiring, options, is_raw, work, trained):
    """Carries the signal from the output to the first layer and writes every gradient, all scaled.

    `work.delta` of the output layer holds dL/dh, or dL/dz where `is_raw`, normalised, with `state_exponent`.
    """
    last = wiring.activations.size - 1
    output = _flat(wiring, last, work, work.delta)
    copy(output, _flat(wiring, last, work, options.signal))
    exponent = work.delta_exponent[last]
    for layer in range(last, -1, -1):
        if layer < last or not is_raw:
            _to_delta(wiring, options, layer, exponent, work, trained)
        delta = _units(wiring, layer, work, work.delta)
        flat = part(delta, 0, delta.size)
        square, shift = normalise(flat, sum_of_squares(flat))
        work.delta_square[layer], work.delta_exponent[layer] = square, exponent + shift
        weights = part(wiring.mask, wiring.weight_start[layer], trained.size[layer] if wiring.mask.size else 0)
        _gradient(wiring, layer, delta, exponent + shift, weights, work, trained, layer, layer + last + 1)
        gate_exponent = 0
        if options.skip[layer] == HIGHWAY:
            gate_exponent = _gate_gradient(wiring, options, layer, exponent, work, trained)
        if layer > 0:
            exponent = _down(wiring, options, layer, exponent, gate_exponent, work, trained)


@inlined_kernel
def _gradient(wiring, layer, delta, exponent, mask, work, trained, weights, biases):
    h, strip = _below(wiring, layer, work), part(work.strip, 0, wiring.strip_size[layer])
    write_gradient(delta, exponent, h, mask, work.scratch, strip, trained, weights, biases)


@inlined_kernel
def _to_delta(wiring, options, layer, exponent, work, trained):
    """Turns dL/dh of a layer into delta, both divided by 2**exponent, and writes the gradients met on the way."""
    delta, signal = _flat(wiring, layer, work, work.delta), _flat(wiring, layer, work, options.signal)
    if options.skip[layer] == HIGHWAY:
        product(signal, _flat(wiring, layer, work, options.gate), delta)
    else:
        copy(signal, delta)
    if options.drops and options.dropout[layer] > 0.0:
        multiply(delta, _flat(wiring, layer, work, options.factor))
    if wiring.activations[layer] == _PRELU:
        block = options.block[layer, SLOPE]
        total, shift = math.frexp(leak_gradient(delta, _argument(wiring, options, layer, work)))
        gradient = _block_gradient(trained, block)
        gradient[0] = total
        trained.square[block], trained.exponent[block] = total * total, exponent + shift
    multiply(delta, _flat(wiring, layer, work, work.slope))
    if options.normalisation[layer] != NO_NORMALISATION:
        _through_normalisation(wiring, options, layer, exponent, work, trained)


@inlined_kernel
def _through_normalisation(wiring, options, layer, exponent, work, trained):
    delta, standard = _units(wiring, layer, work, work.delta), _units(wiring, layer, work, options.standard)
    block = options.block[layer, GAMMA]
    gamma, dgamma = _block(trained, block), _block_gradient(trained, block)
    dbeta = _block_gradient(trained, options.block[layer, BETA])
    root = part(options.root, layer * options.root.shape[1], options.root.shape[1])
    normalisation.gradients(delta, standard, dgamma, dbeta)
    if options.normalisation[layer] == BATCH:
        normalisation.back_through_units(delta, standard, root, gamma, dgamma, dbeta)
    else:
        normalisation.back_through_rows(delta, standard, root, gamma)
    _finish(trained, block, exponent)
    _finish(trained, options.block[layer, BETA], exponent)


@inlined_kernel
def _finish(trained, block, exponent):
    """Normalises the gradient of a block."""
    gradient = _block_gradient(trained, block)
    square, shift = normalise(gradient, sum_of_squares(gradient))
    trained.square[block], trained.exponent[block] = square, exponent + shift


@inlined_kernel
def _gate_gradient(wiring, options, layer, exponent, work, trained):
    """Writes dL/dz of a highway's gate into `other_spare`, and the gate's gradients; returns the exponent of both."""
    below = _below(wiring, layer, work)
    signal, inner = _flat(wiring, layer, work, options.signal), _flat(wiring, layer, work, options.inner)
    gate, carry = _flat(wiring, layer, work, options.gate), _flat(wiring, layer, work, options.carry)
    gate_delta = part(options.other_spare, 0, gate.size)
    back_to_gate(signal, part(below, 0, below.size), inner, gate, carry, gate_delta)
    _, shift = normalise(gate_delta, sum_of_squares(gate_delta))
    delta, nothing = matrix(gate_delta, 0, below.shape[0], below.shape[1]), part(wiring.mask, 0, 0)
    weights, biases = options.block[layer, GATE_W], options.block[layer, GATE_B]
    _gradient(wiring, layer, delta, exponent + shift, nothing, work, trained, weights, biases)
    return exponent + shift


@inlined_kernel
def _down(wiring, options, layer, exponent, gate_exponent, work, trained):
    """Writes dL/dh of the layer below and returns its exponent; `exponent` is that of this layer's dL/dh."""
    below = _units(wiring, layer - 1, work, options.signal)
    target, signal = part(below, 0, below.size), _flat(wiring, layer, work, options.signal)
    delta = _units(wiring, layer, work, work.delta)
    found = work.delta_exponent[layer] + _times_weights(wiring, layer, delta, _block(trained, layer), below, work)
    if options.skip[layer] == HIGHWAY:
        found = _down_highway(wiring, options, layer, exponent, gate_exponent, found, work, trained)
    elif options.skip[layer] != NO_SKIP:
        found = add_scaled(target, found, signal, exponent)
    square, shift = normalise(target, sum_of_squares(target))
    work.state_square[layer - 1], work.state_exponent[layer - 1] = square, found + shift
    return found + shift


@inlined_kernel
def _down_highway(wiring, options, layer, exponent, gate_exponent, found, work, trained):
    """Adds what passes a highway's layer, and what comes through its gate; returns the exponent of the sum."""
    below = _units(wiring, layer - 1, work, options.signal)
    target, signal = part(below, 0, below.size), _flat(wiring, layer, work, options.signal)
    straight = part(options.spare, 0, target.size)
    product(signal, _flat(wiring, layer, work, options.carry), straight)
    _, shift = normalise(straight, sum_of_squares(straight))
    found = add_scaled(target, found, straight, exponent + shift)
    W = _block(trained, options.block[layer, GATE_W])
    delta = matrix(part(options.other_spare, 0, target.size), 0, below.shape[0], below.shape[1])
    gate = matrix(straight, 0, below.shape[0], below.shape[1])
    return add_scaled(target, found, straight, gate_exponent + _times_weights(wiring, layer, delta, W, gate, work))


@inlined_kernel
def _times_weights(wiring, layer, delta, W, target, work):
    """Writes delta W, normalised, and returns the exponent taken out; `W` is flat."""
    flat, strip = part(target, 0, target.size), part(work.strip, 0, wiring.strip_size[layer])
    ones, rows = part(work.ones, 0, target.size), matrix(W, 0, delta.shape[1], target.shape[1])
    _, after = backward_product(delta, rows, ones, target, strip)
    _, shift = normalise(flat, after)
    return shift
