"""Where the units of a layer stand on their activation: how often which argument, and how steep phi is there."""

import msgspec
import numpy as np

from vgdesk.records.places import Places


class Saturation(msgspec.Struct, frozen=True, kw_only=True):
    """Is the distribution of phi's arguments in one layer, or at one time step, over the units and one batch.

    Attributes
    ----------
    experiment
        Its name.
    step
        How many updates were made before.
    place, places
        Which layer or time step, counting from 1; what is counted.
    activations
        The different activations of its units.
    edges
        Shape (bins + 1,): borders of the bins, in units of the argument.
    shares
        Shape (bins,): share of the arguments in each bin; they sum to 1.
    slopes
        Shape (activations, points): phi' at `points`.
    points
        Shape (points,): from the first edge to the last.
    saturated
        Share of the arguments at which |phi'| < 0.01.
    mean_square_slope
        Mean of phi'^2 over the arguments: with the weights it is the factor of the gradient's squared norm.
    """

    experiment: str
    step: int
    place: int
    places: Places
    activations: tuple[str, ...]
    edges: np.ndarray
    shares: np.ndarray
    points: np.ndarray
    slopes: np.ndarray
    saturated: float
    mean_square_slope: float
