"""The depth planner: how deep a network may be before the gradient of its first layer is lost.

One prediction answers for every depth. Theory makes layer l's factor g_l = log10 |delta^l| / |delta^(l+1)| out of what
lies below it, so a network of L layers has, with the factors of a deep *probe* of the same hidden layers,

    log10 |delta^1| / |delta^L| = g_1 + ... + g_(L-2) + g_out

Beyond layer `TRUSTED` plain layers are followed one by one (`vgdesk.theory.deep_factors`). Where that ends without
having settled, and around normalisation and skip connections, the factors go on as a power of the depth, g_l = c l^-p,
fitted there: p = 1 on the critical line of tanh, p = 1/2 with skip connections around tanh (Yang & Schoenholz 2017).

A *ratio* is compared with |delta^1| / |delta^L|, which does not depend on the scale of the loss. A *number format* is
compared with the typical single number of dL/dW^1, its norm over the square root of how many there are: below the
format's smallest normal number it loses its digits and then becomes 0; above the largest it becomes infinite.
"""

import math
from typing import NamedTuple

import msgspec
import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.records.number_format import FORMATS, NumberFormat
from vgdesk.records.prediction import Prediction
from vgdesk.spec.activation import own_formula
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.theory.critical import critical
from vgdesk.theory.deep_factors import deep_factors, is_plain, reached_chi
from vgdesk.theory.initialisation import Start, layer_start
from vgdesk.theory.predict import predict_feed_forward

PROBE = 64
"""Layers of the probe; its upper ones feel the output layer where examples are normalised together."""
TRUSTED = 24
"""Layers whose factors are taken as they are."""
DEEPEST = 1_000_000
"""A network that keeps its limit up to here keeps it as far as anybody will build."""
LIMIT_FORMATS = FORMATS | {"float64": NumberFormat(53, -1022, 1023)}
DEFAULT_LIMIT = 1e-6
_NEGLIGIBLE = 1e-9
"""Decades per layer that do not add up to anything within `DEEPEST` layers."""
_SETTLING = 0.05
"""A smaller power is that of factors which still settle."""


def require_limit(limit: float | str) -> None:
    """Raises `SpecError` unless the limit is a ratio between 0 and 1 or the name of a number format."""
    if isinstance(limit, str):
        require_choice("format", limit, LIMIT_FORMATS)
    elif not 1e-300 <= limit < 1.0:
        raise SpecError(f"ratio must lie between 1e-300 and 1, without 1, got {limit!r}")


def depth_plan(experiment: Experiment, inputs: np.ndarray, targets: np.ndarray, limit: float | str) -> DepthPlan:
    """Returns how deep the experiment's network may be, and how it would be critical.

    Parameters
    ----------
    inputs, targets
        The examples of the first step, shapes (B, inputs) and (B, outputs).
    limit
        The smallest |dL/dz| of layer 1 over that of the output layer, or a number format in which typical numbers of
        dL/dW of layer 1 stay normal. What may shrink to r may grow to 1/r.

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
    own = predict_feed_forward(experiment, inputs, targets)
    if own.reason:
        return msgspec.structs.replace(plain, reason=own.reason)
    number = typical_layer(network)
    layer, start = network.layers[number - 1], layer_start(experiment, number)
    critical_start = critical_sigmas(layer, math.sqrt(start.bias))
    told = {
        "activation": "" if layer.unit_activations else layer.activation,
        "sigma_w": math.sqrt(start.weight),
        "sigma_b": math.sqrt(start.bias),
        "critical_sigma_w": critical_start[0],
        "critical_sigma_b": critical_start[1],
        "critical_note": critical_start[2],
        "note": own.note,
        "log10_ratio": _log10_ratio(own),
    }
    probe = own if network.depth >= PROBE else predict_feed_forward(deepened(experiment, PROBE), inputs, targets)
    if probe.reason:
        return msgspec.structs.replace(plain, **told, reason=probe.reason)
    gains = _gains(probe)
    inner, further = _inner(gains, layer, start, probe)
    deepest = _deepest(inner, further, float(gains[-1]), _bounds(experiment, probe, limit))
    chi_1 = reached_chi(layer, start, float(own.variances[0]))
    chi = chi_1 if math.isfinite(chi_1) else 10.0 ** (2 * further.settled)
    return msgspec.structs.replace(plain, **told, chi=chi, chi_1=chi_1, deepest=deepest)


def _inner(gains: np.ndarray, layer: DenseLayer, start: Start, probe: Prediction) -> tuple[np.ndarray, "_Further"]:
    """Returns g_1, g_2, ... as far as they are known, and how they go on."""
    if not is_plain(layer):
        return gains[:TRUSTED], _Further.after(gains[:TRUSTED])
    deep = deep_factors(layer, start, float(probe.variances[TRUSTED]))
    inner = np.concatenate([gains[:TRUSTED], deep.decades])
    if deep.is_settled:
        last = float(inner[-1])
        return inner, _Further(last if abs(last) >= _NEGLIGIBLE else 0.0, 0.0)
    return inner, _Further.after(inner)


class _Further(NamedTuple):
    """Is g_l = factor * (l / last)^-power of the layers beyond the last one that is known."""

    factor: float
    power: float

    @classmethod
    def after(cls, gains: np.ndarray) -> "_Further":
        half, whole = float(gains[len(gains) // 2 - 1]), float(gains[-1])
        if half * whole <= 0.0 or abs(whole) < _NEGLIGIBLE:
            return cls(0.0 if abs(whole) < _NEGLIGIBLE else whole, 0.0)
        power = math.log2(half / whole)
        return cls(whole, min(power, 1.5) if power > _SETTLING else 0.0)

    @property
    def settled(self) -> float:
        """The decades of one layer very deep in the network."""
        return self.factor if self.power == 0.0 else 0.0


def typical_layer(network: FeedForward) -> int:
    """Returns the number of the hidden layer in the middle, which stands for all of them."""
    return max(1, network.depth // 2)


def deepened(experiment: Experiment, depth: int) -> Experiment:
    """Returns the experiment with its middle hidden layer repeated until the network has `depth` layers.

    Only layers from as many units to as many can stand in a row: where the middle one is none, it is made one.
    """
    network = experiment.feed_forward
    number = typical_layer(network)
    middle = network.layers[number - 1]
    # The repeated layer stands behind one of its own width, whatever stood below it; its wiring is that of all units.
    copy = msgspec.structs.replace(middle, sources=None)
    copies = (copy,) * (depth - network.depth)
    layers = (*network.layers[:number], *copies, *network.layers[number:])
    deeper = msgspec.structs.replace(network, layers=layers)
    return msgspec.structs.replace(experiment, network=deeper)


def critical_sigmas(layer: DenseLayer, sigma_b: float) -> tuple[float | None, float | None, str]:
    """Returns (sigma_w, sigma_b, note) of a critical start of layers like this one; sigma_b stays where it can."""
    if layer.normalisation != "none":
        return None, None, f"{layer.normalisation} normalisation undoes sigma_w, so no start makes it critical"
    if layer.skip is not None:
        return None, None, "a skip connection passes the gradient on by itself, at every sigma_w"
    if layer.unit_activations:
        return None, None, "the critical line is known for layers of one activation, not for units with different ones"
    if own_formula(layer.activation) is not None:
        return None, None, "the critical line is known for activations by name, not for a formula of one's own"
    for bias in dict.fromkeys((sigma_b, 0.0)):
        found = critical(layer.activation, bias)
        if found.points:
            return found.points[0].sigma_w, bias, found.reason
    return None, None, critical(layer.activation, sigma_b).reason


def _log10_ratio(prediction: Prediction) -> float:
    delta = prediction.profile("delta")
    return float(delta.log10_norm[0] - delta.log10_norm[-1]) if delta is not None else math.nan


def _gains(prediction: Prediction) -> np.ndarray:
    """Returns g_1, ..., g_(P-2), g_out of a prediction of P layers: decades of root mean squares."""
    delta = prediction.profile("delta")
    if delta is None or delta.log10_deviation is None:
        raise ValueError("a prediction has the gradients by z with their scatter")
    # The median lies below the root mean square by a scatter that grows with depth; the factors are of the latter.
    square = delta.log10_norm + math.log(10) * delta.log10_deviation**2
    return square[:-1] - square[1:]


def _bounds(experiment: Experiment, probe: Prediction, limit: float | str) -> tuple[float, float]:
    """Returns the decades between which log10 |delta^1| / |delta^L| must lie."""
    if not isinstance(limit, str):
        return math.log10(limit), -math.log10(limit)
    weight = probe.profile("weight")
    if weight is None:
        raise ValueError("a prediction has the gradients by W")
    network = experiment.feed_forward
    count = network.widths[0] * network.widths[1]
    whole = float(_gains(probe).sum())
    at_ratio_one = float(weight.log10_norm[0]) - whole - 0.5 * math.log10(count)
    smallest, largest = LIMIT_FORMATS[limit].smallest, LIMIT_FORMATS[limit].largest + 1
    return smallest * math.log10(2) - at_ratio_one, largest * math.log10(2) - at_ratio_one


def _deepest(known: np.ndarray, further: _Further, output: float, bounds: tuple[float, float]) -> int | None:
    """Returns the largest depth up to which every depth from 2 on stays between the bounds; None for no end."""
    low, high = bounds
    depth = np.arange(len(known) + 1, DEEPEST)
    inner = np.concatenate([[0.0], known, further.factor * (depth / len(known)) ** -further.power])
    totals = np.cumsum(inner) + output
    outside = np.flatnonzero(~((totals >= low) & (totals <= high)))
    if not len(outside):
        return None
    return int(outside[0]) + 1 if outside[0] > 0 else 0
