"""Runs that gave way to another experiment: shown again when undo or redo brings their experiment back.

A run that had ended comes back with all its rows, without a copy; of one that was cut off only where it stood and
whether it was moving is remembered, for it is repeatable bit for bit and begins anew. The oldest are let go of where
rows take too much memory.
"""

from typing import NamedTuple

from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.row_store import RowStore

MOST_RUNS, MOST_BYTES = 32, 2**28


class EndedRun(NamedTuple):
    """Is what was on show of a run.

    Attributes
    ----------
    on_desk
        The experiment that lay on the desk beside it.
    begun, running
        What it began with, and what it became by changes meanwhile.
    rows
        Its rows; None of a run that was cut off.
    ending
        How it ended, in words.
    was_moving
        Whether it made steps when it was cut off.
    step
        The last step on show.
    """

    on_desk: Experiment
    begun: Experiment
    running: Experiment
    rows: RowStore | None = None
    ending: str = ""
    was_moving: bool = False
    step: int = 0


class EndedRuns:
    """Holds at most one run of each experiment, the latest last."""

    def __init__(self) -> None:
        self._runs: list[EndedRun] = []

    def keep(self, run: EndedRun) -> None:
        """Takes a run in the place of an earlier one of its experiment; one that was cut off replaces no whole one.

        So a lesson that shows the network of a finished run, and begins it anew, does not lose it.
        """
        former = self.find(run.on_desk)
        if run.rows is None and former is not None and former.rows is not None:
            run = former
        self._runs = [one for one in self._runs if one.on_desk != run.on_desk][1 - MOST_RUNS :]
        self._runs.append(run)
        while self.bytes_used > MOST_BYTES and len(self._runs) > 1:
            del self._runs[0]

    def find(self, experiment: Experiment) -> EndedRun | None:
        """Returns the run that was on show while the experiment lay on the desk."""
        return next((one for one in self._runs if one.on_desk == experiment), None)

    @property
    def bytes_used(self) -> int:
        """Size of all rows; runs that share theirs count once."""
        stores = {id(one.rows): one.rows.bytes_used for one in self._runs if one.rows is not None}
        return sum(stores.values())
