"""The singular values of the Jacobian from input to output: measured of drawn networks, beside what theory predicts.

Magnitudes are log10, because a deep network's may be far below 1e-308. Moments are those of the squares s^2: log10 of
their mean, and their variance divided by the square of that mean, which is 0 where all directions are kept alike
(dynamical isometry; Pennington, Schoenholz & Ganguli 2017).
"""

import msgspec
import numpy as np

from vgdesk.records.codec import frozen


def _nothing() -> np.ndarray:
    return frozen([])


class SquareMoments(msgspec.Struct, frozen=True):
    """Holds moments of squared singular values: log10 of the mean, and Var / mean^2."""

    log10_mean: float
    relative_variance: float


class SpectrumSide(msgspec.Struct, frozen=True, kw_only=True):
    """Is the spectrum of one drawn network.

    Attributes
    ----------
    kind
        How its matrices are drawn: "gaussian" (independent numbers), "orthogonal", or "given" (anything else).
    is_own
        Whether this is the experiment's own network; else it is the one with the other kind of matrices, drawn with the
        same sigma_w, biases and seed.
    log10_singular
        log10 of the singular values, the largest first; -inf for those that are 0 up to rounding.
    measured
        Their moments.
    predicted
        The moments of the theory, or None.
    log10_place, density
        Density of log10 s by free probability, where it has a closed form: a linear network of equal widths with
        Gaussian matrices; else empty.
    """

    kind: str
    is_own: bool
    log10_singular: np.ndarray
    measured: SquareMoments
    predicted: SquareMoments | None = None
    log10_place: np.ndarray = msgspec.field(default_factory=_nothing)
    density: np.ndarray = msgspec.field(default_factory=_nothing)


class JacobianSpectrum(msgspec.Struct, frozen=True, kw_only=True):
    """Is what is known of dh^L/dx at the first example of a run.

    Attributes
    ----------
    experiment
        Its name.
    outputs, inputs
        Rows and columns of the Jacobian.
    sides
        The experiment's own network first, then the other kind of matrices.
    note
        What is special about the numbers; else empty.
    reason
        Why nothing is predicted; else empty.
    """

    experiment: str
    outputs: int
    inputs: int
    sides: tuple[SpectrumSide, ...]
    note: str = ""
    reason: str = ""
