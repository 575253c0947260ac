"""Activations by code: h = phi(z) and the slope phi'(z) in one pass, over a whole layer."""

from typing import Any

from numba import types

from vgdesk.kernels._jit import generated, inlined_kernel
from vgdesk.kernels.formula.machine import own_activation
from vgdesk.kernels.late_binding import shared_choice
from vgdesk.kernels.layout import ACTIVATION_CODES
from vgdesk.kernels.simd import elementary, error_function, rectifiers
from vgdesk.kernels.simd.arrays import VectorFunction, over_arrays

VECTOR_FUNCTIONS: dict[str, VectorFunction] = {
    "sigmoid": elementary.sigmoid_and_slope,
    "tanh": elementary.tanh_and_slope,
    "softsign": rectifiers.softsign,
    "erf": error_function.erf,
    "hard-tanh": rectifiers.hard_tanh,
    "hard-sigmoid": rectifiers.hard_sigmoid,
    "relu": rectifiers.relu,
    "relu6": rectifiers.relu6,
    "leaky-relu": rectifiers.leaky_relu,
    "elu": rectifiers.elu,
    "selu": rectifiers.selu,
    "softplus": rectifiers.softplus,
    "log-sigmoid": rectifiers.log_sigmoid,
    "silu": rectifiers.silu,
    "gelu": error_function.gelu,
    "gelu-tanh": rectifiers.gelu_tanh,
    "mish": rectifiers.mish,
    "hard-swish": rectifiers.hard_swish,
    "identity": rectifiers.identity,
}
_BY_CODE = {ACTIVATION_CODES[name]: function for name, function in VECTOR_FUNCTIONS.items()}
_NAMES = len(ACTIVATION_CODES)


@generated
def _write(typing_context: Any, code: Any, z: Any, h: Any, slope: Any) -> Any:
    if not isinstance(code, types.IntegerLiteral):  # Numba asks without the value first
        return None
    signature, generate = over_arrays(_BY_CODE[code.literal_value], (z, h, slope))
    return signature.return_type(code, *signature.args), lambda c, b, s, values: generate(c, b, s, values[1:])


def _one(code, z, h, slope):
    _write(code, z, h, slope)


def _signature(number: Any, code: int) -> Any:
    return types.void(types.literal(code), number[::1], number[::1], number[::1])


@shared_choice([_one] * len(_BY_CODE), _signature)
def _activate_by_name(code, z, h, slope):
    """Writes phi and phi' of an activation that has a name."""


@inlined_kernel
def activate(code, z, h, slope):
    """Writes h = phi(z) and slope = phi'(z) for flat arrays of equal length; `code` is one of `ACTIVATION_CODES`.

    At a kink the slope is the one of the convention, ReLU'(0) = 0. NaN gives NaN in `h`. A larger code is the address
    of the program of one's own formula.
    """
    if code < _NAMES:
        _activate_by_name(code, z, h, slope)
    else:
        own_activation(code, z, h, slope)
