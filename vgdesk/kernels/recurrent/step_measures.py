"""What can be told about one step beside its row, by the names of `spec.recording`.

One number per time step, (T,):

    "lag"                     log10 of |delta_t^T h_{t-1}|, what time step t adds to dL/dW_hh
    "saturated", "dead"       shares of gates' units with |phi'| < 0.01, and with phi = phi' = 0 on the whole batch
    "activation-mean", "activation-variance"   of h_t over batch and units
    "input-gate", "forget-gate", "output-gate", "reset-gate", "update-gate"   means over batch and units
    "cell-path"               log10 of the mean of the product of all later f (LSTM) or z (GRU)

One number for each of W_ih, W_hh, W_out, (3,): "weight-norm", "weight-change", "update" (log10), "float32-lost",
"float16-lost" (shares of the gradient's numbers that the format would store as 0). On request "histogram",
(T, bins + 2): shares of all z. All but "update" belong to the network before the step.
"""

import numpy as np

from vgdesk.kernels.recurrent.assembly import Place, RecurrentAssembly
from vgdesk.kernels.recurrent.layout import W_HH, W_HN, W_IH, W_IN, W_OUT, Shape
from vgdesk.kernels.recurrent.room import Room
from vgdesk.kernels.recurrent.unpacked import arguments_of, by_time, gates_of, side_by_side
from vgdesk.kernels.step_measures import Bins
from vgdesk.spec.formula.facts import SATURATED

GATE_NAMES = {"i": "input-gate", "f": "forget-gate", "o": "output-gate", "r": "reset-gate", "z": "update-gate"}
SMALLEST = {"float32-lost": -149, "float16-lost": -24}
"""Exponent of two of the smallest number of each format; half of it and less is stored as 0."""
_MATRICES = ((W_IH, W_IN), (W_HH, W_HN), (W_OUT,))


def measures_of(
    assembly: RecurrentAssembly, place: Place, start: np.ndarray, bins: Bins | None
) -> dict[str, np.ndarray]:
    """Returns all but "update", read from where a step was rehearsed; `start` are the first parameters, flat."""
    shape, room = place.shape, place.room
    h, found = by_time(shape, room.h, shape.width)[1:], gates_of(assembly, shape, room)
    gates = {name: gate for name, (gate, _) in found.items()}
    answers, bent = np.stack([*gates.values()]), np.stack([slope for _, slope in found.values()])
    quantities = {
        "lag": _lag(assembly, shape, room),
        "saturated": (np.abs(bent) < SATURATED).mean(axis=(0, 2, 3)),
        "dead": ((answers == 0) & (bent == 0)).all(axis=2).mean(axis=(0, 2)),
        **_spread(h),
        "weight-norm": weight_distances(assembly, np.zeros_like(start)),
        "weight-change": weight_distances(assembly, start),
        **{name: _lost(assembly, smallest) for name, smallest in SMALLEST.items()},
    }
    if assembly.network.cell != "rnn":
        quantities |= {GATE_NAMES[key]: gates[key].mean(axis=(1, 2)) for key in gates if key in GATE_NAMES}
        quantities["cell-path"] = _path(gates["f"] if assembly.network.cell == "lstm" else gates["z"])
    if bins is not None:
        z = arguments_of(shape, room)
        quantities["histogram"] = np.stack([_shares(one.ravel(), bins) for one in z])
    return quantities


def _spread(h: np.ndarray) -> dict[str, np.ndarray]:
    """Returns mean and variance of the states; of those that explode they are no numbers any more."""
    with np.errstate(over="ignore", invalid="ignore"):
        return {"activation-mean": h.mean(axis=(1, 2)), "activation-variance": h.var(axis=(1, 2))}


def weight_distances(assembly: RecurrentAssembly, other: np.ndarray) -> np.ndarray:
    """Returns log10 of |W - other W| for each of the three matrices; `other` is flat like the parameters."""
    trained = assembly.trained
    apart = trained.parameters.astype(np.float64) - other
    return np.array([_log10_norm(_blocks(assembly, apart, matrix)) for matrix in _MATRICES])


def _blocks(assembly: RecurrentAssembly, flat: np.ndarray, matrix: tuple[int, ...]) -> np.ndarray:
    start, size = assembly.trained.start, assembly.trained.size
    return np.concatenate([flat[int(start[block]) : int(start[block] + size[block])] for block in matrix])


def _log10_norm(values: np.ndarray) -> float:
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0 or not np.isfinite(largest):
        return -np.inf if largest == 0 else largest
    return float(np.log10(largest) + np.log10(np.linalg.norm(values / largest)))


def _lag(assembly: RecurrentAssembly, shape: Shape, room: Room) -> np.ndarray:
    delta = side_by_side(shape, room.kept, room.reset_kept if room.reset_kept.size else room.candidate_kept)
    h, width = by_time(shape, room.h, shape.width)[:-1], shape.main * shape.width
    (delta, delta_level), (h, h_level) = _levelled(delta), _levelled(h)
    shares = np.einsum("tbg,tbh->tgh", delta[..., :width], h)
    squares = _squares(shares)
    if delta.shape[2] > width:
        read = h
        if room.reset.size:
            read = np.ldexp(by_time(shape, room.reset, shape.width), -h_level[:, None, None])
        squares = squares + _squares(np.einsum("tbg,tbh->tgh", delta[..., width:], read))
    with np.errstate(divide="ignore"):
        return 0.5 * np.log10(squares) + (room.exponent + delta_level + h_level) * np.log10(2.0)


def _levelled(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns values near 1 and the exponent of two taken out of each time step, so that no square underflows."""
    level = np.frexp(np.abs(values).max(axis=(1, 2)))[1].astype(np.int64)
    return np.ldexp(values, -level[:, None, None]), level


def _squares(values: np.ndarray) -> np.ndarray:
    return np.einsum("tgh,tgh->t", values, values)


def _path(gate: np.ndarray) -> np.ndarray:
    """Returns log10 of the mean over batch and units of the product of a gate over all later time steps."""
    with np.errstate(divide="ignore"):
        logs = np.log(gate)
    after = np.concatenate([np.cumsum(logs[:0:-1], axis=0)[::-1], np.zeros_like(logs[:1])])
    largest = after.max(axis=(1, 2), keepdims=True)
    safe = np.where(np.isfinite(largest), largest, 0.0)
    with np.errstate(divide="ignore"):
        return (safe[:, 0, 0] + np.log(np.exp(after - safe).mean(axis=(1, 2)))) / np.log(10.0)


def _lost(assembly: RecurrentAssembly, smallest: int) -> np.ndarray:
    """Returns the share of nonzero numbers of each matrix's gradient that are at most half the smallest of a format."""
    trained, gradient = assembly.trained, assembly.trained.gradient.astype(np.float64)
    shares = []
    for matrix in _MATRICES:
        parts = [_blocks(assembly, gradient, (block,)) for block in matrix]
        _, exponents = zip(*(np.frexp(part) for part in parts), strict=True)
        lost = nonzero = 0
        for block, part, exponent in zip(matrix, parts, exponents, strict=True):
            magnitude, power = np.abs(np.frexp(part)[0]), exponent + trained.exponent[block]
            is_lost = (power < smallest) | ((power == smallest) & (magnitude <= 0.5))
            lost, nonzero = lost + int((is_lost & (part != 0)).sum()), nonzero + int((part != 0).sum())
        shares.append(lost / nonzero if nonzero else 0.0)
    return np.array(shares)


def _shares(values: np.ndarray, bins: Bins) -> np.ndarray:
    edges = np.concatenate([[-np.inf], np.linspace(bins.low, bins.high, bins.number + 1), [np.inf]])
    counts = np.histogram(values[~np.isnan(values)], edges)[0]
    return counts / values.size
