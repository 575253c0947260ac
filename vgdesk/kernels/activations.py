"""Activations by code: h = phi(z) and the slope phi'(z) in one pass, over a whole layer."""

from typing import Any

from vgdesk.kernels._jit import generated, kernel
from vgdesk.kernels.layout import ACTIVATION_CODES
from vgdesk.kernels.simd import elementary, error_function, rectifiers
from vgdesk.kernels.simd.arrays import VectorFunction, choice_over_arrays

VECTOR_FUNCTIONS: dict[str, VectorFunction] = {
    "sigmoid": elementary.sigmoid_and_slope,
    "tanh": elementary.tanh_and_slope,
    "softsign": rectifiers.softsign,
    "erf": error_function.erf,
    "hard-tanh": rectifiers.hard_tanh,
    "relu": rectifiers.relu,
    "leaky-relu": rectifiers.leaky_relu,
    "elu": rectifiers.elu,
    "selu": rectifiers.selu,
    "softplus": rectifiers.softplus,
    "silu": rectifiers.silu,
    "gelu": error_function.gelu,
    "gelu-tanh": rectifiers.gelu_tanh,
    "mish": rectifiers.mish,
    "identity": rectifiers.identity,
}
_BY_CODE = {ACTIVATION_CODES[name]: function for name, function in VECTOR_FUNCTIONS.items()}


@generated
def _activate(typing_context: Any, code: Any, z: Any, h: Any, slope: Any) -> Any:
    return choice_over_arrays(_BY_CODE, code, (z, h, slope))


@kernel
def activate(code, z, h, slope):
    """Writes h = phi(z) and slope = phi'(z) for flat arrays of equal length; `code` is one of `ACTIVATION_CODES`.

    At a kink the slope is the one of the convention, ReLU'(0) = 0. NaN gives NaN in `h`.
    """
    _activate(code, z, h, slope)
