"""A room's flat arrays as arrays by time step, float64, for what Python tells about a step."""

import numpy as np

from vgdesk.kernels.recurrent.assembly import RecurrentAssembly
from vgdesk.kernels.recurrent.layout import Room, Shape


def by_time(shape: Shape, flat: np.ndarray, width: int) -> np.ndarray:
    """Returns (time steps, batch, width)."""
    return flat.reshape(-1, shape.batch, width).astype(np.float64)


def gates_of(assembly: RecurrentAssembly, shape: Shape, flat: np.ndarray) -> dict[str, np.ndarray]:
    """Returns `Room.gate` or an array like it gate by gate, each (T, B, H), in the order of the parameters' rows."""
    names = {"rnn": "h", "lstm": "ifog", "gru": "rzn"}[assembly.network.cell]
    blocks = flat.reshape(shape.steps, len(names), shape.batch, shape.width).astype(np.float64)
    found = {name: blocks[:, place] for place, name in enumerate(names)}
    return {name: found[name] for name in ("ifgo" if assembly.network.cell == "lstm" else names)}


def deltas_of(shape: Shape, room: Room, main: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Returns scaled dL/dz of all gates side by side, (T, B, gates * H)."""
    parts = [by_time(shape, main, shape.main * shape.width)]
    if candidate.size:
        parts.append(by_time(shape, candidate, shape.width))
    return np.concatenate(parts, axis=2)
