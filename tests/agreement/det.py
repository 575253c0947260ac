"""The numbers of the layer, loss and optimiser fixtures: scaled sines, so that any program can rebuild them."""

import numpy as np


def det(shape, a, b, scale=1.0):
    """Returns scale * sin(a + b k), k = 0, 1, ... in row-major order, as the fixtures write their inputs."""
    return scale * np.sin(a + b * np.arange(np.prod(shape))).reshape(shape)
