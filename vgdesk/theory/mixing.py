"""W_hh of many drawn networks at once: onto the states of all gates, and back from the gates to the states.

Signals have the shape (draws, units, sequences), those of all gates (draws, gates, units, sequences).
"""

from typing import NamedTuple

import numpy as np


class Mixing(NamedTuple):
    """Is W_hh of every draw, shape (draws, gates, units, units), or where that is None the number times the identity.

    `gains` are what the rows of each gate are times, shape (gates, 1, 1).
    """

    matrix: np.ndarray | None
    gains: np.ndarray

    def onto(self, h: np.ndarray, gates: slice = slice(None)) -> np.ndarray:
        """Returns W h of these gates."""
        if self.matrix is None:
            return self.gains[gates] * h[:, None]
        matrix = self.matrix[:, gates]
        draws, count, units = matrix.shape[:3]
        return (matrix.reshape(draws, count * units, units) @ h).reshape(draws, count, units, h.shape[2])

    def back(self, g: np.ndarray, gates: slice = slice(None)) -> np.ndarray:
        """Returns the sum of W' g over these gates."""
        if self.matrix is None:
            return (self.gains[gates] * g).sum(axis=1)
        matrix = self.matrix[:, gates]
        draws, count, units = matrix.shape[:3]
        return matrix.reshape(draws, count * units, units).swapaxes(1, 2) @ g.reshape(draws, count * units, g.shape[3])
