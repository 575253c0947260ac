"""Ctrl-C reaches kernels at work, and only while somebody listens."""

import signal
import threading

import pytest

from tests.engine.waiting import wait_until
from vgdesk.cli.ctrl_c import kernels_hear_ctrl_c
from vgdesk.kernels import interruption
from vgdesk.kernels.interruption import go_on, is_interrupted


def test_kernels_hear_ctrl_c_before_python_raises():
    heard = []

    def remember(*_):
        wait_until(is_interrupted, "no kernel would hear of it")
        heard.append(is_interrupted())

    former = signal.signal(signal.SIGINT, remember)
    try:
        with kernels_hear_ctrl_c():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, former)
    assert heard == [True]
    assert not is_interrupted()


def test_what_is_left_off_is_a_cancellation():
    def left_off():
        with kernels_hear_ctrl_c():
            interruption.interrupt()
            go_on()

    with pytest.raises(KeyboardInterrupt):
        left_off()
    assert not is_interrupted()


def test_nothing_stays_behind():
    before = set(threading.enumerate())
    with kernels_hear_ctrl_c():
        pass
    assert set(threading.enumerate()) <= before  # one of another test's may have ended
    assert signal.set_wakeup_fd(-1) == -1


def test_another_thread_trains_without_listening():
    done = []

    def train():
        with kernels_hear_ctrl_c():
            done.append(True)

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert done == [True]
