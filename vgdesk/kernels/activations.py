"""Activations by code: h = phi(z) and the slope phi'(z) in one pass, over a whole layer."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types

from vgdesk.kernels._jit import generated, inlined_kernel
from vgdesk.kernels.formula.machine import own_activation
from vgdesk.kernels.late_binding import shared_choice
from vgdesk.kernels.layout import ACTIVATION_CODES
from vgdesk.kernels.simd import elementary, error_function, rectifiers
from vgdesk.kernels.simd.arrays import AT_ONCE, VectorFunction, over_arrays
from vgdesk.kernels.simd.lanes import Lanes
from vgdesk.spec.activation import WITH_ALPHA

VECTOR_FUNCTIONS: dict[str, Callable[..., Any]] = {
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
    "celu": rectifiers.celu,
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
"""z to (phi(z), phi'(z)); those of `WITH_ALPHA` take alpha, too."""
_MANY_CONSTANTS = ("erf",)
_BY_CODE = {ACTIVATION_CODES[name]: name for name in VECTOR_FUNCTIONS}
_NAMES = len(ACTIVATION_CODES)


def _with_alpha(name: str, alpha: ir.Value) -> VectorFunction:
    """Returns the function of z alone."""
    function = VECTOR_FUNCTIONS[name]
    if name not in WITH_ALPHA:
        return function

    def applied(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
        return function(lanes, z, lanes.everywhere(alpha))

    return applied


@generated
def _write(typing_context: Any, code: Any, alpha: Any, z: Any, h: Any, slope: Any) -> Any:
    if not isinstance(code, types.IntegerLiteral):  # Numba asks without the value first
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        name = _BY_CODE[code.literal_value]
        write = over_arrays(_with_alpha(name, values[1]), (z, h, slope), 1 if name in _MANY_CONSTANTS else AT_ONCE)[1]
        return write(context, builder, signature, values[2:])

    return types.void(code, types.float64, z, h, slope), generate


def _one(code, alpha, z, h, slope):
    _write(code, alpha, z, h, slope)


def _signature(number: Any, code: int) -> Any:
    return types.void(types.literal(code), types.float64, number[::1], number[::1], number[::1])


@shared_choice([_one] * len(_BY_CODE), _signature)
def _activate_by_name(code, alpha, z, h, slope):
    """Writes phi and phi' of an activation that has a name."""


@inlined_kernel
def activate(code, alpha, z, h, slope):
    """Writes h = phi(z) and slope = phi'(z) for flat arrays of equal length; `code` is an `activation_code`.

    `alpha` is that of ELU and CELU; the others have none and ignore it.

    At a kink the slope is the one of the convention, ReLU'(0) = 0. NaN gives NaN in `h`. A code beyond those of
    `ACTIVATION_CODES` is the address of the program of one's own formula.
    """
    if code < _NAMES:
        _activate_by_name(code, alpha, z, h, slope)
    else:
        own_activation(code, z, h, slope)
