"""One formula, examined in a process of its own that is ended when it takes too long."""

import os
import signal
import sys

import pytest

from tests.patience import SECONDS
from vgdesk.engine import symbolic_client
from vgdesk.engine.examination import examine_within
from vgdesk.errors import WorkerError


def test_a_formula_is_examined_in_another_process():
    found = examine_within("max(z, a*z); a = 0.2", SECONDS)
    assert found.slope == "where(z > a*z, 1, a)"
    assert found.behaviour.kinks[0].slope == (0.2, 1.0)


@pytest.mark.skipif(sys.platform == "win32", reason="a process is halted by SIGSTOP")
def test_an_examination_that_takes_too_long_is_ended_with_an_advice(monkeypatch):
    begin = symbolic_client._Colleague.begin

    def begin_and_halt(colleague, job, limit):
        os.kill(colleague.process.pid, signal.SIGSTOP)
        return begin(colleague, job, limit)

    monkeypatch.setattr(symbolic_client._Colleague, "begin", begin_and_halt)
    with pytest.raises(WorkerError, match=r"took longer than 0\.0001 s and was stopped\. Write it shorter"):
        examine_within("z*tanh(log(1+exp(z)))", 0.0001)


def test_what_is_no_activation_is_refused_by_the_process_too():
    with pytest.raises(WorkerError, match=r"attribute access .*position 2"):
        examine_within("z.real", SECONDS)
