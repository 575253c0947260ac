"""Where a run met its first number that is not finite, read from what the last step left behind.

The cell of an LSTM is not asked: |c_t| = |f c_{t-1} + i g| <= t whatever z is, for f and i lie in [0, 1], g in [-1, 1].
"""

import numpy as np

from vgdesk.kernels.recurrent.assembly import Place, RecurrentAssembly
from vgdesk.kernels.recurrent.unpacked import arguments_of, by_time

OPERATIONS = ("preactivation", "activation", "loss", "backward", "gradient")
"""In the order in which a step makes them."""


def breakdown(assembly: RecurrentAssembly, place: Place, loss: float) -> tuple[int, str] | None:
    """Returns (time step, operation), time steps counting from 1, or None where every number is finite.

    `loss` is the recorded one, NaN when the way forward already failed. What belongs to no time step of its own, the
    loss and the weights' gradients, counts as the last one.
    """
    shape, room = place
    ahead = {"preactivation": arguments_of(shape, room), "activation": by_time(shape, room.h, shape.width)[1:]}
    for t in range(shape.steps):
        for operation, values in ahead.items():
            if not np.isfinite(values[t]).all():
                return t + 1, operation
    if not np.isfinite(loss):
        return shape.steps, "loss"
    for t in range(shape.steps - 1, -1, -1):
        if not np.isfinite([room.state_square[t], room.delta_square[t]]).all():
            return t + 1, "backward"
    return None if np.isfinite(assembly.trained.square).all() else (shape.steps, "gradient")
