"""The gradient of every layer before training: what signal propagation predicts for an experiment's own network.

The prediction needs the spec and the examples of the first step, no draw of parameters: it is about all seeds at once.
Over seeds ln |dL/dW|^2 is nearly normal with a variance s^2 that grows with depth over width, so the line is the median
E[...] e^(-s^2 / 2), and the band one or two s / (2 ln 10) decades above and below it.
"""

import math

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Identity
from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.band import NoisyLayer, Scatter, last_log_variance, scatter
from vgdesk.theory.initialisation import layer_start
from vgdesk.theory.layers import SMALLEST_BATCH
from vgdesk.theory.outputs import output_gradient
from vgdesk.theory.signals import Passed, backward, enter, inputs_signal, leave, too_large
from vgdesk.theory.units import has_same_units, layer_phi, least_known

MOST_EXAMPLES = 48
"""A larger batch is represented by its first examples; norms are taken to its size."""
SMALLEST_WIDTH = 10
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
    norms, found = _backward(experiment, passed, targets[shown], batch)
    profiles = tuple(
        _profile(experiment.name, name, norms[name], variance) for name, variance in zip(QUANTITIES, found, strict=True)
    )
    return Prediction(
        experiment=experiment.name,
        profiles=profiles,
        variances=frozen([layer.q for layer in passed]),
        chi=frozen([_chi(experiment, passed, number) for number in range(1, len(passed))]),
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
        if number < len(layers):
            entered, signal = leave(layer, entered, passed[-1].phi if _is_like(layers, number) else None)
        passed.append(entered)
    return passed


def _is_like(layers: tuple[DenseLayer, ...], number: int) -> bool:
    """Whether a layer has the activations of the one before it."""
    return number > 1 and has_same_units(layers[number - 1], layers[number - 2])


def _backward(
    experiment: Experiment, passed: list[Passed], targets: np.ndarray, batch: int
) -> tuple[dict[str, np.ndarray], Scatter]:
    """Returns ln of the expected squared norms by quantity, and their scatter over seeds."""
    layers = experiment.feed_forward.layers
    noisy = _noisy_layers(experiment, passed)
    top = output_gradient(
        passed[-1], targets, layer_phi(layers[-1]), experiment.loss, last_log_variance(noisy, passed[-1].q)
    )
    norms = {name: np.full(len(layers), -np.inf) for name in QUANTITIES}
    H, G, exponent = top.state, top.delta, 0.0
    for number in range(len(layers), 0, -1):
        layer, here = layers[number - 1], passed[number - 1]
        norms["state"][number - 1] = _log_diagonal(H, batch) + exponent
        if number < len(layers):
            G, onward = backward(layer, here, H)
            if layer.skip is not None:
                noisy[number - 1] = noisy[number - 1]._replace(share=_share(H, onward))
        else:
            onward = here.start.weight * G
        norms["delta"][number - 1] = _log_diagonal(G, batch) + exponent
        norms["weight"][number - 1] = _log_weight(G, here, batch) + exponent
        H, shift = _rescaled(onward)
        exponent += shift
    q, biases = np.array([layer.q for layer in passed]), np.array([layer.start.bias for layer in passed])
    spread = scatter(noisy, biases, q, top.scatter, top.weight_scatter)
    return norms, Scatter(spread.weight, spread.delta, spread.state)


def _rescaled(G: np.ndarray) -> tuple[np.ndarray, float]:
    """Returns G with a mean diagonal of 1 and the logarithm of what was taken out: a thousand layers underflow."""
    size = float(G.trace()) / len(G)
    return (G / size, math.log(size)) if size > 0.0 and math.isfinite(size) else (G, 0.0)


def _log_diagonal(G: np.ndarray, batch: int) -> float:
    return _log(float(G.trace()) / len(G) / batch)


def _log_weight(G: np.ndarray, layer: Passed, batch: int) -> float:
    """Returns ln of fan_in sum_ab G_ab E[h_a h_b] / B^2; pairs of examples left out are like those that are not."""
    own, shown = float(np.diagonal(G) @ np.diagonal(layer.below.square)), len(G)
    pairs = (float(np.vdot(G, layer.below.square)) - own) / max(1, shown * (shown - 1))
    return _log(layer.start.fan_in * (own / shown / batch + pairs * (batch - 1) / batch))


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
        noisy.append(NoisyLayer(here.phi.at, layer.width, start.weight, start.is_orthogonal, is_renewed, 1.0))
    return noisy


def _share(H: np.ndarray, onward: np.ndarray) -> float:
    """Returns which share of the gradient below a skip connection came through phi."""
    whole = float(np.trace(onward))
    return max(0.0, 1.0 - float(np.trace(H)) / whole) if whole > 0.0 else 0.0


def _chi(experiment: Experiment, passed: list[Passed], number: int) -> float:
    """Returns sigma_w^2 E[phi'^2] of a hidden layer, with the weights above it."""
    phi = passed[number - 1].phi
    return passed[number].start.weight * phi.at.slope_square if phi else math.nan


def _profile(name: str, quantity: str, log_square: np.ndarray, variance: np.ndarray) -> GradientProfile:
    return GradientProfile(
        experiment=name,
        route="theory",
        quantity=quantity,
        log10_norm=frozen((log_square - variance / 2) / (2 * math.log(10))),
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
    return ""
