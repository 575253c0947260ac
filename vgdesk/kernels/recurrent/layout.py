"""How a recurrent network lies in memory while kernels work on it. Private to this package.

Everything is time after time: row t*B + b of a matrix belongs to example b at time step t + 1. Parameters stand in
nine blocks (numbers below); those of the candidate n are a GRU's and have length 0 elsewhere. *Main* are the other
gates: all of an RNN or LSTM, r and z of a GRU.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from vgdesk.kernels.layout import BLAS_WIDTH, activation_code
from vgdesk.kernels.memory import aligned_zeros
from vgdesk.kernels.recurrent.network import RecurrentNetwork, has_second_bias
from vgdesk.kernels.rules import Rule
from vgdesk.kernels.simd.registers import packed_size, registers, strip_size
from vgdesk.kernels.trained import Trained, build_trained
from vgdesk.spec.activation import alpha_of

W_IH, W_IN, W_HH, W_HN, W_OUT, B_MAIN, B_IN, B_HN, B_OUT = range(9)
RNN, LSTM, GRU_AFTER, GRU_BEFORE = range(4)


class Shape(NamedTuple):
    """Describes the network to a kernel.

    Attributes
    ----------
    cell
        `RNN`, `LSTM`, `GRU_AFTER` or `GRU_BEFORE`.
    steps, batch, inputs, width, main, outputs, output_steps
        T, B, I, H, number of main gates, O, and at how many last time steps the output is read.
    main_code, output_code
        Activations: an RNN's own (sigmoid elsewhere: the passes of gates have theirs built in), of the output.
    main_alpha, output_alpha
        `alpha_of` an RNN's activation, of the output's.
    """

    cell: int
    steps: int
    batch: int
    inputs: int
    width: int
    main: int
    outputs: int
    output_steps: int
    main_code: int
    main_alpha: float
    output_code: int
    output_alpha: float


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
        phi(z) and phi'(z) of all gates, side by side: i, f, g, o or r, z, n.
    h, c
        (T+1)*B*H: states and an LSTM's cells, beginning with zeros.
    squashed, squashed_slope
        tanh(c) and its slope.
    reset
        r h of all time steps (GRU with reset before the product).
    delta, candidate_delta, reset_delta
        dL/dz of the main gates (side by side) and of the candidate; the latter times r (reset after the product).
        All that is read again in a step should stay near the processor. So, unless deltas are kept: those of an RNN and
        of an LSTM take the place of the slopes, which are read just before; those of a GRU take the place of z,
        `candidate_z` and `candidate_recurrent`; an RNN's h and an LSTM's gates take the place of z.
    kept, candidate_kept, reset_kept
        Copies of these before they are brought to one exponent; of length 0 unless asked for.
    dh, dc, more, through
        dL/dh of all time steps; dL/dc of all; room for one time step; what r h gets (reset before the product).
    raw, output, output_slope, output_delta, output_dh
        Of the output: z, phi(z), phi'(z), dL/dz, and what it gives to dL/dh.
    packed, candidate_packed
        W_hh and W_hn as `products.add_forward_product` reads them.
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


class Record(NamedTuple):
    """Holds the recorded rows; all float64 but `clipped` (bool). Norms are log10.

    Attributes
    ----------
    loss, total_norm, clipped_norm, clipped
        Shape (steps,).
    weight_norm, bias_norm
        Shape (steps, 3): of dL/dW_ih, dL/dW_hh, dL/dW_out; of dL/db, dL/db_hn, dL/db_out.
    state_norm, cell_norm, delta_norm
        Shape (steps, T): |dL/dh_t|, |dL/dc_t| (T is 0 where there is no cell), |dL/dz_t| of all gates.
    """

    loss: np.ndarray
    total_norm: np.ndarray
    clipped_norm: np.ndarray
    clipped: np.ndarray
    weight_norm: np.ndarray
    bias_norm: np.ndarray
    state_norm: np.ndarray
    cell_norm: np.ndarray
    delta_norm: np.ndarray


def build_shape(network: RecurrentNetwork, batch: int) -> Shape:
    """Returns the network in numbers."""
    is_rnn = network.cell == "rnn"
    after = GRU_AFTER if network.reset == "after" else GRU_BEFORE
    return Shape(
        cell={"rnn": RNN, "lstm": LSTM, "gru": after}[network.cell],
        steps=network.steps,
        batch=batch,
        inputs=network.inputs,
        width=network.width,
        main={"rnn": 1, "lstm": 4, "gru": 2}[network.cell],
        outputs=network.outputs,
        output_steps=network.output_steps,
        main_code=activation_code(network.activation if is_rnn else "sigmoid"),
        main_alpha=alpha_of(network.activation),
        output_code=activation_code(network.output_activation),
        output_alpha=alpha_of(network.output_activation),
    )


def build_parameters(
    network: RecurrentNetwork, parameters: Mapping[str, np.ndarray], rule: Rule, dtype: np.dtype
) -> Trained:
    """Copies the parameters into their nine blocks."""
    main = {"rnn": 1, "lstm": 4, "gru": 2}[network.cell] * network.width
    W_ih, W_hh, b = parameters["W_ih"], parameters["W_hh"], parameters["b"]
    b_hn = parameters.get("b_hn", np.zeros(0))
    weights = W_ih[:main], W_ih[main:], W_hh[:main], W_hh[main:], parameters["W_out"]
    return build_trained(rule, (weights, (b[:main], b[main:], b_hn, parameters["b_out"])), dtype)


def cut_parameters(network: RecurrentNetwork, trained: Trained, flat: np.ndarray) -> dict[str, np.ndarray]:
    """Cuts named arrays out of one that is flat like the parameters; copies, float64."""

    def block(number: int) -> np.ndarray:
        first = int(trained.start[number])
        return flat[first : first + int(trained.size[number])].astype(np.float64)

    width, second = network.width, {"b_hn": block(B_HN)} if has_second_bias(network) else {}
    return {
        "W_ih": np.concatenate([block(W_IH), block(W_IN)]).reshape(-1, network.inputs),
        "W_hh": np.concatenate([block(W_HH), block(W_HN)]).reshape(-1, width),
        "b": np.concatenate([block(B_MAIN), block(B_IN)]),
        **second,
        "W_out": block(W_OUT).reshape(-1, width),
        "b_out": block(B_OUT),
    }


def build_room(shape: Shape, dtype: np.dtype, keeps_deltas: bool = False) -> Room:
    """Allocates what a step writes."""
    one, every = shape.batch * shape.width, shape.steps * shape.batch * shape.width
    is_lstm, is_gru = shape.cell == LSTM, shape.cell in (GRU_AFTER, GRU_BEFORE)
    answers, rows = shape.output_steps * shape.batch * shape.outputs, shape.steps * shape.batch

    def room(size: int, needed: bool = True) -> np.ndarray:
        return aligned_zeros(size if needed else 0, dtype)

    is_explicit = _is_explicit(shape)
    gate, slope, h = room(every * (shape.main + is_gru)), room(every * (shape.main + is_gru)), room(every + one)
    arguments = [room(every * shape.main), room(every, is_gru), room(every, shape.cell == GRU_AFTER)]
    deltas = [room(array.size) for array in arguments] if keeps_deltas else arguments.copy()
    if not keeps_deltas and not is_gru:
        arguments[0], deltas[0] = gate if is_lstm else h[one:], slope
    numbers = [np.zeros(shape.steps, np.int64 if place % 2 else np.float64) for place in range(6)]
    return Room(
        x=room(rows * shape.inputs).reshape(rows, -1),
        targets=room(answers).reshape(-1, shape.outputs),
        z=arguments[0],
        candidate_z=arguments[1],
        candidate_recurrent=arguments[2],
        gate=gate,
        slope=slope,
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
        dh=room(every),
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


def build_record(steps: int, shape: Shape) -> Record:
    """Allocates the rows of a record."""
    times = shape.steps
    return Record(
        loss=np.empty(steps),
        total_norm=np.empty(steps),
        clipped_norm=np.empty(steps),
        clipped=np.zeros(steps, np.bool_),
        weight_norm=np.empty((steps, 3)),
        bias_norm=np.empty((steps, 3)),
        state_norm=np.empty((steps, times)),
        cell_norm=np.empty((steps, times if shape.cell == LSTM else 0)),
        delta_norm=np.empty((steps, times)),
    )


def _is_explicit(shape: Shape) -> bool:
    """Whether explicit products do all; else BLAS does."""
    return max(shape.main * shape.width, shape.inputs, shape.outputs) < 2 * BLAS_WIDTH and registers().fit
