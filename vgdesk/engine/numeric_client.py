"""The window's side of the process that trains: commands in, rows and events out, in the order in which they happened.

The ring and the pipe are two channels. Order between them comes from counters: an event says how far the ring was
filled when it was sent, so the rows up to there are delivered before it; and the ring is read at the end of a poll only
as far as it was filled at the poll's beginning, because the events that came before those rows are in the pipe by then.
"""

from vgdesk.engine import numeric_worker
from vgdesk.engine.commands import NumericCommand, Train
from vgdesk.engine.events import Compiling, Event, RowsRecorded, WorkerDied, WorkerReady
from vgdesk.engine.frames import from_frames
from vgdesk.engine.message import NUMERIC
from vgdesk.engine.process import WorkerProcess
from vgdesk.engine.restarts import ATTEMPTS, Restarts
from vgdesk.engine.ring import NumberRing
from vgdesk.records.history import GradientHistory, concatenate

_NO_JOB = 0


class NumericClient:
    """Holds the numeric worker, its ring, and what is known of the current run."""

    def __init__(self, ring_capacity: int) -> None:
        self._ring_capacity = ring_capacity
        self._ring: NumberRing | None = None
        self._process: WorkerProcess | None = None
        self._is_ready = self._was_killed = self._is_closed = False
        self._restarts = Restarts()
        self._unsent: list[NumericCommand] = []
        self._generation = _NO_JOB
        self._experiment_name = ""
        self._recorded = 0

    @property
    def pids(self) -> list[int]:
        """The worker's process number, or nothing when there is no worker."""
        return [self._process.pid] if self._process else []

    def start(self) -> None:
        """Starts the worker unless there is one, or this end is closed."""
        if self._process is None and not self._is_closed:
            self._ring = self._ring or NumberRing.create(self._ring_capacity)
            self._process = WorkerProcess(NUMERIC, numeric_worker.main, self._ring.name, self._ring.capacity)
            self._is_ready = self._was_killed = False

    def train(self, command: Train) -> None:
        """Makes a run the current one; what still arrives of the run before it is dropped."""
        self._generation = command.generation
        self._experiment_name = command.experiment.name
        self._recorded = 0
        # Commands that no worker has seen belong to runs that are over now.
        self._unsent.clear()
        self.send(command)

    def send(self, command: NumericCommand) -> None:
        """Sends a command, as soon as there is a worker that listens."""
        listens = self._is_ready and not self._was_killed and self._process is not None
        if not (listens and self._process and self._process.send(command)):
            self._unsent.append(command)

    def kill(self) -> None:
        """Ends the worker at once; the next poll notices and starts another."""
        if self._process is not None:
            self._was_killed = True
            self._process.kill()

    def poll(self) -> list[Event]:
        """Returns what has happened since the last poll."""
        if self._process is None or self._ring is None:
            return []
        exitcode = self._process.exitcode  # before the pipe is read: then nothing that it said is missed
        filled = self._ring.written
        events: list[Event] = []
        for report in self._process.receive():
            events += self._rows(report.position)
            events += self._accept(report.event)
        events += self._rows(filled)
        if exitcode is not None:
            events.append(self._replace(exitcode))
        return events

    def close(self) -> None:
        """Ends the worker and removes the ring from the system; nothing is started any more."""
        self._is_closed = True
        if self._process is not None:
            self._process.end()
            self._process = None
        if self._ring is not None:
            self._ring.close()
            self._ring.unlink()
            self._ring = None

    def _accept(self, event: Event) -> list[Event]:
        if isinstance(event, WorkerReady):
            self._is_ready = True
            self._restarts.record_ready()
            unsent, self._unsent = self._unsent, []
            for command in unsent:
                self.send(command)
        if isinstance(event, WorkerReady | Compiling):
            return [event]
        return [event] if getattr(event, "generation", _NO_JOB) in (_NO_JOB, self._generation) else []

    def _rows(self, until: int) -> list[Event]:
        if self._ring is None:
            return []
        frames = from_frames(self._ring.read(until), self._experiment_name)
        parts: list[GradientHistory] = [frame.history for frame in frames if frame.generation == self._generation]
        if not parts:
            return []
        self._recorded += sum(part.rows for part in parts)
        return [RowsRecorded(self._generation, concatenate(parts))]

    def _replace(self, exitcode: int) -> WorkerDied:
        how = "was ended on request" if self._was_killed else f"stopped unexpectedly (exit code {exitcode})"
        if not self._is_ready and not self._was_killed:
            self._restarts.record_failure()
        if self._process is not None:
            self._process.end()
            self._process = None
        if self._restarts.are_exhausted:
            then, run_follows = f"could not be started {ATTEMPTS} times; please restart vgdesk", False
        else:
            self.start()
            then, run_follows = "has been restarted", any(isinstance(command, Train) for command in self._unsent)
        kept = f"The {self._recorded} recorded steps are kept; it" if self._recorded else "It"
        return WorkerDied(NUMERIC, exitcode, f"The training process {how}. {kept} {then}.", run_follows)
