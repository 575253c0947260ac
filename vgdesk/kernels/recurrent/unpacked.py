"""A room's flat arrays as arrays by time step, float64, for what Python tells about a step."""

import numpy as np

from vgdesk.kernels.recurrent.assembly import RecurrentAssembly
from vgdesk.kernels.recurrent.layout import Shape
from vgdesk.kernels.recurrent.room import Room


def by_time(shape: Shape, flat: np.ndarray, width: int) -> np.ndarray:
    """Returns (time steps, batch, width)."""
    return flat.reshape(-1, shape.batch, width).astype(np.float64)


def gates_of(assembly: RecurrentAssembly, shape: Shape, room: Room) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Returns gates and their slopes one by one, each (T, B, H), of a room that keeps deltas.

    Those of an RNN are its states; those of other cells are made once more from z, for kernels keep only products of
    them. What the number format would have held as less than its smallest normal number is 0, as it is in kernels.
    """
    if assembly.network.cell == "rnn":
        return {"h": (by_time(shape, room.h, shape.width)[1:], by_time(shape, room.factor, shape.width))}
    names, z = {"lstm": "ifgo", "gru": "rzn"}[assembly.network.cell], arguments_of(shape, room)
    arguments = z.reshape(shape.steps, shape.batch, len(names), shape.width)
    smallest = np.finfo(assembly.dtype).smallest_normal

    def found(values: np.ndarray) -> np.ndarray:
        return np.where(np.abs(values) < smallest, 0.0, values)

    gates = {}
    for place, name in enumerate(names):
        x = arguments[:, :, place]
        e = np.exp(-np.abs(x) * (2.0 if name in "gn" else 1.0))
        share = 1.0 / (1.0 + e)
        if name in "gn":
            gates[name] = found(np.tanh(x)), found(4.0 * e * share**2)
        else:
            gates[name] = found(np.where(x < 0, e * share, share)), found(e * share**2)
    return gates


def arguments_of(shape: Shape, room: Room) -> np.ndarray:
    """Returns z of all gates side by side, (T, B, gates * H), of a room that keeps deltas: elsewhere it is gone."""
    return side_by_side(shape, room.z, room.candidate_z)


def side_by_side(shape: Shape, main: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Returns what belongs to the gates, z or dL/dz, as (T, B, gates * H), the candidate last."""
    parts = [by_time(shape, main, shape.main * shape.width)]
    if candidate.size:
        parts.append(by_time(shape, candidate, shape.width))
    return np.concatenate(parts, axis=2)
