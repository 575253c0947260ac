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
        What the main gates (H numbers each, side by side: i, f, g, o or r, z) and the candidate are activations of.
    factor, candidate_factor, cell_factor
        What the way back multiplies a signal by (see `through_time`): to give dL/dz of the main gates and of the
        candidate, and dL/dc of an LSTM.
    carry
        What goes on without a product: f of an LSTM, z of a GRU.
    inner
        Room for two arrays of one time step: i g and o of an LSTM; 1 - z and W_hn h + b_hn of a GRU.
    h, c
        (T+1)*B*H: states and an LSTM's cells, beginning with zeros.
    reset_gate, reset
        r of a GRU; r h of all time steps (reset before the product).
    delta, candidate_delta, reset_delta
        dL/dz of the main gates (side by side) and of the candidate; the latter times r (reset after the product).
        All that is read again in a step should stay near the processor: factors take the place of z, deltas that of
        factors, `reset_delta` that of r, all of which are read just before; h takes that of an RNN's z, and its delta
        that of dL/dh. Where deltas are kept, z is, too, and an RNN's dL/dh.
    kept, candidate_kept, reset_kept
        Copies of these before they are brought to one exponent; of length 0 unless asked for.
    dh, dc
        dL/dh and dL/dc of one time step and the one before, which take turns; of T+1 where deltas are kept, and of an
        RNN, beginning with the time step before the first (see `signals.signal`).
    through
        What r h gets (reset before the product), of one time step.
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
    factor: np.ndarray
    candidate_factor: np.ndarray
    cell_factor: np.ndarray
    carry: np.ndarray
    inner: np.ndarray
    h: np.ndarray
    c: np.ndarray
    reset_gate: np.ndarray
    reset: np.ndarray
    delta: np.ndarray
    candidate_delta: np.ndarray
    reset_delta: np.ndarray
    kept: np.ndarray
    candidate_kept: np.ndarray
    reset_kept: np.ndarray
    dh: np.ndarray
    dc: np.ndarray
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
    is_rnn, is_lstm, is_gru = shape.cell == RNN, shape.cell == LSTM, shape.cell in (GRU_AFTER, GRU_BEFORE)
    answers, rows = shape.output_steps * shape.batch * shape.outputs, shape.steps * shape.batch

    def room(size: int, needed: bool = True) -> np.ndarray:
        return aligned_zeros(size if needed else 0, dtype)

    is_explicit = _is_explicit(shape)
    joins = is_explicit and _joins_inputs(shape)
    factor, candidate_factor, reset_gate = room(every * shape.main), room(every, is_gru), room(every, is_gru)
    signals = every + one if is_rnn or keeps_deltas else 2 * one
    h, dh = room(every + one), room(signals)
    arguments, delta = [h[one:] if is_rnn else factor, candidate_factor], dh[one:] if is_rnn else factor
    if keeps_deltas:
        arguments, delta = [room(array.size) for array in arguments], room(delta.size) if is_rnn else delta
    numbers = [np.zeros(shape.steps, np.int64 if place % 2 else np.float64) for place in range(6)]
    return Room(
        x=room(rows * shape.inputs).reshape(rows, -1),
        targets=room(answers).reshape(-1, shape.outputs),
        z=arguments[0],
        candidate_z=arguments[1],
        factor=factor,
        candidate_factor=candidate_factor,
        cell_factor=room(every, is_lstm),
        carry=room(every, is_lstm or is_gru),
        inner=room(2 * one, is_lstm or is_gru),
        h=h,
        c=room(every + one, is_lstm),
        reset_gate=reset_gate,
        reset=room(every, shape.cell == GRU_BEFORE),
        delta=delta,
        candidate_delta=candidate_factor,
        reset_delta=reset_gate[: every if shape.cell == GRU_AFTER else 0],
        kept=room(every * shape.main, keeps_deltas),
        candidate_kept=room(every, is_gru and keeps_deltas),
        reset_kept=room(every, shape.cell == GRU_AFTER and keeps_deltas),
        dh=dh,
        dc=room(signals, is_lstm),
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
