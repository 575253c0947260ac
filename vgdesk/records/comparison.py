"""What is laid side by side: runs of any experiments, each with its diagnosis, called A, B, C, ... in their order."""

import msgspec
import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.finding import Diagnosis
from vgdesk.records.history import STEP_COLUMNS, GradientHistory
from vgdesk.spec.experiment import Experiment

MOST_RUNS = 8
"""So many lines can be told apart on one axis."""
MOST_ROWS = 4000
"""Rows of a run that are kept where it is kept as a memory only: no picture shows more."""
_FIRST_ROWS = 1000


class KeptRun(msgspec.Struct, frozen=True, kw_only=True):
    """Is one run of a comparison.

    Attributes
    ----------
    experiment
        What was trained.
    history
        What was recorded; at least one row.
    diagnosis
        Of the whole run.
    """

    experiment: Experiment
    history: GradientHistory
    diagnosis: Diagnosis

    @property
    def loss(self) -> float:
        """Loss of the last recorded step."""
        return float(self.history.loss[-1])

    @property
    def accuracy(self) -> float:
        """Last share of right answers, held-out ones where there are any, else of the batch; nan without classes."""
        found = self.history.evaluations
        for column in (found.held_out_accuracy, found.accuracy):
            known = column[~np.isnan(column)]
            if known.size:
                return float(known[-1])
        return float("nan")


def letter(place: int) -> str:
    """Returns what the run at a place, counting from 0, is called: "A", "B", ..."""
    return chr(ord("A") + place)


def check_count(count: int, least: int = 2) -> None:
    """Raises `SpecError` unless so many runs can be compared."""
    if not least <= count <= MOST_RUNS:
        raise SpecError(f"runs to compare must be {least} to {MOST_RUNS}, got {count}")


def thinned(history: GradientHistory, most: int = MOST_ROWS) -> GradientHistory:
    """Returns a run with at most `most` rows: its first ones, then evenly chosen ones, the last among them."""
    if history.rows <= most:
        return history
    first = min(_FIRST_ROWS, most // 2)
    later = np.linspace(first, history.rows - 1, most - first).astype(np.int64)
    rows = np.concatenate([np.arange(first), later])
    columns = {name: getattr(history, name)[rows] for name in ("step_numbers", *STEP_COLUMNS)}
    return msgspec.structs.replace(
        history,
        quantities={name: frozen(values[rows]) for name, values in history.quantities.items()},
        histograms=None if history.histograms is None else frozen(history.histograms[rows]),
        **{name: frozen(values, values.dtype) for name, values in columns.items()},
    )
