"""What a run of layers with skip connections that is taken at once gives down."""

from typing import NamedTuple

import numpy as np


class RunBelow(NamedTuple):
    """Is what a run gives down, the lowest layer first.

    Attributes
    ----------
    states, wholes
        Diagonals of the sums of dL/dh_a dL/dh_b that every layer is given, (layers, examples), and the trace of those
        it gives down, (layers,).
    delta
        Sums of dL/dz_a dL/dz_b, half of the pairs of `vgdesk.theory.example_pairs`.
    onward, along
        The sums of dL/dh_a dL/dh_b below the lowest layer, and D there.
    is_held
        Whether products of two examples have come to their bounds.
    """

    states: np.ndarray
    wholes: np.ndarray
    delta: np.ndarray
    onward: np.ndarray
    along: np.ndarray
    is_held: bool
