"""Recurrent networks, drawn by a law: their matrices, what the outputs give, and the gradient at every time step."""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.spec.recurrent import Cell, Gru, Lstm
from vgdesk.theory.activations import phi_of
from vgdesk.theory.drawn_cells import Passed, backwards, forwards
from vgdesk.theory.initialisation import Start
from vgdesk.theory.loss_gradient import state_gradient
from vgdesk.theory.mixing import Mixing
from vgdesk.theory.number_stream import NumberStream

_ROTATIONS = 8
_FEW = 2
"""So many sequences are put into one product of matrices."""


class Law(NamedTuple):
    """Says of what law the networks are: hashable, so that equal ones are run once."""

    cell: Cell
    width: int
    on_inputs: Start
    on_state: Start
    gain: float | None
    on_output: Start
    output_activation: str
    loss: str
    output_steps: int


def drawn_logs(law: Law, draws: int, x: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns ln |dL/dh_t|^2 of every draw, shape (draws, time steps), and h, time steps in front.

    Infinity stands for a gradient where a state is no number of this precision any more.

    Parameters
    ----------
    x, targets
        The sequences, shapes (sequences, time steps, inputs) and (sequences, output steps, outputs). Numbers are of
        the precision of x.
    """
    stream, gates = NumberStream(), gates_of(law.cell)
    halves = np.full((gates, 1, 1), 0.5, np.float32)
    if isinstance(law.cell, Lstm | Gru):
        halves[-1] = 1.0
    else:
        halves[:] = 1.0
    matrix = _matrix(law, draws, gates, stream, halves)
    mixing = Mixing(None if matrix is None else matrix.astype(x.dtype), halves * np.float32(law.gain or 0.0))
    given, bias = _given(law, draws, gates, x, stream)
    given *= halves
    passed = forwards(law.cell, given, mixing, bias)
    if not np.isfinite(passed.state[-1]).all():
        return np.full((draws, len(x[0])), np.inf), passed.state
    own = _own(law, passed.state, targets, draws, stream)
    return _way_back(passed, mixing, own), passed.state


def gates_of(cell: Cell) -> int:
    """Returns how many blocks of rows W_hh has: 4 of an LSTM, 3 of a GRU, else 1."""
    return 4 if isinstance(cell, Lstm) else 3 if isinstance(cell, Gru) else 1


def _matrix(law: Law, draws: int, gates: int, stream: NumberStream, halves: np.ndarray) -> np.ndarray | None:
    if law.gain is not None:
        return None
    units, start = law.width, law.on_state
    if start.is_orthogonal:
        return orthogonal_matrices(draws, gates, units, stream) * (halves * np.float32(math.sqrt(start.weight)))
    numbers = stream.take((draws, gates, units, units), is_uniform=start.excess < 0.0)
    return numbers * (halves * np.float32(math.sqrt(start.weight / units)))


def orthogonal_matrices(draws: int, gates: int, units: int, stream: NumberStream) -> np.ndarray:
    """Returns orthogonal matrices, few of which are made: others have rows and columns of one in another order.

    A matrix uniform over all rotations is that in any order; that two share their numbers shows in no power of them.
    """
    made = stream.take_orthogonal(min(_ROTATIONS, draws), units, units)
    count = draws * gates
    rows, columns = (stream.chances((count, units)).argsort(axis=1) for _ in range(2))
    which = np.arange(count) % len(made)
    found = made[which[:, None, None], rows[:, :, None], columns[:, None, :]]
    return found.reshape(draws, gates, units, units)


def _given(
    law: Law, draws: int, gates: int, x: np.ndarray, stream: NumberStream
) -> tuple[np.ndarray, np.ndarray | None]:
    """Returns W_ih x + b, shape (time steps, draws, gates, units, sequences), and b_hn."""
    start, units, inputs = law.on_inputs, law.width, x.shape[2]
    is_uniform, rows = start.excess < 0.0, draws * gates * units
    W = stream.take((rows, inputs), is_uniform) * np.float32(math.sqrt(start.weight / start.fan_in))
    b = stream.take((draws, gates, units, 1), is_uniform) * np.float32(math.sqrt(start.bias))
    if isinstance(law.cell, Lstm):
        b[:, 2] = law.cell.forget_bias
    given = products_of_steps(W, x).reshape(x.shape[1], draws, gates, units, len(x))
    given += b
    if not (isinstance(law.cell, Gru) and law.cell.reset == "after"):
        return given, None
    return given, stream.take((draws, units, 1), law.on_state.excess < 0.0) * np.float32(math.sqrt(law.on_state.bias))


def products_of_steps(W: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Returns W x_t of every time step, shape (time steps, rows, sequences)."""
    sequences, steps, inputs = x.shape
    if sequences > _FEW:
        return np.matmul(W, x.transpose(1, 2, 0))
    # one product of matrices, half of which are zeros, is ten times as fast as one of tiny ones at every step
    spread = np.einsum("ri,st->sirt", W, np.eye(sequences, dtype=W.dtype)).reshape(sequences * inputs, -1)
    flat = x.transpose(1, 0, 2).reshape(steps, -1)
    return (flat @ spread.astype(x.dtype)).reshape(steps, len(W), sequences)


def _own(law: Law, state: np.ndarray, targets: np.ndarray, draws: int, stream: NumberStream) -> np.ndarray:
    """Returns dL/dh that the outputs give directly, shape (output steps, draws, units, sequences)."""
    start, outputs = law.on_output, targets.shape[2]
    is_uniform = start.excess < 0.0
    W = stream.take((draws, outputs, law.width), is_uniform) * np.float32(math.sqrt(start.weight / start.fan_in))
    b = stream.take((draws, outputs, 1), is_uniform) * np.float32(math.sqrt(start.bias))
    own = np.empty_like(state[-law.output_steps :])
    for place, h in enumerate(state[-law.output_steps :]):
        z = np.ascontiguousarray(np.moveaxis(W @ h + b, 1, 0), float)
        gradient, slope = state_gradient(z, targets[:, place].T[:, None], phi_of(law.output_activation), law.loss)
        gradient = gradient if slope is None else gradient * slope
        own[place] = W.swapaxes(1, 2) @ np.moveaxis(gradient, 0, 1).astype(state.dtype)
    return own


def _way_back(passed: Passed, mixing: Mixing, own: np.ndarray) -> np.ndarray:
    """Returns ln |G_t|^2; its size is taken out at every step, for hundreds of steps underflow."""
    steps, draws = passed.state.shape[:2]
    largest = np.abs(own).max(axis=(0, 2, 3)).astype(float)
    logs, exponent = np.empty((draws, steps)), 2.0 * np.log(np.where(largest > 0.0, largest, 1.0))
    G = C = np.zeros_like(passed.state[0])
    for place in range(steps - 1, -1, -1):
        if place >= steps - len(own):
            G = G + own[place - steps + len(own)] * np.exp(-0.5 * exponent).astype(own.dtype)[:, None, None]
        square = np.einsum("dus,dus->d", G, G)
        logs[:, place] = exponent + np.log(square)
        if place % 4 == 0:
            # an LSTM whose gates are shut for hundreds of steps keeps in c what it has lost in h
            larger = np.maximum(square, np.einsum("dus,dus->d", C, C))
            scale = np.where((larger > 0.0) & np.isfinite(larger), larger, np.float32(1.0))
            exponent = exponent + np.log(scale.astype(float))
            inverse = (1.0 / np.sqrt(scale))[:, None, None]
            G, C = G * inverse, C * inverse
        G, C = backwards(passed, mixing, place, G, C)
    return logs
