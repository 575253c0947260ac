"""The training in the engine as the window steers it: where it stands, how fast it goes, how it rests and ends."""

from PySide6.QtCore import QObject, Signal

from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.run_state import LIVE, RunState
from vgdesk.ui.state.speed import FIRST_SPEED, position_of, speed_at

NO_RUN = -1
"""Generation of no run: no answer of the engine has it."""


class RunControl(QObject):
    """Steers the one run there may be in the engine; what it is a run of is the business of `Runs`."""

    state_changed = Signal(object)
    speed_changed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._state = RunState.IDLE
        self._speed: float | None = FIRST_SPEED
        self._generation = NO_RUN

    @property
    def state(self) -> RunState:
        """Where the run stands."""
        return self._state

    @property
    def is_live(self) -> bool:
        """Whether a run exists in the engine: starting, running or paused."""
        return self._state in LIVE

    @property
    def speed(self) -> float | None:
        """Wanted steps per second; None for as fast as it goes."""
        return self._speed

    def pause(self) -> None:
        """Rests between two steps."""
        if self._state in (RunState.RUNNING, RunState.STARTING):
            self._jobs.ask().pause()

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

    @property
    def _is_moving(self) -> bool:
        return self._state in (RunState.RUNNING, RunState.STARTING)

    def _end_run(self) -> None:
        if self.is_live:
            self._jobs.ask().stop()
        self._generation = NO_RUN

    def _set_state(self, state: RunState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
