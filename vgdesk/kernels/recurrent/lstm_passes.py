"""What an LSTM does between its products: one pass over a time step's units, forward or back.

See `through_time` for the equations. Arrays are flat, one row per example; gates lie side by side, H numbers each, in
the order i, f, g, o. Slopes come from the activations, never from the values: near saturation 1 - h^2 and h (1 - h)
lose all their digits.
"""

from typing import Any

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.elementary import sigmoid_and_slope, tanh_and_slope
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.rows import Vectors, over_rows


@generated
def lstm_gates(typing_context: Any, width: Any, z: Any, gate: Any, slope: Any) -> Any:
    """Writes the gates and their slopes."""
    return over_rows({"z": (z, 4), "gate": (gate, 4), "slope": (slope, 4)}, ("gate", "slope"), _lstm_gates)


def _lstm_gates(lanes: MaskedLanes, given: Vectors) -> Vectors:
    functions = sigmoid_and_slope, sigmoid_and_slope, tanh_and_slope, sigmoid_and_slope
    gates = [function(lanes, z) for function, z in zip(functions, given["z"], strict=True)]
    return {"gate": [gate for gate, _ in gates], "slope": [slope for _, slope in gates]}


@generated
def lstm_state(typing_context: Any, width: Any, gate: Any, c: Any, next_c: Any, tanh_c: Any, bend: Any, h: Any) -> Any:
    """Writes c_t = f c_{t-1} + i g, tanh(c_t) with its slope `bend`, and h_t = o tanh(c_t).

    It is a pass of its own: tanh(c_t) waits for the gates, which would hold up the gates of the next units.
    """
    arrays = {"gate": (gate, 4), "c": (c, 1), "next_c": (next_c, 1), "tanh_c": (tanh_c, 1), "bend": (bend, 1)}
    return over_rows(arrays | {"h": (h, 1)}, ("next_c", "tanh_c", "bend", "h"), _lstm_state)


def _lstm_state(lanes: MaskedLanes, given: Vectors) -> Vectors:
    i, f, g, o = given["gate"]
    c = lanes.multiply_add(f, given["c"][0], lanes.builder.fmul(i, g))
    tanh_c, bend = tanh_and_slope(lanes, c)
    return {"next_c": [c], "tanh_c": [tanh_c], "bend": [bend], "h": [lanes.builder.fmul(o, tanh_c)]}


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
