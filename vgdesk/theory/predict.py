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
from vgdesk.spec.mixture import layer_mixture
from vgdesk.theory.alike import alikeness, crossings, directions, further_likeness, likeness
from vgdesk.theory.band import NoisyLayers, Scatter, last_log_variance, scatter
from vgdesk.theory.initialisation import layer_starts
from vgdesk.theory.layers import SMALLEST_BATCH
from vgdesk.theory.log_curves import log_curves
from vgdesk.theory.merging import coherence
from vgdesk.theory.moments import Moments
from vgdesk.theory.one_direction import one_direction
from vgdesk.theory.outputs import OutputGradient, output_gradient
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
    layers, starts, signal = experiment.feed_forward.layers, layer_starts(experiment), inputs_signal(inputs)
    passed: list[Passed] = []
    for number, layer in enumerate(layers, start=1):
        if layer.normalisation == "batch" and len(inputs) < SMALLEST_BATCH:
            return f"batch normalisation of {len(inputs)} examples has no expected gradient; it takes {SMALLEST_BATCH}"
        entered = enter(layer, starts[number - 1], signal)
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
    way = _way_back(layers, passed, top)
    log_weight, wholes = _log_weights(way, passed, batch)
    norms = {
        "weight": log_weight + way.exponents[:-1],
        "delta": _logs(way.deltas.mean(axis=1) / batch) + way.exponents[:-1],
        "state": _logs(way.states[:-1].mean(axis=1) / batch) + way.exponents[:-1],
    }
    at_input = float(_logs(way.states[-1:].mean(axis=1) / batch)[0] + way.exponents[-1])
    noisy = noisy._replace(share=way.shares)
    averaged, merged = _averaged(noisy, passed, _Pairs(way.typical, wholes, batch), top, q, biases)
    return norms, _chi(way, passed, noisy), at_input, scatter(averaged, biases, q, top.scatter, merged)


class _WayBack(NamedTuple):
    """Is the gradient at every layer, but for a factor e^exponent of its square, which a thousand layers need.

    Attributes
    ----------
    states
        Diagonals of H, sums of dL/dh_a dL/dh_b, shape (layers + 1, examples); the last row is of the input.
    deltas
        Diagonals of G, sums of dL/dz_a dL/dz_b, shape (layers, examples).
    typical
        G of the examples that stand for all, shape (layers, examples, examples).
    pairs
        sum_ab G_ab E[h_a h_b], h below the layer, shape (layers,).
    shares
        Share of the gradient through weights rather than past them, shape (hidden layers,).
    exponents
        Shape (layers + 1,).
    """

    states: np.ndarray
    deltas: np.ndarray
    typical: np.ndarray
    pairs: np.ndarray
    shares: np.ndarray
    exponents: np.ndarray


def _way_back(layers: tuple[DenseLayer, ...], passed: list[Passed], top: OutputGradient) -> _WayBack:
    """Takes the gradient from the output to the input; only what cannot wait is done layer by layer."""
    count, examples, here = len(layers), len(top.delta), (top.typical, top.typical)
    way = _WayBack(
        np.empty((count + 1, examples)),
        np.empty((count, examples)),
        np.empty((count, *top.alike.shape)),
        np.empty(count),
        np.ones(count - 1),
        np.zeros(count + 1),
    )
    H, exponent = top.state, 0.0
    for place in range(count - 1, -1, -1):
        layer, below = layers[place], passed[place]
        way.states[place], way.exponents[place] = H.diagonal(), exponent
        if place < count - 1:
            G, onward = backward(layer, below, H)
            if layer.skip is not None:
                way.shares[place] = _share(below, H, onward)
        else:
            G, onward = top.delta, below.start.weight * top.delta
        way.deltas[place], way.typical[place] = G.diagonal(), G[here]
        way.pairs[place] = np.vdot(G, below.below.square)
        H, shift = _rescaled(onward)
        exponent += shift
    way.states[-1], way.exponents[-1] = H.diagonal(), exponent
    return way


class _Pairs(NamedTuple):
    """Holds the typical examples' G of every layer, what products of two leave of |dL/dW|^2, and how many there are."""

    gradients: np.ndarray
    wholes: np.ndarray
    batch: int


def _averaged(
    noisy: NoisyLayers, passed: list[Passed], pairs: _Pairs, top: OutputGradient, q: np.ndarray, biases: np.ndarray
) -> tuple[NoisyLayers, np.ndarray | None]:
    """Returns the sources of scatter with what the batch averages away, and tau of `vgdesk.theory.one_direction`."""
    hidden = passed[:-1]
    if len(passed[0].argument) == 1 or not hidden:
        return noisy, None
    here, gradients = top.typical, pairs.gradients[:-1]
    signals = _of_examples([layer.below.square for layer in passed], here)
    arguments = _of_examples([layer.argument for layer in hidden], here)
    slopes = _of_examples([layer.slopes for layer in hidden if layer.slopes is not None], here)
    like = likeness([layer.phi for layer in hidden if layer.phi is not None], arguments, slopes)
    sizes = np.maximum(np.diagonal(pairs.gradients[-1]), 1e-300)
    excess = np.array([layer.start.excess for layer in passed[1:]])
    told = (noisy.is_orthogonal, pairs.batch, excess, top.participation[1])
    found = directions(like, top.alike, sizes / sizes.sum(), noisy.width, noisy.share, *told)
    further = further_likeness(like, noisy.width, noisy.onward, q)
    alike = alikeness(signals)
    averaged = noisy._replace(
        backward=found.whole,
        gate=found.gate,
        uneven=found.uneven,
        coherence=coherence(like, noisy.width, noisy.onward, q, biases, pairs.batch),
        crossing=crossings(found.rho, gradients, signals[:-1], further, pairs.wholes[:-1], pairs.batch),
        output_share=np.minimum(1.0, alike[:-1] / max(float(alike[-1]), 1e-12)),
    )
    return averaged, one_direction(signals[:-1], gradients, found.same, pairs.batch)


def _of_examples(products: list[np.ndarray], examples: slice) -> np.ndarray:
    """Returns the products of these examples of every layer, shape (layers, examples, examples)."""
    corners = [product[examples, examples] for product in products]
    return np.concatenate(corners).reshape(len(corners), *corners[0].shape)


def _rescaled(G: np.ndarray) -> tuple[np.ndarray, float]:
    """Returns G with a mean diagonal of 1 and the logarithm of what was taken out: a thousand layers underflow."""
    size = float(G.trace()) / len(G)
    return (G / size, math.log(size)) if size > 0.0 and math.isfinite(size) else (G, 0.0)


def _log_weights(way: _WayBack, passed: list[Passed], batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns ln of fan_in sum_ab G_ab E[h_a h_b] / B^2 of every layer, and the sum over that of a = b alone.

    Pairs of examples left out are like those that are not.
    """
    shown = way.deltas.shape[1]
    squares = np.stack([layer.below.square.diagonal() for layer in passed])
    own = np.einsum("la,la->l", way.deltas, squares)
    pairs = (way.pairs - own) / max(1, shown * (shown - 1))
    square = own / shown / batch + pairs * (batch - 1) / batch
    fan_in = np.array([layer.start.fan_in for layer in passed])
    has_own = own > 0.0
    return _logs(fan_in * square), np.where(has_own, square * shown * batch / np.where(has_own, own, 1.0), 1.0)


def _logs(squares: np.ndarray) -> np.ndarray:
    """Returns the logarithms, -inf of what is not above 0."""
    return np.log(squares, out=np.full(len(squares), -np.inf), where=squares > 0.0)


def _noisy_layers(experiment: Experiment, passed: list[Passed]) -> NoisyLayers:
    """Returns the hidden layers as sources of scatter."""
    starts, is_normal = [layer.start for layer in passed[1:]], np.array([layer.scale is not None for layer in passed])
    at = np.array([layer.phi.at for layer in passed if layer.phi is not None]).reshape(-1, len(Moments._fields))
    noisy = NoisyLayers(
        at=Moments(*at.T),
        width=np.array(experiment.feed_forward.widths[1:-1], float),
        onward=np.array([start.weight for start in starts]),
        is_orthogonal=np.array([start.is_orthogonal for start in starts], bool),
        is_renewed=is_normal[1:] | is_normal[:-1],
        share=np.ones(len(starts)),
        curves=tuple(log_curves(layer_mixture(layer)) for layer in experiment.feed_forward.layers[:-1]),
    )
    noisy = noisy._replace(even=_evenness(noisy, passed[:-1]))
    return noisy if all(layer.gate is None for layer in passed) else _gated(noisy, passed[:-1])


def _evenness(noisy: NoisyLayers, hidden: list[Passed]) -> np.ndarray:
    """Returns k S of the matrix below each layer, S of its signal; inputs are many, and theirs is taken as 0."""
    kurtosis = noisy.at.square_fourth / np.maximum(noisy.at.square**2, 1e-300)
    shares = kurtosis / (noisy.width + kurtosis - 1.0)
    return np.array([layer.start.excess for layer in hidden]) * np.append(0.0, shares)[: len(hidden)]


def _gated(noisy: NoisyLayers, hidden: list[Passed]) -> NoisyLayers:
    """Returns the layers with what a highway's gate does to the variance above."""
    opened, past, both = np.ones(len(hidden)), np.zeros(len(hidden)), np.zeros(len(hidden))
    for place, (layer, square) in enumerate(zip(hidden, noisy.at.square.tolist(), strict=True)):
        if layer.gate is not None:
            below, sizes = np.diagonal(layer.below.square), np.diagonal(layer.gate.both)
            opened[place] = np.mean(np.diagonal(layer.gate.opened))
            past[place] = noisy.onward[place] * np.mean(np.diagonal(layer.gate.closed) * below)
            both[place] = 4.0 * np.mean(sizes**2 * below) * square
    return noisy._replace(opened=opened, past=past, both=both)


def _with_excess(noisy: NoisyLayers, passed: list[Passed], participation: float) -> NoisyLayers:
    """Returns the layers with what their matrices above take from the scatter of one example; S is that of the output.

    One direction has the F = 3 E[phi'^4] / E[phi'^2]^2 of `vgdesk.theory.alike`.
    """
    kurtosis = 3.0 * noisy.at.slope_fourth / np.maximum(noisy.at.slope_square**2, 1e-300)
    shares = np.append((kurtosis / (noisy.width + kurtosis - 1.0))[1:], participation)
    excess = np.array([layer.start.excess for layer in passed[1:]]) * shares[: len(passed) - 1]
    return noisy._replace(excess=excess, uneven=excess)


def _share(layer: Passed, H: np.ndarray, onward: np.ndarray) -> float:
    """Returns which share of the gradient below a skip connection came through weights, not past them."""
    whole = float(np.trace(onward))
    past = float(np.trace(H if layer.gate is None else H * layer.gate.closed))
    return max(0.0, 1.0 - past / whole) if whole > 0.0 else 0.0


def _chi(way: _WayBack, passed: list[Passed], noisy: NoisyLayers) -> np.ndarray:
    """Returns sigma_w^2 E[phi'^2] of every hidden layer, with the weights above it.

    Every example counts by its share in the gradient: chi is what a plain layer multiplies the squared gradient by.
    """
    own = way.states[: len(passed) - 1]
    slopes = np.array([layer.slopes.diagonal() for layer in passed if layer.slopes is not None]).reshape(own.shape)
    whole = own.sum(axis=1)
    mean = np.einsum("la,la->l", own, slopes) / np.where(whole > 0.0, whole, 1.0)
    return noisy.onward * np.where(whole > 0.0, mean, noisy.at.slope_square)


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
