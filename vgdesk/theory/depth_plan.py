"""The depth planner: how deep a network may be before the gradient of its first layer is lost.

There is one model of depth, the prediction itself (`vgdesk.theory.predict`), and the planner asks it: the network is
made deeper or shallower by repeating or leaving out its hidden layer in the middle, and the depth is looked for at
which the *typical* gradient, the line of the prediction, crosses the limit. What finite width does is part of that line
and is told apart. Nothing is fitted: the answer d is the depth for which the prediction of d layers keeps the limit and
that of d + 1 does not (`vgdesk.theory.depth_search`).

A *ratio* is compared with |delta^1| / |delta^L|, which does not depend on the scale of the loss. A *number format* is
compared with the typical single number of dL/dW^1, its norm over the square root of how many there are: below the
format's smallest normal number it loses its digits and then becomes 0; above the largest it becomes infinite.
"""

import math
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.records.number_format import FORMATS, NumberFormat
from vgdesk.records.prediction import Prediction
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.mixture import layer_mixture
from vgdesk.spec.network import FeedForward
from vgdesk.theory.critical import critical
from vgdesk.theory.depth_search import deepened, most_layers, search, typical_layer, typical_start
from vgdesk.theory.initialisation import layer_starts
from vgdesk.theory.layer_chi import alone_chi, beside_words, reached_chi
from vgdesk.theory.predict import predict_feed_forward

LIMIT_FORMATS = FORMATS | {"float64": NumberFormat(53, -1022, 1023)}
DEFAULT_LIMIT = 1e-6
_SETTLED = 20
"""In a network this deep, the layers in the middle are far from inputs and loss; chi is theirs, whatever the limit."""
_DROPPED = "of sizes only: dropout leaves two examples no critical line"
"""Schoenholz et al. 2017, section 5.1: with dropout two examples that are alike do not stay so, at any sigma_w."""
_SAME_SIGMA = 1e-3
"""Two starts are told apart from this relative difference on: chi by twice as much."""


def require_limit(limit: float | str) -> None:
    """Raises `SpecError` unless the limit is a ratio between 0 and 1 or the name of a number format."""
    if isinstance(limit, str):
        require_choice("format", limit, LIMIT_FORMATS)
    elif not 1e-300 <= limit < 1.0:
        raise SpecError(f"ratio must lie between 1e-300 and 1, without 1, got {limit!r}")


def depth_plan(
    experiment: Experiment, inputs: np.ndarray, targets: np.ndarray, limit: float | str, is_brief: bool = False
) -> DepthPlan:
    """Returns how deep the experiment's network may be, and how it would be critical.

    Parameters
    ----------
    inputs, targets
        The examples of the first step, shapes (B, inputs) and (B, outputs).
    limit
        The smallest |dL/dz| of layer 1 over that of the output layer, or a number format in which typical numbers of
        dL/dW of layer 1 stay normal. What may shrink to r may grow to 1/r.
    is_brief
        Say only what one prediction tells, of the network as it is, for who changes it all the time.

    Raises
    ------
    SpecError
        The limit is none.
    """
    require_limit(limit)
    network = experiment.feed_forward
    plain = DepthPlan(experiment=experiment.name, limit=limit, depth=network.depth)
    if network.depth == 1:
        return msgspec.structs.replace(plain, reason="there is no hidden layer that could be repeated")
    asked: dict[int, Prediction] = {}

    def predicted(depth: int) -> Prediction:
        if depth not in asked:
            asked[depth] = predict_feed_forward(deepened(experiment, depth), inputs, targets)
        return asked[depth]

    own = predicted(network.depth)
    if own.reason:
        return msgspec.structs.replace(plain, reason=own.reason)
    settled = own if network.depth >= _SETTLED else predict_feed_forward(_settled(experiment), inputs, targets)
    told = _told(experiment, own, own if settled.reason else settled)
    if math.isnan(told["log10_ratio"]):
        return msgspec.structs.replace(plain, **told, reason="the gradient is exactly 0 in the output layer, too")
    if is_brief:
        return msgspec.structs.replace(plain, **told, note=own.note, is_brief=True)
    measure = _log10_number(network) if isinstance(limit, str) else _log10_ratio
    found = search(lambda depth: measure(predicted(depth)), network.depth, most_layers(experiment), _bounds(limit))
    end = (predicted(found.deepest + 1).reason or predicted(found.deepest).note) if found.deepest else ""
    told |= {"deepest": found.deepest, "estimate": found.estimate, "tried": max(asked)}
    return msgspec.structs.replace(plain, **told, note=end or own.note)


def _settled(experiment: Experiment) -> Experiment:
    """Returns the network made so deep that its middle is far from both ends, or as deep as it can be made."""
    return deepened(experiment, min(_SETTLED, most_layers(experiment)))


def _told(experiment: Experiment, own: Prediction, settled: Prediction) -> dict[str, Any]:
    """Returns what is said of the network as it is; the middle of a `settled` one shows what one more layer does."""
    layer = experiment.feed_forward.layers[typical_layer(experiment.feed_forward) - 1]
    start = typical_start(experiment)
    critical_start = critical_sigmas(layer, math.sqrt(start.bias))
    chi_1, settles = reached_chi(layer, start, float(own.variances[0]))
    alone_chi_1, alone_settles = alone_chi(layer, start)
    delta, log10_ratio = own.profile("delta"), _log10_ratio(own)
    # what is no number has no scatter beside it
    deviation = delta.log10_deviation if delta is not None and math.isfinite(log10_ratio) else None
    return {
        "activation": layer_mixture(layer),
        "sigma_w": math.sqrt(start.weight),
        "sigma_b": math.sqrt(start.bias),
        "critical_sigma_w": critical_start[0],
        "critical_sigma_b": critical_start[1],
        "critical_note": "; ".join(filter(None, (critical_start[2], _whose(experiment, critical_start[0])))),
        "off_critical": _off(experiment, critical_start[0], critical_start[1]),
        "beside": beside_words(layer),
        "log10_ratio": log10_ratio,
        "log10_deviation": math.nan if deviation is None else float(deviation[0]),
        "log10_wide": _first_over_last(own.wide),
        "width": min(experiment.feed_forward.widths[1:-1]),
        "chi_1": chi_1,
        "chi": chi_1 if math.isfinite(chi_1) else _inner_chi(settled if settles else own),
        "settles": settles,
        "alone_chi_1": alone_chi_1,
        "alone_settles": alone_settles,
    }


def _inner_chi(prediction: Prediction) -> float:
    """Returns the factor of |dL/dz|^2 of the hidden layer in the middle of wide networks.

    nan where no gradient reaches it, though it would pass one on.
    """
    middle = len(prediction.wide) // 2
    below, above = float(prediction.wide[middle - 1]), float(prediction.wide[middle])
    if math.isfinite(above):
        return 10.0 ** (2 * (below - above))
    # weights or slopes that are 0 leave 0, whatever normalisation or masks multiply it by
    return 0.0 if prediction.chi[middle - 1] == 0.0 else math.nan


def critical_sigmas(layer: DenseLayer, sigma_b: float) -> tuple[float | None, float | None, str]:
    """Returns (sigma_w, sigma_b, note) of a critical start of layers like this one; sigma_b stays where it can."""
    if layer.normalisation != "none":
        return None, None, f"{layer.normalisation} normalisation undoes σ_w, so no start makes it critical"
    if layer.skip is not None:
        return None, None, "a skip connection passes the gradient on by itself, at every σ_w"
    activation = layer_mixture(layer)
    for bias in dict.fromkeys((sigma_b, 0.0)):
        found = critical(activation, bias)
        if found.points:
            # of a layer without dropout, which with p has it at the sigma_w that makes of sizes the same
            sigma_w = found.points[0].sigma_w * math.sqrt(1.0 - layer.dropout)
            return sigma_w, bias, "; ".join(filter(None, (found.reason, _DROPPED * bool(layer.dropout))))
    return None, None, critical(activation, sigma_b).reason


def _whose(experiment: Experiment, sigma_w: float | None) -> str:
    """Returns which layer the critical sigma_w is of, where layers of different dropout have different ones."""
    network = experiment.feed_forward
    number = typical_layer(network)
    if sigma_w is None or len({layer.dropout for layer in network.layers[:-1]}) == 1:
        return ""
    return (
        f"σ_w is that of layer {number} with dropout {network.layers[number - 1].dropout:g}; with p it goes as √(1 − p)"
    )


def _off(experiment: Experiment, sigma_w: float | None, sigma_b: float | None) -> tuple[int, ...]:
    """Returns the hidden layers that are drawn otherwise, as far as a point dragged in the diagram can tell."""
    if sigma_w is None or sigma_b is None:
        return ()
    return tuple(
        number
        for number, start in enumerate(layer_starts(experiment)[:-1], start=1)
        if not math.isclose(math.sqrt(start.weight), sigma_w, rel_tol=_SAME_SIGMA)
        or not math.isclose(math.sqrt(start.bias), sigma_b, rel_tol=_SAME_SIGMA, abs_tol=_SAME_SIGMA)
    )


def _log10_ratio(prediction: Prediction) -> float:
    delta = prediction.profile("delta")
    return _first_over_last(delta.log10_norm) if delta is not None else math.nan


def _first_over_last(log10: np.ndarray) -> float:
    """Returns log10 of the first over the last number; nan of two zeros, which have no ratio."""
    with np.errstate(invalid="ignore"):
        return float(log10[0] - log10[-1])


def _log10_number(network: FeedForward) -> Callable[[Prediction], float]:
    """Returns what tells the size of a typical number of dL/dW^1 from a prediction."""
    half = 0.5 * math.log10(network.widths[0] * network.widths[1])

    def measure(prediction: Prediction) -> float:
        weight = prediction.profile("weight")
        return float(weight.log10_norm[0]) - half if weight is not None else math.nan

    return measure


def _bounds(limit: float | str) -> tuple[float, float]:
    """Returns the decades between which the measure must lie."""
    if not isinstance(limit, str):
        return math.log10(limit), -math.log10(limit)
    return LIMIT_FORMATS[limit].smallest * math.log10(2), (LIMIT_FORMATS[limit].largest + 1) * math.log10(2)
