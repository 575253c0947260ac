"""Lets a rule follow gradients that a test gives it, through the update of the trainers."""

import numba
import numpy as np

from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.lent import Lent
from vgdesk.kernels.scaling import log10_norm, normalise
from vgdesk.kernels.simd.subnormal import FLUSH, read_mode, write_mode
from vgdesk.kernels.trained import build_trained
from vgdesk.kernels.update import total_square, update
from vgdesk.kernels.views import part


@numba.njit(error_model="numpy")
def _update(rule, cap, rate, trained):
    mode = read_mode()
    write_mode(mode | FLUSH)
    for block in range(trained.square.size):
        g = part(trained.gradient, trained.start[block], trained.size[block])
        square, exponent = 0.0, 0
        for value in g:
            square += value * value
        square, exponent = normalise(g, square)
        trained.square[block] = square
        trained.exponent[block] += exponent
    square, exponent = total_square(trained)
    before = log10_norm(square, exponent)
    after, engaged = update(rule, cap, rate, trained, square, exponent)
    write_mode(mode)
    return before, after, engaged


class GivenGradients:
    """Holds parameters in blocks and their state; `step` takes one gradient per block, times 2**exponent."""

    def __init__(self, rule, parameters, precision="float64", cap=None):
        self._rule, self._cap = rule, Cap() if cap is None else cap
        self._trained = build_trained(rule, (parameters,), np.dtype(precision))
        self._shapes = [np.shape(block) for block in parameters]

    def step(self, gradients, rate, exponents=0):
        """Returns log10 of the total norm before and after clipping, and whether it engaged."""
        self._trained.gradient[:] = np.concatenate([np.ravel(g) for g in gradients])
        self._trained.exponent[:] = exponents
        return _update(Lent(self._rule), self._cap, float(rate), Lent(self._trained))

    def parameters(self):
        """Returns the present parameters, block by block."""
        flat, trained = self._trained.parameters, self._trained
        ends = trained.start + trained.size
        return [flat[a:b].reshape(s).copy() for a, b, s in zip(trained.start, ends, self._shapes, strict=True)]
