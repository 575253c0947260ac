"""The bridge to the engine's processes: asks, and turns what they answer into one Qt signal.

The engine is polled by a timer of the window's thread, 60 times a second while work goes on and seldom while nothing
does; nothing here waits. `activity` is what the processes do at the moment, in words, for the status bar.
"""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from vgdesk.engine.client import Engine
from vgdesk.engine.events import (
    Compiling,
    DerivationReady,
    ExaminationReady,
    JobFailed,
    RunFinished,
    VerificationReady,
    WorkerDied,
)
from vgdesk.engine.message import NUMERIC
from vgdesk.ui.state.messages import Messages

FRAME_MS, IDLE_MS = 16, 100
HURRY_MS, HURRIED_POLLS = 2, 100
"""So often, and at most so many times, answers are looked for while somebody drags what they depend on."""
QUIET_POLLS = 2000 // FRAME_MS
"""After this many looks without an answer (2 s) the engine is looked at less often."""


class Jobs(QObject):
    """Owns the engine. `answered` carries every event; `activity_changed` the words for the status bar."""

    answered = Signal(object)
    activity_changed = Signal(str)

    def __init__(self, engine: Engine, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._quiet = self._hurried = 0
        self._compiling_since: float | None = None
        self._messages = messages
        self._activities: dict[str, str] = {}
        self._generations: dict[str, int] = {}
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.poll)

    @property
    def activity(self) -> str:
        """What the processes do, e.g. "compiling kernels, once on this machine: 4 s"; "" when nothing."""
        return " · ".join(self._activities.values())

    @property
    def pids(self) -> list[int]:
        """Numbers of the worker processes."""
        return self._engine.pids

    @property
    def time_limit(self) -> float:
        """Seconds that a derivation may take."""
        return self._engine.time_limit

    def start_workers(self) -> None:
        """Starts the processes, unless they run."""
        self._engine.start_numeric()
        self._engine.start_symbolic()

    def begin(self) -> None:
        """Starts to look for answers."""
        self._timer.start(FRAME_MS)

    def ask(self) -> Engine:
        """Returns the engine, which is about to be asked something: answers are looked for at every frame again."""
        self._quiet = 0
        self._set_interval(FRAME_MS)
        return self._engine

    def hurry(self) -> None:
        """Looks for the answer to what has just been asked without waiting for the next frame."""
        self._hurried = HURRIED_POLLS
        self._set_interval(HURRY_MS)

    def close(self) -> None:
        """Ends the processes."""
        self._timer.stop()
        self._engine.close()

    def note(self, job: str, words: str, generation: int | None = None) -> None:
        """Says what a job does now; "" when it has ended.

        One whose `generation` is told ends by itself when that request fails; no other failure touches it.
        """
        before = self.activity
        if words:
            self._activities[job] = words
        else:
            self._activities.pop(job, None)
            self._generations.pop(job, None)
        if words and generation is not None:
            self._generations[job] = generation
        if self.activity != before:
            self.activity_changed.emit(self.activity)

    def complain(self, about: str, sentence: str) -> None:
        """Says what went wrong with a kind of request, until `settle` says that one went well."""
        self._messages.post(sentence, about)

    def settle(self, about: str) -> None:
        """Notes that a kind of request went well."""
        self._messages.settle(about)

    def poll(self) -> None:
        """Passes on what arrived since the last look."""
        events = self._engine.poll()
        self._quiet = 0 if events else self._quiet + 1
        self._hurried = max(0, self._hurried - 1)
        self._set_interval(HURRY_MS if self._hurried else IDLE_MS if self._quiet > QUIET_POLLS else FRAME_MS)
        self._count_seconds()
        for event in events:
            self._follow(event)
            self.answered.emit(event)

    def _follow_death(self, event: WorkerDied) -> None:
        """Ends what the process did; a symbolic job that went down with it is told of by a `JobFailed` of its own."""
        is_numeric = event.worker == NUMERIC
        if is_numeric:
            self._compiling_since = None
            for job in ("kernels",) if event.run_follows else ("run", "kernels"):
                self.note(job, "")
        self.complain("train" if is_numeric else "derive", event.sentence)

    def _follow_compilation(self, fraction: float) -> None:
        if fraction >= 1:
            self._compiling_since = None
            self.note("kernels", "")
        elif self._compiling_since is None:
            self._compiling_since = time.monotonic()

    def _count_seconds(self) -> None:
        """Shows that compiling goes on; loading what was compiled before takes no second and is not worth a word."""
        if self._compiling_since is not None:
            seconds = int(time.monotonic() - self._compiling_since)
            self.note("kernels", f"compiling kernels, once on this machine: {seconds} s" if seconds else "")

    def _set_interval(self, interval: int) -> None:
        if self._timer.isActive() and self._timer.interval() != interval:
            self._timer.setInterval(interval)

    def _follow(self, event: object) -> None:
        match event:
            case Compiling():
                self._follow_compilation(event.fraction)
            case RunFinished():
                self.note("run", "")
            case DerivationReady():
                self.note("derivation", "")
            case VerificationReady():
                self.note("verification", "")
            case ExaminationReady():
                self.note("examination", "")
            case JobFailed():
                for job in [job for job, number in self._generations.items() if number == event.generation]:
                    self.note(job, "")
            case WorkerDied():
                self._follow_death(event)
            case _:
                pass
