"""Where a run stands, by itself: what is offered in the window depends on it before there is any run."""

from enum import StrEnum


class RunState(StrEnum):
    """Where the run stands."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


LIVE = (RunState.STARTING, RunState.RUNNING, RunState.PAUSED)
