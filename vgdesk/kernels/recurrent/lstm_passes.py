"""What an LSTM does between its products: one pass over a time step's units, forward or back.

See `through_time` for the equations. Arrays are flat, one row per example; gates lie side by side, H numbers each, in
the order i, f, g, o. Slopes come from the activations, never from the values: near saturation 1 - h^2 and h (1 - h)
lose all their digits.
"""

from typing import Any

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.elementary import gate_slope_and_rest, tanh_and_slope
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.rows import Vectors, over_rows


@generated
def lstm_gates(
    typing_context: Any, width: Any, z: Any, c: Any, factor: Any, forget: Any, written: Any, output: Any
) -> Any:
    """Writes the gates f and o (`forget`, `output`), i g (`written`), and the factors of all gates.

    `c` is c_{t-1}. The factor of o is not complete: it still lacks tanh(c_t).
    """
    arrays = {"z": (z, 4), "c": (c, 1), "factor": (factor, 4), "forget": (forget, 1), "written": (written, 1)}
    return over_rows(arrays | {"output": (output, 1)}, ("factor", "forget", "written", "output"), _lstm_gates)


def _lstm_gates(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, gate = lanes.builder.fmul, gate_slope_and_rest
    found = [function(lanes, z)[:2] for function, z in zip((gate, gate, tanh_and_slope, gate), given["z"], strict=True)]
    (i, f, g, o), (of_i, of_f, of_g, of_o) = zip(*found, strict=True)
    factors = [times(g, of_i), times(given["c"][0], of_f), times(i, of_g), of_o]
    return {"factor": factors, "forget": [f], "written": [times(i, g)], "output": [o]}


@generated
def lstm_state(
    typing_context: Any,
    width: Any,
    c: Any,
    forget: Any,
    written: Any,
    output: Any,
    factor: Any,
    next_c: Any,
    bend: Any,
    h: Any,
) -> Any:
    """Writes c_t = f c_{t-1} + i g, h_t = o tanh(c_t), the factor of dL/dc_t (`bend`), o tanh'(c_t), and that of o.

    It is a pass of its own: tanh(c_t) waits for the gates, which would hold up the gates of the next units.
    """
    arrays = {
        "c": (c, 1),
        "forget": (forget, 1),
        "written": (written, 1),
        "output": (output, 1),
        "factor": (factor, 4),
        "next_c": (next_c, 1),
        "bend": (bend, 1),
        "h": (h, 1),
    }
    return over_rows(arrays, ("factor", "next_c", "bend", "h"), _lstm_state)


def _lstm_state(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, o = lanes.builder.fmul, given["output"][0]
    c = lanes.multiply_add(given["forget"][0], given["c"][0], given["written"][0])
    tanh_c, slope = tanh_and_slope(lanes, c)
    factors = [None, None, None, times(tanh_c, given["factor"][3])]
    return {"factor": factors, "next_c": [c], "bend": [times(o, slope)], "h": [times(o, tanh_c)]}


@generated
def lstm_back(
    typing_context: Any,
    width: Any,
    dh: Any,
    factor: Any,
    bend: Any,
    forget: Any,
    dc: Any,
    delta: Any,
    before: Any,
) -> Any:
    """Completes dL/dc_t by dL/dh_t times its factor, writes dL/dz_t and `before`, what c_{t-1} gets: dL/dc_t f.

    Returns the sums of squares of dL/dc_t and dL/dz_t.
    """
    arrays = {
        "dh": (dh, 1),
        "factor": (factor, 4),
        "bend": (bend, 1),
        "forget": (forget, 1),
        "dc": (dc, 1),
        "delta": (delta, 4),
        "before": (before, 1),
    }
    return over_rows(arrays, ("dc", "delta", "before"), _lstm_back, ("dc", "delta"))


def _lstm_back(lanes: MaskedLanes, given: Vectors) -> Vectors:
    times, dh = lanes.builder.fmul, given["dh"][0]
    dc = lanes.multiply_add(dh, given["bend"][0], given["dc"][0])
    delta = [times(signal, factor) for signal, factor in zip((dc, dc, dc, dh), given["factor"], strict=True)]
    return {"dc": [dc], "delta": delta, "before": [times(dc, given["forget"][0])]}
