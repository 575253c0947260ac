"""The gradient of every layer before training: what signal propagation predicts for an experiment's own network.

The prediction needs the spec and the examples of the first step, no draw of parameters: it is about all seeds at once.
Over seeds ln |dL/dW|^2 is nearly normal with a variance s^2 that grows with depth over width, so the line is the mean
of the logarithm, which is the median, and the band one or two s / (2 ln 10) decades above and below it
(`vgdesk.theory.band`).
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Identity
from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.alike import alikeness, crossings, directions, further_likeness, likeness
from vgdesk.theory.band import NoisyLayer, Scatter, last_log_variance, scatter
from vgdesk.theory.initialisation import Start, layer_start
from vgdesk.theory.layers import SMALLEST_BATCH
from vgdesk.theory.one_direction import one_direction
from vgdesk.theory.outputs import OutputGradient, output_gradient
from vgdesk.theory.sigmoid_gate import Gate
from vgdesk.theory.signals import Passed, backward, enter, inputs_signal, leave, too_large
from vgdesk.theory.units import has_same_units, layer_phi, least_known

MOST_EXAMPLES = 48
"""A larger batch is represented by its first examples; norms are taken to its size."""
SMALLEST_WIDTH = 10
NARROW_BATCH_NORM, DEEP_BATCH_NORM = 64, 20
"""Below so many units and above so many layers the examples, never quite apart, lift the median beyond the band."""
LARGEST_OUTPUT = 1e100
"""Beyond this variance of the output the square of |dL/dW| is no number any more."""
QUANTITIES = ("weight", "delta", "state")


def predict_feed_forward(experiment: Experiment, inputs: np.ndarray, targets: np.ndarray) -> Prediction:
    """Returns the predicted magnitudes of |dL/dW|, |dL/dz| and |dL/dh| of each layer at the first step.

    Parameters
    ----------
    inputs, targets
        The examples of the first step, shapes (B, inputs) and (B, outputs).
    """
    if _has_given_weights(experiment):
        reason = "the weights are given, not drawn; theory is about random ones"
        return Prediction(experiment=experiment.name, profiles=(), reason=reason)
    batch = len(inputs)
    shown = slice(0, batch if _normalises(experiment) and batch <= 2 * MOST_EXAMPLES else MOST_EXAMPLES)
    passed = _forward(experiment, inputs[shown])
    if isinstance(passed, str):
        return Prediction(experiment=experiment.name, profiles=(), reason=passed)
    norms, chi, at_input, found = _backward(experiment, passed, targets[shown], batch)
    drifts = (found.weight_drift, found.delta_drift, found.state_drift)
    profiles = tuple(
        _profile(experiment.name, name, norms[name] + drift, variance)
        for name, drift, variance in zip(QUANTITIES, drifts, (found.weight, found.delta, found.state), strict=True)
    )
    return Prediction(
        experiment=experiment.name,
        profiles=profiles,
        variances=frozen([layer.q for layer in passed]),
        chi=frozen(chi),
        wide=frozen(norms["delta"] / (2 * math.log(10))),
        # W^1 is drawn apart from all above it, and most inputs are wide: |dL/dh^0| drifts as |delta^1| does
        log10_input_norm=float(at_input + found.delta_drift[0]) / (2 * math.log(10)),
        note=_note(experiment),
    )


def _forward(experiment: Experiment, inputs: np.ndarray) -> list[Passed] | str:
    """Returns every layer, or why the prediction ends."""
    layers, signal = experiment.feed_forward.layers, inputs_signal(inputs)
    passed: list[Passed] = []
    for number, layer in enumerate(layers, start=1):
        if layer.normalisation == "batch" and len(inputs) < SMALLEST_BATCH:
            return f"batch normalisation of {len(inputs)} examples has no expected gradient; it takes {SMALLEST_BATCH}"
        entered = enter(layer, layer_start(experiment, number), signal)
        if entered is None:
            return too_large(number, least_known(layer))
        if number == len(layers) and max(entered.q, float(np.max(signal.square))) > LARGEST_OUTPUT:
            return f"the variance of z grows without bound: in the output layer it exceeds {LARGEST_OUTPUT:g}"
        if number < len(layers):
            entered, signal = leave(layer, entered, passed[-1].phi if _is_like(layers, number) else None)
        passed.append(entered)
    return passed


def _is_like(layers: tuple[DenseLayer, ...], number: int) -> bool:
    """Whether a layer has the activations of the one before it."""
    return number > 1 and has_same_units(layers[number - 1], layers[number - 2])


def _backward(
    experiment: Experiment, passed: list[Passed], targets: np.ndarray, batch: int
) -> tuple[dict[str, np.ndarray], np.ndarray, float, Scatter]:
    """Returns ln of wide networks' expected squares by quantity, chi, ln of |dL/dh^0|^2, and what finite width adds."""
    layers = experiment.feed_forward.layers
    noisy = _noisy_layers(experiment, passed)
    q, biases = np.array([layer.q for layer in passed]), np.array([layer.start.bias for layer in passed])
    top = output_gradient(passed[-1], targets, layer_phi(layers[-1]), experiment.loss, last_log_variance(noisy, q))
    noisy = _with_excess(noisy, passed, top.participation[0])
    norms = {name: np.full(len(layers), -np.inf) for name in QUANTITIES}
    H, G, exponent = top.state, top.delta, 0.0
    gradients: list[np.ndarray] = []
    wholes, chi = np.ones(len(layers)), np.full(len(layers) - 1, np.nan)
    for number in range(len(layers), 0, -1):
        layer, here = layers[number - 1], passed[number - 1]
        norms["state"][number - 1] = _log_diagonal(H, batch) + exponent
        if number < len(layers):
            chi[number - 1] = _chi(here, passed[number].start, H)
            G, onward = backward(layer, here, H)
            if layer.skip is not None:
                noisy[number - 1] = noisy[number - 1]._replace(share=_share(here, H, onward))
        else:
            onward = here.start.weight * G
        gradients.append(G[top.typical, top.typical])
        norms["delta"][number - 1] = _log_diagonal(G, batch) + exponent
        log_weight, wholes[number - 1] = _log_weight(G, here, batch)
        norms["weight"][number - 1] = log_weight + exponent
        H, shift = _rescaled(onward)
        exponent += shift
    averaged, merged = _averaged(noisy, passed, _Pairs(gradients[::-1], wholes, batch), top, q)
    return norms, chi, _log_diagonal(H, batch) + exponent, scatter(averaged, biases, q, top.scatter, merged)


class _Pairs(NamedTuple):
    """Holds the typical examples' G of every layer, what products of two leave of |dL/dW|^2, and how many there are."""

    gradients: list[np.ndarray]
    wholes: np.ndarray
    batch: int


def _averaged(
    noisy: list[NoisyLayer], passed: list[Passed], pairs: _Pairs, top: OutputGradient, q: np.ndarray
) -> tuple[list[NoisyLayer], np.ndarray | None]:
    """Returns the sources of scatter with what the batch averages away, and tau of `vgdesk.theory.one_direction`."""
    hidden = [layer for layer in passed if layer.phi is not None and layer.slopes is not None]
    if len(passed[0].argument) == 1 or not hidden:
        return noisy, None
    here = (top.typical, top.typical)
    like = likeness(
        [layer.phi for layer in hidden if layer.phi is not None],
        [layer.argument[here] for layer in hidden],
        [layer.slopes[here] for layer in hidden if layer.slopes is not None],
    )
    sizes = np.maximum(np.diagonal(pairs.gradients[-1]), 1e-300)
    widths = np.array([layer.width for layer in noisy])
    shares, is_orthogonal = np.array([layer.share for layer in noisy]), [layer.is_orthogonal for layer in noisy]
    excess = np.array([layer.start.excess for layer in passed[1:]])
    told = (is_orthogonal, pairs.batch, excess, top.participation[1])
    found = directions(like, top.alike, sizes / sizes.sum(), widths, shares, *told)
    further = further_likeness(like, widths, np.array([layer.onward for layer in noisy]), q)
    signals = np.array([layer.below.square[here] for layer in hidden])
    crossing = crossings(found.rho, np.array(pairs.gradients[:-1]), signals, further, pairs.wholes[:-1], pairs.batch)
    alike = alikeness(np.array([layer.below.square[here] for layer in passed]))
    shares = np.minimum(1.0, alike[:-1] / max(float(alike[-1]), 1e-12))
    columns = (each.tolist() for each in (found.whole, found.gate, found.uneven, like.coherence, crossing, shares))
    fields = ("backward", "gate", "uneven", "coherence", "crossing", "output_share")
    rows = zip(*columns, strict=True)
    averaged = [layer._replace(**dict(zip(fields, row, strict=True))) for layer, row in zip(noisy, rows, strict=True)]
    return averaged, one_direction(signals, np.array(pairs.gradients[:-1]), found.same, pairs.batch)


def _rescaled(G: np.ndarray) -> tuple[np.ndarray, float]:
    """Returns G with a mean diagonal of 1 and the logarithm of what was taken out: a thousand layers underflow."""
    size = float(G.trace()) / len(G)
    return (G / size, math.log(size)) if size > 0.0 and math.isfinite(size) else (G, 0.0)


def _log_diagonal(G: np.ndarray, batch: int) -> float:
    return _log(float(G.trace()) / len(G) / batch)


def _log_weight(G: np.ndarray, layer: Passed, batch: int) -> tuple[float, float]:
    """Returns ln of fan_in sum_ab G_ab E[h_a h_b] / B^2, and the sum over that of a = b alone.

    Pairs of examples left out are like those that are not.
    """
    own, shown = float(np.diagonal(G) @ np.diagonal(layer.below.square)), len(G)
    pairs = (float(np.vdot(G, layer.below.square)) - own) / max(1, shown * (shown - 1))
    square = own / shown / batch + pairs * (batch - 1) / batch
    return _log(layer.start.fan_in * square), square * shown * batch / own if own > 0.0 else 1.0


def _log(square: float) -> float:
    return math.log(square) if square > 0.0 else -math.inf


def _noisy_layers(experiment: Experiment, passed: list[Passed]) -> list[NoisyLayer]:
    """Returns the hidden layers as sources of scatter."""
    noisy: list[NoisyLayer] = []
    for layer, here, above in zip(experiment.feed_forward.layers, passed, passed[1:], strict=False):
        if here.phi is None:
            raise ValueError("a hidden layer has an activation")
        is_renewed = above.scale is not None or here.scale is not None
        start = above.start
        found = NoisyLayer(here.phi.at, layer.width, start.weight, start.is_orthogonal, is_renewed, 1.0)
        noisy.append(found if here.gate is None else found._replace(**_gated(here, here.gate, start.weight)))
    return noisy


def _gated(layer: Passed, gate: Gate, onward: float) -> dict[str, float]:
    """Returns what a highway's gate does to the variance above, under the names of `NoisyLayer`."""
    below, sizes = np.diagonal(layer.below.square), np.diagonal(gate.both)
    square = 0.0 if layer.phi is None else layer.phi.at.square
    return {
        "opened": float(np.mean(np.diagonal(gate.opened))),
        "past": onward * float(np.mean(np.diagonal(gate.closed) * below)),
        "both": 4.0 * float(np.mean(sizes**2 * below)) * square,
    }


def _with_excess(noisy: list[NoisyLayer], passed: list[Passed], participation: float) -> list[NoisyLayer]:
    """Returns the layers with what their matrices above take from the scatter of one example; S is that of the output.

    One direction has S = 3 E[phi'^4] / E[phi'^2]^2 / N of a hidden layer's N units.
    """
    kurtosis = [3.0 * each.at.slope_fourth / max(each.at.slope_square**2, 1e-300) / each.width for each in noisy[1:]]
    shares = [min(1.0, share) for share in (*kurtosis, participation)]
    rows = zip(noisy, passed[1:], shares, strict=True)
    found = ((layer, above.start.excess * share) for layer, above, share in rows)
    return [layer._replace(excess=excess, uneven=excess) for layer, excess in found]


def _share(layer: Passed, H: np.ndarray, onward: np.ndarray) -> float:
    """Returns which share of the gradient below a skip connection came through weights, not past them."""
    whole = float(np.trace(onward))
    past = float(np.trace(H if layer.gate is None else H * layer.gate.closed))
    return max(0.0, 1.0 - past / whole) if whole > 0.0 else 0.0


def _chi(layer: Passed, above: Start, H: np.ndarray) -> float:
    """Returns sigma_w^2 E[phi'^2] of a hidden layer, with the weights above it.

    Every example counts by its share in the gradient: chi is what a plain layer multiplies the squared gradient by.
    """
    own = H.diagonal()
    whole = float(own.sum())
    if layer.slopes is None or not whole > 0.0:
        return math.nan if layer.phi is None else above.weight * layer.phi.at.slope_square
    return above.weight * float(own.dot(layer.slopes.diagonal())) / whole


def _profile(name: str, quantity: str, log_square: np.ndarray, variance: np.ndarray) -> GradientProfile:
    return GradientProfile(
        experiment=name,
        route="theory",
        quantity=quantity,
        log10_norm=frozen(log_square / (2 * math.log(10))),
        log10_deviation=frozen(np.sqrt(variance) / (2 * math.log(10))),
    )


def _has_given_weights(experiment: Experiment) -> bool:
    layers = range(1, experiment.feed_forward.depth + 1)
    return bool(experiment.start_values) or any(
        isinstance(experiment.layer_initialisation(layer), Explicit) for layer in layers
    )


def _normalises(experiment: Experiment) -> bool:
    return any(layer.normalisation == "batch" for layer in experiment.feed_forward.layers)


def _note(experiment: Experiment) -> str:
    """Returns what makes the prediction less sure."""
    network = experiment.feed_forward
    rules = [experiment.layer_initialisation(number) for number in range(1, network.depth + 1)]
    if experiment.training.pretraining is not None:
        return "the prediction is for the drawn weights, before pre-training changes them"
    if any(isinstance(rule, Identity) for rule in rules):
        return "identity matrices are not random: the prediction is for orthogonal ones"
    narrow = min(network.widths[1:-1], default=SMALLEST_WIDTH)
    if narrow < SMALLEST_WIDTH:
        return f"the theory is of wide networks; with {narrow} {'unit' if narrow == 1 else 'units'} it is rough"
    if _normalises(experiment) and narrow < NARROW_BATCH_NORM and network.depth > DEEP_BATCH_NORM:
        return (
            f"batch normalisation of {narrow} units passes on somewhat more than this: measured gradients lie up to "
            "about an eighth of the decades higher"
        )
    return ""
