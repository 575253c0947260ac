"""Ctrl-C that kernels hear: Python itself hears it only between two calls, and a step of a large network takes seconds.

The system's own handler writes the signal's number into a socket at once; a thread that waits there gives kernels the
word to leave off (see `kernels.interruption`). The call then returns, and Python raises KeyboardInterrupt as ever.
"""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from vgdesk.kernels import interruption


@contextmanager
def kernels_hear_ctrl_c() -> Iterator[None]:
    """Makes kernels leave off at Ctrl-C inside the `with` block; outside the main thread it changes nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)  # a signal handler must not wait
    former = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    listener = threading.Thread(target=_listen, args=(ear,), name="ctrl-c", daemon=True)
    listener.start()
    try:
        yield
    except interruption.LeftOffError:  # the word came before Python's own
        raise KeyboardInterrupt from None
    finally:
        signal.set_wakeup_fd(former)
        mouth.close()
        listener.join()
        ear.close()
        interruption.resume()


def _listen(ear: socket.socket) -> None:
    while heard := ear.recv(1):
        if heard[0] == signal.SIGINT:
            interruption.interrupt()
