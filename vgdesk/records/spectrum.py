"""What the matrix of a recurrent network says about vanishing, and what the network itself does.

Eigenvalues are those of each gate's block of W_hh; bounds use its singular values, which alone can promise that
gradients vanish (Pascanu, Mikolov & Bengio 2013, section 2.1). Lag k = T - t counts back from the last time step.
"""

import msgspec
import numpy as np

from vgdesk.records.codec import frozen


def _nothing() -> np.ndarray:
    return frozen([])


class GateSpectrum(msgspec.Struct, frozen=True, kw_only=True):
    """Is one square block of W_hh.

    Attributes
    ----------
    gate
        "" of the simple cell, else the gate's letter: i, f, g, o or r, z, n.
    real, imaginary
        Its eigenvalues, shape (width,).
    spectral_radius
        Largest modulus of an eigenvalue.
    largest_singular_value
        |W|_2.
    """

    gate: str
    real: np.ndarray
    imaginary: np.ndarray
    spectral_radius: float
    largest_singular_value: float


class LagFit(msgspec.Struct, frozen=True):
    """Is the straight line through log10 of a norm over the lag: value at lag 0, decades per time step.

    `half_life` is the lag over which it halves, in time steps; negative where it doubles, infinite where it is level.
    """

    log10_start: float
    slope: float
    half_life: float


class CellPath(msgspec.Struct, frozen=True, kw_only=True):
    """Is the direct path of an LSTM's cell, dc_T/dc_t = product of f, as its root mean square over the units.

    Lags are in time steps; those beyond the sequence follow the straight line.

    Attributes
    ----------
    log10
        Shape (lags,).
    half, tenth, float32
        Lags at which half of it is lost, 90%, and all that float32 can hold.
    predicted_half, predicted_tenth, predicted_float32
        The same where only the bias opens the forget gate; infinite where it does not close.
    """

    log10: np.ndarray
    half: float
    tenth: float
    float32: float
    predicted_half: float
    predicted_tenth: float
    predicted_float32: float


class RecurrentSpectrum(msgspec.Struct, frozen=True, kw_only=True):
    """Is what W_hh says and what the drawn network does at the first example of a run.

    Attributes
    ----------
    experiment
        Its name.
    cell
        "rnn", "lstm" or "gru".
    gates
        The blocks of W_hh.
    steepest
        max phi', None where the cell has more than one path and the simple bound does not hold.
    verdict
        What the singular values and eigenvalues decide, in a sentence or two.
    lags
        At which the norms were measured, increasing from 0.
    log10_norm
        log10 |dh_T/dh_t|_2, shape (lags,).
    log10_bound
        lag times log10 of max phi' |W_hh|_2; empty where `steepest` is None.
    fit
        Of `log10_norm`, None with fewer than three finite numbers.
    cell_path
        Of an LSTM, else None.
    """

    experiment: str
    cell: str
    gates: tuple[GateSpectrum, ...]
    steepest: float | None
    verdict: str
    lags: np.ndarray
    log10_norm: np.ndarray
    log10_bound: np.ndarray = msgspec.field(default_factory=_nothing)
    fit: LagFit | None = None
    cell_path: CellPath | None = None
