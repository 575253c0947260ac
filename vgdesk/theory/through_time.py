"""The gradient on its way back through time, sorted by how often it has passed W_hh.

W_hh is the same matrix at every step. For a direct factor a and a factor b in front of W, T steps give

    (a + b W)^T v = sum_k C(T, k) a^(T-k) b^k W^k v

and for large random W the vectors W^k v are orthogonal with lengths sigma^k |v|: the squared length is the sum of the
squares of *amplitudes* C(T, k) a^(T-k) (b sigma)^k, which grows like (a + b sigma)^(2T), not (a^2 + b^2 sigma^2)^T.
Factors of random sign have no such coherence and add as squares.
"""

import math

import numpy as np

from vgdesk.theory.cells import Back

SELF_GROWTH = math.log(10.0)
"""ln of the growth over all time steps above which a state feeds on itself."""


def growth_of_state(back: list[Back], has_cell: bool) -> float:
    """Returns ln of the growth of small states over all time steps, by the paths whose amplitudes add up; at least 0.

    Where it is large, the state does not stay small: it grows until the nonlinearity stops it, and states of different
    time steps are then no longer independent.
    """
    factors = [
        math.sqrt(step.direct) + math.sqrt(step.aligned * (step.into_cell if has_cell else 1.0))
        for step in back
        if step.direct > 0.0
    ]
    return max(0.0, sum(math.log(factor) for factor in factors))


def log_squares(back: list[Back], own: np.ndarray, has_cell: bool) -> np.ndarray:
    """Returns ln |dL/dh_t|^2 of every time step, shape (time steps,).

    Parameters
    ----------
    back
        Squared factors of every step.
    own
        Squared gradient that the output at each time step gives directly, shape (time steps,).
    has_cell
        Whether the direct path is that of an LSTM's cell, not of h itself.
    """
    count = len(own)
    logs, exponent = np.full(count, -np.inf), 0.0
    state, cell = np.zeros(count + 1), np.zeros(count + 1)
    for place in range(count - 1, -1, -1):
        state[0] = math.hypot(state[0], math.sqrt(own[place]) * math.exp(min(300.0, -exponent)))
        size = float(state @ state)
        if size > 0.0:
            logs[place] = math.log(size) + 2 * exponent
        state, cell = _step_back(back[place], state, cell, has_cell)
        largest = max(float(state.max()), float(cell.max()))
        if largest > 0.0:
            state, cell, exponent = state / largest, cell / largest, exponent + math.log(largest)
    return logs


def _step_back(back: Back, state: np.ndarray, cell: np.ndarray, has_cell: bool) -> tuple[np.ndarray, np.ndarray]:
    """Returns the amplitudes of dL/dh and dL/dc one time step earlier; entry k has passed W_hh k times."""
    total = cell + math.sqrt(back.into_cell) * state if has_cell else state
    stayed = math.sqrt(back.direct) * total
    once = np.concatenate([[0.0], total[:-1]])
    aligned = math.sqrt(back.aligned) * once + (0.0 if has_cell else stayed)
    scattered = back.scattered * once**2
    if has_cell:
        scattered = scattered + back.scattered_state * np.concatenate([[0.0], state[:-1]]) ** 2
    return np.sqrt(aligned**2 + scattered), stayed if has_cell else cell
