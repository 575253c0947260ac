"""The two labels, each a small pure rule.

Verdict: less than 1% of the gradient arrives at the input = vanishing, more than 100 times = exploding, exactly
nothing = dead, a loss or gradient that is not finite although the gain was in between = unstable. Through layers the
limits are two decades because matched networks scatter by less over seeds, and tanh at its critical point loses 1.5 in
100 layers, while five sigmoid layers already lose more than two. Through time they are three: a forget bias of 3, the
usual cure, leaves sigmoid(3)^100 = 0.008 by itself, and one matrix that acts a hundred times scatters by a decade over
seeds. Measured on 20 seeds of 32 units and 100 steps, LSTMs lose 0.2 to 2.8 decades with a forget bias of 3 or 5 and
3.7 to 7.9 with 1 (0 loses 10 to 17, a GRU 4 to 13), whether |dL/dc| was recorded or |dL/dh| alone. A verdict is left
only `BACK` decades inside its limit, so that a gain that trembles at the limit does not make it flicker.
"""

import math

from vgdesk.diagnosis.buckets import Buckets
from vgdesk.records.finding import Learning, Verdict
from vgdesk.records.places import Places

LIMITS = {Places.LAYERS: 2.0, Places.TIME: 3.0}
"""Decades of gamma^L, by what gamma counts."""
BACK = 0.3
DEAD_ROWS = 3
"""So many rows in a row must have nothing at the input: a single batch may miss a thin network."""
SMOOTHING = 0.2
"""Weight of a new row in the running mean of log10 gamma."""
ENOUGH_ROWS = 20
DONE_SHARE, DONE_ACCURACY = 0.05, 0.9
FLAT, SLOW = 0.03, 0.10
"""Share by which the loss fell from its second to its last quarter."""
BACK_UP = 0.10
"""Of a network that learned and lost it: its best quarter lay by this share below the beginning, the last one by it
above the best.
"""
ERRORS = 4.0
"""So many standard errors of the last quarter's mean, too, for the best of many quarters is low by chance alone."""
KNOWS = 0.1
"""Part of the way from the right answers of guessing to all of them; a loss may be high although more is right."""


def smoothed(level: float, new: float) -> float:
    """Returns the running mean of log10 gamma; a first value, and one after an exact zero, counts fully."""
    if math.isnan(new):
        return level
    return level + SMOOTHING * (new - level) if math.isfinite(level) and math.isfinite(new) else new


def next_verdict(before: Verdict, log10_gain: float, limit: float, zero_rows: int, rows: int) -> Verdict:
    """Returns the verdict after a row, given the one before it.

    Parameters
    ----------
    before
        Verdict so far; undetermined at the start.
    log10_gain
        Smoothed log10 gamma^L.
    limit
        One of `LIMITS`.
    zero_rows, rows
        Number of latest rows in which exactly nothing arrived, and of all rows.
    """
    if zero_rows >= min(DEAD_ROWS, rows):
        return Verdict.DEAD
    if not math.isfinite(log10_gain):
        return before
    if log10_gain < -limit + BACK * (before is Verdict.VANISHING):
        return Verdict.VANISHING
    if log10_gain > limit - BACK * (before is Verdict.EXPLODING):
        return Verdict.EXPLODING
    return Verdict.HEALTHY


def ended_by_non_finite(before: Verdict) -> Verdict:
    """Returns the verdict on a run that met a number that is not finite."""
    return Verdict.EXPLODING if before is Verdict.EXPLODING else Verdict.UNSTABLE


def learning_label(
    loss: Buckets,
    rows: int,
    is_finite: bool,
    accuracy: float,
    chance: float = math.inf,
    first_loss: float = -math.inf,
    guessed: float = math.nan,
) -> Learning:
    """Returns what the loss does.

    Parameters
    ----------
    loss
        Its course.
    rows
        Number of rows.
    is_finite
        Whether the run has met finite numbers only.
    accuracy
        Last share of right answers, nan where there is none; where there is one it says whether all is learned, for
        a loss may fall far from a bad start.
    chance
        Loss of whoever has learned nothing, infinite where it is not known.
    first_loss
        Loss of the first row. Of a long run the first mean is one of many rows, in which much may have been learned.
    guessed
        Share of right answers of whoever guesses, nan where there is none.
    """
    if not is_finite:
        return Learning.DIVERGES
    if rows < ENOUGH_ROWS or not loss.means:
        return Learning.TOO_EARLY
    first, last = loss.means[0], loss.mean(0.75, 1.0)
    began = max(first, first_loss)
    if last > 2 * began:
        return Learning.DIVERGES
    if last <= DONE_SHARE * min(first, chance) if math.isnan(accuracy) else accuracy >= DONE_ACCURACY:
        return Learning.LEARNED
    if _has_relapsed(loss, last, min(began, chance)):
        return Learning.RELAPSES
    # a loss that only came down from a climb is no lower than it began
    if last >= began or _fall(loss) < FLAT:
        return Learning.STAGNATES
    if is_guessing(loss, chance) and not accuracy > guessed + KNOWS * (1.0 - guessed):
        return Learning.GUESSES
    return Learning.SLOWLY if _fall(loss) < SLOW else Learning.LEARNS


def is_guessing(loss: Buckets, chance: float) -> bool:
    """Whether the loss ends no lower, by more than is taken for flat, than that of whoever has learned nothing."""
    return loss.mean(0.75, 1.0) >= (1 - FLAT) * chance


def is_flat(loss: Buckets) -> bool:
    """Whether the loss neither fell nor climbed from its second quarter on, and stood before the last one began."""
    return abs(_fall(loss)) < FLAT and loss.flat_since(FLAT) < 0.75


def _has_relapsed(loss: Buckets, last: float, start: float) -> bool:
    lowest, _ = loss.lowest()
    return lowest < (1 - BACK_UP) * start and last > max((1 + BACK_UP) * lowest, lowest + ERRORS * loss.error())


def _fall(loss: Buckets) -> float:
    second, last = loss.mean(0.25, 0.5), loss.mean(0.75, 1.0)
    return 1.0 - last / second if second > 0 else 0.0
