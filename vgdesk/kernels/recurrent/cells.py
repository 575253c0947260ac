"""What a cell does between its products: one pass over a time step's units, forward or back.

See `through_time` for the equations. Arrays are flat, one row per example; gates lie side by side, H numbers each, in
the order i, f, g, o or r, z, n. Slopes come from the activations, never from the values: near saturation 1 - h^2 and
h (1 - h) lose all their digits.
"""

from typing import Any

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.elementary import sigmoid_and_slope, tanh_and_slope
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.rows import Vectors, over_rows


@generated
def lstm_forward(
    typing_context: Any, width: Any, z: Any, c: Any, gate: Any, slope: Any, next_c: Any, tanh_c: Any, bend: Any, h: Any
) -> Any:
    """Writes gates and slopes, c_t = f c_{t-1} + i g, tanh(c_t) with its slope `bend`, and h_t = o tanh(c_t)."""
    arrays = {
        "z": (z, 4),
        "c": (c, 1),
        "gate": (gate, 4),
        "slope": (slope, 4),
        "next_c": (next_c, 1),
        "tanh_c": (tanh_c, 1),
        "bend": (bend, 1),
        "h": (h, 1),
    }
    return over_rows(arrays, ("gate", "slope", "next_c", "tanh_c", "bend", "h"), _lstm_forward)


def _lstm_forward(lanes: MaskedLanes, given: Vectors) -> Vectors:
    i, f, o = (sigmoid_and_slope(lanes, given["z"][place]) for place in (0, 1, 3))
    g = tanh_and_slope(lanes, given["z"][2])
    c = lanes.multiply_add(f[0], given["c"][0], lanes.builder.fmul(i[0], g[0]))
    tanh_c, bend = tanh_and_slope(lanes, c)
    return {
        "gate": [i[0], f[0], g[0], o[0]],
        "slope": [i[1], f[1], g[1], o[1]],
        "next_c": [c],
        "tanh_c": [tanh_c],
        "bend": [bend],
        "h": [lanes.builder.fmul(o[0], tanh_c)],
    }


@generated
def lstm_backward(
    typing_context: Any,
    width: Any,
    dh: Any,
    gate: Any,
    slope: Any,
    c: Any,
    tanh_c: Any,
    bend: Any,
    dc: Any,
    delta: Any,
    before: Any,
) -> Any:
    """Completes dL/dc_t by dL/dh_t o tanh'(c_t), writes dL/dz_t and `before`, what c_{t-1} gets: dL/dc_t f.

    `c` is c_{t-1}. Returns the sums of squares of dL/dc_t and dL/dz_t.
    """
    arrays = {
        "dh": (dh, 1),
        "gate": (gate, 4),
        "slope": (slope, 4),
        "c": (c, 1),
        "tanh_c": (tanh_c, 1),
        "bend": (bend, 1),
        "dc": (dc, 1),
        "delta": (delta, 4),
        "before": (before, 1),
    }
    return over_rows(arrays, ("dc", "delta", "before"), _lstm_backward, ("dc", "delta"))


def _lstm_backward(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, (i, f, g, o), slope, dh = lanes.builder.fmul, given["gate"], given["slope"], given["dh"][0]
    dc = lanes.multiply_add(times(dh, o), given["bend"][0], given["dc"][0])
    delta = [
        times(times(dc, g), slope[0]),
        times(times(dc, given["c"][0]), slope[1]),
        times(times(dc, i), slope[2]),
        times(times(dh, given["tanh_c"][0]), slope[3]),
    ]
    return {"dc": [dc], "delta": delta, "before": [times(dc, f)]}


@generated
def gru_gates_after(typing_context: Any, width: Any, z: Any, n: Any, flat: Any, gate: Any, slope: Any) -> Any:
    """Writes r and z with their slopes, and adds r `flat` to the argument `n` of the candidate."""
    arrays = {"z": (z, 2), "n": (n, 1), "flat": (flat, 1), "gate": (gate, 3), "slope": (slope, 3)}
    return over_rows(arrays, ("gate", "slope", "n"), _gru_gates_after)


def _gru_gates_after(lanes: MaskedLanes, given: Vectors) -> Vectors:
    r, z = (sigmoid_and_slope(lanes, vector) for vector in given["z"])
    n = lanes.multiply_add(r[0], given["flat"][0], given["n"][0])
    return {"gate": [r[0], z[0], given["gate"][2]], "slope": [r[1], z[1], given["slope"][2]], "n": [n]}


@generated
def gru_gates_before(typing_context: Any, width: Any, z: Any, h: Any, gate: Any, slope: Any, reset: Any) -> Any:
    """Writes r and z with their slopes, and the reset state r h_{t-1}."""
    arrays = {"z": (z, 2), "h": (h, 1), "gate": (gate, 3), "slope": (slope, 3), "reset": (reset, 1)}
    return over_rows(arrays, ("gate", "slope", "reset"), _gru_gates_before)


def _gru_gates_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    r, z = (sigmoid_and_slope(lanes, vector) for vector in given["z"])
    reset = lanes.builder.fmul(r[0], given["h"][0])
    return {"gate": [r[0], z[0], given["gate"][2]], "slope": [r[1], z[1], given["slope"][2]], "reset": [reset]}


@generated
def gru_state(typing_context: Any, width: Any, n: Any, h: Any, gate: Any, slope: Any, following: Any) -> Any:
    """Writes the candidate with its slope, and h_t = (1 - z) n + z h_{t-1}."""
    arrays = {"n": (n, 1), "h": (h, 1), "gate": (gate, 3), "slope": (slope, 3), "following": (following, 1)}
    return over_rows(arrays, ("gate", "slope", "following"), _gru_state)


def _gru_state(lanes: MaskedLanes, given: Vectors) -> Vectors:
    (r, z, _), (slope_r, slope_z, _) = given["gate"], given["slope"]
    n, slope_n = tanh_and_slope(lanes, given["n"][0])
    following = lanes.multiply_add(_rest(lanes, z, slope_z), n, lanes.builder.fmul(z, given["h"][0]))
    return {"gate": [r, z, n], "slope": [slope_r, slope_z, slope_n], "following": [following]}


def _rest(lanes: MaskedLanes, z: Any, slope: Any) -> Any:
    """Returns 1 - z with all its digits: near z = 1, where the difference loses them, it is z (1 - z) over z."""
    builder = lanes.builder
    return lanes.where(">", z, 0.5, builder.fdiv(slope, z), builder.fsub(lanes.constant(1.0), z))


@generated
def gru_backward_after(
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
    return over_rows(arrays, written, _gru_backward_after, ("delta", "candidate"))


def _gru_backward_after(lanes: MaskedLanes, given: Vectors) -> Vectors:
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
def gru_candidate_backward(typing_context: Any, width: Any, dh: Any, gate: Any, slope: Any, candidate: Any) -> Any:
    """Writes dL/dz of the candidate and returns its sum of squares, alone in a tuple."""
    arrays = {"dh": (dh, 1), "gate": (gate, 3), "slope": (slope, 3), "candidate": (candidate, 1)}

    def body(lanes: MaskedLanes, given: Vectors) -> Vectors:
        return {"candidate": [_candidate_delta(lanes, given)]}

    return over_rows(arrays, ("candidate",), body, ("candidate",))


@generated
def gru_backward_before(
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
    return over_rows(arrays, ("delta", "before"), _gru_backward_before, ("delta",))


def _gru_backward_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, through, (r, z, _) = lanes.builder.fmul, given["through"][0], given["gate"]
    reset = times(times(through, given["h"][0]), given["slope"][0])
    before = lanes.multiply_add(through, r, times(given["dh"][0], z))
    return {"delta": [reset, _update_delta(lanes, given)], "before": [before]}
