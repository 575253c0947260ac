"""The run on show: what it began with and what it became, its rows, and how it ended. It may be over, or not begun."""

from vgdesk.records.history import GradientHistory
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.ended_runs import EndedRun, EndedRuns
from vgdesk.ui.state.row_store import RowStore


class ShownRun:
    """Holds one run, and remembers those that gave way to it.

    Attributes
    ----------
    on_desk
        The experiment that lies on the desk beside it.
    begun, running
        What it began with, and what it became by changes meanwhile; None before the first run.
    rows
        Its rows, none at first.
    ending
        How it ended, in words; that of the run before it while it goes on.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.on_desk = experiment
        self.begun: Experiment | None = None
        self.running: Experiment | None = None
        self.rows = RowStore.for_run_of(experiment)
        self.ending = ""
        self._ended = EndedRuns()

    def begin(self, experiment: Experiment) -> None:
        """Is the run of an experiment from here on, without a row yet."""
        self.begun = self.running = self.on_desk = experiment
        self.rows = RowStore.for_run_of(experiment)

    def let_go(self, experiment: Experiment) -> None:
        """Is no run; the next one will be of this experiment."""
        self.begun = self.running = None
        self.rows = RowStore.for_run_of(experiment)

    def take(self, experiment: Experiment, history: GradientHistory) -> None:
        """Is a run of an experiment with these rows, after `let_go`."""
        self.begun = self.running = experiment
        self.rows.append(history)
        self.rows.evaluate(history.evaluations)

    def show_again(self, run: EndedRun, rows: RowStore) -> None:
        """Is a run again that had ended, under the name that its experiment has on the desk."""
        self.begun, self.running, self.on_desk, self.ending = run.begun, run.running, run.on_desk, run.ending
        self.rows = rows
        rows.rename(run.on_desk.name)

    def rename(self, experiment: Experiment) -> None:
        """Goes by the name of an experiment that was edited on the desk meanwhile."""
        self.on_desk = experiment
        self.rows.rename(experiment.name)

    def keep(self, was_moving: bool, has_ended: bool) -> None:
        """Remembers the run for when its experiment comes back, with its rows where it has ended."""
        if self.running is None or self.begun is None:
            return
        step = self.rows.history().steps_made - 1
        run = EndedRun(self.on_desk, self.begun, self.running, was_moving=was_moving, step=step)
        self._ended.keep(run._replace(rows=self.rows, ending=self.ending) if has_ended else run)

    def former(self, experiment: Experiment) -> EndedRun | None:
        """Returns the run that was on show while the experiment lay on the desk, None where there was none."""
        return self._ended.find(experiment)
