"""What number formats would have stored of one step's gradient, place by place: predicted and measured."""

import msgspec
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.places import Places

LOST_SHARE = 0.5
"""A place is lost to a format when at least this share of its numbers would be stored as 0."""
NO_WEIGHTS = frozen(np.zeros(0))


class FormatLoss(msgspec.Struct, frozen=True, kw_only=True):
    """Is what one number format stores of dL/dh at every place, and of dL/dW of every weight matrix.

    Attributes
    ----------
    number_format
        A name of `vgdesk.records.number_format.FORMATS`.
    zero, subnormal, infinite
        Shape (places,): measured share of the numbers that are stored as 0, with fewer digits, as infinity.
    predicted_zero
        Shape (places,): the share that theory predicts to be stored as 0; None where theory predicts nothing.
    lost_at, predicted_lost_at
        The place, counting from 1, nearest the loss of which at least `LOST_SHARE` is stored as 0; None where there is
        none (or nothing is predicted).
    overflows_at
        The place nearest the loss with a number that is stored as infinity; None where there is none.
    loss_scale
        Base-2 logarithm of the smallest power of two by which the loss could be multiplied so that the typical number
        of every place were stored as a normal one and none as infinity; 0 where no scale is needed, None where none
        helps. It is about dL/dh alone.
    zero_weights, infinite_weights
        Shape (weight matrices,): measured share of the numbers of dL/dW that are stored as 0, as infinity; empty in
        records of former versions.
    """

    number_format: str
    zero: np.ndarray
    subnormal: np.ndarray
    infinite: np.ndarray
    predicted_zero: np.ndarray | None = None
    lost_at: int | None = None
    predicted_lost_at: int | None = None
    overflows_at: int | None = None
    loss_scale: int | None = 0
    zero_weights: np.ndarray = NO_WEIGHTS
    infinite_weights: np.ndarray = NO_WEIGHTS

    @property
    def lost_weights(self) -> tuple[int, ...]:
        """Numbers, from 1, of the weight matrices of whose gradient at least `LOST_SHARE` is stored as 0."""
        return tuple((np.flatnonzero(self.zero_weights >= LOST_SHARE) + 1).tolist())

    @property
    def overflown_weights(self) -> tuple[int, ...]:
        """Numbers, from 1, of the weight matrices with a gradient that is stored as infinity somewhere."""
        return tuple((np.flatnonzero(self.infinite_weights > 0.0) + 1).tolist())


class FormatReport(msgspec.Struct, frozen=True, kw_only=True):
    """Compares number formats on one step of an experiment.

    Attributes
    ----------
    experiment
        Its name.
    step
        Updates made before the gradient was taken.
    places
        Layers, or time steps.
    log10_typical
        Shape (places,): log10 of the root of the mean square of dL/dh, over the numbers of a place; -inf = exactly 0.
    log10_predicted
        The same as theory predicts before training, the median over seeds; None where it predicts nothing.
    formats
        One entry for each format.
    reason
        Why nothing is predicted; else empty.
    weight_places
        Layers, or the weight matrices of a cell.
    """

    experiment: str
    step: int
    places: Places
    log10_typical: np.ndarray
    formats: tuple[FormatLoss, ...]
    log10_predicted: np.ndarray | None = None
    reason: str = ""
    weight_places: Places = Places.LAYERS
