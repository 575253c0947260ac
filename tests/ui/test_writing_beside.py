"""Pictures are written beside the window's thread: nobody waits, and what went wrong is told."""

import threading
from pathlib import Path

import pytest

from tests.patience import SECONDS
from tests.ui.person import Person
from vgdesk.errors import ExportError
from vgdesk.ui.commands.writing import FileWriting, finish_writing


def test_the_work_is_done_in_another_thread_and_told_afterwards(person: Person, tmp_path: Path):
    threads: list[str] = []
    told: list[str] = []
    path = tmp_path / "here.txt"
    person.window.desk.messages.told.connect(told.append)
    FileWriting(person.window, lambda: threads.append(threading.current_thread().name), "export", path)
    person.waits_for(lambda: not person.window.findChildren(FileWriting), "the end of the writing")
    assert threads == ["write file"]
    assert told == [f"Wrote {path}"]


def test_work_that_fails_says_why(person: Person, tmp_path: Path):
    def work() -> None:
        raise ExportError("the disk is full")

    FileWriting(person.window, work, "export", tmp_path / "here.txt")
    person.waits_for(lambda: person.message() == "the disk is full", "the reason")


def test_an_error_inside_the_work_is_not_swallowed(person: Person, qtbot, tmp_path: Path):
    def work() -> None:
        raise ZeroDivisionError("planted")

    with qtbot.captureExceptions() as caught:
        FileWriting(person.window, work, "export", tmp_path / "here.txt")
        person.waits_for(lambda: len(caught) == 1, "the error")
    assert caught[0][0] is ZeroDivisionError


@pytest.mark.parametrize("count", [1, 3])
def test_closing_waits_for_files_that_are_being_written(person: Person, tmp_path: Path, count: int):
    begin = threading.Event()
    done: list[int] = []
    for number in range(count):
        FileWriting(
            person.window, lambda number=number: begin.wait(SECONDS) and done.append(number), "export", tmp_path
        )
    assert done == []
    begin.set()
    finish_writing(person.window)
    assert sorted(done) == list(range(count))
    person.waits_for(lambda: not person.window.findChildren(FileWriting), "the end of the writing")
