"""Runs a formula's program for Python."""

from collections.abc import Sequence

import numpy as np

from vgdesk.kernels._jit import entry
from vgdesk.kernels.formula.machine import own_activation
from vgdesk.kernels.formula.program import program_address
from vgdesk.spec.formula.examining import OwnActivation


@entry
def _run(program, z, h, slope):
    own_activation(program, z, h, slope)


def phi_and_slope(own: OwnActivation, points: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Returns phi and phi' at these z as training computes them, float64."""
    z = np.array(points, np.float64)
    h, slope = np.empty_like(z), np.empty_like(z)
    _run(program_address(own), z, h, slope)
    return h, slope
