"""phi, phi' and phi'' of every activation on NumPy arrays, for expectations over Gaussian preactivations.

phi'' is the part without the deltas at kinks; `vgdesk.theory.moments` adds those. With s = sigmoid(z), n the normal
density and Phi its distribution function:

    silu       phi' = s + z s (1-s)          phi'' = 2 s' + z s'',  s' = s (1-s),  s'' = s' (1-2s)
    gelu       phi' = Phi + z n              phi'' = (2 - z^2) n
    gelu-tanh  z sigmoid(y), y = a z + b z^3
    mish       z T, T = tanh(softplus z)     T' = (1-T^2) s,  T'' = (1-T^2) s (1 - s - 2 T s)
"""

from functools import cache

import numpy as np
from scipy.special import erf, expit, log_expit, ndtr

from vgdesk.errors import SpecError
from vgdesk.spec.activation import (
    ACTIVATIONS,
    FORMULA,
    LEAKY_SLOPE,
    PRELU_START,
    SELU_ALPHA,
    SELU_LAMBDA,
    alpha_of,
    family_name,
    require_activation,
)
from vgdesk.spec.base import require_choice
from vgdesk.spec.mixture import is_mixture, parts_of
from vgdesk.theory.own_activation import own_phi, reach_of
from vgdesk.theory.phi import ArrayMap, Phi

__all__ = ["PHI", "ArrayMap", "Phi", "largest_variance", "limit_words", "phi_of", "require_known"]

LARGEST_VARIANCE = 1e200
"""Up to here squares of z are numbers."""
LARGEST_OWN = 1e24
"""Of a formula, whose panels end there."""
_LINEAR, _CUBIC = 2 * np.sqrt(2 / np.pi), 2 * np.sqrt(2 / np.pi) * 0.044715


def _density(z: np.ndarray) -> np.ndarray:
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def _bell(z: np.ndarray) -> np.ndarray:
    """Returns sigmoid'(z) with all its digits in both tails."""
    return expit(z) * expit(-z)


def _bend(z: np.ndarray) -> np.ndarray:
    """Returns sigmoid''(z)."""
    return _bell(z) * -np.tanh(z / 2)


def _flat(z: np.ndarray) -> np.ndarray:
    return np.zeros_like(z)


def _below(z: np.ndarray) -> np.ndarray:
    """Returns e^z below 0, and 1 above, where it is not wanted and must not overflow."""
    return np.exp(np.minimum(z, 0))


def _two_sided(below: float) -> Phi:
    return Phi(lambda z: np.where(z > 0, z, below * z), lambda z: np.where(z > 0, 1.0, below), _flat)


def _exponential(scale: float, alpha: float) -> Phi:
    return Phi(
        lambda z: scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))),
        lambda z: scale * np.where(z > 0, 1.0, alpha * _below(z)),
        lambda z: scale * np.where(z > 0, 0.0, alpha * _below(z)),
    )


def _smooth_exponential(alpha: float) -> Phi:
    return Phi(
        lambda z: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0) / alpha)),
        lambda z: np.where(z > 0, 1.0, _below(z / alpha)),
        lambda z: np.where(z > 0, 0.0, _below(z / alpha) / alpha),
    )


def _clipped(low: float, high: float, slope: float, shift: float) -> Phi:
    return Phi(
        lambda z: slope * np.clip(z, low, high) + shift,
        lambda z: np.where((z > low) & (z < high), slope, 0.0),
        _flat,
    )


def _gelu_argument(z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns y, y' and y''; beyond |z| = 40 sigmoid(y) is 0 or 1 to the last bit and y need not grow."""
    near = np.clip(z, -40.0, 40.0)
    return near * (_LINEAR + _CUBIC * near**2), _LINEAR + 3 * _CUBIC * near**2, 6 * _CUBIC * near


def _gelu_tanh_slope(z: np.ndarray) -> np.ndarray:
    y, slope, _ = _gelu_argument(z)
    return expit(y) + z * _bell(y) * slope


def _gelu_tanh_curvature(z: np.ndarray) -> np.ndarray:
    y, slope, curvature = _gelu_argument(z)
    return 2 * _bell(y) * slope + z * (_bend(y) * slope**2 + _bell(y) * curvature)


def _mish_parts(z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns T, T' and T''; with w = e^z, 1 - T^2 = 4 (1+w)^2 / (2 + 2w + w^2)^2, written with e^-|z|."""
    e = np.exp(-np.abs(z))
    right = z >= 0
    D = np.where(right, 2 * e * e + 2 * e + 1, e * e + 2 * e + 2)
    T = np.where(right, 2 * e + 1, e * (e + 2)) / D
    rest = 4 * (1 + e) ** 2 / D**2 * np.where(right, e * e, 1.0)
    s = expit(z)
    return T, rest * s, rest * s * (expit(-z) - 2 * T * s)


def _mish_slope(z: np.ndarray) -> np.ndarray:
    T, slope, _ = _mish_parts(z)
    return T + z * slope


def _mish_curvature(z: np.ndarray) -> np.ndarray:
    _, slope, curvature = _mish_parts(z)
    return 2 * slope + z * curvature


PHI: dict[str, Phi] = {
    "sigmoid": Phi(expit, _bell, _bend),
    "tanh": Phi(np.tanh, lambda z: 4 * _bell(2 * z), lambda z: -8 * np.tanh(z) * _bell(2 * z)),
    "softsign": Phi(
        lambda z: z / (1 + np.abs(z)),
        lambda z: (1 + np.abs(z)) ** -2.0,
        lambda z: -2 * np.sign(z) * (1 + np.abs(z)) ** -3.0,
    ),
    "erf": Phi(erf, lambda z: 2 / np.sqrt(np.pi) * np.exp(-z * z), lambda z: -4 / np.sqrt(np.pi) * z * np.exp(-z * z)),
    "hard-tanh": _clipped(-1.0, 1.0, 1.0, 0.0),
    "hard-sigmoid": _clipped(-3.0, 3.0, 1 / 6, 0.5),
    "relu": _two_sided(0.0),
    "relu6": _clipped(0.0, 6.0, 1.0, 0.0),
    "leaky-relu": _two_sided(LEAKY_SLOPE),
    "prelu": _two_sided(PRELU_START),
    "elu": _exponential(1.0, 1.0),
    "celu": _smooth_exponential(1.0),
    "selu": _exponential(SELU_LAMBDA, SELU_ALPHA),
    "softplus": Phi(lambda z: -log_expit(-z), expit, _bell),
    "log-sigmoid": Phi(log_expit, lambda z: expit(-z), lambda z: -_bell(z)),
    "silu": Phi(lambda z: z * expit(z), lambda z: expit(z) + z * _bell(z), lambda z: 2 * _bell(z) + z * _bend(z)),
    "gelu": Phi(lambda z: z * ndtr(z), lambda z: ndtr(z) + z * _density(z), lambda z: (2 - z * z) * _density(z)),
    "gelu-tanh": Phi(lambda z: z * expit(_gelu_argument(z)[0]), _gelu_tanh_slope, _gelu_tanh_curvature),
    "mish": Phi(lambda z: z * _mish_parts(z)[0], _mish_slope, _mish_curvature),
    "hard-swish": Phi(
        lambda z: z * np.clip(z / 6 + 0.5, 0, 1),
        lambda z: np.where(z >= 3, 1.0, np.where(z > -3, z / 3 + 0.5, 0.0)),
        lambda z: np.where((z > -3) & (z < 3), 1 / 3, 0.0),
    ),
    "identity": Phi(lambda z: z, np.ones_like, _flat),
}
"""By the names of `vgdesk.spec.activation`, without an alpha."""


def phi_of(activation: str) -> Phi:
    """Returns an activation: a name, which may end in an alpha, or a formula.

    Raises
    ------
    SpecError
        See `require_known`.
    """
    return own_phi(activation) if activation.startswith(FORMULA) else _named(activation)


@cache
def _named(activation: str) -> Phi:
    require_known(activation)
    family, alpha = family_name(activation), alpha_of(activation)
    if family == "elu":
        return _exponential(1.0, alpha)
    return _smooth_exponential(alpha) if family == "celu" else PHI[family]


def require_known(activation: str) -> None:
    """Raises `SpecError` unless this is an activation or a mixture, and a formula one of finite moments at small q."""
    if is_mixture(activation):
        for name, _ in parts_of(activation):
            require_known(name)
        return
    if activation.startswith(FORMULA):
        if reach_of(activation).largest <= 0.0:
            raise SpecError(reach_of(activation).reason)
        return
    if family_name(activation) not in ACTIVATIONS:
        require_choice("activation", activation, ACTIVATIONS)
    require_activation("activation", activation)


def largest_variance(activation: str) -> float:
    """Returns the largest variance of z whose moments are known: 1e200 of a name, less of some formulas."""
    if is_mixture(activation):
        return min(largest_variance(name) for name, _ in parts_of(activation))
    if not activation.startswith(FORMULA):
        return LARGEST_VARIANCE
    reach = reach_of(activation)
    return reach.largest if reach.reason else LARGEST_OWN


def limit_words(activation: str) -> str:
    """Returns why moments end at `largest_variance`, as a clause; "" of a name."""
    if is_mixture(activation):
        return limit_words(min((name for name, _ in parts_of(activation)), key=largest_variance))
    return reach_of(activation).reason if activation.startswith(FORMULA) else ""
