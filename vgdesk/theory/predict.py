"""The gradient of every layer before training: what signal propagation predicts for an experiment's own network.

The prediction needs the spec and the examples of the first step, no draw of parameters: it is about all seeds at once.
Only narrow networks with batch norm, and the last signals of chaotic ones, are drawn, of a fixed stream of numbers
(`vgdesk.theory.narrow_batch`, `vgdesk.theory.narrow_outputs`).
Over seeds ln |dL/dW|^2 is nearly normal with a variance s^2 that grows with depth over width, so the line is the mean
of the logarithm, which is the median, and the band one or two s / (2 ln 10) decades above and below it
(`vgdesk.theory.band`).
"""

import math

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.prediction import PREDICTED, Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.band import Scatter, last_log_variance, log10_deviation, scatter
from vgdesk.theory.carried_numbers import hidden_of
from vgdesk.theory.carried_part import with_part
from vgdesk.theory.carried_way import carriers
from vgdesk.theory.exponents import log10_of, rescaled
from vgdesk.theory.initialisation import layer_starts
from vgdesk.theory.layers import SMALLEST_BATCH
from vgdesk.theory.narrow_batch import is_narrow, narrow_gradients
from vgdesk.theory.narrow_outputs import drawn_weight, with_drawn
from vgdesk.theory.outputs import output_gradient, size_products
from vgdesk.theory.prediction_note import prediction_note
from vgdesk.theory.repeated_layers import repeated_layers, with_gap_filled, without_gap
from vgdesk.theory.rough import FEWEST_NORMALISED, rough_places, silenced, too_few, too_few_examples, too_fine
from vgdesk.theory.scatter_sources import GradientPairs, averaged_over_batch, noisy_layers, with_excess
from vgdesk.theory.signals import Passed, inputs_signal
from vgdesk.theory.through_layer import enter, leave, too_flat, too_large, too_small
from vgdesk.theory.units import has_same_units, layer_phi, least_known
from vgdesk.theory.way_back import chi_of, log_weights, logs, way_back

MOST_EXAMPLES = 48
"""A larger batch is represented by its first examples; norms are taken to its size."""
LARGEST_OUTPUT = 1e100
"""Beyond this variance of the output the square of |dL/dW| is no number any more."""


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
    gap = repeated_layers(experiment) if is_narrow(experiment) else None
    if gap is not None:
        return with_gap_filled(predict_feed_forward(without_gap(experiment, gap), inputs, targets), gap)
    batch = len(inputs)
    shown = slice(0, batch if _normalises(experiment) and batch <= 2 * MOST_EXAMPLES else MOST_EXAMPLES)
    passed = _forward(experiment, inputs[shown])
    if isinstance(passed, str):
        return Prediction(experiment=experiment.name, profiles=(), reason=passed)
    norms, chi, at_input, found, silent = _backward(experiment, passed, targets[shown], batch)
    exponents = np.array([layer.exponent for layer in passed])
    drifts = (found.weight_drift, found.delta_drift, found.state_drift)
    lines = [norms[name] + drift for name, drift in zip(PREDICTED, drifts, strict=True)]
    # W^1 is drawn apart from all above it, and most inputs are wide: |dL/dh^0| drifts as |delta^1| does
    variances, log_input = (found.weight, found.delta, found.state), float(at_input + found.delta_drift[0])
    narrow = narrow_gradients(experiment, inputs[shown], targets[shown], batch)
    if narrow is not None:
        lines, variances, log_input = narrow.lines, narrow.variances, narrow.at_input
    log10_q = np.array([log10_of(layer.q, layer.exponent) for layer in passed])
    rough = silenced(experiment.feed_forward, log10_q)
    if narrow is None:
        rough = rough or rough_places(experiment.feed_forward)
    profiles = tuple(
        _profile(experiment.name, name, line, variance)
        for name, line, variance in zip(PREDICTED, lines, variances, strict=True)
    )
    return Prediction(
        experiment=experiment.name,
        profiles=profiles,
        variances=frozen(rescaled(np.array([layer.q for layer in passed]), exponents, 0)),
        log10_variances=frozen(log10_q),
        chi=frozen(chi),
        wide=frozen(norms["delta"] / (2 * math.log(10))),
        log10_input_norm=log_input / (2 * math.log(10)),
        note=prediction_note(experiment, passed[-1], silent) or rough,
    )


def _forward(experiment: Experiment, inputs: np.ndarray) -> list[Passed] | str:
    """Returns every layer, or why the prediction ends."""
    layers, starts, signal = experiment.feed_forward.layers, layer_starts(experiment), inputs_signal(inputs)
    passed: list[Passed] = []
    for number, layer in enumerate(layers, start=1):
        if layer.normalisation == "batch" and len(inputs) < SMALLEST_BATCH:
            return too_few_examples(len(inputs))
        if layer.normalisation == "layer" and layer.width < FEWEST_NORMALISED:
            return too_few(layer.width)
        if reason := too_fine(experiment.layer_initialisation(number), starts[number - 1].weight, number):
            return reason
        entered = enter(layer, starts[number - 1], signal)
        if entered is None:
            return too_large(number, least_known(layer))
        if number == len(layers) and max(entered.q, float(np.max(signal.square))) > LARGEST_OUTPUT:
            return f"the variance of z grows without bound: in the output layer it exceeds {LARGEST_OUTPUT:g}"
        if number < len(layers):
            if reason := too_small(layer, entered, number):
                return reason
            entered, signal = leave(layer, entered, passed[-1].phi if _is_like(layers, number) else None)
        if reason := too_flat(layer, entered, number):
            return reason
        passed.append(entered)
    return passed


def _is_like(layers: tuple[DenseLayer, ...], number: int) -> bool:
    """Whether a layer has the activations of the one before it."""
    return number > 1 and has_same_units(layers[number - 1], layers[number - 2])


def _backward(
    experiment: Experiment, passed: list[Passed], targets: np.ndarray, batch: int
) -> tuple[dict[str, np.ndarray], np.ndarray, float, Scatter, float]:
    """Returns ln of wide networks' expected squares by quantity, chi, ln of |dL/dh^0|^2, what finite width adds to all.

    The last number is the share of draws without any gradient.
    """
    layers = experiment.feed_forward.layers
    hidden = hidden_of(passed)
    noisy = noisy_layers(experiment, passed, hidden)
    q = np.array([layer.q for layer in passed])
    biases = np.array([math.ldexp(layer.start.bias, -2 * layer.exponent) for layer in passed])
    told = (passed[-1], targets, layer_phi(layers[-1]), experiment.loss, last_log_variance(noisy, q))
    top = output_gradient(*told)
    noisy = with_excess(noisy, passed, top.participation[0])
    is_carried = len(layers) > 1 and layers[-2].skip is not None and not passed[-1].exponent
    way = way_back(layers, passed, top, size_products(*told) if is_carried else None, carriers(layers, passed, hidden))
    log_weight, wholes = log_weights(way, passed, batch)
    norms = {
        "weight": log_weight + way.exponents[:-1],
        "delta": logs(way.deltas.mean(axis=1) / batch) + way.divided + way.exponents[:-1],
        "state": logs(way.states[:-1].mean(axis=1) / batch) + way.exponents[:-1],
    }
    at_input = float(logs(way.states[-1:].mean(axis=1) / batch)[0] + way.exponents[-1])
    noisy = noisy._replace(share=way.shares)
    pairs = GradientPairs(way.typical, wholes, batch)
    averaged, merged, narrow = averaged_over_batch(noisy, passed, pairs, top, q, biases)
    found = with_part(scatter(averaged, biases, q, top.scatter, merged), way.parts)
    if narrow is not None and not top.scatter.response and not top.silent:
        drawn = drawn_weight(*told, narrow.units, batch)
        found = with_drawn(found, narrow, top.scatter, drawn, log_weight)
    if top.log_state is not None and not top.scatter.response:
        log_square, found.state[-1] = top.log_state
        norms["state"][-1], found.state_drift[-1] = log_square - math.log(len(targets) * batch), 0.0
    return norms, chi_of(way, passed, noisy), at_input, found, top.silent


def _profile(name: str, quantity: str, log_square: np.ndarray, variance: np.ndarray) -> GradientProfile:
    return GradientProfile(
        experiment=name,
        route="theory",
        quantity=quantity,
        log10_norm=frozen(log_square / (2 * math.log(10))),
        log10_deviation=frozen(log10_deviation(log_square, variance)),
    )


def _has_given_weights(experiment: Experiment) -> bool:
    layers = range(1, experiment.feed_forward.depth + 1)
    return bool(experiment.start_values) or any(
        isinstance(experiment.layer_initialisation(layer), Explicit) for layer in layers
    )


def _normalises(experiment: Experiment) -> bool:
    return any(layer.normalisation == "batch" for layer in experiment.feed_forward.layers)
