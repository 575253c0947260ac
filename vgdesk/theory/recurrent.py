"""Recurrent networks: what a drawn W_hh, or a forget bias, alone says about the gradient's decay with the time lag.

With D_t = diag(phi'(a_t)) (Pascanu, Mikolov & Bengio 2013, section 2.1):

    |dh_T / dh_t| <= (max phi' * largest singular value of W_hh)^(T-t)

so gradients must vanish where the largest *singular* value is below 1 / max phi'. The spectral radius decides nothing:
a W with W^2 = 0 may still let gradients through, because D_t stands between two of its factors.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.spec.activation import own_formula
from vgdesk.spec.formula.behaviour import behaviour_of
from vgdesk.theory.activations import phi_of


class WeightSpectrum(NamedTuple):
    """Tells what a drawn W_hh alone says about vanishing.

    Attributes
    ----------
    spectral_radius
        Largest modulus of an eigenvalue.
    largest_singular_value
        |W_hh|_2.
    steepest
        max phi'.
    must_vanish
        Whether steepest * largest_singular_value < 1: a sufficient condition, whatever the inputs.
    """

    spectral_radius: float
    largest_singular_value: float
    steepest: float
    must_vanish: bool

    def log10_bound(self, lag: int) -> float:
        """Returns log10 of the largest possible |dh_T / dh_(T-lag)|_2."""
        factor = self.steepest * self.largest_singular_value
        return lag * math.log10(factor) if factor > 0.0 else (0.0 if lag == 0 else -math.inf)


def weight_spectrum(W_hh: np.ndarray, activation: str) -> WeightSpectrum:
    """Returns what the eigenvalues and singular values of a square matrix say.

    Raises
    ------
    SpecError
        The matrix is not square or not finite.
    """
    if W_hh.ndim != 2 or W_hh.shape[0] != W_hh.shape[1] or not np.all(np.isfinite(W_hh)):
        raise SpecError(f"W_hh must be a square matrix of finite numbers, got shape {W_hh.shape}")
    radius = float(np.max(np.abs(np.linalg.eigvals(W_hh))))
    largest, steepest = float(np.linalg.norm(W_hh, 2)), steepest_slope(activation)
    return WeightSpectrum(radius, largest, steepest, steepest * largest < 1.0)


def steepest_slope(activation: str) -> float:
    """Returns max |phi'| (to 1e-9 where it is not at 0)."""
    own = own_formula(activation)
    if own is not None:
        return behaviour_of(own).steepest.value
    z = np.concatenate([np.linspace(-8.0, 8.0, 200_001), [-1e3, 1e3]])
    return float(np.max(np.abs(phi_of(activation).slope(z))))


def cell_path(forget_bias: float, lag: int) -> float:
    """Returns log10 of dc_T/dc_(T-lag) on the direct path where only the bias opens the forget gate."""
    return -lag * math.log10(1.0 + math.exp(-forget_bias))


def cell_path_lag(forget_bias: float, ratio: float) -> float:
    """Returns the lag at which the direct cell path has fallen to `ratio`, in time steps; `ratio` in (0, 1)."""
    if not 0.0 < ratio < 1.0:
        raise SpecError(f"ratio must lie between 0 and 1, got {ratio!r}")
    return math.log(ratio) / -math.log1p(math.exp(-forget_bias))
