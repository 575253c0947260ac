"""Use case: where theory says that a trainability map ends (Schoenholz et al. 2017, section 5)."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.mixture import layer_mixture
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.sweep import Sweep
from vgdesk.theory.mean_field import mean_field

TRAINABLE_DEPTHS = 5.0
"""Depth scales over which information gets through (Schoenholz et al. 2017: about 6 xi_c)."""
_EVEN_PARTS, _HALVINGS, _STEEP = 40, 5, 1.3
"""The line has so many equal parts; those that rise by more than the factor are halved, so many times over."""


def correlation_limits(sweep: Sweep, fields: tuple[str, str]) -> tuple[tuple[float, float], ...]:
    """Returns the line of depths, `TRAINABLE_DEPTHS` xi_c, up to which theory expects training, over sigma_w.

    It is independent of the map's columns: xi_c has its peak, infinite, at the critical sigma_w, which lies between
    two columns as a rule.

    Parameters
    ----------
    sweep
        What is varied; its experiment tells activation and sigma_b.
    fields
        The axes along x and y of the map; only ("sigma_w", "depth") has such a line, others give ().

    Returns
    -------
    tuple[tuple[float, float], ...]
        (sigma_w, depth) by increasing sigma_w, from the least to the largest of the map and closer where the line is
        steep; the depth is nan where theory gives none.
    """
    values = {axis.field: [float(value) for value in axis.values] for axis in sweep.axes if axis.field in fields}
    if fields != ("sigma_w", "depth") or not all(values.get(name) for name in fields):
        return ()
    low, high, top = min(values["sigma_w"]), max(values["sigma_w"]), max(values["depth"])
    line = _limits(sweep.experiment, {low + (high - low) * k / _EVEN_PARTS for k in range(_EVEN_PARTS + 1)})
    for _ in range(_HALVINGS):
        line |= _limits(sweep.experiment, _between(line, top))
    return tuple(sorted(line.items()))


def _limits(experiment: Experiment, sigma_w: set[float]) -> dict[float, float]:
    asked = sorted(sigma_w)
    return {at: TRAINABLE_DEPTHS * xi for at, xi in zip(asked, correlation_depths(experiment, asked), strict=True)}


def _between(line: Mapping[float, float], top: float) -> set[float]:
    """Returns the middles of those parts of a line, below `top`, that are steep or lie beside its peak."""
    points = sorted(line.items())
    peak = max((depth for _, depth in points if not math.isnan(depth)), default=math.nan)
    found: set[float] = set()
    for (left, a), (right, b) in pairwise(points):
        is_steep = max(a, b) > _STEEP * min(a, b) and min(a, b) < top
        if is_steep or (peak < top and peak in (a, b)):
            found.add((left + right) / 2)
    return found


def correlation_depths(experiment: Experiment, sigma_w: Sequence[float]) -> list[float]:
    """Returns xi_c for each sigma_w: over how many layers the correlation of two inputs is forgotten.

    Where the variance dies out (q* = 0, no bias, chi_1 below 1) it is the scale of signal and gradient, -1/ln chi_1.
    nan where theory gives none; infinite at criticality. Biases are those of the experiment's rule.
    """
    if isinstance(experiment.network, Recurrent) or experiment.network.depth < 2:
        return [math.nan] * len(sigma_w)
    rule = experiment.initialisation
    sigma_b = float(rule.sigma_b) if isinstance(rule, ScaledGaussian) else 0.0
    activation = layer_mixture(experiment.network.layers[0])
    return [_xi(activation, value, sigma_b) for value in sigma_w]


def _xi(activation: str, sigma_w: float, sigma_b: float) -> float:
    try:
        reached = mean_field(activation, sigma_w, sigma_b, 1.0).reached
    except SpecError:
        return math.nan
    if reached is None:
        return math.nan
    if reached.xi_c is None and reached.q == 0.0 and reached.chi_1 <= 1.0:
        return reached.xi_grad  # the signal itself dies out, and nothing of it is left to correlate
    return math.nan if reached.xi_c is None else float(reached.xi_c)
