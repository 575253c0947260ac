"""Layers with options: normalisation, dropout, PReLU, units of different activations and skips, on the way forward.

    forward     z = W h_below + b,   a = norm(z),   F = phi(a) * factor,   h = F, or what the skip makes of it
    backward    dF from dh (skips),   dphi = dF * factor,   da = dphi * phi'(a),   delta = dz from da (normalisation)
                dh_below = delta W + what the skip leads straight down

All signals on the way back are scaled numbers (see `scaling`), each with its own exponent. Layers of a plain network
take the shorter way of `feed_forward`, where delta follows from delta.

The way back is in `blocks_backward`. Both have loops of their own paragraphs inside, so they are no conductors.
"""

from vgdesk.kernels import normalisation
from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.activations import activate
from vgdesk.kernels.dropout import dropout_factors
from vgdesk.kernels.forward_scaling import is_ordinary, restore, scaled_forward
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.layout import ACTIVATION_CODES, MIXED, SCALES_NOWHERE
from vgdesk.kernels.long_products import long_forward_product
from vgdesk.kernels.mixed import activate_units
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
from vgdesk.kernels.prelu import prelu
from vgdesk.kernels.products import is_finite
from vgdesk.kernels.signatures import forward_signature
from vgdesk.kernels.skips import add_below, carry_of, mix, product
from vgdesk.kernels.views import matrix, part

_PRELU = ACTIVATION_CODES["prelu"]


@shared_kernel(forward_signature)
def forward_blocks(wiring, options, work, trained):
    """Runs the batch through the network; returns whether every z and every variance was finite."""
    batch, layers, finite, h = work.inputs.shape[0], wiring.activations.size, True, work.inputs
    exponent = 0
    for layer in range(layers):
        if interrupted():
            break
        units, first = wiring.widths[layer + 1], batch * wiring.unit_start[layer]
        size, strip = batch * units, part(work.strip, 0, wiring.strip_size[layer])
        W = matrix(trained.parameters, trained.start[layer], units, wiring.widths[layer])
        b = part(trained.parameters, trained.start[layer + layers], units)
        z, a = matrix(work.preactivation, first, batch, units), part(work.preactivation, first, size)
        if exponent != 0 and options.skip[layer] != NO_SKIP:
            restore(part(h, 0, h.size), exponent)
            exponent = work.forward_exponent[layer - 1] = 0
        square = long_forward_product(h, W, b, z, strip) if exponent == 0 else 0.0
        if not is_ordinary(square, exponent):
            kind = _where_it_scales(options, layer, wiring.activations[layer], wiring.scales[layer])
            exponent, good = scaled_forward(kind, square, h, exponent, W, b, z, work.scratch, work.biases, strip)
            finite &= good
        work.forward_exponent[layer] = exponent
        if options.normalisation[layer] != NO_NORMALISATION:
            a = part(options.argument, first, size)
            finite &= _normalise(options, layer, first, trained, z, matrix(a, 0, batch, units))
        out, inner = part(work.activation, first, size), part(work.activation, first, size)
        if options.skip[layer] != NO_SKIP:
            inner = part(options.inner, first, size)
        phi, alpha = wiring.activations[layer], wiring.alphas[layer]
        slope = part(work.slope, first, size)
        if phi == MIXED:
            at = wiring.unit_start[layer]
            codes, alphas = part(options.unit_codes, at, units), part(options.unit_alphas, at, units)
            activate_units(codes, alphas, a, inner, slope, options.spare)
        else:
            _activate(options, layer, phi, alpha, trained, a, inner, slope)
        if options.drops and options.dropout[layer] > 0.0:
            factor = part(options.factor, first, size)
            dropout_factors(options.seed, trained.updates[0], layer, options.dropout[layer], factor)
            product(inner, factor, inner)
        if options.skip[layer] == HIGHWAY:
            finite &= _highway(options, layer, first, trained, h, inner, out, strip)
        elif options.skip[layer] != NO_SKIP:
            add_below(part(h, 0, size), inner, out)
        h = matrix(work.activation, first, batch, units)
    return finite


@inlined_kernel
def _where_it_scales(options, layer, code, kind):
    """Returns where a layer allows scaling: what normalises or skips needs true numbers, and what follows has them."""
    is_bare = code >= 0 and options.normalisation[layer] == NO_NORMALISATION and options.skip[layer] == NO_SKIP
    return kind if is_bare else SCALES_NOWHERE


@inlined_kernel
def _normalise(options, layer, first, trained, z, a):
    """Writes a of a normalised layer; returns whether all variances were finite."""
    batch, units = z.shape
    standard = matrix(options.standard, first, batch, units)
    root = part(options.root, layer * options.root.shape[1], options.root.shape[1])
    if options.normalisation[layer] == BATCH:
        running_mean = part(options.running_mean, first // batch, units)
        running_variance = part(options.running_variance, first // batch, units)
        mean, variance = running_mean, running_variance
        if not options.remembers:
            mean, variance = part(options.mean, 0, units), part(options.variance, 0, units)
            normalisation.unit_moments(z, mean, variance)
        if options.learns:
            normalisation.remember(mean, variance, batch, running_mean, running_variance)
        finite = normalisation.standardise_units(z, mean, variance, root, standard)
    else:
        finite = normalisation.standardise_rows(z, root, standard)
    gamma = part(trained.parameters, trained.start[options.block[layer, GAMMA]], units)
    beta = part(trained.parameters, trained.start[options.block[layer, BETA]], units)
    normalisation.scale_and_shift(standard, gamma, beta, a)
    return finite


@inlined_kernel
def _activate(options, layer, code, alpha, trained, a, inner, slope):
    """Writes phi(a) and phi'(a)."""
    if code == _PRELU:
        prelu(trained.parameters[trained.start[options.block[layer, SLOPE]]], a, inner, slope)
    else:
        activate(code, alpha, a, inner, slope)


@inlined_kernel
def _highway(options, layer, first, trained, h_below, inner, h, strip):
    """Writes T, C and h of a highway layer; returns whether the gate's z was finite."""
    batch, units = h_below.shape
    gate, carry = part(options.gate, first, h.size), part(options.carry, first, h.size)
    raw, slope = part(options.spare, 0, h.size), part(options.other_spare, 0, h.size)
    W = matrix(trained.parameters, trained.start[options.block[layer, GATE_W]], units, units)
    b = part(trained.parameters, trained.start[options.block[layer, GATE_B]], units)
    z = matrix(raw, 0, batch, units)
    finite = is_finite(long_forward_product(h_below, W, b, z, strip), z)
    activate(options.sigmoid, 1.0, raw, gate, slope)
    carry_of(gate, slope, carry)
    mix(part(h_below, 0, h.size), inner, gate, carry, h)
    return finite
