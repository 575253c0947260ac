"""A cell's passes at every width, between fences, against the equations in NumPy."""

import sys

import numba
import numpy as np
import pytest

from tests.kernels.fences import fenced
from vgdesk.kernels.recurrent.gru_passes import gru_gates_before, gru_state
from vgdesk.kernels.recurrent.lstm_passes import lstm_backward, lstm_gates, lstm_state

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fences are made with mprotect")
PRECISIONS = [np.float32, np.float64]
ROWS = 3


@numba.njit
def run_lstm_forward(width, z, c, gate, slope, next_c, tanh_c, bend, h):
    """Calls the pass from Python."""
    lstm_gates(width, z, gate, slope)
    lstm_state(width, gate, c, next_c, tanh_c, bend, h)


@numba.njit
def run_lstm_backward(width, dh, gate, slope, c, tanh_c, bend, dc, delta, before):
    """Calls the pass from Python."""
    return lstm_backward(width, dh, gate, slope, c, tanh_c, bend, dc, delta, before)


@numba.njit
def run_gru(width, z, n, h, gate, slope, new, bend, reset, following):
    """Calls the passes of a GRU from Python, with the candidate's argument given."""
    gru_gates_before(width, z, h, gate, slope, bend, reset)
    gru_state(width, n, h, gate, new, bend, following)


class Fences:
    """Arrays between fences, filled with drawn numbers or with NaN."""

    def __init__(self, width, dtype):
        self._generator, self._dtype, self._width = np.random.default_rng(width), dtype, width
        self._fenced = []

    def drawn(self, gates):
        """Returns numbers for so many gates."""
        return self._place(self._generator.standard_normal(ROWS * gates * self._width))

    def empty(self, gates):
        """Returns room for so many gates."""
        return self._place(np.full(ROWS * gates * self._width, np.nan))

    def _place(self, values):
        at_end = bool(self._generator.integers(2))
        self._fenced.append(fenced(values.astype(self._dtype), at_end, int(self._generator.integers(3))))
        return self._fenced[-1].array

    def intact(self):
        """Returns whether no pass wrote outside its arrays."""
        return all(array.intact() for array in self._fenced)

    def by_gate(self, values, gates):
        """Returns float64 arrays, one per gate."""
        return values.astype(np.float64).reshape(ROWS, gates, self._width).transpose(1, 0, 2)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def close(found, expected, dtype):
    np.testing.assert_allclose(found, expected, rtol=64 * np.finfo(dtype).eps, atol=64 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_lstm_passes_of_every_width(dtype):
    for width in range(1, 41):
        f = Fences(width, dtype)
        z, c, gate, slope = f.drawn(4), f.drawn(1), f.empty(4), f.empty(4)
        next_c, tanh_c, bend, h = (f.empty(1) for _ in range(4))
        run_lstm_forward(width, z, c, gate, slope, next_c, tanh_c, bend, h)
        zi, zf, zg, zo = f.by_gate(z, 4)
        i, forget, g, o = sigmoid(zi), sigmoid(zf), np.tanh(zg), sigmoid(zo)
        old = f.by_gate(c, 1)[0]
        new = forget * old + i * g
        close(f.by_gate(gate, 4), [i, forget, g, o], dtype)
        close(f.by_gate(slope, 4), [i * (1 - i), forget * (1 - forget), 1 - g**2, o * (1 - o)], dtype)
        close(f.by_gate(h, 1)[0], o * np.tanh(new), dtype)
        dh, dc, delta, before = f.drawn(1), f.drawn(1), f.empty(4), f.empty(1)
        signal, later = f.by_gate(dh, 1)[0], f.by_gate(dc, 1)[0]
        squares = run_lstm_backward(width, dh, gate, slope, c, tanh_c, bend, dc, delta, before)
        total = later + signal * o * (1 - np.tanh(new) ** 2)
        wanted = total * g * i * (1 - i), total * old * forget * (1 - forget), total * i * (1 - g**2)
        close(f.by_gate(delta, 4), [*wanted, signal * np.tanh(new) * o * (1 - o)], dtype)
        close(f.by_gate(before, 1)[0], total * forget, dtype)
        np.testing.assert_allclose(squares, [np.sum(total**2), np.sum(f.by_gate(delta, 4) ** 2)], rtol=1e-5)
        assert f.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_gru_passes_of_every_width(dtype):
    for width in range(1, 41):
        f = Fences(width, dtype)
        z, n, h, gate, slope = f.drawn(2), f.drawn(1), f.drawn(1), f.empty(2), f.empty(2)
        new, bend, reset, following = (f.empty(1) for _ in range(4))
        run_gru(width, z, n, h, gate, slope, new, bend, reset, following)
        (r, update), candidate, old = sigmoid(f.by_gate(z, 2)), np.tanh(f.by_gate(n, 1)[0]), f.by_gate(h, 1)[0]
        close(f.by_gate(gate, 2), [r, update], dtype)
        close(f.by_gate(slope, 2), [r * (1 - r), update * (1 - update)], dtype)
        close(f.by_gate(new, 1)[0], candidate, dtype)
        close(f.by_gate(bend, 1)[0], 1 - candidate**2, dtype)
        close(f.by_gate(reset, 1)[0], r * old, dtype)
        close(f.by_gate(following, 1)[0], (1 - update) * candidate + update * old, dtype)
        assert f.intact()
