"""One worker process seen from the window: start it, talk to it, notice its death, end it. Nothing here waits.

Processes are *spawned*: a fork would copy the window's threads and Qt's state. A spawned child imports the parent's
`__main__` file again, so that file may import nothing heavy at its top.
"""

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

from vgdesk.engine.commands import Command
from vgdesk.engine.events import Report
from vgdesk.records.codec import from_bytes, to_bytes

_CONTEXT = multiprocessing.get_context("spawn")
_JOIN_SECONDS = 5.0


class WorkerProcess:
    """Runs `target(connection, *arguments)` in a new process; one that is no `daemon` may start processes itself."""

    def __init__(self, name: str, target: Callable[..., Any], *arguments: Any, daemon: bool = True) -> None:
        self.name = name
        self._sender: threading.Thread | None = None
        self._connection, child_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=target, args=(child_end, *arguments), name=f"vgdesk {name}", daemon=daemon
        )
        with _interrupts_held_back():
            self._process.start()
        # With our copy of the child's end open, neither side would ever see the end of the pipe.
        child_end.close()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid or 0

    @property
    def exitcode(self) -> int | None:
        """None while it lives; negative = ended by that signal."""
        return self._process.exitcode

    def send(self, command: Command) -> bool:
        """Sends a command; returns False when the process is dead."""
        try:
            self._connection.send_bytes(to_bytes(command))
        except OSError:
            return False
        return True

    def send_beside(self, command: Command) -> None:
        """Sends a command that may be larger than a pipe holds, in a thread that waits until the process reads it."""
        self._sender = threading.Thread(target=self.send, args=(command,), name=f"to {self.name}", daemon=True)
        self._sender.start()

    def receive(self) -> list[Report]:
        """Returns the reports that have arrived."""
        reports = []
        try:
            while self._connection.poll():
                reports.append(from_bytes(self._connection.recv_bytes(), Report))
        except (EOFError, OSError):  # it died, perhaps in the middle of a report
            pass
        return reports

    def kill(self) -> None:
        """Ends the process at once; `exitcode` tells when it is gone."""
        self._process.kill()

    def end(self) -> None:
        """Ends the process, waits until it is gone and frees what it held here."""
        self._process.kill()
        self._process.join(_JOIN_SECONDS)
        if self._sender is not None:  # the pipe broke with the process, so it does not wait any more
            self._sender.join(_JOIN_SECONDS)
        self._connection.close()


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Lets a child begin with Ctrl-C blocked: a terminal sends it to every process, and ours alone answers it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # started in between, it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
