"""What a cell does between its products, number by number, for one time step. See `through_time` for the equations.

Gates lie in two ways: *side by side*, B rows of H numbers for each gate, as products need them; and *in blocks*, B*H
numbers of one gate after the other, as activations need them. Arrays are flat; `width` is H.
"""

from numba import types

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.late_binding import shared_kernel


def _arrays(count, *more):
    """Returns the signature of a kernel of `count` arrays and further integers."""
    return lambda number: types.void(*[number[::1]] * count, *more)


@shared_kernel(_arrays(3))
def add(first, second, total):
    """Writes total = first + second."""
    for k in range(total.size):
        total[k] = first[k] + second[k]


@shared_kernel(_arrays(3, types.int64, types.int64))
def add_in_blocks(drive, recurrent, blocks, width, gates):
    """Turns the sum of two arrays with gates side by side into blocks; of 4 gates the last two change places."""
    batch = recurrent.size // (width * gates)
    for gate in range(gates):
        place = 5 - gate if gates == 4 and gate > 1 else gate
        for row in range(batch):
            source, target = (row * gates + gate) * width, (place * batch + row) * width
            for unit in range(width):
                blocks[target + unit] = drive[source + unit] + recurrent[source + unit]


@shared_kernel(_arrays(3))
def multiply_into(first, second, product):
    """Writes product = first * second."""
    for k in range(product.size):
        product[k] = first[k] * second[k]


@shared_kernel(_arrays(4))
def add_product(start, first, second, total):
    """Writes total = start + first * second."""
    for k in range(total.size):
        total[k] = start[k] + first[k] * second[k]


@shared_kernel(_arrays(3))
def lstm_cell(gate, c, following):
    """Writes c_t = f c_{t-1} + i g."""
    size = c.size
    for k in range(size):
        following[k] = gate[size + k] * c[k] + gate[k] * gate[3 * size + k]


@shared_kernel(_arrays(5))
def lstm_through_output(gate, dh, squashed_slope, dc, total):
    """Writes dL/dc_t = what comes from c_{t+1} + dL/dh_t o tanh'(c_t)."""
    size = dh.size
    for k in range(size):
        total[k] = dc[k] + dh[k] * gate[2 * size + k] * squashed_slope[k]


@shared_kernel(_arrays(7, types.int64))
def lstm_delta(gate, slope, c, squashed, dh, dc, delta, width):
    """Writes dL/dz of the gates i, f, g, o side by side; `c` is c_{t-1}, `dc` all of dL/dc_t."""
    size = dh.size
    for row in range(size // width):
        first, target = row * width, 4 * row * width
        for unit in range(width):
            k = first + unit
            delta[target + unit] = dc[k] * gate[3 * size + k] * slope[k]
            delta[target + width + unit] = dc[k] * c[k] * slope[size + k]
            delta[target + 2 * width + unit] = dc[k] * gate[k] * slope[3 * size + k]
            delta[target + 3 * width + unit] = dh[k] * squashed[k] * slope[2 * size + k]


@shared_kernel(_arrays(3))
def lstm_pass_on(gate, dc, before):
    """Writes what c_{t-1} gets through the forget gate: dL/dc_t f."""
    size = dc.size
    for k in range(size):
        before[k] = dc[k] * gate[size + k]


@inlined_kernel
def _rest(z, slope):
    """Returns 1 - z with all its digits: near z = 1, where the difference loses them, it is z (1 - z) over z."""
    return slope / z if z > 0.5 else 1 - z


@shared_kernel(_arrays(4))
def gru_state(gate, slope, h, following):
    """Writes h_t = (1 - z) n + z h_{t-1}."""
    size = h.size
    for k in range(size):
        z = gate[size + k]
        following[k] = _rest(z, slope[size + k]) * gate[2 * size + k] + z * h[k]


@shared_kernel(_arrays(4))
def gru_candidate_delta(gate, slope, dh, delta):
    """Writes dL/dz of the candidate: dL/dh_t (1 - z) n'."""
    size = dh.size
    for k in range(size):
        delta[k] = dh[k] * _rest(gate[size + k], slope[size + k]) * slope[2 * size + k]


@shared_kernel(_arrays(6, types.int64))
def gru_delta(gate, slope, h, dh, through_reset, delta, width):
    """Writes dL/dz of the gates r, z side by side; `through_reset` is dL/dr, `h` is h_{t-1}."""
    size = dh.size
    for row in range(size // width):
        first, target = row * width, 2 * row * width
        for unit in range(width):
            k = first + unit
            delta[target + unit] = through_reset[k] * slope[k]
            delta[target + width + unit] = dh[k] * (h[k] - gate[2 * size + k]) * slope[size + k]


@shared_kernel(_arrays(4))
def gru_pass_on(gate, dh, more, before):
    """Adds to dL/dh_{t-1} what comes past the candidate's product: `more` and dL/dh_t z."""
    size = dh.size
    for k in range(size):
        before[k] += more[k] + dh[k] * gate[size + k]
