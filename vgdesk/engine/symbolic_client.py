"""The window's side of the processes that derive and verify: one that works and one that stands by, already warm.

A derivation cannot be asked to stop in the middle of SymPy. So a job that takes too long is ended by ending its
process; the one that stood by takes the next job at once, and a new one is started to stand by. The same pair also
works side by side: a job goes to any process that is free.

Of each kind of job (see `vgdesk.engine.job_order`) only the latest request counts: one that waits is replaced, and the
answer to one that is being worked on is dropped. `MapPhases` answers in parts, and gives up when it is told that nobody
waits for it.
"""

import math
import time

from vgdesk.engine import symbolic_worker
from vgdesk.engine.commands import Abandon, MapPhases, SymbolicCommand
from vgdesk.engine.events import Event, JobFailed, PhaseMapped, WorkerDied, WorkerReady
from vgdesk.engine.job_order import LIMITS, ORDER
from vgdesk.engine.job_words import ADVICE, described
from vgdesk.engine.message import SPARE, SYMBOLIC
from vgdesk.engine.process import WorkerProcess
from vgdesk.engine.restarts import ATTEMPTS, Restarts

SPARE_DELAY_SECONDS = 2.0
"""The spare waits until the window's first seconds are over, in which every core is wanted."""

_PROCESSES = 2


class _Colleague:
    """Is one of the processes, and the job it works on."""

    def __init__(self, name: str) -> None:
        self.process = WorkerProcess(name, symbolic_worker.main, name)
        self.ready_since = math.inf
        self.job: SymbolicCommand | None = None
        self.deadline = 0.0
        self.limit = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether it has imported what it needs and can work."""
        return math.isfinite(self.ready_since)

    def begin(self, job: SymbolicCommand, limit: float) -> bool:
        """Gives it a job that may take `limit` seconds; returns False when the process is dead."""
        self.job, self.limit, self.deadline = job, limit, time.monotonic() + limit
        return self.process.send(job)


class SymbolicClient:
    """Holds the processes and the requests that wait. A derivation or an examination may take `time_limit` seconds."""

    def __init__(self, time_limit: float) -> None:
        self.time_limit = time_limit
        self._is_started = self._is_closed = False
        self._colleagues: list[_Colleague] = []
        self._ended: list[WorkerProcess] = []
        self._waiting: dict[type, SymbolicCommand] = {}
        self._latest: dict[type, int] = {}
        self._restarts = Restarts()

    @property
    def pids(self) -> list[int]:
        """The process numbers, the one that works first."""
        return [colleague.process.pid for colleague in self._colleagues]

    def start(self) -> None:
        """Starts the first process; `poll` starts the second one a while after that is ready."""
        if not self._is_started and not self._is_closed:
            self._is_started = True
            self._replenish()

    def ask(self, command: SymbolicCommand) -> None:
        """Makes a job the latest of its kind and begins it as soon as a process is free."""
        self._latest[type(command)] = command.generation
        self._waiting[type(command)] = command
        if isinstance(command, MapPhases):
            self._abandon_map()
        self._assign()

    def forget(self, kind: type) -> None:
        """Drops the job of a kind, whether it waits or is worked on."""
        self._latest.pop(kind, None)
        self._waiting.pop(kind, None)
        if kind is MapPhases:
            self._abandon_map()

    def _abandon_map(self) -> None:
        for colleague in self._colleagues:
            if isinstance(colleague.job, MapPhases) and not self._is_latest(colleague.job):
                colleague.process.send(Abandon(colleague.job.generation))

    def poll(self) -> list[Event]:
        """Returns what has happened since the last poll."""
        events: list[Event] = []
        for colleague in list(self._colleagues):
            events += self._hear(colleague)
        if self._is_started:
            self._replenish()
        self._assign()
        self._reap()
        return events + self._refuse()

    def close(self) -> None:
        """Ends all processes; nothing is started any more."""
        self._is_started, self._is_closed = False, True
        for process in [*self._ended, *(colleague.process for colleague in self._colleagues)]:
            process.end()
        self._ended.clear()
        self._colleagues.clear()
        self._waiting.clear()

    def _hear(self, colleague: _Colleague) -> list[Event]:
        exitcode = colleague.process.exitcode  # before the pipe is read: then nothing that it said is missed
        events: list[Event] = []
        for report in colleague.process.receive():
            events += self._accept(colleague, report.event)
        if exitcode is not None:
            events += self._report_death(colleague, exitcode)
        elif colleague.job is not None and time.monotonic() > colleague.deadline:
            events += self._cut_short(colleague)
        return events

    def _accept(self, colleague: _Colleague, event: Event) -> list[Event]:
        if isinstance(event, WorkerReady):
            colleague.ready_since = time.monotonic()
            self._restarts.record_ready()
            return [event]
        job = colleague.job
        if not isinstance(event, PhaseMapped) or event.is_final:
            colleague.job = None
        return [event] if job is not None and self._is_latest(job) else []

    def _cut_short(self, colleague: _Colleague) -> list[Event]:
        job, colleague.job = colleague.job, None
        colleague.process.kill()
        self._dismiss(colleague)
        if job is None or not self._is_latest(job):
            return []
        advice = ADVICE.get(type(job), "")
        return [
            JobFailed(
                job.generation, f"{described(job)} took longer than {colleague.limit:g} s and was stopped.{advice}"
            )
        ]

    def _report_death(self, colleague: _Colleague, exitcode: int) -> list[Event]:
        if not colleague.is_ready:
            self._restarts.record_failure()
        self._dismiss(colleague)
        gave_up = self._restarts.are_exhausted
        then = f"could not be started {ATTEMPTS} times; please restart vgdesk" if gave_up else "has been restarted"
        sentence = f"The symbolic process stopped unexpectedly (exit code {exitcode}). It {then}."
        events: list[Event] = [WorkerDied(colleague.process.name, exitcode, sentence)]
        if colleague.job is not None and self._is_latest(colleague.job):
            events.append(JobFailed(colleague.job.generation, f"{described(colleague.job)} ended with its process."))
        return events

    def _refuse(self) -> list[Event]:
        if self._colleagues or not self._restarts.are_exhausted:
            return []
        jobs = list(self._waiting.values())
        self._waiting.clear()
        return [JobFailed(job.generation, f"{described(job)} needs a process that does not start.") for job in jobs]

    def _is_latest(self, job: SymbolicCommand) -> bool:
        return self._latest.get(type(job)) == job.generation

    def _dismiss(self, colleague: _Colleague) -> None:
        self._colleagues.remove(colleague)
        self._ended.append(colleague.process)

    def _reap(self) -> None:
        for process in [process for process in self._ended if process.exitcode is not None]:
            process.end()
            self._ended.remove(process)

    def _replenish(self) -> None:
        if self._restarts.are_exhausted or len(self._colleagues) == _PROCESSES:
            return
        # One at a time: the first should be ready soon, and a start takes a core for half a second.
        if not self._colleagues or time.monotonic() > self._colleagues[0].ready_since + SPARE_DELAY_SECONDS:
            self._colleagues.append(_Colleague(SPARE if self._colleagues else SYMBOLIC))

    def _assign(self) -> None:
        free = [colleague for colleague in self._colleagues if colleague.is_ready and colleague.job is None]
        for kind, colleague in zip(sorted(self._waiting, key=ORDER.index), free, strict=False):
            job = self._waiting[kind]
            if colleague.begin(job, LIMITS.get(kind, self.time_limit)):
                del self._waiting[kind]
            else:
                colleague.job = None  # it died just now: the job waits for the other one
