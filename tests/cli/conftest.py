"""Runs the command line in this process, as the console script would."""

import pytest

from tests.patience import SECONDS
from vgdesk.cli.commands import run
from vgdesk.engine import examination


class Finished:
    """Is what a command left behind: exit status, standard output, standard error."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def vgdesk(capsys, monkeypatch, tmp_path):
    """Returns a function that runs `vgdesk ARGUMENTS` in an empty folder, and gives examinations all the time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(examination.examine_within, "__defaults__", (SECONDS,))

    def call(*arguments: str) -> Finished:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Finished(status, captured.out, captured.err)

    return call


@pytest.fixture
def one_core(monkeypatch):
    """Has jobs run in this process, one by one: the pools have their own tests, and each takes seconds to start."""
    monkeypatch.setattr("vgdesk.study.side_by_side.cores", lambda: 1)
