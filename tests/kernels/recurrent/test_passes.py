"""A cell's passes at every width, between fences, against the equations in NumPy."""

import sys

import numba
import numpy as np
import pytest

from tests.kernels.fences import fenced
from vgdesk.kernels.recurrent.gru_passes import (
    gru_back_after,
    gru_back_before,
    gru_candidate_back,
    gru_gates_after,
    gru_gates_before,
    gru_state,
)
from vgdesk.kernels.recurrent.lstm_passes import lstm_back, lstm_gates, lstm_state

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fences are made with mprotect")
PRECISIONS = [np.float32, np.float64]
ROWS = 3


@numba.njit
def run_lstm_forward(width, z, c, factor, forget, written, output, next_c, bend, h):
    """Calls the passes from Python."""
    lstm_gates(width, z, c, factor, forget, written, output)
    lstm_state(width, c, forget, written, output, factor, next_c, bend, h)


@numba.njit
def run_lstm_back(width, dh, factor, bend, forget, dc, delta, before):
    """Calls the pass from Python."""
    return lstm_back(width, dh, factor, bend, forget, dc, delta, before)


@numba.njit
def run_gru_after(width, z, flat, n, h, factor, reset, carry, rest, bend, following):
    """Calls the passes of a GRU from Python."""
    gru_gates_after(width, z, flat, n, factor, reset, carry, rest)
    gru_state(width, n, h, carry, rest, factor, bend, following)


@numba.njit
def run_gru_before(width, z, n, h, state, factor, reset, carry, rest, bend, following):
    """Does the same with the reset gate before the product, and the candidate's argument given."""
    gru_gates_before(width, z, h, state, factor, reset, carry, rest)
    gru_state(width, n, h, carry, rest, factor, bend, following)


@numba.njit
def run_gru_back_after(width, dh, factor, bend, reset, carry, delta, candidate, behind, before):
    """Calls the pass from Python."""
    return gru_back_after(width, dh, factor, bend, reset, carry, delta, candidate, behind, before)


@numba.njit
def run_gru_back_before(width, dh, factor, bend, reset, carry, through, delta, candidate, before):
    """Calls the passes from Python, with what the reset state gets given."""
    last = gru_candidate_back(width, dh, bend, candidate)
    return gru_back_before(width, dh, factor, reset, carry, through, delta, before), last


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


def squares(array):
    return np.sum(np.square(array))


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_lstm_passes_of_every_width(dtype):
    for width in range(1, 41):
        f = Fences(width, dtype)
        z, c, factor = f.drawn(4), f.drawn(1), f.empty(4)
        forget, written, output, next_c, bend, h = (f.empty(1) for _ in range(6))
        run_lstm_forward(width, z, c, factor, forget, written, output, next_c, bend, h)
        zi, zf, zg, zo = f.by_gate(z, 4)
        i, kept, g, o = sigmoid(zi), sigmoid(zf), np.tanh(zg), sigmoid(zo)
        old = f.by_gate(c, 1)[0]
        new = kept * old + i * g
        close(f.by_gate(next_c, 1)[0], new, dtype)
        close(f.by_gate(h, 1)[0], o * np.tanh(new), dtype)
        dh, dc, delta, before = f.drawn(1), f.drawn(1), f.empty(4), f.empty(1)
        signal, later = f.by_gate(dh, 1)[0], f.by_gate(dc, 1)[0]
        found = run_lstm_back(width, dh, factor, bend, forget, dc, delta, before)
        total = later + signal * o * (1 - np.tanh(new) ** 2)
        wanted = total * g * i * (1 - i), total * old * kept * (1 - kept), total * i * (1 - g**2)
        close(f.by_gate(delta, 4), [*wanted, signal * np.tanh(new) * o * (1 - o)], dtype)
        close(f.by_gate(dc, 1)[0], total, dtype)
        close(f.by_gate(before, 1)[0], total * kept, dtype)
        np.testing.assert_allclose(found, [squares(total), squares(f.by_gate(delta, 4))], rtol=1e-5)
        assert f.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_gru_passes_of_every_width(dtype):
    for width in range(1, 41):
        f = Fences(width, dtype)
        z, flat, n, h, factor = f.drawn(2), f.drawn(1), f.drawn(1), f.drawn(1), f.empty(2)
        reset, carry, rest, bend, following = (f.empty(1) for _ in range(5))
        (r, update), old, product = sigmoid(f.by_gate(z, 2)), f.by_gate(h, 1)[0], f.by_gate(flat, 1)[0]
        new = np.tanh(f.by_gate(n, 1)[0] + r * product)
        run_gru_after(width, z, flat, n, h, factor, reset, carry, rest, bend, following)
        close(f.by_gate(following, 1)[0], (1 - update) * new + update * old, dtype)
        dh, delta, candidate, behind, before = f.drawn(1), f.empty(2), f.empty(1), f.empty(1), f.empty(1)
        found = run_gru_back_after(width, dh, factor, bend, reset, carry, delta, candidate, behind, before)
        signal = f.by_gate(dh, 1)[0]
        last = signal * (1 - update) * (1 - new**2)
        both = [last * product * r * (1 - r), signal * (old - new) * update * (1 - update)]
        close(f.by_gate(candidate, 1)[0], last, dtype)
        close(f.by_gate(behind, 1)[0], last * r, dtype)
        close(f.by_gate(delta, 2), both, dtype)
        close(f.by_gate(before, 1)[0], signal * update, dtype)
        np.testing.assert_allclose(found, [squares(both), squares(last)], rtol=1e-4)
        assert f.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_gru_passes_of_every_width_with_the_reset_gate_before_the_product(dtype):
    for width in range(1, 41):
        f = Fences(width, dtype)
        z, n, h, factor = f.drawn(2), f.drawn(1), f.drawn(1), f.empty(2)
        state, reset, carry, rest, bend, following = (f.empty(1) for _ in range(6))
        (r, update), old, new = sigmoid(f.by_gate(z, 2)), f.by_gate(h, 1)[0], np.tanh(f.by_gate(n, 1)[0])
        run_gru_before(width, z, n, h, state, factor, reset, carry, rest, bend, following)
        close(f.by_gate(state, 1)[0], r * old, dtype)
        close(f.by_gate(following, 1)[0], (1 - update) * new + update * old, dtype)
        dh, through, delta, candidate, before = f.drawn(1), f.drawn(1), f.empty(2), f.empty(1), f.empty(1)
        found = run_gru_back_before(width, dh, factor, bend, reset, carry, through, delta, candidate, before)
        signal, back = f.by_gate(dh, 1)[0], f.by_gate(through, 1)[0]
        last = signal * (1 - update) * (1 - new**2)
        both = [back * old * r * (1 - r), signal * (old - new) * update * (1 - update)]
        close(f.by_gate(candidate, 1)[0], last, dtype)
        close(f.by_gate(delta, 2), both, dtype)
        close(f.by_gate(before, 1)[0], signal * update + back * r, dtype)
        np.testing.assert_allclose(found, [[squares(both)], [squares(last)]], rtol=1e-4)
        assert f.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_closed_gates_and_what_they_leave_open_have_their_digits(dtype):
    z = np.linspace(-87, 87, 2 * 801).astype(dtype)
    (n, h, state, bend, following), factor = np.zeros((5, 801), dtype), np.zeros_like(z)
    reset, carry, rest = np.empty((3, 801), dtype)
    run_gru_before(801, z, n, h, state, factor, reset, carry, rest, bend, following)
    r, update = z.astype(np.float64).reshape(2, 801)
    # three units in the last place, and four more far down, where n ln 2 is subtracted at once
    for found, expected in ((reset, sigmoid(r)), (carry, sigmoid(update)), (rest, sigmoid(-update))):
        np.testing.assert_allclose(found, expected, rtol=7 * np.finfo(dtype).eps)
