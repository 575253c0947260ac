"""Numbers about one step that the trainer itself does not need, counted layer by layer.

saturated   share of all phi'(a) with magnitude below 0.01
dead        share of units with phi(a) = 0 and phi'(a) = 0 on the whole batch
lost        share of the nonzero entries of dL/dW that a number format would store as 0: half its smallest number is
            the largest that rounds to 0, and an entry stands for entry * 2**exponent
"""

import math

import numpy as np

from vgdesk.kernels._jit import entry, kernel, reduction_kernel
from vgdesk.kernels.views import matrix, part

FLAT = 0.01
"""Below this slope a unit counts as saturated, as `spec.formula.facts.SATURATED`; not imported, for only a change in
this package has kernels compiled anew."""
SATURATED, DEAD, MEAN, VARIANCE, SINGLE_LOST, HALF_LOST, NORM, CHANGE = range(8)
"""Lines of `write_statistics`' result."""
_SINGLE_ZERO, _HALF_ZERO = -150, -25
_LOWEST, _HIGHEST = 1e-270, 1e290
"""Between them a float64 sum of squares has lost nothing."""


@entry
def write_statistics(wiring, work, inner, trained, start, out):
    """Writes the lines named above into `out`, shape (8, layers).

    Parameters
    ----------
    inner
        phi(a), flat like the activations.
    start
        The parameters the training began with, flat.
    """
    batch = work.inputs.shape[0]
    for layer in range(wiring.activations.size):
        first, units = batch * wiring.unit_start[layer], wiring.widths[layer + 1]
        slope = matrix(work.slope, first, batch, units)
        out[SATURATED, layer] = _flat_share(part(slope, 0, slope.size))
        out[DEAD, layer] = _silent_share(matrix(inner, first, batch, units), slope)
        mean, variance = _moments(part(work.activation, first, batch * units))
        forward = work.forward_exponent[layer]
        out[MEAN, layer], out[VARIANCE, layer] = math.ldexp(mean, forward), math.ldexp(variance, 2 * forward)
        at, size, exponent = trained.start[layer], trained.size[layer], trained.exponent[layer]
        gradient = part(trained.gradient, at, size)
        out[SINGLE_LOST, layer] = _lost_share(gradient, math.ldexp(1.0, _SINGLE_ZERO - exponent))
        out[HALF_LOST, layer] = _lost_share(gradient, math.ldexp(1.0, _HALF_ZERO - exponent))
        W = part(trained.parameters, at, size)
        out[NORM, layer] = _log10_distance(W, part(start, 0, 0))
        out[CHANGE, layer] = _log10_distance(W, part(start, at, size))


@entry
def write_distances(trained, before, out):
    """Writes log10 |W - before| of every layer into `out`, shape (layers,)."""
    for layer in range(out.size):
        at, size = trained.start[layer], trained.size[layer]
        out[layer] = _log10_distance(part(trained.parameters, at, size), part(before, at, size))


@entry
def write_histograms(wiring, work, low, high, out):
    """Writes shares of all z into `out`, shape (layers, bins + 2): below `low`, the bins, and `high` or above."""
    bins, batch = out.shape[1] - 2, work.inputs.shape[0]
    for layer in range(out.shape[0]):
        size = batch * wiring.widths[layer + 1]
        z, forward = part(work.preactivation, work.preactivation_start[layer], size), work.forward_exponent[layer]
        for i in range(size):
            place = (math.ldexp(np.float64(z[i]), forward) - low) * (bins / (high - low))
            if place == place:
                out[layer, 1 + int(min(max(math.floor(place), -1.0), float(bins)))] += 1.0 / size


@kernel
def _flat_share(slope):
    count = 0
    for i in range(slope.size):
        count += abs(slope[i]) < FLAT
    return count / slope.size


@kernel
def _silent_share(inner, slope):
    silent = 0
    for unit in range(slope.shape[1]):
        row = 0
        while row < slope.shape[0] and inner[row, unit] == 0.0 and slope[row, unit] == 0.0:
            row += 1
        silent += row == slope.shape[0]
    return silent / slope.shape[1]


@reduction_kernel
def _moments(values):
    """Returns mean and biased variance."""
    mean, variance = 0.0, 0.0
    for i in range(values.size):
        mean += np.float64(values[i])
    mean /= values.size
    for i in range(values.size):
        distance = np.float64(values[i]) - mean
        variance += distance * distance
    return mean, variance / values.size


@kernel
def _lost_share(values, bound):
    """Returns the share of the nonzero values whose magnitude is at most `bound`; 0 where all are zero."""
    lost, some = 0, 0
    for i in range(values.size):
        size = abs(np.float64(values[i]))
        some += size > 0.0
        lost += 0.0 < size <= bound
    return lost / some if some else 0.0


@kernel
def _log10_distance(values, other):
    """Returns log10 |values - other|, an empty `other` being 0; exact also where squares would leave float64."""
    square = _square_distance(values, other, 1.0)
    if _LOWEST < square < _HIGHEST:
        return 0.5 * math.log10(square)
    largest = _largest_distance(values, other)
    if largest == 0.0 or not largest < math.inf:
        return math.log10(largest) if largest == largest else largest
    return math.log10(largest) + 0.5 * math.log10(_square_distance(values, other, largest))


@reduction_kernel
def _square_distance(values, other, unit):
    """Returns the sum of squares of (values - other) / unit."""
    square = 0.0
    for i in range(values.size):
        share = (np.float64(values[i]) - (np.float64(other[i]) if other.size else 0.0)) / unit
        square += share * share
    return square


@kernel
def _largest_distance(values, other):
    largest = 0.0
    for i in range(values.size):
        size = abs(np.float64(values[i]) - (np.float64(other[i]) if other.size else 0.0))
        if not size <= largest:
            largest = size
    return largest
