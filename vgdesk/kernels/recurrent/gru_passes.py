"""What a GRU does between its products: passes over a time step's units, forward or back.

Arrays are those of `lstm_passes`; gates in the order r, z, n. `after` and `before` say where the reset gate stands: at
the product W_hn h + b_hn, or before it at h.
"""

from typing import Any

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.elementary import sigmoid_and_slope, sigmoid_slope_and_rest, tanh_and_slope
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.rows import Vectors, over_rows


@generated
def gru_gates_after(typing_context: Any, width: Any, z: Any, n: Any, flat: Any, gate: Any, slope: Any) -> Any:
    """Writes r and z with their slopes, and adds r `flat` to the argument `n` of the candidate.

    1 - z goes to the place of the candidate, which `gru_state` writes.
    """
    arrays = {"z": (z, 2), "n": (n, 1), "flat": (flat, 1), "gate": (gate, 3), "slope": (slope, 3)}
    return over_rows(arrays, ("gate", "slope", "n"), _gru_gates_after)


def _gru_gates_after(lanes: MaskedLanes, given: Vectors) -> Vectors:
    r, z = sigmoid_and_slope(lanes, given["z"][0]), sigmoid_slope_and_rest(lanes, given["z"][1])
    n = lanes.multiply_add(r[0], given["flat"][0], given["n"][0])
    return {"gate": [r[0], z[0], z[2]], "slope": [r[1], z[1], None], "n": [n]}


@generated
def gru_gates_before(typing_context: Any, width: Any, z: Any, h: Any, gate: Any, slope: Any, reset: Any) -> Any:
    """Writes r and z with their slopes, 1 - z as `gru_gates_after` does, and the reset state r h_{t-1}."""
    arrays = {"z": (z, 2), "h": (h, 1), "gate": (gate, 3), "slope": (slope, 3), "reset": (reset, 1)}
    return over_rows(arrays, ("gate", "slope", "reset"), _gru_gates_before)


def _gru_gates_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    r, z = sigmoid_and_slope(lanes, given["z"][0]), sigmoid_slope_and_rest(lanes, given["z"][1])
    reset = lanes.builder.fmul(r[0], given["h"][0])
    return {"gate": [r[0], z[0], z[2]], "slope": [r[1], z[1], None], "reset": [reset]}


@generated
def gru_state(typing_context: Any, width: Any, n: Any, h: Any, gate: Any, slope: Any, following: Any) -> Any:
    """Writes the candidate with its slope, and h_t = (1 - z) n + z h_{t-1}; 1 - z stands where the candidate goes."""
    arrays = {"n": (n, 1), "h": (h, 1), "gate": (gate, 3), "slope": (slope, 3), "following": (following, 1)}
    return over_rows(arrays, ("gate", "slope", "following"), _gru_state)


def _gru_state(lanes: MaskedLanes, given: Vectors) -> Vectors:
    (_, z, rest), (n, slope_n) = given["gate"], tanh_and_slope(lanes, given["n"][0])
    following = lanes.multiply_add(rest, n, lanes.builder.fmul(z, given["h"][0]))
    return {"gate": [None, None, n], "slope": [None, None, slope_n], "following": [following]}


def _rest(lanes: MaskedLanes, z: Any, slope: Any) -> Any:
    """Returns 1 - z with all its digits: near z = 1, where the difference loses them, it is z (1 - z) over z."""
    builder = lanes.builder
    return lanes.where(">", z, 0.5, builder.fdiv(slope, z), builder.fsub(lanes.constant(1.0), z))


@generated
def gru_back_after(
    typing_context: Any,
    width: Any,
    dh: Any,
    gate: Any,
    slope: Any,
    h: Any,
    flat: Any,
    delta: Any,
    candidate: Any,
    behind: Any,
    before: Any,
) -> Any:
    """Writes dL/dz_t of r and z and of the candidate, the latter times r (`behind`), and `before`, dL/dh_t z.

    `h` is h_{t-1}, `flat` what r was multiplied by. Returns the sums of squares of both dL/dz_t.
    """
    arrays = {
        "dh": (dh, 1),
        "gate": (gate, 3),
        "slope": (slope, 3),
        "h": (h, 1),
        "flat": (flat, 1),
        "delta": (delta, 2),
        "candidate": (candidate, 1),
        "behind": (behind, 1),
        "before": (before, 1),
    }
    written = ("delta", "candidate", "behind", "before")
    return over_rows(arrays, written, _gru_back_after, ("delta", "candidate"))


def _gru_back_after(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, candidate = lanes.builder.fmul, _candidate_delta(lanes, given)
    reset = times(times(candidate, given["flat"][0]), given["slope"][0])
    return {
        "delta": [reset, _update_delta(lanes, given)],
        "candidate": [candidate],
        "behind": [times(candidate, given["gate"][0])],
        "before": [times(given["dh"][0], given["gate"][1])],
    }


def _candidate_delta(lanes: MaskedLanes, given: Vectors) -> Any:
    """Returns dL/dz of the candidate: dL/dh_t (1 - z) n'."""
    times, slope = lanes.builder.fmul, given["slope"]
    return times(times(given["dh"][0], _rest(lanes, given["gate"][1], slope[1])), slope[2])


def _update_delta(lanes: MaskedLanes, given: Vectors) -> Any:
    """Returns dL/dz of the update gate: dL/dh_t (h_{t-1} - n) z'."""
    times, apart = lanes.builder.fmul, lanes.builder.fsub(given["h"][0], given["gate"][2])
    return times(times(given["dh"][0], apart), given["slope"][1])


@generated
def gru_candidate_back(typing_context: Any, width: Any, dh: Any, gate: Any, slope: Any, candidate: Any) -> Any:
    """Writes dL/dz of the candidate and returns its sum of squares, alone in a tuple."""
    arrays = {"dh": (dh, 1), "gate": (gate, 3), "slope": (slope, 3), "candidate": (candidate, 1)}

    def body(lanes: MaskedLanes, given: Vectors) -> Vectors:
        return {"candidate": [_candidate_delta(lanes, given)]}

    return over_rows(arrays, ("candidate",), body, ("candidate",))


@generated
def gru_back_before(
    typing_context: Any, width: Any, dh: Any, gate: Any, slope: Any, h: Any, through: Any, delta: Any, before: Any
) -> Any:
    """Writes dL/dz_t of r and z, and `before` = dL/dh_t z + `through` r, with `through` what r h_{t-1} gets.

    Returns the sum of squares of dL/dz_t, alone in a tuple.
    """
    arrays = {
        "dh": (dh, 1),
        "gate": (gate, 3),
        "slope": (slope, 3),
        "h": (h, 1),
        "through": (through, 1),
        "delta": (delta, 2),
        "before": (before, 1),
    }
    return over_rows(arrays, ("delta", "before"), _gru_back_before, ("delta",))


def _gru_back_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, through, (r, z, _) = lanes.builder.fmul, given["through"][0], given["gate"]
    reset = times(times(through, given["h"][0]), given["slope"][0])
    before = lanes.multiply_add(through, r, times(given["dh"][0], z))
    return {"delta": [reset, _update_delta(lanes, given)], "before": [before]}
