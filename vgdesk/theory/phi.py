"""What theory knows of an activation: phi, phi' and phi'' as maps from arrays to arrays."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

ArrayMap = Callable[[np.ndarray], np.ndarray]


class Phi(NamedTuple):
    """Is an activation with its first two derivatives, each array to array."""

    value: ArrayMap
    slope: ArrayMap
    curvature: ArrayMap
