"""Use case: the trainability map, depth x sigma_w, and where theory says that it ends (Schoenholz et al. 2017)."""

import math
from collections.abc import Sequence

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.spec.activation import facts_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.spec.vary import varied
from vgdesk.theory.mean_field import mean_field


def trainability_sweep(
    experiment: Experiment,
    depths: tuple[int, int],
    sigma_w: tuple[float, float],
    points: int,
    width: int,
    steps: int,
) -> Sweep:
    """Returns the sweep of the map: `points` depths and as many sigma_w, evenly spaced, float32.

    Raises
    ------
    SpecError
        When a range is empty, or the network is recurrent.
    """
    experiment.feed_forward  # noqa: B018 - refuses recurrent networks in a sentence
    if not 2 <= points <= 1000:
        raise SpecError(f"points must be an integer from 2 to 1000, got {points}")
    if not depths[0] < depths[1]:
        raise SpecError(f"depths must be a range such as 4:120, got {depths[0]}:{depths[1]}")
    if not 0.0 < sigma_w[0] < sigma_w[1] < math.inf:
        raise SpecError(f"sigma-w must be a range of positive numbers such as 1:4, got {sigma_w[0]:g}:{sigma_w[1]:g}")
    start = experiment
    for field, value in (("width", width), ("steps", steps), ("precision", "float32"), ("sigma_w", sigma_w[0])):
        start = varied(start, field, value)
    layers = np.unique(np.linspace(*depths, points).round().astype(int))
    deviations = [float(f"{value:.6g}") for value in np.linspace(*sigma_w, points)]
    axes = Axis(field="sigma_w", values=tuple(deviations)), Axis(field="depth", values=tuple(layers.tolist()))
    return Sweep(experiment=start, axes=axes)


def trainability_title(sweep: Sweep) -> str:
    """Returns what a map is a map of, e.g. "tanh, 64 units wide, after 100 steps"."""
    network = sweep.experiment.feed_forward
    words = facts_of(network.layers[0].activation).words
    return f"Where it trains: {words}, {network.widths[1]} units wide, after {sweep.experiment.training.steps} steps"


def correlation_depths(experiment: Experiment, sigma_w: Sequence[float]) -> list[float]:
    """Returns xi_c for each sigma_w: over how many layers the correlation of two inputs is forgotten.

    nan where theory gives none; infinite at criticality. Biases are those of the experiment's rule.
    """
    if isinstance(experiment.network, Recurrent) or experiment.network.depth < 2:
        return [math.nan] * len(sigma_w)
    rule = experiment.initialisation
    sigma_b = float(rule.sigma_b) if isinstance(rule, ScaledGaussian) else 0.0
    activation = experiment.network.layers[0].activation
    return [_xi(activation, value, sigma_b) for value in sigma_w]


def _xi(activation: str, sigma_w: float, sigma_b: float) -> float:
    try:
        reached = mean_field(activation, sigma_w, sigma_b, 1.0).reached
    except SpecError:
        return math.nan
    return math.nan if reached is None or reached.xi_c is None else float(reached.xi_c)
