"""A room's flat arrays as arrays by time step, float64, for what Python tells about a step."""

import numpy as np

from vgdesk.kernels.recurrent.assembly import RecurrentAssembly
from vgdesk.kernels.recurrent.layout import Shape
from vgdesk.kernels.recurrent.room import Room


def by_time(shape: Shape, flat: np.ndarray, width: int) -> np.ndarray:
    """Returns (time steps, batch, width)."""
    return flat.reshape(-1, shape.batch, width).astype(np.float64)


def gates_of(
    assembly: RecurrentAssembly, shape: Shape, main: np.ndarray, candidate: np.ndarray
) -> dict[str, np.ndarray]:
    """Returns gates or their slopes one by one, each (T, B, H), in the order of the parameters' rows.

    The gates of an RNN are its states: there `main` has no more than these.
    """
    names = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}[assembly.network.cell]
    gates = side_by_side(shape, main, candidate).reshape(shape.steps, shape.batch, len(names), shape.width)
    return {name: gates[:, :, place] for place, name in enumerate(names)}


def arguments_of(shape: Shape, room: Room) -> np.ndarray:
    """Returns z of all gates side by side, (T, B, gates * H), of a room that keeps deltas: elsewhere it is gone."""
    return side_by_side(shape, room.z, room.candidate_z)


def side_by_side(shape: Shape, main: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Returns what belongs to the gates, z or dL/dz, as (T, B, gates * H), the candidate last."""
    parts = [by_time(shape, main, shape.main * shape.width)]
    if candidate.size:
        parts.append(by_time(shape, candidate, shape.width))
    return np.concatenate(parts, axis=2)
