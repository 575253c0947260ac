"""Run control: starts, pauses, steps and ends the training run, and holds the rows it recorded.

    IDLE -> STARTING -> RUNNING <-> PAUSED -> FINISHED        (start again from every one of them)

The rows stay after the end, whatever ended it; only the next start lets go of them.

Another experiment on the desk starts its own run. One that is only to be trained or recorded differently (`adjust`)
leaves the run and its rows alone: learning rate and clipping change in the running training, the rest waits for the
next start. An experiment that undo or redo brings back brings the run with it that had ended beside it.
"""

import msgspec
from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import (
    JobFailed,
    RowsRecorded,
    RunEvaluated,
    RunFinished,
    RunPaused,
    RunPreparing,
    RunResumed,
    RunStarted,
    WorkerDied,
)
from vgdesk.engine.message import NUMERIC
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.ended_runs import EndedRun
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.row_store import RowStore
from vgdesk.ui.state.run_control import RunControl
from vgdesk.ui.state.run_state import LIVE as LIVE
from vgdesk.ui.state.run_state import RunState as RunState
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.shown_run import ShownRun
from vgdesk.ui.state.steering import is_same_study, steered


class Runs(RunControl):
    """Holds the run of the session's training experiment; signals are past events."""

    rows_changed = Signal()
    left = Signal(object, object)
    """Experiment and history of a run that gives way to another one."""
    begun_again = Signal(str)
    """A run that was cut off is back and begins anew: the sentence that says so."""

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(jobs, parent)
        self._session = session
        self._is_adjusting = False
        self._shown = ShownRun(session.training)
        jobs.answered.connect(self._take)
        session.training_changed.connect(self._replace)

    @property
    def begun(self) -> Experiment | None:
        """What the run on show began with; it differs from `running` by what was changed meanwhile."""
        return self._shown.begun

    @property
    def running(self) -> Experiment | None:
        """What the rows on show were trained by, with the changes made meanwhile; None before the first run."""
        return self._shown.running

    @property
    def history(self) -> GradientHistory:
        """The rows so far."""
        return self._shown.rows.history()

    @property
    def ending(self) -> str:
        """How the last run ended, in words, e.g. "completed"."""
        return self._shown.ending

    @property
    def steps(self) -> int:
        """Number of rows so far: the recorded steps."""
        return self._shown.rows.rows

    def train(self) -> None:
        """Goes on where the run was paused, else starts from the beginning."""
        if self._state is RunState.PAUSED:
            self._jobs.ask().resume()
        elif not self.is_live:
            self.restart()

    def restart(self, paused: bool = False) -> None:
        """Starts from the beginning; a paused run records the gradients of step 0 and rests."""
        self._leave()
        self._shown.begin(self._session.training)
        self._generation = self._jobs.ask().train(self._session.training, speed=self._speed, paused=paused)
        self._set_state(RunState.STARTING)
        self._jobs.note("run", "starting training", self._generation)
        self.rows_changed.emit()

    def put_back(self, experiment: Experiment, history: GradientHistory, ending: str) -> None:
        """Shows the rows of a run again that gave way to another one; it is over, and Train begins it anew."""
        self.reset()  # nobody may take these rows for a continuation of the others
        self._shown.on_desk = self._session.training
        self._shown.take(experiment, history)
        self._finish(history.outcome, ending, history.breakdown)

    def _show_again(self, run: EndedRun, rows: RowStore) -> None:
        """Shows a run that had ended beside the experiment that lies on the desk again."""
        self.reset()
        self._shown.show_again(run, rows)
        self._jobs.note("run", "")
        self._set_state(RunState.FINISHED)
        self.rows_changed.emit()

    def reset(self) -> None:
        """Lets go of the run and its rows."""
        self._end_run()
        self._shown.let_go(self._session.training)
        self._set_state(RunState.IDLE)
        self.rows_changed.emit()

    def toggle(self) -> None:
        """Pauses what runs, goes on with what rests."""
        if self._state in (RunState.RUNNING, RunState.STARTING):
            self.pause()
        else:
            self.train()

    def step(self) -> None:
        """Makes one step and rests."""
        if not self.is_live:
            self.restart(paused=True)
        self._jobs.ask().step()

    def adjust(self, experiment: Experiment) -> None:
        """Puts an experiment on the desk that may differ in how it is trained and recorded; the run goes on.

        A run that has made no second step yet, or an experiment that differs in more, starts anew instead.
        """
        running = self._shown.running
        has_moved = self.history.steps_made > 1
        self._is_adjusting = running is not None and has_moved and is_same_study(running, experiment)
        try:
            self._session.choose_training(experiment)
        finally:
            self._is_adjusting = False

    def _adjust(self, running: Experiment, experiment: Experiment) -> None:
        """Changes learning rate and clipping of the running training, and calls its rows by the edited name."""
        self._keep()
        self._shown.rename(experiment)
        if self.is_live:
            training = steered(self._jobs, running.training, experiment.training)
            self._shown.running = msgspec.structs.replace(running, training=training)
        self.rows_changed.emit()

    def _replace(self, experiment: Experiment) -> None:
        """Starts the new experiment's run as the old one stood: running, or at rest at step 0."""
        running = self._shown.running
        if self._is_adjusting and running is not None:
            self._adjust(running, experiment)
            return
        was_moving = self._is_moving
        self._leave()
        found = self._shown.former(experiment) if self._session.is_restoring else None
        if found is not None and found.rows is not None:
            self._show_again(found, found.rows)
            return
        self._shown.let_go(experiment)
        self.restart(paused=not was_moving and not (found is not None and found.was_moving))
        if found is not None and found.step > 0:
            self.begun_again.emit(f"The run that was left at step {found.step} begins again at step 0")

    def _leave(self) -> None:
        """Tells of the run on show before its rows are let go of."""
        if self._shown.running is not None and self.steps:
            self._keep()
            self.left.emit(self._shown.running, self.history)

    def _keep(self) -> None:
        self._shown.keep(self._is_moving, self._state is RunState.FINISHED)

    def _take(self, event: object) -> None:
        if isinstance(event, WorkerDied) and event.worker == NUMERIC and self.is_live and not event.run_follows:
            self._finish(RunOutcome.CANCELLED, "stopped unexpectedly, its process was restarted")
        if getattr(event, "generation", None) != self._generation:
            return
        match event:
            case RunStarted():
                self._jobs.note("run", "")
                self._jobs.settle("train")
                if self._state is RunState.STARTING:
                    self._set_state(RunState.RUNNING)
            case RunPreparing():
                self._jobs.note("run", event.text)
            case RowsRecorded():
                self._shown.rows.append(event.history)
                self.rows_changed.emit()
            case RunEvaluated():
                self._shown.rows.evaluate(event.evaluations)
                self.rows_changed.emit()
            case RunPaused():
                self._set_state(RunState.PAUSED)
            case RunResumed():
                self._set_state(RunState.RUNNING)
            case RunFinished():
                self._finish(event.outcome, breakdown=event.breakdown)
            case JobFailed():
                self._jobs.complain("train", event.sentence)
                self._finish(RunOutcome.CANCELLED, "stopped by an error")
            case _:
                pass

    def _finish(self, outcome: RunOutcome, ending: str = "", breakdown: Breakdown | None = None) -> None:
        self._shown.ending = ending or outcome.value
        self._shown.rows.finish(outcome, breakdown)
        self._set_state(RunState.FINISHED)
        self.rows_changed.emit()
