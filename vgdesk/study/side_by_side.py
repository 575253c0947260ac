"""Jobs side by side: one process per core, one thread in each; bytes in, bytes out.

    for number, payload in side_by_side(function, payloads): ...          in the order in which they finish

Closing the generator stops them: a job that takes long asks `is_stopped` now and then, and one that has not ended
`GRACE_SECONDS` later is ended with its process, for nobody waits for its answer. Inside a daemon, which may have
no children, and for one worker the jobs run in place, one by one.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection
from typing import Any

from vgdesk.errors import WorkerError

Job = Callable[[bytes], bytes]
"""A function at the top of a module: another process must find it by its name."""
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
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(stop,))
    try:
        waiting: dict[Future[bytes], int] = {}
        for number, payload in enumerate(payloads):
            with _deaf_to_ctrl_c():  # this is where processes start
                waiting[pool.submit(job, payload)] = number
        while waiting:
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(done), done.result()
    except BrokenProcessPool:
        raise WorkerError("a process that trained was ended from outside, perhaps for want of memory") from None
    finally:
        with _deaf_to_ctrl_c(is_ending=True):
            stop.value = 1
            pool.shutdown(wait=True, cancel_futures=True)


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
