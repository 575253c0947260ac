"""The Numba types of recurrent kernels that are compiled apart, by number format."""

from functools import cache

import numpy as np
from numba import typeof, types

from vgdesk.kernels.lent import LentType
from vgdesk.kernels.recurrent.layout import build_shape
from vgdesk.kernels.recurrent.network import RecurrentNetwork
from vgdesk.kernels.recurrent.room import build_room
from vgdesk.kernels.rules import PLAIN_DESCENT
from vgdesk.kernels.trained import build_trained


@cache
def place_types(number):
    """Returns the types of network, room and parameters in a number format; each call of a kernel asks for them."""
    dtype = np.dtype(str(number))
    shape = build_shape(RecurrentNetwork("rnn", 1, 1, 1, 1, "mse"), 1)
    trained = build_trained(PLAIN_DESCENT, [[np.zeros(1)]], dtype)
    return tuple(LentType(typeof(part)) for part in (shape, build_room(shape, dtype), trained))


def dense_signature(number):
    """Returns the type of a product with a bias: left side, parameters, two blocks, result, strip."""
    trained = place_types(number)[2]
    return types.boolean(number[:, ::1], trained, types.int64, types.int64, number[:, ::1], number[::1])


def weights_signature(number):
    """Returns the type of what writes a gradient: delta and exponent, what the product read, place, block."""
    return types.void(number[:, ::1], types.int64, number[:, ::1], *place_types(number)[1:], types.int64)


def gradients_signature(number):
    """Returns the type of what writes the gradients of weights and biases: the same with a second block."""
    return types.void(number[:, ::1], types.int64, number[:, ::1], *place_types(number)[1:], types.int64, types.int64)


def forward_signature(number):
    """Returns the type of a cell's way forward through all time steps."""
    return types.boolean(*place_types(number))


def backward_signature(number):
    """Returns the type of a cell's way back through all time steps."""
    return types.void(*place_types(number), types.int64)
