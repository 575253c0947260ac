"""The Numba types of feed-forward kernels that are compiled apart, by number format."""

import numpy as np
from numba import typeof, types

from vgdesk.kernels.layout import build_wiring, build_workspace
from vgdesk.kernels.lent import LentType
from vgdesk.kernels.network import Network
from vgdesk.kernels.options import build_moments, build_options
from vgdesk.kernels.rules import PLAIN_DESCENT
from vgdesk.kernels.trained import build_trained


def network_types(number):
    """Returns the types of wiring, options, work and parameters in a number format."""
    dtype, network = np.dtype(str(number)), Network((1, 1), ("prelu",), "mse")
    wiring = build_wiring(network.widths, network.activations, None, dtype)
    options = build_options(network, wiring, (), build_moments(wiring), 1, dtype, 0)
    work = build_workspace(wiring, 1, dtype)
    trained = build_trained(PLAIN_DESCENT, [[np.zeros(1)]], dtype)
    return tuple(LentType(typeof(part)) for part in (wiring, options, work, trained))


def forward_signature(number):
    """Returns the type of the way forward through layers with options."""
    return types.boolean(*network_types(number))


def backward_signature(number):
    """Returns the type of the way back through them."""
    wiring, options, work, trained = network_types(number)
    return types.void(wiring, options, types.boolean, work, trained)


def plain_forward_signature(number):
    """Returns the type of the way forward through plain layers."""
    wiring, _, work, trained = network_types(number)
    return types.boolean(wiring, work, trained)


def plain_backward_signature(number):
    """Returns the type of the way back through them."""
    wiring, _, work, trained = network_types(number)
    return types.void(wiring, types.boolean, work, trained, types.boolean, types.float64)


def layer_signature(number):
    """Returns the type of what writes the gradient of one plain layer."""
    wiring, _, work, trained = network_types(number)
    return types.void(wiring, types.int64, work, trained)


def descent_signature(number):
    """Returns the type of what changes the parameters of one plain layer."""
    wiring, _, work, trained = network_types(number)
    return types.void(wiring, types.int64, work, trained, types.float64)
