"""The gradients of all parameters, from the deltas of all time steps; see `through_time` for the equations."""

import numpy as np
from numba import types

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.clipping import multiply_by_power
from vgdesk.kernels.late_binding import shared_conductor
from vgdesk.kernels.recurrent.block_products import write_gradients, write_weights
from vgdesk.kernels.recurrent.layout import B_HN, B_IN, B_MAIN, B_OUT, GRU_AFTER, W_HH, W_HN, W_IH, W_IN, W_OUT
from vgdesk.kernels.recurrent.signatures import backward_signature, place_types
from vgdesk.kernels.views import matrix, part


@inlined_kernel
def _to_one_exponent(net, room):
    """Multiplies every time step's delta so that all have one exponent, the largest of those not zero; returns it."""
    common, is_one = np.int64(-(2**62)), True
    for t in range(net.steps):
        if room.delta_square[t] != 0.0 and room.exponent[t] > common:
            common = room.exponent[t]
    if common == np.int64(-(2**62)):
        return np.int64(0)
    for t in range(net.steps):
        is_one &= room.exponent[t] == common
    if not is_one:
        _level(net, room, common)
    return common


@shared_conductor(lambda number: types.void(*place_types(number)[:2], types.int64))
def _level(net, room, common):
    """Brings every time step's delta to the common exponent."""
    one = net.batch * net.width
    for t in range(net.steps):
        shift = room.exponent[t] - common
        if shift != 0:
            size = one * net.main
            multiply_by_power(part(room.delta, t * size, size), 1.0, shift)
            if room.candidate_delta.size:
                multiply_by_power(part(room.candidate_delta, t * one, one), 1.0, shift)
            if room.reset_delta.size:
                multiply_by_power(part(room.reset_delta, t * one, one), 1.0, shift)


@inlined_kernel
def write_all_gradients(net, room, trained, output_exponent):
    """Writes the gradients of all blocks."""
    rows, width, main = net.steps * net.batch, net.width, net.main * net.width
    exponent, delta = _to_one_exponent(net, room), matrix(room.delta, 0, rows, main)
    write_gradients(delta, exponent, room.x, room, trained, W_IH, B_MAIN)
    blank = min(net.blank, net.steps - 1) * net.batch
    later, h = matrix(delta, blank * main, rows - blank, main), matrix(room.h, blank * width, rows - blank, width)
    write_weights(later, exponent, h, room, trained, W_HH)
    if room.candidate_delta.size:
        _candidate_gradients(net, room, trained, exponent)
    answers = net.output_steps * net.batch
    read = matrix(room.h, (net.steps + 1 - net.output_steps) * net.batch * width, answers, width)
    output = matrix(room.output_delta, 0, answers, net.outputs)
    write_gradients(output, output_exponent, read, room, trained, W_OUT, B_OUT)


@shared_conductor(backward_signature)
def _candidate_gradients(net, room, trained, exponent):
    """Writes the gradients of a GRU's candidate."""
    rows, width = net.steps * net.batch, net.width
    candidate = matrix(room.candidate_delta, 0, rows, width)
    write_gradients(candidate, exponent, room.x, room, trained, W_IN, B_IN)
    if net.cell == GRU_AFTER:
        behind, h = matrix(room.reset_delta, 0, rows, width), matrix(room.h, 0, rows, width)
        write_gradients(behind, exponent, h, room, trained, W_HN, B_HN)
    else:
        write_weights(candidate, exponent, matrix(room.reset, 0, rows, width), room, trained, W_HN)
