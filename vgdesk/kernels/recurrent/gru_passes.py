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
def gru_gates_after(
    typing_context: Any, width: Any, z: Any, n: Any, flat: Any, gate: Any, slope: Any, rest: Any
) -> Any:
    """Writes r and z with their slopes and `rest`, 1 - z, and adds r `flat` to the argument `n` of the candidate."""
    arrays = {"z": (z, 2), "n": (n, 1), "flat": (flat, 1), "gate": (gate, 2), "slope": (slope, 2), "rest": (rest, 1)}
    return over_rows(arrays, ("gate", "slope", "rest", "n"), _gru_gates_after)


def _gru_gates_after(lanes: MaskedLanes, given: Vectors) -> Vectors:
    r, z = sigmoid_and_slope(lanes, given["z"][0]), sigmoid_slope_and_rest(lanes, given["z"][1])
    n = lanes.multiply_add(r[0], given["flat"][0], given["n"][0])
    return {"gate": [r[0], z[0]], "slope": [r[1], z[1]], "rest": [z[2]], "n": [n]}


@generated
def gru_gates_before(
    typing_context: Any, width: Any, z: Any, h: Any, gate: Any, slope: Any, rest: Any, reset: Any
) -> Any:
    """Writes r and z with their slopes, `rest` as `gru_gates_after` does, and the reset state r h_{t-1}."""
    arrays = {"z": (z, 2), "h": (h, 1), "gate": (gate, 2), "slope": (slope, 2), "rest": (rest, 1), "reset": (reset, 1)}
    return over_rows(arrays, ("gate", "slope", "rest", "reset"), _gru_gates_before)


def _gru_gates_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    r, z = sigmoid_and_slope(lanes, given["z"][0]), sigmoid_slope_and_rest(lanes, given["z"][1])
    reset = lanes.builder.fmul(r[0], given["h"][0])
    return {"gate": [r[0], z[0]], "slope": [r[1], z[1]], "rest": [z[2]], "reset": [reset]}


@generated
def gru_state(typing_context: Any, width: Any, n: Any, h: Any, gate: Any, new: Any, bend: Any, following: Any) -> Any:
    """Writes the candidate (`new`) with its slope `bend`, and h_t = (1 - z) n + z h_{t-1}; `bend` holds 1 - z first."""
    arrays = {"n": (n, 1), "h": (h, 1), "gate": (gate, 2), "new": (new, 1), "bend": (bend, 1)}
    return over_rows(arrays | {"following": (following, 1)}, ("new", "bend", "following"), _gru_state)


def _gru_state(lanes: MaskedLanes, given: Vectors) -> Vectors:
    (_, z), (n, bend) = given["gate"], tanh_and_slope(lanes, given["n"][0])
    following = lanes.multiply_add(given["bend"][0], n, lanes.builder.fmul(z, given["h"][0]))
    return {"new": [n], "bend": [bend], "following": [following]}


def _rest(lanes: MaskedLanes, z: Any, slope: Any) -> Any:
    """Returns 1 - z with all its digits, from z' = z (1 - z): it is z' + (1 - z)^2.

    Near z = 1 the difference has lost its digits, but its square hardly counts there.
    """
    difference = lanes.builder.fsub(lanes.constant(1.0), z)
    return lanes.multiply_add(difference, difference, slope)


@generated
def gru_back_after(
    typing_context: Any,
    width: Any,
    dh: Any,
    gate: Any,
    slope: Any,
    new: Any,
    bend: Any,
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
        "gate": (gate, 2),
        "slope": (slope, 2),
        "new": (new, 1),
        "bend": (bend, 1),
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
    times, rest = lanes.builder.fmul, _rest(lanes, given["gate"][1], given["slope"][1])
    return times(times(given["dh"][0], rest), given["bend"][0])


def _update_delta(lanes: MaskedLanes, given: Vectors) -> Any:
    """Returns dL/dz of the update gate: dL/dh_t (h_{t-1} - n) z'."""
    times, apart = lanes.builder.fmul, lanes.builder.fsub(given["h"][0], given["new"][0])
    return times(times(given["dh"][0], apart), given["slope"][1])


@generated
def gru_candidate_back(
    typing_context: Any, width: Any, dh: Any, gate: Any, slope: Any, bend: Any, candidate: Any
) -> Any:
    """Writes dL/dz of the candidate and returns its sum of squares, alone in a tuple."""
    arrays = {"dh": (dh, 1), "gate": (gate, 2), "slope": (slope, 2), "bend": (bend, 1), "candidate": (candidate, 1)}

    def body(lanes: MaskedLanes, given: Vectors) -> Vectors:
        return {"candidate": [_candidate_delta(lanes, given)]}

    return over_rows(arrays, ("candidate",), body, ("candidate",))


@generated
def gru_back_before(
    typing_context: Any,
    width: Any,
    dh: Any,
    gate: Any,
    slope: Any,
    new: Any,
    h: Any,
    through: Any,
    delta: Any,
    before: Any,
) -> Any:
    """Writes dL/dz_t of r and z, and `before` = dL/dh_t z + `through` r, with `through` what r h_{t-1} gets.

    Returns the sum of squares of dL/dz_t, alone in a tuple.
    """
    arrays = {
        "dh": (dh, 1),
        "gate": (gate, 2),
        "slope": (slope, 2),
        "new": (new, 1),
        "h": (h, 1),
        "through": (through, 1),
        "delta": (delta, 2),
        "before": (before, 1),
    }
    return over_rows(arrays, ("delta", "before"), _gru_back_before, ("delta",))


def _gru_back_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, through, (r, z) = lanes.builder.fmul, given["through"][0], given["gate"]
    reset = times(times(through, given["h"][0]), given["slope"][0])
    before = lanes.multiply_add(through, r, times(given["dh"][0], z))
    return {"delta": [reset, _update_delta(lanes, given)], "before": [before]}
