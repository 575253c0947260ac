"""Gradient history -> loss over the steps.

The raw line is thinned to its envelope: of each stretch of steps the smallest and the largest loss stay, so that no
spike disappears; the steps at which held-out examples were measured stay, too. The smoothed line is the median of
neighbouring steps (centred, finite values only): unlike an exponential mean it neither lags nor is dragged along by a
single outlier.

The axis always starts at 0. A loss that moves from 0.1254 to 0.1245 is then what it is: a flat line; the note gives the
span in numbers.
"""

import numpy as np

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.scenes import LossScene
from vgdesk.present.ticks import round_ceiling
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.history import GradientHistory

LOSS_LABELS = {
    "mse": "mean squared error",
    "half-mse-sum": "half squared error",
    "bce": "binary cross-entropy",
    "softmax-cross-entropy": "cross-entropy",
}

_WIDEST_WINDOW = 51


def loss_scene(history: GradientHistory, loss_name: str, title: str, max_points: int = 1500) -> LossScene:
    """Returns the loss curve of a run.

    Parameters
    ----------
    history
        The run so far; it may have no rows yet.
    loss_name
        One of `vgdesk.spec.experiment.LOSSES`; it becomes the axis label in words.
    title
        What stands above the picture.
    max_points
        Upper bound on the number of points (at least 8). The first and the last step are always there.
    """
    loss = _finite_or_nan(history.loss)
    evaluations = _shown_evaluations(history, max_points // 4)
    evaluated = _rows_at(evaluations.steps.astype(np.int64), history.step_numbers)
    rows = np.union1d(_envelope(loss, max_points - len(evaluated)), evaluated)
    window, recorded = _window(history.rows), "recorded " if history.is_thinned else ""
    lines = f"each {recorded}step"
    if window > 1:
        lines = f"thin: {lines} · thick: median of {window} {recorded}steps"
    return LossScene(
        experiment=history.experiment,
        title=title,
        subtitle=f"dashed: held-out examples · {lines}" if evaluations.has_held_out else lines,
        steps=frozen(history.step_numbers[rows], np.int64),
        raw=frozen(loss[rows]),
        smoothed=frozen(_median(loss, rows, window)),
        y_range=_range(np.concatenate([loss, evaluations.held_out_loss])),
        y_label=LOSS_LABELS.get(loss_name, loss_name),
        note="; ".join(part for part in (_note(history, loss), evaluation_text(evaluations)) if part),
        evaluations=evaluations,
    )


def evaluation_text(evaluations: Evaluations) -> str:
    """Returns the last measurement in words, e.g. "held-out loss 0.386; right: 93.8% of the batch"; "" for none."""
    if evaluations.count == 0:
        return ""
    _, loss, accuracy, held_out_accuracy = (float(column[-1]) for column in evaluations.columns)
    held_out = float(evaluations.held_out_count[-1])
    words = "of what is held out" if np.isnan(held_out) else f"of the {held_out:.0f} held out"
    shares = ((accuracy, "of the batch"), (held_out_accuracy, words))
    right = ", ".join(f"{share:.1%} {words}" for share, words in shares if not np.isnan(share))
    parts = (
        f"held-out loss {number_text(loss, 4)}" if evaluations.has_held_out else "",
        f"right: {right}" if right else "",
    )
    return "; ".join(part for part in parts if part)


def _rows_at(steps: np.ndarray, step_numbers: np.ndarray) -> np.ndarray:
    """Returns the rows of those of the increasing steps that have one; all of them lie before the last row's end."""
    rows = np.searchsorted(step_numbers, steps)
    return rows[step_numbers[rows] == steps]


def _finite_or_nan(loss: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(loss), loss, np.nan)


def _shown_evaluations(history: GradientHistory, most: int) -> Evaluations:
    """Returns at most `most` evaluations up to the last row, evenly chosen, the last one among them.

    There are none where nothing was measured that belongs beside the loss.
    """
    evaluations = history.evaluations if history.evaluations.has_answers else Evaluations()
    last = int(history.step_numbers[-1]) if history.rows else -1
    count = int(np.searchsorted(evaluations.steps, last, side="right"))
    chosen = np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64)) if count else np.arange(0)
    steps, loss, accuracy, held_out_accuracy = (column[chosen] for column in evaluations.columns)
    return Evaluations(
        steps=frozen(steps),
        held_out_loss=frozen(_finite_or_nan(loss)),
        accuracy=frozen(accuracy),
        held_out_accuracy=frozen(held_out_accuracy),
        held_out_count=frozen(evaluations.held_out_count[chosen]),
    )


def _envelope(loss: np.ndarray, most: int) -> np.ndarray:
    """Returns the rows of the smallest and largest value of each of `most / 2 - 2` equal stretches, in order."""
    count = len(loss)
    if count <= most:
        return np.arange(count)
    starts = np.linspace(0, count, most // 2 - 1, endpoint=False).astype(np.int64)
    stretch = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, count)))
    kept = [starts[:1], np.array([count - 1])]
    for extreme in (np.fmin.reduceat(loss, starts), np.fmax.reduceat(loss, starts)):
        hits = np.flatnonzero((loss == extreme[stretch]) | (np.isnan(extreme)[stretch]))
        kept.append(hits[np.unique(stretch[hits], return_index=True)[1]])
    return np.unique(np.concatenate(kept))


def _window(steps: int) -> int:
    """Returns the odd number of neighbours to take the median of: a twentieth of the run, at most `_WIDEST_WINDOW`."""
    return min(_WIDEST_WINDOW, steps // 20 // 2 * 2 + 1)


def _median(loss: np.ndarray, rows: np.ndarray, window: int) -> np.ndarray:
    """Returns the median of the finite values among `window` steps around each row; nan where the loss is nan."""
    if window == 1:
        return loss[rows]
    neighbours = rows[:, None] + np.arange(window) - window // 2
    values = loss[np.clip(neighbours, 0, len(loss) - 1)]
    values[(neighbours < 0) | (neighbours >= len(loss))] = np.nan
    values.sort(axis=1)  # nan sorts to the end
    finite = np.count_nonzero(~np.isnan(values), axis=1)
    lower, upper = np.maximum(finite - 1, 0) // 2, np.minimum(finite // 2, window - 1)
    at = np.arange(len(rows))
    median = values[at, lower] / 2 + values[at, upper] / 2
    return np.where(np.isnan(loss[rows]), np.nan, median)


def _range(loss: np.ndarray) -> tuple[float, float]:
    finite = loss[~np.isnan(loss)]
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return -round_ceiling(-low) if low < 0 else 0.0, round_ceiling(high) if high > 0 else 1.0


def _note(history: GradientHistory, loss: np.ndarray) -> str:
    finite = loss[~np.isnan(loss)]
    broken = np.flatnonzero(np.isnan(loss))
    parts: list[str] = []
    if finite.size:
        low, high = number_text(float(finite.min()), 4), number_text(float(finite.max()), 4)
        span = f"is {low}" if low == high else f"lies between {low} and {high}"
        parts.append(f"the axis starts at {'0' if finite.min() >= 0 else 'a negative value'}; the loss {span}")
    if broken.size:
        parts.append(f"the loss is first not finite at step {history.step_numbers[broken[0]]}")
    return "; ".join(parts)
