"""Who waits for the derivation, as a picture of the window does, waits for an answer and not for a derivation."""

import pytest
from PySide6.QtCore import QObject

from vgdesk.engine.client import Engine
from vgdesk.engine.events import JobFailed
from vgdesk.spec.library import example
from vgdesk.study.derive import derive
from vgdesk.ui.state.formulas import Formulas
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.session import Session

DERIVATION, CHECK = 3, 4


class Silent(Engine):
    """Takes requests and answers none by itself."""

    def derive(self, *asked: object) -> int:
        return DERIVATION

    def verify(self, *asked: object) -> int:
        return CHECK


@pytest.fixture
def desk(qapp):
    owner = QObject()
    jobs = Jobs(Silent(), Messages(owner), owner)
    yield Formulas(Session(owner), jobs, owner), jobs
    jobs.close()


def test_what_was_not_asked_for_yet_is_awaited(desk: tuple[Formulas, Jobs]):
    assert desk[0].is_awaited


def test_a_derivation_that_will_not_come_keeps_nobody_waiting(desk: tuple[Formulas, Jobs]):
    formulas, jobs = desk
    formulas.derive()
    formulas.verify()
    for generation in (DERIVATION, CHECK):
        assert formulas.is_awaited
        jobs.answered.emit(JobFailed(generation=generation, sentence="it takes longer than 10 s"))
    assert not formulas.is_awaited
    formulas.derive()
    assert formulas.is_awaited


def test_numbers_that_are_changed_take_the_place_of_the_reason_why_there_was_no_derivation(desk: tuple[Formulas, Jobs]):
    formulas, jobs = desk
    formulas.derive()
    jobs.answered.emit(JobFailed(generation=DERIVATION, sentence="it takes longer than 10 s"))
    told: list[tuple[str, object]] = []
    formulas.derived.connect(lambda: told.append((formulas.failure, formulas.exact)))
    for _ in range(2):
        formulas.tell(derive(example("insurance"), "w1"), None, None)
    assert told == [("", None)], "once, when it begins"
