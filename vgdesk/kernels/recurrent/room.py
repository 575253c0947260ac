"""The memory in which a recurrent network makes a step. Private to this package.

Everything is time after time, as `layout` says.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.kernels.layout import BLAS_WIDTH
from vgdesk.kernels.memory import aligned_zeros
from vgdesk.kernels.recurrent.layout import GRU_AFTER, GRU_BEFORE, LSTM, RNN, Shape
from vgdesk.kernels.simd.registers import packed_size, registers, strip_size

FEW_INPUTS = 8
"""Up to so many, the inputs' part of z is made with that of h, time step by time step."""


class Room(NamedTuple):
    """Holds everything a step writes; flat, unless said otherwise, of T*B*... numbers.

    Attributes
    ----------
    x, targets
        Shapes (T*B, I), (S*B, O).
    z, candidate_z
        What the main gates (H numbers each, side by side) and the candidate are activations of.
    candidate_recurrent
        W_hn h + b_hn of all time steps (GRU with reset after the product).
    gate, slope
        phi(z) and phi'(z) of the main gates, side by side: i, f, g, o or r, z.
    candidate, candidate_slope
        n of a GRU and its slope.
    h, c
        (T+1)*B*H: states and an LSTM's cells, beginning with zeros.
    squashed, squashed_slope
        tanh(c) and its slope.
    reset
        r h of all time steps (GRU with reset before the product).
    delta, candidate_delta, reset_delta
        dL/dz of the main gates (side by side) and of the candidate; the latter times r (reset after the product).
        All that is read again in a step should stay near the processor. So, unless deltas are kept: those of an RNN
        take the place of dL/dh, those of gates and of a candidate that of their slopes, `reset_delta` that of
        `candidate_recurrent`, all of which are read just before; and an RNN's h, gates, and a candidate that of z.
    kept, candidate_kept, reset_kept
        Copies of these before they are brought to one exponent; of length 0 unless asked for.
    dh, dc, more, through
        dL/dh of all time steps; dL/dc of all; room for one time step; what r h gets (reset before the product).
    raw, output, output_slope, output_delta, output_dh
        Of the output: z, phi(z), phi'(z), dL/dz, and what it gives to dL/dh.
    packed, candidate_packed
        W_hh and W_hn as `cell_products.add_forward_product` reads them.
    input_packed
        W_ih likewise, where there are so few inputs that their part of z is made with that of h, time step by time
        step: a product of all time steps would go to memory and come back. Else of length 0.
    no_mask, scratch, product, strip
        An array of length 0; room for a copy, for one time step's product, for strips.
    signal_exponent, exponent
        Shape (T,): of dL/dh_t and dL/dc_t as they lie in memory, and of the deltas.
    state_square, state_exponent, cell_square, cell_exponent, delta_square, delta_exponent
        Shape (T,): sums of squares of scaled signals, and their exponents of two.
    """

    x: np.ndarray
    targets: np.ndarray
    z: np.ndarray
    candidate_z: np.ndarray
    candidate_recurrent: np.ndarray
    gate: np.ndarray
    slope: np.ndarray
    candidate: np.ndarray
    candidate_slope: np.ndarray
    h: np.ndarray
    c: np.ndarray
    squashed: np.ndarray
    squashed_slope: np.ndarray
    reset: np.ndarray
    delta: np.ndarray
    candidate_delta: np.ndarray
    reset_delta: np.ndarray
    kept: np.ndarray
    candidate_kept: np.ndarray
    reset_kept: np.ndarray
    dh: np.ndarray
    dc: np.ndarray
    more: np.ndarray
    through: np.ndarray
    raw: np.ndarray
    output: np.ndarray
    output_slope: np.ndarray
    output_delta: np.ndarray
    output_dh: np.ndarray
    packed: np.ndarray
    candidate_packed: np.ndarray
    input_packed: np.ndarray
    no_mask: np.ndarray
    scratch: np.ndarray
    product: np.ndarray
    strip: np.ndarray
    signal_exponent: np.ndarray
    exponent: np.ndarray
    state_square: np.ndarray
    state_exponent: np.ndarray
    cell_square: np.ndarray
    cell_exponent: np.ndarray
    delta_square: np.ndarray
    delta_exponent: np.ndarray


def build_room(shape: Shape, dtype: np.dtype, keeps_deltas: bool = False) -> Room:
    """Allocates what a step writes."""
    one, every = shape.batch * shape.width, shape.steps * shape.batch * shape.width
    is_lstm, is_gru = shape.cell == LSTM, shape.cell in (GRU_AFTER, GRU_BEFORE)
    answers, rows = shape.output_steps * shape.batch * shape.outputs, shape.steps * shape.batch

    def room(size: int, needed: bool = True) -> np.ndarray:
        return aligned_zeros(size if needed else 0, dtype)

    is_explicit, is_after = _is_explicit(shape), shape.cell == GRU_AFTER
    joins = is_explicit and _joins_inputs(shape)
    gate, slope, h, dh = (room(size) for size in (every * shape.main, every * shape.main, every + one, every))
    candidate, candidate_slope, recurrent = (room(every, needed) for needed in (is_gru, is_gru, is_after))
    is_rnn = shape.cell == RNN
    arguments = [h[one:] if is_rnn else gate, candidate]
    deltas = [dh if is_rnn else slope, candidate_slope, recurrent]
    if keeps_deltas:
        arguments, deltas = ([room(array.size) for array in arrays] for arrays in (arguments, deltas))
    numbers = [np.zeros(shape.steps, np.int64 if place % 2 else np.float64) for place in range(6)]
    return Room(
        x=room(rows * shape.inputs).reshape(rows, -1),
        targets=room(answers).reshape(-1, shape.outputs),
        z=arguments[0],
        candidate_z=arguments[1],
        candidate_recurrent=recurrent,
        gate=gate,
        slope=slope,
        candidate=candidate,
        candidate_slope=candidate_slope,
        h=h,
        c=room(every + one, is_lstm),
        squashed=room(every, is_lstm),
        squashed_slope=room(every, is_lstm),
        reset=room(every, shape.cell == GRU_BEFORE),
        delta=deltas[0],
        candidate_delta=deltas[1],
        reset_delta=deltas[2],
        kept=room(every * shape.main, keeps_deltas),
        candidate_kept=room(every, is_gru and keeps_deltas),
        reset_kept=room(every, shape.cell == GRU_AFTER and keeps_deltas),
        dh=dh,
        dc=room(every + one, is_lstm),
        more=room(one),
        through=room(one, shape.cell == GRU_BEFORE),
        raw=room(answers),
        output=room(answers),
        output_slope=room(answers),
        output_delta=room(answers),
        output_dh=room(shape.output_steps * one),
        packed=room(packed_size(shape.main * shape.width, shape.width, dtype.itemsize), is_explicit),
        candidate_packed=room(packed_size(shape.width, shape.width, dtype.itemsize), is_explicit and is_gru),
        input_packed=room(packed_size(shape.main * shape.width, shape.inputs, dtype.itemsize), joins),
        no_mask=room(0),
        scratch=room(rows * max(shape.inputs, shape.width)),
        product=room(0 if is_explicit else one * shape.main),
        strip=room(strip_size(max(shape.width, shape.inputs), dtype.itemsize), is_explicit),
        signal_exponent=np.zeros(shape.steps, np.int64),
        exponent=np.zeros(shape.steps, np.int64),
        state_square=numbers[0],
        state_exponent=numbers[1],
        cell_square=numbers[2],
        cell_exponent=numbers[3],
        delta_square=numbers[4],
        delta_exponent=numbers[5],
    )


def _joins_inputs(shape: Shape) -> bool:
    """Whether the inputs' part of z is made with that of h: of one time step there must be rows enough for a tile."""
    return shape.inputs <= FEW_INPUTS and shape.batch >= registers().rows


def _is_explicit(shape: Shape) -> bool:
    """Whether explicit products do all; else BLAS does."""
    return max(shape.main * shape.width, shape.inputs, shape.outputs) < 2 * BLAS_WIDTH and registers().fit
