"""The inside of every worker process: its line to the window.

A thread does nothing but take commands from the pipe. So the window's sends never wait for a worker that is busy, and
the end of the pipe, which is how a worker learns that the window is gone, ends the process at once, whatever it does.
"""

import logging
import os
import queue
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from vgdesk.engine.events import Event, JobFailed, Report
from vgdesk.errors import VgdeskError
from vgdesk.records.codec import from_bytes, to_bytes

_log = logging.getLogger(__name__)

YIELD_TO_WINDOW = 5
"""Niceness of the workers: on two cores, three of them start beside the window, whose frames come first."""


class Line:
    """Receives commands of the given type and reports events.

    Parameters
    ----------
    connection
        The worker's end of the pipe.
    command_type
        What is received.
    hurry
        Is told every command at once, in the thread that takes them from the pipe, before the worker itself gets it.
    """

    def __init__(self, connection: Connection, command_type: Any, hurry: Callable[[Any], None] | None = None) -> None:
        # Ctrl+C in a terminal reaches the whole process group; what it means is the window's decision.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(os, "nice"):  # not on Windows
            os.nice(YIELD_TO_WINDOW)
        self._connection = connection
        self._command_type = command_type
        self._hurry = hurry
        self._commands: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._receive, name="commands", daemon=True).start()

    def next_command(self, timeout: float | None) -> Any:
        """Returns the next command, or None when none came within `timeout` seconds (None = wait for one)."""
        try:
            return self._commands.get(block=timeout != 0, timeout=timeout)
        except queue.Empty:
            return None

    @property
    def is_spoken_to(self) -> bool:
        """Whether a command waits."""
        return not self._commands.empty()

    def report(self, event: Event, position: int = 0) -> None:
        """Sends an event to the window; `position` is the ring's fill counter that it follows."""
        try:
            self._connection.send_bytes(to_bytes(Report(event, position)))
        except OSError:  # the window is gone
            os._exit(0)

    def _receive(self) -> None:
        while True:
            try:
                command = from_bytes(self._connection.recv_bytes(), self._command_type)
            except (EOFError, OSError):  # the window is gone
                os._exit(0)
            if self._hurry is not None:
                self._hurry(command)
            self._commands.put(command)


def attempt(report: Callable[[Event], None], generation: int, work: Callable[[], None]) -> bool:
    """Does the work of a job; when it raises, reports the failure in a sentence and returns False.

    This is the one place where everything is caught: a bug in one job must not end the process, nor pass in silence.
    """
    try:
        work()
    except VgdeskError as error:
        report(JobFailed(generation, str(error)))
    except Exception as error:
        _log.exception("job %d failed", generation)
        detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        report(JobFailed(generation, f"An error inside vgdesk stopped this job ({detail})."))
    else:
        return True
    return False
