"""The exact Jacobian of one time step of a drawn cell, and the product over the lag.

    rnn    dh_t/dh_{t-1} = diag(phi'(a_t)) W_hh                                      Pascanu et al. 2013, eq. 5
    lstm   state (h, c):  dc_t/dc_{t-1} = diag(f)
                          dc_t/dh_{t-1} = diag(g i') W_i + diag(c_{t-1} f') W_f + diag(i g') W_g
                          dh_t/d.       = diag(o tanh'(c_t)) dc_t/d. + diag(tanh(c_t) o') W_o
    gru    diag(z) + diag((h_{t-1} - n) z') W_z
           + diag((1-z) n') (diag(r) W_n + diag(W_hn h + b_hn) diag(r') W_r)         reset after the product
           + diag((1-z) n') W_n (diag(r) + diag(h_{t-1} r') W_r)                     reset before it

The product has the latest step on the left: dh_T/dh_{T-k} = J_T J_{T-1} ... J_{T-k+1}. A common factor is taken out of
it at every step, so that no lag underflows.
"""

import math
from collections.abc import Iterable

import numpy as np
from scipy.linalg import eigvalsh

from vgdesk.theory.activations import PHI, phi_of

_SIGMOID, _TANH = PHI["sigmoid"], PHI["tanh"]


def rnn_jacobian(activation: str, W_hh: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Returns dh_t/dh_{t-1} at the argument a_t, shape (width, width)."""
    return phi_of(activation).slope(a)[:, None] * W_hh


def lstm_jacobian(W_hh: np.ndarray, a: np.ndarray, before: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Returns d(h_t, c_t)/d(h_{t-1}, c_{t-1}) from the gates' arguments, c_{t-1} and c_t; shape (2 width, 2 width)."""
    W_i, W_f, W_g, W_o = np.split(W_hh, 4)
    a_i, a_f, a_g, a_o = np.split(a, 4)
    i, f, g, o = _SIGMOID.value(a_i), _SIGMOID.value(a_f), _TANH.value(a_g), _SIGMOID.value(a_o)
    through = (
        (g * _SIGMOID.slope(a_i))[:, None] * W_i
        + (before * _SIGMOID.slope(a_f))[:, None] * W_f
        + (i * _TANH.slope(a_g))[:, None] * W_g
    )
    opened = o * _TANH.slope(c)
    onto_h = opened[:, None] * through + (_TANH.value(c) * _SIGMOID.slope(a_o))[:, None] * W_o
    return np.block([[onto_h, np.diag(opened * f)], [through, np.diag(f)]])


def gru_jacobian(
    reset_after: bool, W_hh: np.ndarray, a: np.ndarray, before: np.ndarray, b_hn: np.ndarray
) -> np.ndarray:
    """Returns dh_t/dh_{t-1} from the arguments of r, z, n and h_{t-1}; shape (width, width)."""
    W_r, W_z, W_n = np.split(W_hh, 3)
    a_r, a_z, a_n = np.split(a, 3)
    r, z, n = _SIGMOID.value(a_r), _SIGMOID.value(a_z), _TANH.value(a_n)
    if reset_after:
        inner = r[:, None] * W_n + ((W_n @ before + b_hn) * _SIGMOID.slope(a_r))[:, None] * W_r
    else:
        inner = W_n @ (np.diag(r) + (before * _SIGMOID.slope(a_r))[:, None] * W_r)
    candidate = (_SIGMOID.value(-a_z) * _TANH.slope(a_n))[:, None] * inner
    return np.diag(z) + ((before - n) * _SIGMOID.slope(a_z))[:, None] * W_z + candidate


def log10_norms(jacobians: Iterable[np.ndarray], width: int) -> np.ndarray:
    """Returns log10 |dh_T/dh_{T-k}|_2 for k = 0, 1, ..., shape (steps + 1,); -inf where it is exactly 0.

    Parameters
    ----------
    jacobians
        Of the steps, the last one first; of an LSTM those of (h, c), of which the block of h counts.
    width
        Number of units.
    """
    norms, product, log10 = [0.0], np.eye(width), 0.0
    for jacobian in jacobians:
        if product.shape[1] < len(jacobian):
            product = np.hstack([product, np.zeros((width, len(jacobian) - product.shape[1]))])
        product = product @ jacobian
        size = float(np.max(np.abs(product)))
        if size == 0.0 or not math.isfinite(size):
            norms.append(-math.inf if size == 0.0 else math.nan)
            continue
        product, log10 = product / size, log10 + math.log10(size)
        norms.append(log10 + math.log10(max(spectral_norm(product[:, :width]), 1e-300)))
    return np.array(norms)


def spectral_norm(matrix: np.ndarray) -> float:
    """Returns the largest singular value, from the largest eigenvalue of M M^T alone."""
    last = len(matrix) - 1
    largest = eigvalsh(matrix @ matrix.T, subset_by_index=[last, last])
    return math.sqrt(max(0.0, float(largest[0])))
