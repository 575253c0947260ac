"""Layers whose units have different activations: unit i is h_i = phi_i(a_i), with the slope phi_i'(a_i).

Only the way forward knows of them: it leaves every unit's slope, and the way back multiplies by slopes. Values of one
unit stand `units` numbers apart; they are brought together, so that `activate` runs over all examples at once.
"""

from numba import types

from vgdesk.kernels.activations import activate
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.views import part


def _signature(number):
    array = number[::1]
    return types.void(types.int64[::1], array, array, array, array, array)


@shared_kernel(_signature)
def activate_units(codes, alphas, a, h, slope, spare):
    """Writes h = phi_i(a) and slope = phi_i'(a) of a layer.

    Parameters
    ----------
    codes, alphas
        Shape (units,): activation of each unit.
    a, h, slope
        Flat, batch * units numbers, example by example.
    spare
        Room for three numbers per example.
    """
    units = codes.size
    batch = a.size // units
    argument, value, steepness = part(spare, 0, batch), part(spare, batch, batch), part(spare, 2 * batch, batch)
    for unit in range(units):
        for n in range(batch):
            argument[n] = a[n * units + unit]
        activate(codes[unit], alphas[unit], argument, value, steepness)
        for n in range(batch):
            h[n * units + unit] = value[n]
            slope[n * units + unit] = steepness[n]
