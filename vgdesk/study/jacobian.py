"""Use case: the singular values of a network's Jacobian from input to output, orthogonal matrices beside Gaussian ones.

J = dh^L/dx at the first example of a run comes from the drawn weights (`vgdesk.study.end_to_end`).
"""

import math

import msgspec
import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.jacobian import JacobianSpectrum, SpectrumSide, SquareMoments
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Identity, Orthogonal, Zeros
from vgdesk.spec.recurrent import Recurrent
from vgdesk.study.end_to_end import end_to_end
from vgdesk.study.predict import first_examples
from vgdesk.theory.initialisation import layer_start
from vgdesk.theory.jacobian import Factor, jacobian_factors, linear_density, predicted_moments
from vgdesk.training.draws import orthogonal
from vgdesk.training.parameters import draw

MOST_WORK = 4e11
"""Multiplications; a minute of them."""


def jacobian_spectrum(experiment: Experiment) -> JacobianSpectrum:
    """Returns measured and predicted spectra of the experiment's own network, and of its twin.

    Raises
    ------
    SpecError
        The network is recurrent, too large, or its examples cannot be had.
    """
    if isinstance(experiment.network, Recurrent):
        raise SpecError(
            f"a Jacobian from input to output needs a feed-forward network; {experiment.name!r} is recurrent, "
            "see `vgdesk spectrum`"
        )
    _require_size(experiment)
    inputs = np.asarray(first_examples(experiment).inputs, float)
    own, kind = draw(experiment), _kind(experiment)
    factors = jacobian_factors(experiment, inputs)
    sides = [_side(experiment, own, inputs, kind, True, factors)]
    for other in ("orthogonal", "gaussian"):
        if other != kind and kind != "given":
            sides.append(_side(experiment, _twin(experiment, own, other), inputs, other, False, factors))
    network = experiment.feed_forward
    return JacobianSpectrum(
        experiment=experiment.name,
        outputs=network.widths[-1],
        inputs=network.widths[0],
        sides=tuple(sides),
        note=_note(experiment),
        reason=factors if isinstance(factors, str) else "",
    )


def _side(
    experiment: Experiment,
    parameters: Parameters,
    inputs: np.ndarray,
    kind: str,
    is_own: bool,
    factors: tuple[Factor, ...] | str,
) -> SpectrumSide:
    J, log10 = end_to_end(experiment, parameters, inputs)
    if not np.all(np.isfinite(J)):
        raise SpecError(f"the Jacobian of {experiment.name!r} is not finite; draw smaller weights")
    s = np.linalg.svd(J, compute_uv=False)
    curve = None if isinstance(factors, str) or kind != "gaussian" else linear_density(factors)
    place, density = curve or (np.zeros(0), np.zeros(0))
    predicted = None
    if not isinstance(factors, str):
        predicted = predicted_moments(factors, None if is_own else kind == "orthogonal")
    return SpectrumSide(
        kind=kind,
        is_own=is_own,
        log10_singular=frozen(_log10(s, max(J.shape)) + log10),
        measured=_measured(s, log10),
        predicted=predicted,
        log10_place=frozen(place),
        density=frozen(density),
    )


def _log10(s: np.ndarray, size: int) -> np.ndarray:
    """Returns log10; -inf where a value is 0 up to the rounding of its matrix."""
    lost = s <= size * np.finfo(float).eps * float(s.max(initial=0.0))
    return np.where(lost, -np.inf, np.log10(np.where(lost, 1.0, s)))


def _measured(s: np.ndarray, log10: float) -> SquareMoments:
    mean = float(np.mean(s**2))
    if mean == 0.0:
        return SquareMoments(-math.inf, math.nan)
    return SquareMoments(math.log10(mean) + 2 * log10, float(np.var(s**2 / mean)))


def _kind(experiment: Experiment) -> str:
    rules = [experiment.layer_initialisation(n) for n in range(1, experiment.feed_forward.depth + 1)]
    if any(isinstance(rule, Explicit | Identity | Zeros) for rule in rules):
        return "given"
    found = {isinstance(rule, Orthogonal) for rule in rules}
    return {True: "orthogonal", False: "gaussian"}[found.pop()] if len(found) == 1 else "given"


def _twin(experiment: Experiment, own: Parameters, kind: str) -> Parameters:
    """Returns the same parameters with weight matrices of the other kind and the same sigma_w."""
    generator = np.random.default_rng([experiment.seed, 1])
    weights = []
    for number, W in enumerate(own.weights, start=1):
        start, (rows, columns) = layer_start(experiment, number), W.shape
        if kind == "orthogonal":
            gain = math.sqrt(start.weight * max(rows, columns) / columns)
            weights.append(gain * orthogonal(generator, rows, columns))
        else:
            weights.append(math.sqrt(start.weight / columns) * generator.standard_normal(W.shape))
    return msgspec.structs.replace(own, weights=tuple(weights))


def _require_size(experiment: Experiment) -> None:
    widths = experiment.feed_forward.widths
    work = 2 * widths[0] * sum(a * b for a, b in zip(widths[1:], widths[:-1], strict=True))
    if work > MOST_WORK:
        raise SpecError(
            f"the Jacobian must take at most {MOST_WORK:.0e} multiplications, got {work:.1e}; draw fewer units"
        )


def _note(experiment: Experiment) -> str:
    layers = experiment.feed_forward.layers
    notes: list[str] = []
    if any(layer.normalisation == "batch" for layer in layers):
        notes.append("The mean and deviation of batch normalisation count as fixed.")
    if any(layer.dropout for layer in layers):
        notes.append("Dropout is off.")
    if experiment.feed_forward.widths[0] < 30 or experiment.feed_forward.widths[-1] < 30:
        notes.append("With few inputs or outputs there are few singular values, and moments scatter.")
    return " ".join(notes)
