"""Jobs side by side: one process per core, one thread in each; bytes in, bytes out.

    for number, payload in side_by_side(function, payloads): ...          in the order in which they finish

Closing the generator stops them: a job that takes long asks `is_stopped` now and then, and one that has not ended
`GRACE_SECONDS` later is ended with its process, for nobody waits for its answer. Inside a daemon, which may have
no children, and for one worker the jobs run in place, one by one.

Each process has a pipe to the one that waits, and gets a new job with each answer. Queues, and the pools made of them,
have semaphores with names: where the process that waits is killed, as the window ends a long job, those stay behind.
"""

import itertools
import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import Any

from vgdesk.errors import WorkerError

Job = Callable[[bytes], bytes]
"""A function at the top of a module: another process must find it by its name."""
Line = Any
"""One end of a pipe; its type depends on the system."""
GRACE_SECONDS = 1.0
_LOOK_SECONDS = 0.1
_stop: Any = None
"""Is 1, in all processes, from when nobody waits any more. No lock belongs to it, which one that died might hold."""


def side_by_side(
    job: Job, payloads: Sequence[bytes], workers: int | None = None
) -> Generator[tuple[int, bytes], None, None]:
    """Yields (number of the payload, what the job made of it) whenever one is done.

    `workers` is the number of processes, by default the number of cores this process may use.

    Raises
    ------
    WorkerError
        When a process died. What the job itself raises comes through.
    """
    count = min(cores() if workers is None else workers, len(payloads))
    if count <= 1 or multiprocessing.current_process().daemon:
        for number, payload in enumerate(payloads):
            yield number, job(payload)
        return
    context = multiprocessing.get_context("spawn")
    stop = context.RawValue("b", 0)
    processes: dict[Line, BaseProcess] = {}
    try:
        with _deaf_to_ctrl_c():
            for _ in range(count):
                line, far_end = context.Pipe()
                process = context.Process(target=_serve, args=(far_end, job, stop), daemon=True)
                process.start()
                processes[line] = process  # one that could not be started cannot be waited for
                far_end.close()  # with our copy open, neither side would ever see the end of the pipe
        yield from _answers(processes, payloads)
    finally:
        with _deaf_to_ctrl_c(is_ending=True):
            stop.value = 1
            for line, process in processes.items():
                line.close()
                process.join()


def _answers(lines: Iterable[Line], payloads: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Keeps the processes busy until all payloads are done."""
    left, working = enumerate(payloads), dict[Line, int]()

    def occupy(line: Line) -> None:
        for number, payload in itertools.islice(left, 1):
            _talk(line.send_bytes, payload)
            working[line] = number

    for line in lines:
        occupy(line)
    while working:
        ready: list[Line] = connection.wait(working)
        for line in ready:
            number, answer = working.pop(line), _talk(line.recv)
            if isinstance(answer, Exception):
                raise answer
            occupy(line)
            yield number, answer


def _talk(say: Callable[..., Any], *words: bytes) -> Any:
    try:
        return say(*words)
    except (EOFError, OSError):
        raise WorkerError("a process that trained was ended from outside, perhaps for want of memory") from None


@contextmanager
def _deaf_to_ctrl_c(is_ending: bool = False) -> Iterator[None]:
    """Starts or ends processes untorn: a Ctrl-C waits until the end of the block; where all ends anyway it is dropped.

    Processes that start inherit the mask, so that Ctrl-C does not reach them while they import (Windows has none). The
    mask alone would not do here: the system may hand the signal to another thread, and Python raises it in this one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    former = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    has_mask = hasattr(signal, "pthread_sigmask")
    if has_mask:
        from multiprocessing import resource_tracker  # Windows has none

        resource_tracker.ensure_running()  # started in between, it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if has_mask else set()
    try:
        yield
    finally:
        if has_mask:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, former)
        if heard and not is_ending and callable(former):
            former(signal.SIGINT, None)


def is_stopped() -> bool:
    """Whether nobody waits for the job any more."""
    return _stop is not None and bool(_stop.value)


def cores() -> int:
    """Returns how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(line: Line, job: Job, stop: Any) -> None:
    """Is a process: does one job after the other until nobody waits any more."""
    _begin(stop)
    try:
        while True:
            line.send(_answer(job, line.recv_bytes()))
    except (EOFError, OSError):  # the line was closed
        pass


def _answer(job: Job, payload: bytes) -> bytes | Exception:
    """Returns what a job makes of its payload, or what it raises, with the place as a note."""
    try:
        return job(payload)
    except Exception as error:
        place = traceback.format_exc()
        try:  # some can be sent but not received
            found = pickle.loads(pickle.dumps(error))
        except Exception:
            found = RuntimeError(f"{type(error).__name__}: {error}")
        found.add_note(place)
        return found


def _begin(stop: Any) -> None:
    """Is the first thing a worker does; Ctrl-C is the business of whoever started it, and so is its end."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, name="parent", daemon=True).start()
    threading.Thread(target=_end_soon, args=(stop,), name="stop", daemon=True).start()


def _end_soon(stop: Any) -> None:
    """Ends this process a grace after the word to stop; one that is idle has ended by then."""
    while not stop.value:
        time.sleep(_LOOK_SECONDS)
    time.sleep(GRACE_SECONDS)
    os._exit(0)


def _follow_parent() -> None:
    """Ends this process when the one that started it is gone, however that came: nobody waits for it any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
