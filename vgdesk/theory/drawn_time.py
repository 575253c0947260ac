"""Line and band through time from drawn networks: cells of up to 128 units, and W_hh that mix nothing.

Moments say how the mean square of a recurrent cell's gradient falls. Its median falls faster, and by how much is a
matter of a product of hundreds of matrices with one and the same W_hh of finite width, for which no formula is known:
its top Lyapunov exponent. `vgdesk.theory.drawn_cells` runs such networks, of a fixed stream of numbers, on the first
sequences of the batch; here their ln |dL/dh_t|^2 / |dL/dh_T|^2 become mean and variance at every time step. The mean
of S draws is sure to 1 / sqrt(S) of the band.

Beyond `LONGEST` steps the middle of the sequence is left out (`vgdesk.theory.lengthened`).

With W_hh = gain I (IRNN: Le, Jaitly & Hinton 2015) units do not mix: each goes its own way, driven by its own row of
W_ih, and |dL/dh_t|^2 is a sum of N independent terms v_i^2 prod phi'^2; with ReLU the share of the units that have
been open ever since. There all time steps are run, for units that die do so at no steady pace, and of many units
only `MOST_LONE`: the variance over draws is then that of these, times their share.

With an unbounded activation all time steps are run, too, for a state that grows does not go on as it did. Where it
grows, its draws are kept one by one (`vgdesk.theory.growing_time`).
"""

import math
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.theory.drawn_budget import (
    LEAST_DRAWS,
    LONGEST,
    SEQUENCES,
    WIDEST,
    draws_of,
    fewer,
    is_bounded,
    lone_sequences,
    steps_run,
)
from vgdesk.theory.drawn_sequences import Law, drawn_logs
from vgdesk.theory.lengthened import are_apart, lengthened
from vgdesk.theory.narrow_batch import moments_of_draws

_STEADY = 3.0
"""By how much h^2 may grow over half of the steps that are run."""
_TINY, _LARGEST = 1e-300, 1e70
"""States whose fourth powers, which theory of the output takes, are numbers."""


class Undrawn(Enum):
    """Says why drawn networks say nothing."""

    TOO_LARGE = "too many units, or time steps that would all have to be run"
    BEYOND = "the state, or the gradient, of a draw is no number any more"
    APART = "draws part by so many decades that line and band say nothing"
    SILENT = "in half of the draws or more the gradient is exactly 0 at some time step"


class Growing(NamedTuple):
    """Holds draws one by one.

    Attributes
    ----------
    logs
        ln |dL/dh_t|^2 / |dL/dh_T|^2, shape (draws, time steps); -inf where a draw has no gradient.
    size
        Root of mean h_T^2, shape (draws,).
    alike
        h_T h_T' of two sequences over h_T^2, in a typical draw.
    """

    logs: np.ndarray
    size: np.ndarray
    alike: float


class DrawnTime(NamedTuple):
    """Holds mean and variance over draws of ln |dL/dh_t|^2 / |dL/dh_T|^2, and what the states are like.

    Attributes
    ----------
    line, variance
        Shape (time steps,).
    square, common
        mean h_t^2 and h_t h_t' of two sequences in a typical draw, shape (output steps,).
    run
        How many steps were run.
    growing
        The draws, where their state grows without end.
    """

    line: np.ndarray
    variance: np.ndarray
    square: np.ndarray
    common: np.ndarray
    run: int
    growing: Growing | None = None


def drawn_time(law: Law, steps: int, inputs: np.ndarray, targets: np.ndarray) -> DrawnTime | Undrawn:
    """Returns what drawn networks say, or why they say nothing.

    Parameters
    ----------
    inputs, targets
        The sequences, shapes (B, time steps, inputs) and (B, output steps, outputs).
    """
    is_mixing = law.gain is None
    run = min(steps, steps_run(law, steps)) if is_mixing else steps
    if is_mixing and law.width > WIDEST:
        return Undrawn.TOO_LARGE
    if run < steps and law.output_steps > run // 8:
        return Undrawn.TOO_LARGE
    drawn, share = (law, 1.0) if is_mixing else fewer(law, steps)
    shown = slice(0, SEQUENCES if is_mixing else lone_sequences(drawn, steps))
    x = np.ascontiguousarray(inputs[shown, steps - run :], np.float32)
    wanted = np.ascontiguousarray(targets[shown], float)
    asked = drawn, steps, x.tobytes(), x.shape, wanted.tobytes(), wanted.shape
    # where states are sure to grow for long, most would leave float32, whose squares end at 1e38
    is_double = is_mixing and run > LONGEST and not is_bounded(law.cell)
    found = _drawn(*asked, is_double, draws_of(drawn, x))
    if found in (Undrawn.BEYOND, Undrawn.SILENT) and not is_double:
        # half as many, for that is the second time
        found = _drawn(*asked, True, max(LEAST_DRAWS, draws_of(drawn, x) // 2))
    if share == 1.0 or isinstance(found, Undrawn):
        return found
    return found._replace(variance=found.variance * share)


@lru_cache(maxsize=4)
def _drawn(
    law: Law,
    steps: int,
    inputs: bytes,
    shape: tuple[int, ...],
    targets: bytes,
    wanted: tuple[int, ...],
    is_double: bool,
    draws: int,
) -> DrawnTime | Undrawn:
    x, t = np.frombuffer(inputs, np.float32).reshape(shape), np.frombuffer(targets).reshape(wanted)
    x = x.astype(float) if is_double else x
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        logs, state = drawn_logs(law, draws, x, t)
        is_silent, is_beyond = logs == -np.inf, np.isnan(logs) | (logs == np.inf)
        logs -= logs[:, -1:].copy()
    is_there = np.isfinite(logs)
    if is_beyond.any() or (law.gain is not None and sizes(state[-1]).max() > _LARGEST):
        return Undrawn.BEYOND
    if np.any(2 * is_there.sum(axis=0) <= len(logs)):
        return Undrawn.SILENT
    is_growing = law.gain is None and not (is_bounded(law.cell) or _is_steady(state))
    if is_growing and steps > len(state):
        return Undrawn.TOO_LARGE
    if is_growing:
        # a draw without a gradient at the last step does not tell by how much it grows; `growing_time` draws that anew
        is_read = ~is_silent[:, -1]
        logs[is_silent] = -np.inf
        return _growing(logs[is_read], state[-1:, is_read])
    told = *_alikeness(state[-law.output_steps :]), len(state)
    if steps > len(state):
        longer = lengthened(logs[is_there.all(axis=1)], steps - len(state))
        return Undrawn.APART if are_apart(longer[1]) else DrawnTime(*longer, *told)
    mean, variance = moments_of_draws(logs[None], is_there[None])
    # of units that do not mix few may come to have all of the gradient, and then the median lies above the mean
    line = mean[0] if law.gain is None else np.nanmedian(np.where(is_there, logs, np.nan), axis=0)
    return DrawnTime(line, variance[0], *told)


def _growing(logs: np.ndarray, last: np.ndarray) -> DrawnTime:
    """Returns the draws and their `last` states; what all have in common says little, and the output needs each."""
    size, run = sizes(last[0]), logs.shape[1]
    square, common = _alikeness(last / np.maximum(size, _TINY)[:, None, None])
    alike = min(1.0, max(0.0, float(common[0] / max(square[0], _TINY))))
    return DrawnTime(np.median(logs, axis=0), np.zeros(run), square, common, run, Growing(logs, size, alike))


def sizes(h: np.ndarray) -> np.ndarray:
    """Returns the root of the mean square of every draw, whose square may be beyond float64; shape (draws,)."""
    largest = np.maximum(np.abs(h).max(axis=(1, 2)).astype(float), _TINY)
    return largest * np.sqrt(np.square(h / largest[:, None, None]).mean(axis=(1, 2)))


def _alikeness(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the mean h^2, and h h' of two sequences, of the typical draw: in one of a hundred h may be large."""
    sequences = state.shape[3]
    # of float32 states the squares need not be numbers: an identity that grows reaches 1e19 within a hundred steps
    squares = np.square(state, dtype=float).mean(axis=(2, 3))
    if sequences == 1:
        return np.median(squares, axis=1), np.zeros(len(state))
    pairs = np.square(state.sum(axis=3, dtype=float)).mean(axis=2) - sequences * squares
    return np.median(squares, axis=1), np.median(pairs / (sequences * (sequences - 1)), axis=1)


def _is_steady(state: np.ndarray) -> bool:
    """Whether h has stopped growing in nine draws of ten: else the pace, and E[h^2], are those of a few large ones."""
    middle, last = (np.maximum(sizes(state[place]), _TINY) for place in (len(state) // 2, -1))
    return bool(np.quantile(2.0 * np.log(last / middle), 0.9) < math.log(_STEADY))
