"""The window's side of long jobs: a process for each, begun when it is asked for and ended with it.

A job may have processes of its own, which a daemon may not; they end when it ends (`vgdesk.study.side_by_side`).
"""

from vgdesk.engine import study_worker
from vgdesk.engine.commands import BeginStudy
from vgdesk.engine.events import Event, JobFailed, StudyFinished, WorkerReady
from vgdesk.engine.message import STUDY
from vgdesk.engine.process import WorkerProcess
from vgdesk.engine.studies import KeepRunJob


class StudyClient:
    """Holds the long jobs that are being done, by their generation."""

    def __init__(self) -> None:
        self._processes: dict[int, WorkerProcess] = {}
        self._is_closed = False

    @property
    def pids(self) -> list[int]:
        """The process numbers, the oldest job's first."""
        return [process.pid for process in self._processes.values()]

    def begin(self, command: BeginStudy) -> None:
        """Begins a job in a process of its own, or nothing where this end is closed."""
        if self._is_closed:
            return
        process = WorkerProcess(STUDY, study_worker.main, daemon=False)
        self._processes[command.generation] = process
        if isinstance(command.job, KeepRunJob):
            process.send_beside(command)
        else:
            process.send(command)  # it waits in the pipe until the process listens

    def cancel(self, generation: int) -> None:
        """Ends a job at once; nothing more comes of it."""
        process = self._processes.pop(generation, None)
        if process is not None:
            process.end()

    def poll(self) -> list[Event]:
        """Returns what has happened since the last poll."""
        events: list[Event] = []
        for generation, process in list(self._processes.items()):
            events += self._hear(generation, process)
        return events

    def close(self) -> None:
        """Ends all jobs; nothing is begun any more."""
        self._is_closed = True
        for generation in list(self._processes):
            self.cancel(generation)

    def _hear(self, generation: int, process: WorkerProcess) -> list[Event]:
        exitcode = process.exitcode  # before the pipe is read: then nothing that it said is missed
        events: list[Event] = [
            report.event for report in process.receive() if not isinstance(report.event, WorkerReady)
        ]
        is_over = any(isinstance(event, StudyFinished | JobFailed) for event in events)
        if exitcode is not None and not is_over:
            events.append(JobFailed(generation, f"A long job ended with its process (exit code {exitcode})."))
            is_over = True
        if is_over:
            self.cancel(generation)
        return events
