"""Claims that a pencil settles: what tanh and sigmoid are, and who wrote about the problem first."""

import numpy as np

from vgdesk.study.claims.bibliography import work
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.theory.activations import phi_of

_Z = np.linspace(-5.0, 5.0, 2001)


def _range(_: int) -> Numbers:
    outputs = phi_of("tanh").value(_Z)
    inside = (outputs >= -1.0) & (outputs <= 0.0)
    return {"share": float(inside.mean()), "largest": float(outputs.max()), "smallest": float(outputs.min())}


def _saturation(_: int) -> Numbers:
    slope = phi_of("tanh").slope
    outputs = {"0": 0.0, "0.01": 0.01, "0.1": 0.1, "0.9": 0.9, "0.99": 0.99, "0.999": 0.999}
    return {f"slope_at_{name}": float(slope(np.arctanh(np.array([y])))[0]) for name, y in outputs.items()}


def _rescaled(_: int) -> Numbers:
    tanh, sigmoid = phi_of("tanh"), phi_of("sigmoid")
    values = np.abs(tanh.value(_Z) - (2.0 * sigmoid.value(2.0 * _Z) - 1.0)).max()
    slopes = np.abs(tanh.slope(_Z) - 4.0 * sigmoid.slope(2.0 * _Z)).max()
    return {"value_error": float(values), "slope_error": float(slopes)}


def _origin(_: int) -> Numbers:
    thesis, lstm = work("hochreiter-1991"), work("hochreiter-1997")
    return {
        "year_of_lstm": float(lstm.year),
        "lstm_is_first": float(lstm.year <= thesis.year),
        "year_of_thesis": float(thesis.year),
    }


_NEAR_ZERO = "slope of tanh where its output is"

TESTS = (
    ClaimTest(
        1,
        _range,
        (
            Gauge("share", "share of the outputs for z from −5 to 5 that lie between −1 and 0", "share", 0.99),
            Gauge("largest", "largest output", at_most=0.0),
            Gauge("smallest", "smallest output"),
        ),
        uses_seed=False,
    ),
    ClaimTest(
        2,
        _saturation,
        (
            Gauge("slope_at_0", f"{_NEAR_ZERO} 0", at_most=0.01),
            Gauge("slope_at_0.01", f"{_NEAR_ZERO} 0.01", at_most=0.01),
            Gauge("slope_at_0.1", f"{_NEAR_ZERO} 0.1", at_most=0.01),
            Gauge("slope_at_0.9", f"{_NEAR_ZERO} 0.9"),
            Gauge("slope_at_0.99", f"{_NEAR_ZERO} 0.99"),
            Gauge("slope_at_0.999", f"{_NEAR_ZERO} 0.999"),
        ),
        uses_seed=False,
    ),
    ClaimTest(
        3,
        _rescaled,
        (
            Gauge("value_error", "largest difference between tanh z and 2 sigmoid(2z) − 1", at_most=1e-12),
            Gauge("slope_error", "largest difference between tanh′ z and 4 sigmoid′(2z)", at_most=1e-12),
        ),
        uses_seed=False,
    ),
    ClaimTest(
        15,
        _origin,
        (
            Gauge("year_of_lstm", "year in which “Long Short-Term Memory” appeared", at_most=1991.0),
            Gauge(
                "lstm_is_first", "the paper is as old as the thesis that analyses the problem (1 = yes)", at_least=1.0
            ),
            Gauge("year_of_thesis", "year of Hochreiter's diploma thesis"),
        ),
        uses_seed=False,
    ),
)
