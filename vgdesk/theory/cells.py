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
            v = E[(W_hn h + b_hn)^2], or E[h^2] where the reset acts before the product
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import PHI, largest_variance, phi_of
from vgdesk.theory.initialisation import Start
from vgdesk.theory.moments import moments_at
from vgdesk.theory.quadrature import gaussian_nodes


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


def lstm_steps(forget_bias: float, on_inputs: Start, on_state: Start, x_square: np.ndarray) -> Steps:
    """Returns the moments of the LSTM."""
    found = _empty(len(x_square))
    h, c = 0.0, 0.0
    # the forget gate's bias is set, not drawn
    unbiased = on_inputs._replace(bias=0.0)
    for place, x in enumerate(x_square):
        q, before = _argument(on_inputs, on_state, x, h), c
        (i, i2, slope_i2), g = _sigmoid(0.0, q), moments_at("tanh", q)
        aligned = (i * _mean_slope("tanh", q)) ** 2
        _, f2, slope_f2 = _sigmoid(forget_bias, _argument(unbiased, on_state, x, h))
        c = f2 * before + i2 * g.square
        squashed = moments_at("tanh", c)
        h = found.square[place] = i2 * squashed.square
        found.argument[place] = q
        s = on_state.weight
        found.back.append(
            Back(
                direct=f2,
                into_cell=i2 * squashed.slope_square,
                aligned=s * aligned,
                scattered=s * (i2 * g.slope_square - aligned + slope_i2 * g.square + slope_f2 * before),
                scattered_state=s * slope_i2 * squashed.square,
            )
        )
    return found


def gru_steps(reset_after: bool, on_inputs: Start, on_state: Start, x_square: np.ndarray) -> Steps:
    """Returns the moments of the GRU."""
    found = _empty(len(x_square))
    h = 0.0
    for place, x in enumerate(x_square):
        q, before = _argument(on_inputs, on_state, x, h), h
        mean, z2, slope_z2 = _sigmoid(0.0, q)
        from_state = on_state.weight * before + (on_state.bias if reset_after else 0.0)
        inner = on_inputs.weight * float(x) + on_inputs.bias + z2 * from_state
        n = moments_at("tanh", inner)
        open_square = 1.0 - 2.0 * mean + z2
        h = found.square[place] = open_square * n.square + z2 * before
        found.argument[place] = q
        s, candidate = on_state.weight, open_square * n.slope_square
        aligned = ((1.0 - mean) * mean * _mean_slope("tanh", inner)) ** 2
        reset = candidate * (slope_z2 * (from_state if reset_after else before) + z2) - aligned
        found.back.append(Back(direct=z2, aligned=s * aligned, scattered=s * (reset + (before + n.square) * slope_z2)))
    return found


def _empty(count: int) -> Steps:
    return Steps(np.full(count, np.inf), np.full(count, np.inf), [])


def _argument(on_inputs: Start, on_state: Start, x: float, h: float) -> float:
    return on_inputs.weight * float(x) + on_state.weight * h + on_inputs.bias


def _sigmoid(bias: float, q: float) -> tuple[float, float, float]:
    """Returns E[s], E[s^2] and E[s'^2] of s = sigmoid(z), z ~ N(bias, q)."""
    nodes = gaussian_nodes("sigmoid", np.array([max(q, 1e-300)]), bias)
    value, slope = PHI["sigmoid"].value(nodes.z), PHI["sigmoid"].slope(nodes.z)
    return tuple(float(nodes.mean(f)[0]) for f in (value, value**2, slope**2))  # pyright: ignore[reportReturnType]


def _mean_slope(activation: str, q: float) -> float:
    """Returns E[phi']."""
    nodes = gaussian_nodes(activation, np.array([max(q, 1e-300)]))
    return float(nodes.mean(phi_of(activation).slope(nodes.z))[0])
