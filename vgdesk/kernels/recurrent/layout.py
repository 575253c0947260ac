"""How a recurrent network lies in memory while kernels work on it. Private to this package.

Everything is time after time: row t*B + b of a matrix belongs to example b at time step t + 1. Parameters stand in
nine blocks (numbers below); those of the candidate n are a GRU's and have length 0 elsewhere. *Main* are the other
gates: all of an RNN or LSTM, r and z of a GRU.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from vgdesk.kernels.layout import activation_code
from vgdesk.kernels.recurrent.network import RecurrentNetwork, has_second_bias
from vgdesk.kernels.rules import Rule
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
    blank
        1 where h_0 is zero, so that products with it are left out; 0 where it is given (see `differentiate`).
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
    blank: int
    main_code: int
    main_alpha: float
    output_code: int
    output_alpha: float


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


def build_shape(network: RecurrentNetwork, batch: int, is_blank: bool = True) -> Shape:
    """Returns the network in numbers; `is_blank` says that h_0 is zero."""
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
        blank=int(is_blank),
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
