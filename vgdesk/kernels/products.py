"""The three products of a dense layer, and the sums that go with them.

    forward     z  = h W^T + b            (B, in) x (in, out)
    backward    dh = delta W              (B, out) x (out, in)
    gradient    dW = delta^T h            (out, B) x (B, in),       db = sum over the batch of delta

Every matrix product of the trainer is here, behind one small function each: replacing BLAS touches this file only.
All matrices are contiguous rows of one number format; shapes are checked by the caller in Python.
"""

import math

import numpy as np

from vgdesk.kernels._jit import blas_kernel, kernel, reduction_kernel


@blas_kernel
def forward_product(h, W, b, z):
    """Writes z = h W^T + b and returns whether all of z is finite."""
    np.dot(h, W.T, z)
    finite = True
    for row in range(z.shape[0]):
        for unit in range(z.shape[1]):
            value = z[row, unit] + b[unit]
            z[row, unit] = value
            finite &= abs(value) < math.inf
    return finite


@blas_kernel
def backward_product(delta, W, dh):
    """Writes dh = delta W."""
    np.dot(delta, W, dh)


@blas_kernel
def gradient_product(delta, h, dW):
    """Writes dW = delta^T h."""
    np.dot(delta.T, h, dW)


@kernel
def bias_product(delta, db):
    """Writes db = sum over the batch of delta."""
    for unit in range(db.size):
        db[unit] = 0
    for row in range(delta.shape[0]):
        for unit in range(delta.shape[1]):
            db[unit] += delta[row, unit]


@reduction_kernel
def multiply(values, factors):
    """Multiplies `values` by `factors` in place and returns the sum of squares of the result."""
    total = values.dtype.type(0)
    for i in range(values.size):
        value = values[i] * factors[i]
        values[i] = value
        total += value * value
    return np.float64(total)


@reduction_kernel
def sum_of_squares(values):
    """Returns the sum of squares."""
    total = values.dtype.type(0)
    for i in range(values.size):
        total += values[i] * values[i]
    return np.float64(total)
