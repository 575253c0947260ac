"""Recurrent cells, drawn: a few sequences on their way through many networks at once, and the gradient back again.

Every time step has the same W_hh, and with finite width no formula is known for how fast products of its Jacobians
grow: their gates are correlated with each other, with W_hh, and from one step to the next. Such networks can be run.
With s = tanh(a / 2) a gate is sigmoid(a) = (1 + s) / 2, so that one tanh serves all gates; their order is o, i, f, g
in an LSTM and r, z, n in a GRU. G is dL/dh_t, C is dL/dc_t; names are those of `vgdesk.spec.recurrent`:

    rnn     G <- W' (phi'(a) G)
    lstm    C <- C + o (1 - tanh^2 c) G      G <- W' (tanh(c) o' G,  g i' C,  c_(t-1) f' C,  i g' C)      C <- f C
    gru     e = (1 - z) n' G                 G <- z G + W_z' ((h_(t-1) - n) z' G) + what comes through n:
            reset after                      W_n' (r e) + W_r' (r' (W_n h_(t-1) + b_hn) e)
            reset before                     k = W_n' e:  r k + W_r' (r' h_(t-1) k)

Signals have the shape (draws, units, sequences), those of all gates (draws, gates, units, sequences).
"""

from typing import NamedTuple

import numpy as np

from vgdesk.spec.recurrent import Cell, Gru, Lstm, VanillaCell
from vgdesk.theory.activations import phi_of
from vgdesk.theory.mixing import Mixing

_HALF = np.float32(0.5)


class Passed(NamedTuple):
    """Is what the way back needs of all time steps; arrays have the time step in front.

    Attributes
    ----------
    state
        h of every step.
    slopes
        What multiplies G, or C, in front of W', by gate.
    direct
        f, or z; None of the simple cell.
    onto_cell
        o (1 - tanh^2 c); None but of an LSTM.
    reset
        r, and r' h of the step before, of a GRU whose reset acts before the product, else None.
    """

    state: np.ndarray
    slopes: np.ndarray
    direct: np.ndarray | None = None
    onto_cell: np.ndarray | None = None
    reset: tuple[np.ndarray, np.ndarray] | None = None


def forwards(cell: Cell, given: np.ndarray, mixing: Mixing, bias: np.ndarray | None) -> Passed:
    """Takes h_0 = 0 through all time steps.

    Parameters
    ----------
    given
        W_ih x_t + b, shape (time steps, draws, gates, units, sequences), halved for the gates; it may be overwritten.
    mixing
        W_hh, halved for the gates.
    bias
        b_hn of a GRU whose reset acts after the product, shape (draws, units, 1).
    """
    match cell:
        case VanillaCell():
            return _rnn(cell.activation, given, mixing)
        case Lstm():
            return _lstm(given, mixing)
        case Gru():
            return _gru_after(given, mixing, bias) if cell.reset == "after" else _gru_before(given, mixing)


def backwards(
    passed: Passed, mixing: Mixing, place: int, G: np.ndarray, C: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Returns dL/dh and dL/dc one time step before `place`; C is of no account but in an LSTM."""
    slopes = passed.slopes[place]
    if passed.onto_cell is not None and passed.direct is not None:
        C = C + passed.onto_cell[place] * G
        g = slopes.copy()
        g[:, 0] *= G
        g[:, 1:] *= C[:, None]
        return mixing.back(g), C * passed.direct[place]
    g = slopes * G[:, None]
    if passed.reset is not None:
        r, slope = (each[place] for each in passed.reset)
        through = mixing.back(g[:, 2:], slice(2, None))
        g[:, 0] = through * slope
        onward = mixing.back(g[:, :2], slice(0, 2)) + r * through
    else:
        onward = mixing.back(g)
    return (onward if passed.direct is None else onward + passed.direct[place] * G), C


def _rnn(activation: str, given: np.ndarray, mixing: Mixing) -> Passed:
    phi = phi_of(activation)
    state = np.empty_like(given[:, :, 0])
    h = np.zeros_like(state[0])
    for a, value in zip(given, state, strict=True):
        a += mixing.onto(h)
        value[...] = phi.value(a[:, 0])
        h = value
    return Passed(state, np.asarray(phi.slope(given), given.dtype))


def _lstm(given: np.ndarray, mixing: Mixing) -> Passed:
    cells, squashed = np.empty_like(given[:, :, 0]), np.empty_like(given[:, :, 0])
    h = c = np.zeros_like(cells[0])
    for a, now, value in zip(given, cells, squashed, strict=True):
        a += mixing.onto(h)
        np.tanh(a, out=a)
        gates = a[:, :3]
        gates *= _HALF
        gates += _HALF
        np.multiply(gates[:, 2], c, out=now)
        now += gates[:, 1] * a[:, 3]
        c = now
        np.tanh(now, out=value)
        h = gates[:, 0] * value
    o, i, f, g = (given[:, :, gate] for gate in range(4))
    before = np.concatenate([np.zeros_like(cells[:1]), cells[:-1]])
    slopes = np.empty_like(given)
    for gate, factor in enumerate((squashed, g, before)):
        # twice the gate times 1 - gate, as `_slope`, in place
        np.subtract(1, given[:, :, gate], out=slopes[:, :, gate])
        slopes[:, :, gate] *= given[:, :, gate]
        slopes[:, :, gate] *= factor
    slopes[:, :, :3] *= 2
    np.multiply(i, 1 - g * g, out=slopes[:, :, 3])
    onto_cell = _tanh_slope(cells)
    onto_cell *= o
    squashed *= o
    return Passed(squashed, slopes, f, onto_cell)


def _tanh_slope(c: np.ndarray) -> np.ndarray:
    """Returns 1 - tanh^2 c, and not 0 where c is 9 and tanh c of float32 is 1: there c has been kept for long."""
    slope = np.abs(c)
    slope *= -2
    np.exp(slope, out=slope)
    beside = slope + 1
    beside *= beside
    slope *= 4
    slope /= beside
    return slope


def _gru_after(given: np.ndarray, mixing: Mixing, bias: np.ndarray | None) -> Passed:
    state, inner = np.empty_like(given[:, :, 0]), np.empty_like(given[:, :, 0])
    h = np.zeros_like(state[0])
    for a, value, m in zip(given, state, inner, strict=True):
        mixed = mixing.onto(h)
        a[:, :2] += mixed[:, :2]
        _open(a[:, :2])
        m[...] = mixed[:, 2] if bias is None else mixed[:, 2] + bias
        a[:, 2] += a[:, 0] * m
        np.tanh(a[:, 2], out=a[:, 2])
        value[...] = a[:, 2] + a[:, 1] * (h - a[:, 2])
        h = value
    r, z, n, before = _of_gru(given, state)
    candidate = (1 - z) * (1 - n * n)
    slopes = np.stack([candidate * inner * _slope(r), (before - n) * _slope(z), candidate * r], axis=2)
    return Passed(state, slopes, z)


def _gru_before(given: np.ndarray, mixing: Mixing) -> Passed:
    state = np.empty_like(given[:, :, 0])
    h = np.zeros_like(state[0])
    for a, value in zip(given, state, strict=True):
        gates = a[:, :2]
        gates += mixing.onto(h, slice(0, 2))
        _open(gates)
        a[:, 2] += mixing.onto(a[:, 0] * h, slice(2, 3))[:, 0]
        np.tanh(a[:, 2], out=a[:, 2])
        value[...] = a[:, 2] + a[:, 1] * (h - a[:, 2])
        h = value
    r, z, n, before = _of_gru(given, state)
    # the first is what `backwards` works out
    slopes = np.stack([np.zeros_like(z), (before - n) * _slope(z), (1 - z) * (1 - n * n)], axis=2)
    return Passed(state, slopes, z, reset=(r, before * _slope(r)))


def _open(halved: np.ndarray) -> None:
    """Makes gates of halved arguments, in place."""
    np.tanh(halved, out=halved)
    halved *= _HALF
    halved += _HALF


def _slope(gate: np.ndarray) -> np.ndarray:
    """Returns the slope of (1 + tanh(a / 2)) / 2 by its halved argument, which is what W times h is."""
    return 2 * gate * (1 - gate)


def _of_gru(given: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Returns r, z, n and h of the step before."""
    r, z, n = (given[:, :, gate] for gate in range(3))
    return r, z, n, np.concatenate([np.zeros_like(state[:1]), state[:-1]])
