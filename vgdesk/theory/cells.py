"""Second moments of recurrent cells step by step, and what a squared gradient meets on its way back.

A gradient goes back from t to t-1 on a direct path, or through W_hh. The matrix is the same at every step, so paths
that pass it equally often add up as amplitudes; those that pass it differently often are orthogonal and add as squares
(`vgdesk.theory.through_time`). With s = sigma_hh^2 and the names of `vgdesk.spec.recurrent`, the squared factors are

            direct   into the cell              through W, one sign      through W, any sign
    rnn     -        -                          s E[phi'^2]              -
    lstm    E[f^2]   E[o^2] E[(1-tanh^2 c)^2]   s E[i]^2 E[g']^2         s (E[i'^2] E[g^2] + E[f'^2] E[c_(t-1)^2]),
                                                                         from h: s E[o'^2] E[tanh^2 c]
    gru     E[z^2]   -                          s E[1-z]^2 E[n']^2       s (E[(1-z)^2] E[n'^2] E[r'^2] v
                                                times E[r]^2                + E[(h-n)^2] E[z'^2])
            and of i g' and (1-z) n' r what their scatter over units and steps adds to the squares
            v = E[(W_hn h + b_hn)^2], b_hn = 0 where the reset acts before the product: W_n is met there, too
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import largest_variance
from vgdesk.theory.gate_moments import GateMoments
from vgdesk.theory.initialisation import Start
from vgdesk.theory.moments import moments_at

_BOUNDED = ("tanh", "sigmoid")
_LONG_CELL = 16.0
"""A variance of c for whose squares the same points serve at every time step."""


class Back(NamedTuple):
    """Holds squared factors of a gradient from one time step to the one before it; see the module's table."""

    direct: float = 0.0
    into_cell: float = 0.0
    aligned: float = 0.0
    scattered: float = 0.0
    scattered_state: float = 0.0


class Steps(NamedTuple):
    """Holds the way forwards: E[h_t^2] and the variance of W x + W h + b, shape (time steps,), and the ways back."""

    square: np.ndarray
    argument: np.ndarray
    back: list[Back]


def rnn_steps(activation: str, on_inputs: Start, on_state: Start, x_square: np.ndarray) -> Steps:
    """Returns the moments of the simple cell; infinite from where the variance exceeds `largest_variance`."""
    if activation in _BOUNDED:
        return _bounded_steps(activation, on_inputs, on_state, x_square)
    found = _empty(len(x_square))
    h = 0.0
    for place, x in enumerate(x_square):
        q = _argument(on_inputs, on_state, x, h)
        found.argument[place] = q
        if q > largest_variance(activation):
            break
        at = moments_at(activation, q)
        h = found.square[place] = at.square
        found.back.append(Back(aligned=on_state.weight * at.slope_square))
    return found


def _bounded_steps(activation: str, on_inputs: Start, on_state: Start, x_square: np.ndarray) -> Steps:
    """Returns the same where phi^2 <= 1, so that the largest variance is known beforehand."""
    s, given = on_state.weight, on_inputs.weight * x_square + on_inputs.bias
    phi = GateMoments(activation, float(given.max()) + s)
    h, state = 0.0, np.empty(len(given))
    for place, q in enumerate(given.tolist()):
        state[place] = h = phi.square(q + s * h)
    argument = given + s * _before(state)
    (slope_square,) = phi.at(argument, _squared(phi.phi.slope))
    return Steps(state, argument, [Back(aligned=s * slope) for slope in slope_square.tolist()])


def lstm_steps(forget_bias: float, on_inputs: Start, on_state: Start, x_square: np.ndarray) -> Steps:
    """Returns the moments of the LSTM."""
    s = on_state.weight
    # the forget gate's bias is set, not drawn
    unbiased = on_inputs.weight * x_square
    given = unbiased + on_inputs.bias
    largest = float(given.max()) + s
    gate, tanh = GateMoments("sigmoid", largest), GateMoments("tanh", largest)
    forget = GateMoments("sigmoid", largest, forget_bias)
    h, c, size = 0.0, 0.0, GateMoments("tanh", _LONG_CELL)
    state, cell = np.empty((2, len(x_square)))
    for place, q in enumerate(given.tolist()):
        open_square = gate.square(q + s * h)
        kept = forget.square(float(unbiased[place]) + s * h)
        cell[place] = c = kept * c + open_square * tanh.square(q + s * h)
        state[place] = h = open_square * size.square(c)
    argument = given + s * _before(state)
    return Steps(state, argument, _lstm_back(s, argument, unbiased + s * _before(state), cell, (gate, forget, tanh)))


def _lstm_back(
    s: float,
    argument: np.ndarray,
    forgets: np.ndarray,
    cell: np.ndarray,
    moments: tuple[GateMoments, GateMoments, GateMoments],
) -> list[Back]:
    gate, forget, tanh = moments
    i, i2, slope_i2 = gate.at(argument, gate.phi.value, _squared(gate.phi.value), _squared(gate.phi.slope))
    g2, slope_g, slope_g2 = tanh.at(argument, _squared(tanh.phi.value), tanh.phi.slope, _squared(tanh.phi.slope))
    f2, slope_f2 = forget.at(forgets, _squared(forget.phi.value), _squared(forget.phi.slope))
    of_cell = GateMoments("tanh", float(cell.max()))
    c2, slope_c2 = of_cell.at(cell, _squared(of_cell.phi.value), _squared(of_cell.phi.slope))
    aligned = (i * slope_g) ** 2
    scattered = i2 * slope_g2 - aligned + slope_i2 * g2 + slope_f2 * _before(cell)
    columns = (f2, i2 * slope_c2, s * aligned, s * scattered, s * slope_i2 * c2)
    return [Back(*step) for step in np.stack(columns, axis=1).tolist()]


def gru_steps(reset_after: bool, on_inputs: Start, on_state: Start, x_square: np.ndarray) -> Steps:
    """Returns the moments of the GRU."""
    s, b_hn = on_state.weight, on_state.bias if reset_after else 0.0
    given = on_inputs.weight * x_square + on_inputs.bias
    largest = float(given.max()) + s + b_hn
    gate, tanh = GateMoments("sigmoid", largest), GateMoments("tanh", largest)
    h, state = 0.0, np.empty(len(given))
    for place, x in enumerate(given.tolist()):
        z2 = gate.square(x + s * h)
        # E[z] is a half, so that E[(1 - z)^2] is E[z^2]
        state[place] = h = z2 * tanh.square(x + z2 * (s * h + b_hn)) + z2 * h
    before = _before(state)
    argument, from_state = given + s * before, s * before + b_hn
    z2, slope_z2 = gate.at(argument, _squared(gate.phi.value), _squared(gate.phi.slope))
    value, slope, slope2 = _squared(tanh.phi.value), tanh.phi.slope, _squared(tanh.phi.slope)
    n2, slope_n, slope_n2 = tanh.at(given + z2 * from_state, value, slope, slope2)
    aligned = (slope_n / 4) ** 2
    scattered = z2 * slope_n2 * (slope_z2 * from_state + z2) - aligned
    scattered += (before + n2) * slope_z2
    columns = (z2, np.zeros_like(z2), s * aligned, s * scattered)
    return Steps(state, argument, [Back(*step) for step in np.stack(columns, axis=1).tolist()])


def _before(values: np.ndarray) -> np.ndarray:
    """Returns the values one time step earlier, 0 in front of the first."""
    return np.append(0.0, values[:-1])


def _squared(function: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    return lambda z: np.square(function(z))


def _empty(count: int) -> Steps:
    return Steps(np.full(count, np.inf), np.full(count, np.inf), [])


def _argument(on_inputs: Start, on_state: Start, x: float, h: float) -> float:
    return on_inputs.weight * float(x) + on_state.weight * h + on_inputs.bias
