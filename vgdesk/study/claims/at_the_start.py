"""Claims about depth, width, weights and activations, measured before any update."""

import numpy as np

from vgdesk.spec.initialisation import He, Initialisation, LeCun, TorchDefault
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.study.claims.networks import XAVIER, at_start, deep, gaussian, span, span_of, weight_span
from vgdesk.study.predict import first_examples

HEALTHY = -2.0
"""Decades that may be lost over 30 layers without being called vanishing: a factor of 0.85 per layer."""
STARTS: dict[str, tuple[str, Initialisation]] = {
    "relu_he": ("relu", He()),
    "elu_lecun": ("elu", LeCun()),
    "selu_lecun": ("selu", LeCun()),
    "relu_xavier": ("relu", XAVIER),
    "relu_torch_default": ("relu", TorchDefault()),
    "silu_lecun": ("silu", LeCun()),
    "tanh_xavier": ("tanh", XAVIER),
    "tanh_gain5/3": ("tanh", gaussian(5.0 / 3.0)),
    "sigmoid_xavier": ("sigmoid", XAVIER),
}


def _thirty(name: str, seed: int) -> float:
    activation, start = STARTS[name]
    return span_of(deep(activation, 30, start, seed=seed))


def _saturated_share(activation: str, start: Initialisation, seed: int) -> tuple[float, float]:
    """Returns the share of units with |phi'| < 0.01 in the hidden layers, and the span of ten layers."""
    from vgdesk.theory.activations import phi_of

    found = at_start(deep(activation, 10, start, seed=seed))
    slopes = [phi_of(activation).slope(z) for z in found.preactivations[:-1]]
    return float(np.mean([np.abs(slope) < 0.01 for slope in slopes])), span(found)


def _saturation(seed: int) -> Numbers:
    _, saturated = _saturated_share("sigmoid", gaussian(1.0, 8.0), seed)
    share, linear = _saturated_share("identity", gaussian(0.5), seed)
    sigmoid_share, sigmoid = _saturated_share("sigmoid", gaussian(1.0), seed)
    return {
        "saturated": saturated,
        "linear_sw0.5": linear,
        "sigmoid_sw1.0": sigmoid,
        "linear_share": share,
        "sigmoid_share": sigmoid_share,
        "linear_sw1.0": span_of(deep("identity", 10, gaussian(1.0), seed=seed)),
        "linear_sw2.0": span_of(deep("identity", 10, gaussian(2.0), seed=seed)),
    }


def _width(seed: int) -> Numbers:
    by_width = {w: span_of(deep("sigmoid", 5, width=w, seed=seed)) for w in (16, 64, 256)}
    by_depth = {d: span_of(deep("sigmoid", d, seed=seed)) for d in (2, 10, 20)}
    return {
        "by_width": by_width[256] - by_width[16],
        "by_large_width": by_width[256] - by_width[64],
        **{f"width{w}_depth5": value for w, value in by_width.items()},
        **{f"width64_depth{d}": value for d, value in by_depth.items()},
    }


def _direction(seed: int) -> Numbers:
    norms = at_start(deep("sigmoid", 10, seed=seed)).log10_state_norm[:-1]
    return {
        "far_over_near": float(norms[-1] - norms[0]),
        "shrinking_steps": float(np.mean(np.diff(norms) < 0.0)),
        "rising_steps": float(np.mean(np.diff(norms) > 0.0)),
    }


def _small_start(seed: int) -> Numbers:
    return {f"sigma{s:g}": span_of(deep("tanh", 10, gaussian(s), seed=seed)) for s in (0.01, 0.1, 0.5, 1.0, 1.5, 3.0)}


def _inputs(seed: int) -> Numbers:
    experiment = deep("sigmoid", 10, seed=seed)
    spans = {scale: span(at_start(experiment, scale)) for scale in (0.1, 1.0, 10.0)}
    deviation = float(np.std(first_examples(experiment).inputs))
    return {
        "smaller": spans[0.1] - spans[1.0],
        "unit": span(at_start(experiment, 1.0 / deviation)) - spans[1.0],
        "larger": spans[10.0] - spans[1.0],
        **{f"x{scale:g}": value for scale, value in spans.items()},
    }


def _rectifiers(seed: int) -> Numbers:
    names = ("relu_he", "elu_lecun", "selu_lecun", "relu_xavier", "relu_torch_default", "silu_lecun")
    return {name: _thirty(name, seed) for name in names}


def _initialisations(seed: int) -> Numbers:
    names = ("relu_he", "tanh_xavier", "relu_xavier", "sigmoid_xavier", "tanh_gain5/3")
    relu = at_start(deep("relu", 30, XAVIER, seed=seed))
    deeper = abs(span_of(deep("tanh", 100, gaussian(5.0 / 3.0), seed=seed)))
    return {**{name: _thirty(name, seed) for name in names}, "relu_weights": weight_span(relu), "tanh_100": deeper}


_LEFT = "left at layer 1 of 30"

TESTS = (
    ClaimTest(
        7,
        _saturation,
        (
            Gauge("saturated", "saturated sigmoids: left at layer 1 of 10", "log10", at_most=-1.0),
            Gauge(
                "linear_sw0.5", "linear, σ_w = 0.5, no unit can saturate: left at layer 1 of 10", "log10", at_least=-1.0
            ),
            Gauge(
                "sigmoid_sw1.0", "sigmoid, σ_w = 1, no unit saturated: left at layer 1 of 10", "log10", at_least=-1.0
            ),
            Gauge("linear_share", "share of saturated units, linear", "share"),
            Gauge("sigmoid_share", "share of saturated units, sigmoid with σ_w = 1", "share"),
            Gauge("linear_sw1.0", "linear, σ_w = 1", "log10"),
            Gauge("linear_sw2.0", "linear, σ_w = 2", "log10"),
        ),
    ),
    ClaimTest(
        13,
        _width,
        (
            Gauge("by_width", "decades by which 256 units per layer differ from 16", at_most=-1.0),
            Gauge("by_large_width", "decades by which 256 units per layer differ from 64", at_most=-1.0),
            Gauge("width16_depth5", "16 units, 5 layers", "log10"),
            Gauge("width64_depth5", "64 units, 5 layers", "log10"),
            Gauge("width256_depth5", "256 units, 5 layers", "log10"),
            Gauge("width64_depth2", "64 units, 2 layers", "log10"),
            Gauge("width64_depth10", "64 units, 10 layers", "log10"),
            Gauge("width64_depth20", "64 units, 20 layers", "log10"),
        ),
    ),
    ClaimTest(
        14,
        _direction,
        (
            Gauge("far_over_near", "gradient at layer 10 over that at layer 1", "log10", at_most=-1.0),
            Gauge("shrinking_steps", "share of steps away from the input that shrink it", "share", at_least=0.9),
            Gauge("rising_steps", "share of steps away from the input that enlarge it", "share"),
        ),
    ),
    ClaimTest(
        16,
        _small_start,
        (
            Gauge("sigma0.01", "σ_w = 0.01: left at layer 1 of 10", "log10", at_least=-1.0),
            Gauge("sigma0.1", "σ_w = 0.1: left at layer 1 of 10", "log10", at_least=-1.0),
            Gauge("sigma0.5", "σ_w = 0.5: left at layer 1 of 10", "log10"),
            Gauge("sigma1", "σ_w = 1: left at layer 1 of 10", "log10"),
            Gauge("sigma1.5", "σ_w = 1.5: left at layer 1 of 10", "log10"),
            Gauge("sigma3", "σ_w = 3: left at layer 1 of 10", "log10"),
        ),
    ),
    ClaimTest(
        17,
        _inputs,
        (
            Gauge("smaller", "decades won by inputs a tenth as large", at_least=1.0),
            Gauge("unit", "decades won by inputs of deviation 1", at_least=1.0),
            Gauge("larger", "decades won by inputs ten times as large", at_least=1.0),
            Gauge("x0.1", "inputs × 0.1: left at layer 1 of 10", "log10"),
            Gauge("x1", "inputs as they are: left at layer 1 of 10", "log10"),
            Gauge("x10", "inputs × 10: left at layer 1 of 10", "log10"),
        ),
    ),
    ClaimTest(
        20,
        _rectifiers,
        (
            Gauge("relu_he", f"ReLU with He: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("elu_lecun", f"ELU with LeCun: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("selu_lecun", f"SELU with LeCun: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("relu_xavier", f"ReLU with Xavier: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("relu_torch_default", f"ReLU with PyTorch's default: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("silu_lecun", f"swish with LeCun: {_LEFT}", "log10", at_least=HEALTHY),
        ),
        weight=0.3,
    ),
    ClaimTest(
        21,
        _initialisations,
        (
            Gauge("relu_he", f"ReLU with He: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("tanh_xavier", f"tanh with Xavier: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("relu_xavier", f"ReLU with Xavier: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("sigmoid_xavier", f"sigmoid with Xavier: {_LEFT}", "log10", at_least=HEALTHY),
            Gauge("tanh_100", "tanh with gain 5/3, 100 layers: decades away from flat", at_most=2.0),
            Gauge("tanh_gain5/3", f"tanh with gain 5/3: {_LEFT}", "log10"),
            Gauge("relu_weights", "ReLU with Xavier, by weight gradients instead", "log10"),
        ),
        weight=0.3,
    ),
)
