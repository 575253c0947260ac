"""Draws the points of the planar tasks: which point has which class, from a seed.

Points of class 0 and 1 alternate. With u uniform in [0, 1) and n normal noise of two coordinates:

    circles   r (cos 2 pi u, sin 2 pi u) + n,                r = 1 for class 0 and 1/2 for class 1
    spirals   r (cos a, sin a) + n,   r = sqrt(u),           a = 2 pi turns r, and half a turn more for class 1

The square root spreads the points evenly along an arm, whose length grows with the square of its radius.
"""

import math
from itertools import product

import numpy as np

from vgdesk.spec.planar import Planar, TwoCircles, Xor

INNER_RADIUS = 0.5


def draw_points(task: Planar, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Returns (points, classes), shapes (count, 2) and (count,); classes are 0 and 1."""
    if isinstance(task, Xor):
        corners = np.array(list(product((0.0, 1.0), repeat=2)))
        return corners, (corners.sum(axis=1) == 1.0).astype(np.int64)
    classes = np.arange(task.count) % 2
    u = generator.random(task.count)
    if isinstance(task, TwoCircles):
        radius, angle = np.where(classes, INNER_RADIUS, 1.0), 2 * math.pi * u
    else:
        radius = np.sqrt(u)
        angle = math.pi * (2 * task.turns * radius + classes)
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points + task.noise * generator.standard_normal(points.shape), classes
