"""Where a run met its first number that is not finite, read from what the last step left behind.

The cell of an LSTM is not asked: |c_t| = |f c_{t-1} + i g| <= t whatever z is, for f and i lie in [0, 1], g in [-1, 1].
"""

import numpy as np

from vgdesk.kernels.recurrent.assembly import Place, RecurrentAssembly
from vgdesk.kernels.recurrent.layout import B_HN, B_IN, B_MAIN, GRU_AFTER, W_HH, W_HN, W_IH, W_IN

OPERATIONS = ("preactivation", "activation", "loss", "backward", "gradient")
"""In the order in which a step makes them."""


def breakdown(assembly: RecurrentAssembly, place: Place, loss: float) -> tuple[int, str] | None:
    """Returns (time step, operation), time steps counting from 1, or None where every number is finite.

    `loss` is the recorded one, NaN when the way forward already failed. What belongs to no time step of its own, the
    loss and the weights' gradients, counts as the last one.
    """
    shape, room = place.shape, place.room
    if not np.isfinite(loss):  # else all was finite on the way to it
        with np.errstate(all="ignore"):
            return _ahead(assembly, place) or (shape.steps, "loss")
    for t in range(shape.steps - 1, -1, -1):
        if not np.isfinite([room.state_square[t], room.delta_square[t]]).all():
            return t + 1, "backward"
    return None if np.isfinite(assembly.trained.square).all() else (shape.steps, "gradient")


def _ahead(assembly: RecurrentAssembly, place: Place) -> tuple[int, str] | None:
    shape, room = place.shape, place.room
    h = room.h.reshape(-1, shape.batch, shape.width)
    for t in range(shape.steps):
        if not all(np.isfinite(z).all() for z in _arguments(assembly, place, t, h[t])):
            return t + 1, "preactivation"
        if not np.isfinite(h[t + 1]).all():
            return t + 1, "activation"
    return None


def _arguments(assembly: RecurrentAssembly, place: Place, t: int, h: np.ndarray) -> list[np.ndarray]:
    """Returns z_t of the main gates and of a candidate once more: gates or deltas have taken its place in memory."""
    shape, room, trained = place.shape, place.room, assembly.trained

    def product(array: np.ndarray, weights: int, biases: int | None = None) -> np.ndarray:
        """Returns array W^T + b with the named blocks, in the parameters' number format."""
        W, *b = (trained.parameters[trained.start[n] :][: trained.size[n]] for n in (weights, biases) if n is not None)
        return array @ W.reshape(-1, array.shape[1]).T + (b[0] if b else 0)

    def at(flat: np.ndarray) -> np.ndarray:
        return flat.reshape(shape.steps, shape.batch, -1)[t]

    x = at(room.x)
    arguments = [product(x, W_IH, B_MAIN) + product(h, W_HH)]
    if room.candidate_z.size:
        after = shape.cell == GRU_AFTER
        state = at(room.reset_gate) * product(h, W_HN, B_HN) if after else product(at(room.reset), W_HN)
        arguments.append(product(x, W_IN, B_IN) + state)
    return arguments
