"""An experiment that undo or redo brings back has its finished run again."""

import msgspec
import numpy as np
from PySide6.QtCore import Qt

from tests.ui.person import Person
from vgdesk.records.history import GradientHistory
from vgdesk.spec.library import example
from vgdesk.spec.vary import varied
from vgdesk.ui.state.run_state import RunState

STEPS = 40


def short(person: Person) -> None:
    """Lays a network on the desk whose training is over in a moment, and trains it to its end."""
    desk = person.window.desk
    experiment = varied(example("digits-sigmoid-20"), "steps", STEPS)
    desk.session.choose_training(msgspec.structs.replace(experiment, name="short", title="Short"))
    finishes(person)


def finishes(person: Person) -> None:
    runs = person.window.desk.runs
    runs.set_speed(None)
    runs.train()
    person.waits_for(lambda: runs.state is RunState.FINISHED, "the end of the run")
    person.waits_for_calm()


def test_undoing_a_remedy_shows_the_sick_run_and_redoing_it_the_cured_one(person: Person):
    short(person)
    desk = person.window.desk
    sick = desk.runs.history
    desk.remedies.apply(desk.session.training, "tanh")
    finishes(person)
    cured = desk.runs.history
    for action, expected in (("undo", sick), ("redo", cured), ("undo", sick)):
        person.presses(action)
        assert desk.runs.state is RunState.FINISHED
        assert desk.runs.history.experiment == desk.session.training.name
        np.testing.assert_array_equal(desk.runs.history.loss, expected.loss)
        assert desk.runs.history.evaluations.count == expected.evaluations.count
        person.waits_for_calm()
    assert not np.array_equal(sick.loss, cured.loss)


def test_a_finished_run_is_not_given_up_for_one_step_more(person: Person):
    short(person)
    steps = person.window.desk.runs.steps
    assert not person.window.actions_by_id["step"].isEnabled()
    person.types(Qt.Key.Key_F10)
    person.waits_for_calm()
    assert person.window.desk.runs.steps == steps
    person.presses("reset")
    person.presses("step")
    person.waits_for(lambda: person.window.desk.runs.steps == 2, "the first step of the next run")


def test_the_run_that_comes_back_is_diagnosed_anew(person: Person):
    short(person)
    desk = person.window.desk
    person.waits_for(lambda: desk.diagnoses.diagnosis is not None and not desk.diagnoses.is_behind, "the verdict")
    before = desk.diagnoses.diagnosis
    desk.remedies.apply(desk.session.training, "tanh")
    finishes(person)
    person.presses("undo")
    person.waits_for(lambda: desk.diagnoses.diagnosis == before, "the same verdict as before")


def test_a_run_that_was_cut_off_begins_anew_and_moves_as_it_did(person: Person):
    desk = person.window.desk
    desk.session.choose_training(example("digits-tanh-20"))
    runs_left: list[GradientHistory] = []
    desk.runs.left.connect(lambda _, history: runs_left.append(history))
    desk.runs.set_speed(20.0)
    desk.runs.restart()
    person.waits_for(lambda: desk.runs.steps > 3, "some steps")
    person.presses("new_seed")
    left = int(runs_left[-1].step_numbers[-1])
    person.rests()
    person.presses("undo")
    person.waits_for(lambda: desk.runs.state is RunState.RUNNING, "the old run to move again")
    assert desk.runs.begun == example("digits-tanh-20")
    assert f"The run that was left at step {left} begins again at step 0" in person.told[-1]


def test_a_run_that_had_made_no_update_comes_back_without_a_word(person: Person):
    desk, told = person.window.desk, []
    desk.session.choose_training(example("digits-tanh-20"))
    desk.runs.restart(paused=True)
    person.waits_for(lambda: desk.runs.steps == 1, "the first row")
    desk.messages.told.connect(told.append)
    person.presses("new_seed")
    person.presses("undo")
    person.waits_for(lambda: desk.runs.steps == 1, "the first row again")
    assert not [words for words in told if "begins again" in words]


def test_another_learning_rate_after_the_end_keeps_the_run_and_taking_it_back_keeps_it_too(person: Person):
    short(person)
    desk = person.window.desk
    ended = desk.runs.history
    for change in (lambda: desk.runs.adjust(varied(desk.session.training, "learning_rate", 0.2)), desk.history.undo):
        change()
        assert desk.runs.state is RunState.FINISHED
        np.testing.assert_array_equal(desk.runs.history.loss, ended.loss)


def test_choosing_an_example_again_trains_it_anew(person: Person):
    short(person)
    desk = person.window.desk
    first = desk.session.training
    desk.session.choose_training(example("digits-relu-20"))
    desk.session.choose_training(first)
    assert desk.runs.state is RunState.STARTING
    assert desk.runs.steps == 0
