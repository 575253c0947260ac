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
from vgdesk.ui.state.ended_runs import EndedRun, EndedRuns
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.row_store import RowStore
from vgdesk.ui.state.run_state import LIVE as LIVE
from vgdesk.ui.state.run_state import RunState as RunState
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.speed import FIRST_SPEED, position_of, speed_at
from vgdesk.ui.state.steering import is_same_study, steered


class Runs(QObject):
    """Holds the run of the session's training experiment; signals are past events."""

    state_changed = Signal(object)
    rows_changed = Signal()
    speed_changed = Signal(object)
    left = Signal(object, object)
    """Experiment and history of a run that gives way to another one."""
    begun_again = Signal(str)
    """A run that was cut off is back and begins anew: the sentence that says so."""

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._state = RunState.IDLE
        self._speed: float | None = FIRST_SPEED
        self._generation = -1
        self._ending = ""
        self._begun: Experiment | None = None
        self._running: Experiment | None = None
        self._is_adjusting = False
        self._on_desk, self._ended = session.training, EndedRuns()
        self._rows = RowStore.for_run_of(session.training)
        jobs.answered.connect(self._take)
        session.training_changed.connect(self._replace)

    @property
    def state(self) -> RunState:
        """Where the run stands."""
        return self._state

    @property
    def is_live(self) -> bool:
        """Whether a run exists in the engine: starting, running or paused."""
        return self._state in LIVE

    @property
    def begun(self) -> Experiment | None:
        """What the run on show began with; it differs from `running` by what was changed meanwhile."""
        return self._begun

    @property
    def running(self) -> Experiment | None:
        """What the rows on show were trained by, with the changes made meanwhile; None before the first run."""
        return self._running

    @property
    def speed(self) -> float | None:
        """Wanted steps per second; None for as fast as it goes."""
        return self._speed

    @property
    def history(self) -> GradientHistory:
        """The rows so far."""
        return self._rows.history()

    @property
    def ending(self) -> str:
        """How the last run ended, in words, e.g. "completed"."""
        return self._ending

    @property
    def steps(self) -> int:
        """Number of rows so far: the recorded steps."""
        return self._rows.rows

    def train(self) -> None:
        """Goes on where the run was paused, else starts from the beginning."""
        if self._state is RunState.PAUSED:
            self._jobs.ask().resume()
        elif not self.is_live:
            self.restart()

    def restart(self, paused: bool = False) -> None:
        """Starts from the beginning; a paused run records the gradients of step 0 and rests."""
        self._leave()
        self._begun = self._running = self._on_desk = self._session.training
        self._rows = RowStore.for_run_of(self._session.training)
        self._generation = self._jobs.ask().train(self._session.training, speed=self._speed, paused=paused)
        self._set_state(RunState.STARTING)
        self._jobs.note("run", "starting training", self._generation)
        self.rows_changed.emit()

    def put_back(self, experiment: Experiment, history: GradientHistory, ending: str) -> None:
        """Shows the rows of a run again that gave way to another one; it is over, and Train begins it anew."""
        self.reset()  # nobody may take these rows for a continuation of the others
        self._begun = self._running = experiment
        self._on_desk = self._session.training
        self._rows.append(history)
        self._rows.evaluate(history.evaluations)
        self._finish(history.outcome, ending, history.breakdown)

    def _show_again(self, run: EndedRun, rows: RowStore) -> None:
        """Shows a run that had ended beside the experiment that lies on the desk again."""
        self.reset()
        self._begun, self._running, self._on_desk, self._ending = run.begun, run.running, run.on_desk, run.ending
        self._rows = rows
        rows.rename(run.on_desk.name)
        self._jobs.note("run", "")
        self._set_state(RunState.FINISHED)
        self.rows_changed.emit()

    def reset(self) -> None:
        """Lets go of the run and its rows."""
        self._end_run()
        self._begun = self._running = None
        self._rows = RowStore.for_run_of(self._session.training)
        self._set_state(RunState.IDLE)
        self.rows_changed.emit()

    def pause(self) -> None:
        """Rests between two steps."""
        if self._state in (RunState.RUNNING, RunState.STARTING):
            self._jobs.ask().pause()

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

    def stop(self) -> None:
        """Ends the run; its rows stay."""
        self._jobs.ask().stop()

    def set_speed(self, speed: float | None) -> None:
        """Wants another number of steps per second."""
        if speed != self._speed:
            self._speed = speed
            if self.is_live:
                self._jobs.ask().set_speed(speed)
            self.speed_changed.emit(speed)

    def faster(self, positions: int = 4) -> None:
        """Moves the speed along its scale; negative positions slow down."""
        self.set_speed(speed_at(max(0, position_of(self._speed) + positions)))

    def adjust(self, experiment: Experiment) -> None:
        """Puts an experiment on the desk that may differ in how it is trained and recorded; the run goes on.

        A run that has made no second step yet, or an experiment that differs in more, starts anew instead.
        """
        running = self._running
        has_moved = self._rows.history().steps_made > 1
        self._is_adjusting = running is not None and has_moved and is_same_study(running, experiment)
        try:
            self._session.choose_training(experiment)
        finally:
            self._is_adjusting = False

    def _adjust(self, running: Experiment, experiment: Experiment) -> None:
        """Changes learning rate and clipping of the running training, and calls its rows by the edited name."""
        self._keep()
        self._on_desk = experiment
        self._rows.rename(experiment.name)
        if self.is_live:
            training = steered(self._jobs, running.training, experiment.training)
            self._running = msgspec.structs.replace(running, training=training)
        self.rows_changed.emit()

    def _replace(self, experiment: Experiment) -> None:
        """Starts the new experiment's run as the old one stood: running, or at rest at step 0."""
        if self._is_adjusting and self._running is not None:
            self._adjust(self._running, experiment)
            return
        was_moving = self._is_moving
        self._leave()
        found = self._ended.find(experiment) if self._session.is_restoring else None
        if found is not None and found.rows is not None:
            self._show_again(found, found.rows)
            return
        self._rows = RowStore.for_run_of(experiment)
        self.restart(paused=not was_moving and not (found is not None and found.was_moving))
        if found is not None and found.step:
            self.begun_again.emit(f"The run that was left at step {found.step} begins again at step 0")

    @property
    def _is_moving(self) -> bool:
        return self._state in (RunState.RUNNING, RunState.STARTING)

    def _leave(self) -> None:
        """Tells of the run on show before its rows are let go of."""
        if self._running is not None and self.steps:
            self._keep()
            self.left.emit(self._running, self.history)

    def _keep(self) -> None:
        """Remembers the run on show for when its experiment comes back, with its rows where it has ended."""
        if self._running is None or self._begun is None:
            return
        step = self._rows.history().steps_made - 1
        run = EndedRun(self._on_desk, self._begun, self._running, was_moving=self._is_moving, step=step)
        if self._state is RunState.FINISHED:
            run = run._replace(rows=self._rows, ending=self._ending)
        self._ended.keep(run)

    def _end_run(self) -> None:
        if self.is_live:
            self._jobs.ask().stop()
        self._generation = -1

    def _take(self, event: object) -> None:
        if isinstance(event, WorkerDied) and event.worker == NUMERIC and self.is_live:
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
                self._rows.append(event.history)
                self.rows_changed.emit()
            case RunEvaluated():
                self._rows.evaluate(event.evaluations)
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
        self._ending = ending or outcome.value
        self._rows.finish(outcome, breakdown)
        self._set_state(RunState.FINISHED)
        self.rows_changed.emit()

    def _set_state(self, state: RunState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
