"""Factors per layer that the literature has in closed form, beside the prediction, which follows the network itself.

They hold for wide layers deep inside a network all of whose layers are alike; what the prediction says of a layer
differs from them as far as the network is not like that. Of plain layers the published factor is chi itself.
"""

import math
from collections.abc import Iterator

import numpy as np

from vgdesk.records.prediction import Prediction, PublishedFactor
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer, Residual
from vgdesk.spec.mixture import layer_mixture
from vgdesk.theory.initialisation import layer_starts
from vgdesk.theory.layers import SMALLEST_BATCH, batch_norm_factor, layer_norm_factor, residual_factor

BEFORE, AFTER = "|∂L/∂z|²", "|∂L/∂h|²"
_ANY_BATCH = ("identity", "relu")
"""Activations with a closed form for a finite batch."""


def published_factors(
    experiment: Experiment, prediction: Prediction, examples: int
) -> tuple[PublishedFactor | None, ...]:
    """Returns the factor of each hidden layer with something around it, None where none is published.

    `examples` are those of a batch. A normalised layer whose gradient is exactly 0 has none: the formulas divide
    sigma_w out, and are not of weights that are 0 or of a gradient that does not come. Nor has a residual layer below
    weights that are 0.
    """
    return tuple(_factors(experiment, prediction, examples)) if prediction.profiles else ()


def _factors(experiment: Experiment, prediction: Prediction, examples: int) -> Iterator[PublishedFactor | None]:
    normalised: dict[tuple[str, str], PublishedFactor | None] = {}  # a normalisation makes layers alike
    hidden = experiment.feed_forward.layers[:-1]
    delta = prediction.profile("delta")
    silent = [False] * len(hidden) if delta is None else np.isneginf(delta.log10_norm).tolist()
    starts = layer_starts(experiment)
    told = zip(hidden, starts, starts[1:], prediction.chi.tolist(), silent, strict=False)
    for layer, own, above, chi, is_silent in told:
        activation, key = layer_mixture(layer), (layer.normalisation, layer_mixture(layer))
        match _around(layer):
            case "residual" if math.isfinite(chi) and above.weight > 0.0:
                words = "1 + σ_w² E[φ′²], residual connection (Yang & Schoenholz 2017)"
                # chi has the weights above; the gradient that goes past a layer goes through its own
                yield PublishedFactor(residual_factor(chi / above.weight * own.weight), AFTER, words)
            case "dropout" if math.isfinite(chi):
                yield PublishedFactor(
                    chi / (1.0 - layer.dropout), BEFORE, "χ / (1 − p), dropout (Schoenholz et al. 2017)"
                )
            case "normalisation" if not is_silent:
                if key not in normalised:
                    normalised[key] = _normalised(layer.normalisation, activation, examples)
                yield normalised[key]
            case _:
                yield None


def _around(layer: DenseLayer) -> str:
    """Returns what stands around a layer's weights and activation, where it is one thing."""
    is_residual = isinstance(layer.skip, Residual)
    found = ["residual"] * is_residual + ["dropout"] * bool(layer.dropout)
    found += ["normalisation"] * (layer.normalisation != "none")
    return found[0] if len(found) == 1 and (layer.skip is None or is_residual) else ""


def _normalised(kind: str, activation: str, examples: int) -> PublishedFactor | None:
    if kind == "layer":
        return _known(layer_norm_factor(activation), "E[φ′²] / E[φ²], layer normalisation")
    if activation in _ANY_BATCH and examples >= SMALLEST_BATCH:
        words = f"batch normalisation of {examples} examples (Yang et al. 2019, theorem 8)"
        return PublishedFactor(float(batch_norm_factor(activation, examples)), BEFORE, words)
    words = "E[φ′²] / Var[φ], batch normalisation of very many examples (Yang et al. 2019)"
    return _known(batch_norm_factor(activation), words)


def _known(value: float, words: str) -> PublishedFactor | None:
    """Returns the factor; None where the formula divides by 0."""
    return PublishedFactor(value, BEFORE, words) if math.isfinite(value) else None
