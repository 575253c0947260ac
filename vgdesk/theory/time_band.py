"""How far one draw of a recurrent network lies from the prediction: mean and variance over seeds of ln |dL/dh_t|^2.

Time steps share W_hh, so what they add to the scatter adds up as amplitudes, not as squares. Of n passes through W_hh
of N units, n being the lag times the share of the gradient that goes through W_hh rather than past it:

    lengths    every step stretches or shrinks by chance, as a layer does      variance 2 lag / N, drift -lag / N
    spectrum   after n > sqrt(N) passes the largest eigenvalues of that
               draw have taken over: with r = n^2                              variance v n^2 * r / (r + 8 N)
                                                                               drift rate n r / (r + 26 N)
    signals    q of that draw lies off, by much the same at all steps          (sum of d ln chi / d ln A)^2 8 / N

v is the variance of twice the logarithm of the spectral radius, which for real matrices of moderate N has no closed
form; for large N it is pi^2 / (6 N gamma), gamma = ln N - 2 ln ln N - ln 2 pi (Rider & Sinclair 2014), which below N =
1000 is of no use yet. From 8 to 128 units 0.83 (16 / N)^0.27 / N describes simulated ones to 8 %; `rate` is twice the
logarithm of a typical radius, 0.09 for N from 16 to 128. The 8 and the 26 are where simulated powers of N x N matrices
change from lengths to spectrum. Orthogonal matrices keep lengths and have all their eigenvalues on one circle: the
second line is not theirs, and of the first the simple cell has a fifth, which is phi's. The 8 of the third line, and
that the drift of an LSTM is -3/2 lag / N and that of a GRU 0, are what drawn networks of 32 units show, not what theory
says: of 32 units lines lie up to three deviations off by them after hundreds of steps, of 256 about one, for the mean
of the logarithm of such products has no known form. So this is for cells too wide to be drawn
(`vgdesk.theory.drawn_time`). Draws whose state grows by itself are those
of `vgdesk.theory.own_growth`.

Where phi' changes from step to step, powers of one matrix become products D_t W of different ones, but W stays: every
draw of it has a growth rate of its own, and the scatter of n steps is n times that of the rate, not sqrt(n) times. The
mean square of such products grows by the largest lambda of X -> a W X W' + (1 - a) W diag(X) W', where
a = E[phi'_t phi'_s] / E[phi'^2] is the share of E[phi'^2] that two steps have in common; with diag(X) even,

    1 = (1 - a) sum_k a^k / lambda^(k+1) |W^(k+1)|_F^2 / N        so        d lambda = (1 - a)^2 sum_j a^(j-1) e_j

to first order in what e_j = |W^j|_F^2 / N - 1 is in one draw. Diagrams that connect the traces of W^j W'^j and W^k W'^k
first cancel p neighbours W W' at one joint and q at the other; the s = j - p - q that are left meet those of the other
trace in one order, or in its mirror image, as W is real. For N large this makes

    Cov(e_j, e_k) = 2 / N^2 sum_s (j - s + 1) (k - s + 1)         Var(lambda) = 2 / N^2 / (1 - a^2)

for the generating function of the sum is (1 - a)^-4 / (1 - a^2). With the memory m = -1 / ln a of 1 and 2 simulated
products have N^2 Var = 2.1 to 2.5 and 3.0 to 3.2 in place of 2.31 and 3.16. From m = sqrt(N) on powers take part whose
scatter is that of the spectrum, and the rate has v m^2 / (m^2 + N), which meets v for long memories and simulated ones
with N from 16 to 64 to a quarter. Between lag and memory 1 / r = 1 / n^2 + 1 / (8 m^2).
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.theory.cells import Back
from vgdesk.theory.moments import moments_at
from vgdesk.theory.own_growth import share_stopped, stopped
from vgdesk.theory.pairs import pair_series

_SPREAD, _SPREAD_WIDTH, _SPREAD_POWER = 0.83, 16, 0.27
_TINY = 1e-300
_TAKES_OVER, _GROWS = 8.0, 26.0
_SIGNALS = 8.0
_BESIDE = 0.64
_ORTHOGONAL = 0.2
"""Share of the first line that phi' leaves to an orthogonal matrix."""


class TimeScatter(NamedTuple):
    """Holds variance and drift of ln |dL/dh_t|^2 over seeds, shape (time steps,)."""

    variance: np.ndarray
    drift: np.ndarray


def time_scatter(back: list[Back], width: int, is_orthogonal: bool, memory: float, replies: np.ndarray) -> TimeScatter:
    """Returns the scatter over seeds.

    Parameters
    ----------
    back
        Squared factors of every step; the first one is not passed.
    width
        N.
    is_orthogonal
        Whether W_hh keeps lengths.
    memory
        Passes of W_hh that meet the same phi'.
    replies
        d ln chi_t / d ln A of the inputs' size A, shape (time steps,); zeros where chi hardly depends on it.
    """
    passes = _from_end(np.array([_share(step) for step in back]))
    lengths = 2.0 * np.arange(len(back) - 1, -1, -1) / width
    around = 2.0 / width + _from_end(replies) ** 2 * _SIGNALS / width
    coherent = _coherent(passes, memory)
    if any(step.direct > 0.0 for step in back):
        # beside a direct path it is the spectrum's reach along one axis that counts, from the first pass on
        spectrum = 0.0 if is_orthogonal else _BESIDE * coherent / width
        shift = -0.75 if any(step.into_cell > 0.0 for step in back) else 0.0
        return TimeScatter(around + lengths + spectrum, shift * lengths)
    if is_orthogonal:
        return TimeScatter(around + _ORTHOGONAL * lengths, -0.5 * _ORTHOGONAL * lengths)
    spectrum = passes**2 * np.maximum(
        _spread(width) / width * coherent / (coherent + _TAKES_OVER * width), _of_changing(memory, width)
    )
    grown = _rate(width) * passes * coherent / (coherent + _GROWS * width)
    chi = np.array([step.aligned + step.scattered for step in back])
    wide = _from_end(np.log(np.maximum(chi, _TINY)))
    # where chi does not fall with the size of the signals, nothing stops a state that grows
    share = share_stopped(float(np.median(chi[1:])), width) if float(replies[1:].sum()) < 0.0 else 0.0
    found, variance = stopped(wide + grown - lengths / 2, spectrum, share)
    return TimeScatter(around + lengths + variance, found - wide)


def memory_of_slopes(activation: str, q: np.ndarray, constant: np.ndarray) -> float:
    """Returns how many steps of a simple cell have the same phi', 1 or more; infinite where it does not change.

    Parameters
    ----------
    q, constant
        Variance of the argument at each step, and what of it does not change from step to step.
    """
    typical = float(np.median(q))
    series, share = (
        pair_series(activation, typical),
        np.array([[1.0, float(np.median(constant / np.maximum(q, _TINY)))]] * 2),
    )
    common = series.both(np.array([[typical, typical * share[0, 1]], [typical * share[0, 1], typical]]))[1][0, 1]
    kept = float(common) / max(moments_at(activation, typical).slope_square, 1e-300)
    return math.inf if kept >= 1.0 - 1e-12 else max(1.0, -1.0 / math.log(max(kept, 1e-12)))


def replies_of(activation: str, on_state: float, q: np.ndarray, from_inputs: np.ndarray) -> np.ndarray:
    """Returns d ln chi_t / d ln A of a simple cell, A the size of what comes from the inputs; shape (time steps,).

    Parameters
    ----------
    on_state
        sigma_hh^2.
    q, from_inputs
        Variance of the argument at each step, and what of it comes from the inputs.
    """
    replies, moved = np.zeros(len(q)), 0.0
    for place, (variance, given) in enumerate(zip(q.tolist(), from_inputs.tolist(), strict=True)):
        at = moments_at(activation, variance)
        # `moved` is dq / d ln A, first of the step before
        moved = given + moved
        replies[place] = moved * at.slope_growth / max(at.slope_square, 1e-300)
        moved *= on_state * (at.slope_square + at.curvature)
    return replies


def _share(step: Back) -> float:
    """Returns the share of the amplitude that passes W_hh at one step."""
    through = math.sqrt(step.aligned * (step.into_cell if step.into_cell > 0.0 else 1.0))
    past = math.sqrt(step.direct)
    return through / (through + past) if through > 0.0 else 0.0


def _from_end(terms: np.ndarray) -> np.ndarray:
    """Returns what lies between each step and the last one: the sum over all later ones."""
    return np.append(np.cumsum(terms[:0:-1])[::-1], 0.0)


def _coherent(passes: np.ndarray, memory: float) -> np.ndarray:
    """Returns r of the module's text: n^2, but of steps that forget at most 8 m^2."""
    return passes**2 / (1.0 + passes**2 / (8.0 * memory**2))


def _spread(width: int) -> float:
    """Returns N times the variance of the logarithm of the squared spectral radius."""
    return _SPREAD * (_SPREAD_WIDTH / width) ** _SPREAD_POWER


def _of_changing(memory: float, width: int) -> float:
    """Returns the variance of the rate where phi' changes much faster than the largest eigenvalues take over."""
    return 0.0 if memory**2 > width else 2.0 / width**2 / (1.0 - math.exp(-2.0 / memory))


def _rate(width: int) -> float:
    return 0.09 * min(1.0, width / 16) * min(1.0, (128 / width) ** 0.4)
