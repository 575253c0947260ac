"""Batch and layer normalisation, there and back.

    s = (z - mean) / sqrt(variance + epsilon),   a = gamma s + beta

Mean and biased variance are taken over the examples of the batch, unit by unit, or over the units, example by example.
With N the number of numbers under a mean <.>:

    dgamma = sum over the batch of da * s,   dbeta = sum over the batch of da
    dz = (g - <g> - s <g s>) / sqrt(variance + epsilon),   g = gamma da

Batch normalisation remembers: running <- 0.9 running + 0.1 (mean, or variance of the batch * N / (N - 1)); a batch of
one example has no such variance and adds 0. Sums are float64 in either number format.
"""

import math

import numpy as np
from numba import types

from vgdesk.kernels.late_binding import shared_kernel

EPSILON = 1e-5
"""As `spec.layer.NORMALISATION_EPSILON`; not imported, for only a change in this package has kernels compiled anew."""
SHARE = 0.1
_MOMENTS = types.float64[::1]


@shared_kernel(lambda number: types.void(number[:, ::1], _MOMENTS, _MOMENTS))
def unit_moments(z, mean, variance):
    """Writes mean and biased variance of every unit over the batch."""
    batch, units = z.shape
    for unit in range(units):
        mean[unit] = variance[unit] = 0.0
    for row in range(batch):
        for unit in range(units):
            mean[unit] += np.float64(z[row, unit])
    for unit in range(units):
        mean[unit] /= batch
    for row in range(batch):
        for unit in range(units):
            distance = np.float64(z[row, unit]) - mean[unit]
            variance[unit] += distance * distance
    for unit in range(units):
        variance[unit] /= batch


@shared_kernel(lambda _: types.void(_MOMENTS, _MOMENTS, types.int64, _MOMENTS, _MOMENTS))
def remember(mean, variance, batch, running_mean, running_variance):
    """Moves the running moments towards those of a batch."""
    unbiased = batch / (batch - 1) if batch > 1 else 0.0
    for unit in range(running_mean.size):
        running_mean[unit] = (1.0 - SHARE) * running_mean[unit] + SHARE * mean[unit]
        running_variance[unit] = (1.0 - SHARE) * running_variance[unit] + SHARE * unbiased * variance[unit]


@shared_kernel(lambda number: types.boolean(number[:, ::1], _MOMENTS, _MOMENTS, _MOMENTS, number[:, ::1]))
def standardise_units(z, mean, variance, root, standard):
    """Writes s of batch normalisation; returns whether all variances were finite."""
    finite = True
    for unit in range(z.shape[1]):
        root[unit] = 1.0 / math.sqrt(variance[unit] + EPSILON)
        finite &= variance[unit] < math.inf
    for row in range(z.shape[0]):
        for unit in range(z.shape[1]):
            standard[row, unit] = (np.float64(z[row, unit]) - mean[unit]) * root[unit]
    return finite


@shared_kernel(lambda number: types.boolean(number[:, ::1], _MOMENTS, number[:, ::1]))
def standardise_rows(z, root, standard):
    """Writes s of layer normalisation; returns whether all variances were finite."""
    finite, units = True, z.shape[1]
    for row in range(z.shape[0]):
        mean, variance = 0.0, 0.0
        for unit in range(units):
            mean += np.float64(z[row, unit])
        mean /= units
        for unit in range(units):
            distance = np.float64(z[row, unit]) - mean
            variance += distance * distance
        variance /= units
        root[row] = 1.0 / math.sqrt(variance + EPSILON)
        finite &= variance < math.inf
        for unit in range(units):
            standard[row, unit] = (np.float64(z[row, unit]) - mean) * root[row]
    return finite


@shared_kernel(lambda number: types.void(number[:, ::1], number[::1], number[::1], number[:, ::1]))
def scale_and_shift(standard, gamma, beta, a):
    """Writes a = gamma s + beta."""
    for row in range(a.shape[0]):
        for unit in range(a.shape[1]):
            a[row, unit] = gamma[unit] * standard[row, unit] + beta[unit]


@shared_kernel(lambda number: types.void(number[:, ::1], number[:, ::1], number[::1], number[::1]))
def gradients(delta, standard, dgamma, dbeta):
    """Writes dgamma and dbeta."""
    for unit in range(dgamma.size):
        dgamma[unit] = dbeta[unit] = 0
    for row in range(delta.shape[0]):
        for unit in range(dgamma.size):
            dgamma[unit] += delta[row, unit] * standard[row, unit]
            dbeta[unit] += delta[row, unit]


@shared_kernel(
    lambda number: types.void(number[:, ::1], number[:, ::1], _MOMENTS, number[::1], number[::1], number[::1])
)
def back_through_units(delta, standard, root, gamma, dgamma, dbeta):
    """Turns da into dz of batch normalisation, in place; g's means follow from dgamma and dbeta."""
    batch = delta.shape[0]
    for row in range(batch):
        for unit in range(gamma.size):
            centred = delta[row, unit] - (dbeta[unit] + standard[row, unit] * dgamma[unit]) / batch
            delta[row, unit] = root[unit] * gamma[unit] * centred


@shared_kernel(lambda number: types.void(number[:, ::1], number[:, ::1], _MOMENTS, number[::1]))
def back_through_rows(delta, standard, root, gamma):
    """Turns da into dz of layer normalisation, in place."""
    units = gamma.size
    for row in range(delta.shape[0]):
        mean, along = 0.0, 0.0
        for unit in range(units):
            g = np.float64(gamma[unit]) * delta[row, unit]
            mean += g
            along += g * standard[row, unit]
        mean, along = mean / units, along / units
        for unit in range(units):
            g = np.float64(gamma[unit]) * delta[row, unit]
            delta[row, unit] = root[row] * (g - mean - standard[row, unit] * along)
