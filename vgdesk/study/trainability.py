"""Use case: where theory says that a trainability map ends (Schoenholz et al. 2017, section 5)."""

import math
from collections.abc import Sequence

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.mixture import layer_mixture
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.sweep import Sweep
from vgdesk.theory.mean_field import mean_field

TRAINABLE_DEPTHS = 5.0
"""Depth scales over which information gets through (Schoenholz et al. 2017: about 6 xi_c)."""


def correlation_limits(sweep: Sweep, fields: tuple[str, str]) -> tuple[float, ...]:
    """Returns the depth, `TRAINABLE_DEPTHS` xi_c, up to which theory expects training, for each sigma_w of a sweep.

    Parameters
    ----------
    sweep
        What is varied; its experiment tells activation and sigma_b.
    fields
        The axes along x and y of the map; only ("sigma_w", "depth") has such a line, others give ().
    """
    values = {axis.field: axis.values for axis in sweep.axes}
    if fields != ("sigma_w", "depth") or not all(name in values for name in fields):
        return ()
    depths = correlation_depths(sweep.experiment, [float(value) for value in values["sigma_w"]])
    return tuple(TRAINABLE_DEPTHS * xi for xi in depths)


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
