"""The trainability map as a sweep: one experiment over depth and sigma_w (Schoenholz et al. 2017, section 5)."""

import math

from vgdesk.errors import SpecError
from vgdesk.spec.activation import facts_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.mixture import layer_mixture, words_of
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.spec.vary import varied

USUAL_RANGE = (0.5, 4.0)
"""sigma_w of a map in parts of the critical one, here that of tanh: the paper's own figures show 1 to 4."""
_RANGE_UNBOUNDED = (0.5, 2.0)
"""The same of activations that do not saturate: above, a deep network only overflows."""


def usual_range(experiment: Experiment, critical: float | None) -> tuple[float, float]:
    """Returns the sigma_w that a map shows around the critical one, two digits each; those of tanh for None."""
    if critical is None or not 0.0 < critical < math.inf:
        return USUAL_RANGE
    families = {facts_of(name).family for name in experiment.feed_forward.layers[0].activations}
    parts = USUAL_RANGE if families == {"saturating"} else _RANGE_UNBOUNDED
    low, high = (float(f"{part * critical:.2g}") for part in parts)
    return low, high


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
    layers = dict.fromkeys(round(value) for value in _spaced(*depths, points))
    deviations = (float(f"{value:.6g}") for value in _spaced(*sigma_w, points))
    axes = Axis(field="sigma_w", values=tuple(deviations)), Axis(field="depth", values=tuple(layers))
    return Sweep(experiment=start, axes=axes)


def _spaced(low: float, high: float, count: int) -> list[float]:
    return [low + k * ((high - low) / (count - 1)) for k in range(count - 1)] + [high]


def trainability_title(sweep: Sweep) -> str:
    """Returns what a map is a map of, e.g. "tanh, 64 units wide, after 100 steps"."""
    network = sweep.experiment.feed_forward
    words = words_of(layer_mixture(network.layers[0]))
    steps = sweep.experiment.training.steps
    after = f"{steps:,} {'step' if steps == 1 else 'steps'}"
    return f"Where it trains: {words}, {network.widths[1]} units wide, after {after}"
