"""What a GRU does between its products: passes over a time step's units, forward or back.

Arrays are those of `lstm_passes`; gates in the order r, z, n. `after` and `before` say where the reset gate stands: at
the product W_hn h + b_hn, or before it at h.
"""

from typing import Any

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.elementary import gate_slope_and_rest, tanh_and_slope
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.rows import Vectors, over_rows


@generated
def gru_gates_after(
    typing_context: Any, width: Any, z: Any, flat: Any, n: Any, factor: Any, reset: Any, carry: Any, rest: Any
) -> Any:
    """Writes the gates r and z (`reset`, `carry`), 1 - z (`rest`), and adds r `flat` to the candidate's argument `n`.

    The factor of r becomes `flat` r', that of z is its slope until `gru_state` completes it.
    """
    arrays = {"z": (z, 2), "flat": (flat, 1), "n": (n, 1)}
    return over_rows(arrays | _gates(factor, reset, carry, rest), ("n", *_GATES), _gru_gates_after)


_GATES = ("factor", "reset", "carry", "rest")


def _gates(factor: Any, reset: Any, carry: Any, rest: Any) -> dict[str, tuple[Any, int]]:
    return {"factor": (factor, 2), "reset": (reset, 1), "carry": (carry, 1), "rest": (rest, 1)}


def _gru_gates_after(lanes: MaskedLanes, given: Vectors) -> Vectors:
    flat = given["flat"][0]
    gates = _gru_gates(lanes, given, flat)
    return {"n": [lanes.multiply_add(gates["reset"][0], flat, given["n"][0])], **gates}


def _gru_gates(lanes: MaskedLanes, given: Vectors, multiplied: Any) -> Vectors:
    """Returns what both ways write; `multiplied` is what r is multiplied by."""
    (r, bent, _), (z, slope, rest) = (gate_slope_and_rest(lanes, argument) for argument in given["z"])
    factor = [lanes.builder.fmul(multiplied, bent), slope]
    return {"factor": factor, "reset": [r], "carry": [z], "rest": [rest]}


@generated
def gru_gates_before(
    typing_context: Any, width: Any, z: Any, h: Any, state: Any, factor: Any, reset: Any, carry: Any, rest: Any
) -> Any:
    """Does what `gru_gates_after` does, but writes r h_{t-1} (`state`); the factor of r is h_{t-1} r'."""
    arrays = {"z": (z, 2), "h": (h, 1), "state": (state, 1)}
    return over_rows(arrays | _gates(factor, reset, carry, rest), ("state", *_GATES), _gru_gates_before)


def _gru_gates_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    h = given["h"][0]
    gates = _gru_gates(lanes, given, h)
    return {"state": [lanes.builder.fmul(gates["reset"][0], h)], **gates}


@generated
def gru_state(
    typing_context: Any, width: Any, n: Any, h: Any, carry: Any, rest: Any, factor: Any, bend: Any, following: Any
) -> Any:
    """Writes h_t = (1 - z) n + z h_{t-1} and the factors of n (`bend`) and z: (1 - z) n' and (h_{t-1} - n) z'."""
    arrays = {
        "n": (n, 1),
        "h": (h, 1),
        "carry": (carry, 1),
        "rest": (rest, 1),
        "factor": (factor, 2),
        "bend": (bend, 1),
        "following": (following, 1),
    }
    return over_rows(arrays, ("factor", "bend", "following"), _gru_state)


def _gru_state(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, h, (n, slope) = lanes.builder.fmul, given["h"][0], tanh_and_slope(lanes, given["n"][0])
    return {
        "factor": [None, times(lanes.builder.fsub(h, n), given["factor"][1])],
        "bend": [times(given["rest"][0], slope)],
        "following": [lanes.multiply_add(given["rest"][0], n, times(given["carry"][0], h))],
    }


@generated
def gru_back_after(
    typing_context: Any,
    width: Any,
    dh: Any,
    factor: Any,
    bend: Any,
    reset: Any,
    carry: Any,
    delta: Any,
    candidate: Any,
    behind: Any,
    before: Any,
) -> Any:
    """Writes dL/dz_t of r and z and of the candidate, the latter times r (`behind`), and `before`, dL/dh_t z.

    Returns the sums of squares of both dL/dz_t.
    """
    arrays = {
        "dh": (dh, 1),
        "factor": (factor, 2),
        "bend": (bend, 1),
        "reset": (reset, 1),
        "carry": (carry, 1),
        "delta": (delta, 2),
        "candidate": (candidate, 1),
        "behind": (behind, 1),
        "before": (before, 1),
    }
    written = ("delta", "candidate", "behind", "before")
    return over_rows(arrays, written, _gru_back_after, ("delta", "candidate"))


def _gru_back_after(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, dh = lanes.builder.fmul, given["dh"][0]
    candidate = times(dh, given["bend"][0])
    return {
        "delta": [times(candidate, given["factor"][0]), times(dh, given["factor"][1])],
        "candidate": [candidate],
        "behind": [times(candidate, given["reset"][0])],
        "before": [times(dh, given["carry"][0])],
    }


@generated
def gru_candidate_back(typing_context: Any, width: Any, dh: Any, bend: Any, candidate: Any) -> Any:
    """Writes dL/dz of the candidate and returns its sum of squares, alone in a tuple."""

    def body(lanes: MaskedLanes, given: Vectors) -> Vectors:
        return {"candidate": [lanes.builder.fmul(given["dh"][0], given["bend"][0])]}

    arrays = {"dh": (dh, 1), "bend": (bend, 1), "candidate": (candidate, 1)}
    return over_rows(arrays, ("candidate",), body, ("candidate",))


@generated
def gru_back_before(
    typing_context: Any,
    width: Any,
    dh: Any,
    factor: Any,
    reset: Any,
    carry: Any,
    through: Any,
    delta: Any,
    before: Any,
) -> Any:
    """Writes dL/dz_t of r and z, and `before` = dL/dh_t z + `through` r, with `through` what r h_{t-1} gets.

    Returns the sum of squares of dL/dz_t, alone in a tuple.
    """
    arrays = {
        "dh": (dh, 1),
        "factor": (factor, 2),
        "reset": (reset, 1),
        "carry": (carry, 1),
        "through": (through, 1),
        "delta": (delta, 2),
        "before": (before, 1),
    }
    return over_rows(arrays, ("delta", "before"), _gru_back_before, ("delta",))


def _gru_back_before(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, dh, through = lanes.builder.fmul, given["dh"][0], given["through"][0]
    before = lanes.multiply_add(through, given["reset"][0], times(dh, given["carry"][0]))
    return {"delta": [times(through, given["factor"][0]), times(dh, given["factor"][1])], "before": [before]}
