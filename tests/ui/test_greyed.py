"""A greyed action says why it does nothing, where the mouse rests on it and where its keys are pressed."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.person import Person
from vgdesk.ui.actions.greyed import reason_for
from vgdesk.ui.state.run_state import RunState

REASON = "the run is over; Reset goes back to step 0"


def ends_the_run(person: Person) -> None:
    person.rests()
    person.presses("stop")
    person.waits_for(lambda: person.window.desk.runs.state is RunState.FINISHED, "the end")
    person.waits_for(lambda: not person.window.actions_by_id["step"].isEnabled(), "a greyed step")


def test_one_step_of_a_finished_run_tells_in_its_tip_why_it_is_greyed(person: Person):
    step = person.window.actions_by_id["step"]
    person.window.desk.runs.restart(paused=True)
    person.waits_for(step.isEnabled, "a run")
    assert "Greyed" not in step.toolTip()
    ends_the_run(person)
    assert step.toolTip().endswith(f"Greyed: {REASON}")
    assert person.button("step").toolTip() == step.toolTip()


def test_the_key_of_one_step_tells_in_the_status_bar_why_nothing_happens(person: Person):
    ends_the_run(person) if person.window.actions_by_id["step"].isEnabled() else None
    person.types(Qt.Key.Key_F10)
    label = person.window.findChild(QLabel, "status")
    assert isinstance(label, QLabel)
    person.waits_for(lambda: label.text() == f"Make one step: {REASON}.", "the reason")


def test_a_letter_that_nobody_wants_is_no_question(person: Person):
    told: list[str] = []
    person.window.desk.messages.told.connect(told.append)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x")
    QApplication.sendEvent(person.window, event)
    assert told == []


def test_an_action_without_a_reason_of_its_own_is_not_possible_now():
    assert reason_for("quit") == "not now"
