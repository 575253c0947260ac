"""Somebody follows the lessons at the window."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.person import Person, spoken_name
from vgdesk.app import make_window
from vgdesk.spec import lesson as lesson_spec
from vgdesk.spec.lesson import LessonStep
from vgdesk.spec.lessons import LESSONS, lesson
from vgdesk.spec.library import example
from vgdesk.spec.vary import varied
from vgdesk.ui.chrome.lesson_side import LessonSide
from vgdesk.ui.chrome.workspaces import PANELS, WORKSPACES
from vgdesk.ui.panels.choice import ROOM_AROUND_TEXT
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.panels.elided_label import ElidedLabel
from vgdesk.ui.panels.lesson_card import PANEL_WORDS, LessonCard
from vgdesk.ui.state.edits import with_seed


@pytest.fixture(autouse=True)
def list_of_lessons(person: Person) -> None:
    """Has the list of lessons open, with the keyboard in it."""
    if person.window.lessons.is_open:
        person.presses("lessons")
    person.presses("lessons")
    person.waits_for(lambda: person.window.lessons.is_open, "the lessons")


def card(person: Person) -> LessonCard:
    found = person.window.lessons.card
    assert isinstance(found, LessonCard)
    return found


def begins(person: Person, number: int) -> None:
    """Chooses a lesson with the arrow keys and begins it with Return."""
    panel = card(person)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    for _ in range(number - 1):
        QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    comes_to_rest(person)


def step(person: Person) -> LessonStep:
    state = person.window.lessons.state
    assert state is not None
    assert state.step is not None
    return state.step


def comes_to_rest(person: Person) -> None:
    """Waits until the step stands on the desk and the training rests where it should."""
    desk, wanted = person.window.desk, step(person)
    person.waits_for(lambda: desk.runs.steps == wanted.updates + 1, "the updates")
    person.waits_for(lambda: desk.runs.state.value == "paused", "a rest")
    person.waits_for(lambda: person.window.stage.workspace == wanted.workspace, "the workspace")
    person.waits_for_calm()


def pointed(person: Person) -> list[str]:
    return [key for key, panel in person.window.cards.items() if panel.property("pointed")]


def turns_to(person: Person, number: int, place: int) -> None:
    """Begins a lesson and presses Next until a step."""
    begins(person, number)
    state = person.window.lessons.state
    assert state is not None
    while state.step_number > place:
        person.presses("lesson_back")
    while state.step_number < place:
        person.presses("lesson_next")
    comes_to_rest(person)


def test_a_lesson_knows_the_panels_and_workspaces_that_there_are():
    assert set(lesson_spec.PANELS) <= set(PANELS)
    assert set(lesson_spec.WORKSPACES) <= set(WORKSPACES)
    assert set(PANEL_WORDS) == set(lesson_spec.PANELS)


@pytest.mark.parametrize(("number", "place"), [(7, 1), (7, 3), (3, 1)])
def test_a_step_calls_the_panel_to_look_at_as_the_panel_is_called(person: Person, number: int, place: int):
    turns_to(person, number, place)
    assert card(person).place.text() == f"Look at: {person.window.cards[step(person).panel].heading}"


def test_the_list_has_every_lesson_and_says_what_it_is_about(person: Person):
    panel = card(person)
    assert panel.list.count() == len(LESSONS)
    panel.list.setCurrentRow(6)
    assert panel.list.item(6).text().startswith(f"7  {lesson(7).title}")
    assert lesson(7).about in {label.text() for label in panel.findChildren(type(panel.heading))}


def test_opening_the_list_changes_nothing_on_the_desk(person: Person):
    session = person.window.desk.session
    before = session.formula, session.training
    person.presses("lessons")
    person.presses("lessons")
    assert (session.formula, session.training) == before


def test_a_step_lays_its_network_on_the_desk_and_lights_up_its_factor(person: Person):
    turns_to(person, 2, 3)
    desk = person.window.desk
    assert (desk.session.formula.name, desk.session.weight) == ("insurance", "w1")
    person.waits_for(lambda: desk.selection.current is not None, "the light")
    current = desk.selection.current
    assert current is not None
    assert current.factor == "d2"
    assert pointed(person) == ["derivation"]
    assert "0.05" in card(person).text.text()


def test_a_step_about_a_deep_network_turns_to_its_layer(person: Person):
    turns_to(person, 3, 5)
    desk = person.window.desk
    assert desk.session.training.name == "digits-sigmoid-20"
    assert desk.selection.pinned is not None
    assert desk.selection.pinned.layer == 1
    assert pointed(person) == ["profile"]
    person.presses("lesson_next")
    comes_to_rest(person)
    assert desk.selection.pinned is None
    assert desk.session.training.feed_forward.depth == 40


def test_a_step_makes_its_updates_and_rests(person: Person):
    turns_to(person, 1, 4)
    assert person.window.desk.runs.history.loss[-1] == pytest.approx(0.042, abs=5e-4)
    assert pointed(person) == ["loss"]


def test_a_step_shows_the_quantity_it_speaks_of(person: Person):
    turns_to(person, 8, 3)
    runs = person.window.desk.runs
    assert person.window.desk.quantity.shown(runs.history) == "weight-change"
    person.presses("lesson_next")
    comes_to_rest(person)
    assert person.window.desk.quantity.shown(runs.history) == "state"


def test_a_step_about_time_shows_the_lag(person: Person):
    turns_to(person, 7, 3)
    assert pointed(person) == ["lag"]
    assert person.window.cards["lag"].isVisible()


def test_the_step_about_the_cell_lights_up_the_number_it_speaks_of(person: Person):
    turns_to(person, 7, 6)
    comes_to_rest(person)
    assert pointed(person) == ["profile"]
    assert person.window.desk.quantity.shown(person.window.desk.runs.history) == "cell-path"
    lit = person.window.desk.selection.current
    assert lit is not None
    assert lit.layer == 1


def test_next_and_back_walk_by_mouse_and_by_keyboard(person: Person):
    turns_to(person, 5, 1)
    panel, state = card(person), person.window.lessons.state
    assert state is not None
    QTest.mouseClick(panel.forward, Qt.MouseButton.LeftButton)
    assert state.step_number == 2
    person.types(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert state.step_number == 1
    person.types(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert state.step_number == 2
    assert "Step 2 of 5" in {label.text() for label in panel.findChildren(type(panel.heading))}
    comes_to_rest(person)


def test_the_last_step_leads_to_the_next_lesson_and_the_first_one_back_the_same_way(person: Person):
    turns_to(person, 1, 5)
    panel, state = card(person), person.window.lessons.state
    assert state is not None
    assert panel.forward.text() == "Next lesson"
    person.presses("lesson_next")
    assert (state.number, state.step_number) == (2, 1)
    person.presses("lesson_back")
    assert (state.number, state.step_number) == (1, 5)


def test_the_first_step_leads_to_the_list_where_the_lesson_before_was_not_followed(person: Person):
    turns_to(person, 1, 5)
    begins(person, 3)
    panel, state = card(person), person.window.lessons.state
    person.presses("lesson_back")
    assert state.step is None
    assert panel.list.item(0).text().endswith("✓ all 5 steps")
    person.waits_for(lambda: pointed(person) == [], "no frame")


def test_the_keyboard_stays_in_the_panel(person: Person):
    begins(person, 4)
    assert QApplication.focusWidget() is card(person).forward
    QTest.mouseClick(card(person).contents, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is card(person).list


def test_escape_releases_the_pin_and_then_closes_the_lesson(person: Person):
    turns_to(person, 3, 5)
    person.types(Qt.Key.Key_Escape)
    assert person.window.desk.selection.pinned is None
    assert person.window.lessons.is_open
    person.types(Qt.Key.Key_Escape)
    assert not person.window.lessons.is_open
    person.waits_for(lambda: pointed(person) == [], "no frame")


def test_closing_a_lesson_puts_back_the_network_and_the_run_that_it_interrupted(person: Person):
    desk, own = person.window.desk, varied(example("spirals"), "learning_rate", 0.02)
    person.presses("lessons")
    desk.session.open(own)
    person.presses("train")
    person.waits_for(lambda: desk.runs.steps > 5, "a run")
    person.rests()
    before, losses = desk.session.contents, desk.runs.history.loss.copy()
    person.presses("lessons")
    turns_to(person, 1, 2)
    assert desk.session.training != before.training
    person.presses("lessons")
    assert desk.session.contents == before
    assert desk.runs.history.loss.tolist() == losses.tolist()
    assert "Back on the desk with its run" in person.told[-1]
    person.waits_for(lambda: not desk.diagnoses.is_behind, "the verdict of that run")
    assert desk.diagnoses.diagnosis is not None
    assert desk.diagnoses.diagnosis.step == len(losses) - 1
    person.presses("train")
    person.waits_for(lambda: desk.runs.state.value == "running", "a new run")
    person.rests()


def test_closing_a_lesson_puts_back_how_run_and_derivation_were_looked_at(person: Person):
    desk = person.window.desk
    person.presses("lessons")
    desk.session.open(example("digits-tanh-20"))
    desk.runs.restart(paused=True)
    person.waits_for(lambda: desk.runs.history.has("delta"), "a first row")
    desk.quantity.choose(desk.runs.history, "delta")
    desk.formulas.choose_view("matrix")
    person.presses("lessons")
    turns_to(person, 8, 3)
    assert desk.quantity.shown(desk.runs.history) == "weight-change"
    assert desk.formulas.view_name != "matrix"
    person.presses("lessons")
    person.waits_for(lambda: desk.runs.history.has("delta"), "the former run")
    assert desk.quantity.shown(desk.runs.history) == "delta"
    assert desk.formulas.view_name == "matrix"
    desk.formulas.choose_view("steps")


def test_titles_of_the_panels_are_whole_beside_a_lesson_and_no_control_is_lost(person: Person):
    begins(person, 4)
    person.presses("workspace_train")
    person.waits_for_calm()
    card = person.window.cards["derivation"]
    assert isinstance(card, DerivationCard)
    heading = next(label for label in card.findChildren(ElidedLabel) if label.text() == "Derivation")
    assert heading.shown == "Derivation"
    for control in (card.badge, card.views, card.weights):
        assert control.isVisible()
        assert card.rect().contains(control.geometry())
    for box in (card.views, card.weights):
        assert box.width() >= box.fontMetrics().horizontalAdvance(box.currentText()) + ROOM_AROUND_TEXT
    person.presses("lessons")


def test_undo_after_a_lesson_goes_on_where_it_stood_before(person: Person):
    desk, own = person.window.desk, varied(example("spirals"), "learning_rate", 0.04)
    before = desk.session.contents
    desk.session.open(own)
    words = desk.history.undo_words
    begins(person, 1)
    person.presses("lesson_next")
    person.presses("lessons")
    assert desk.session.training == own
    assert desk.history.undo_words == words
    person.presses("undo")
    assert (desk.session.training, desk.session.formula) == (before.training, before.formula)


def test_redo_after_a_lesson_does_not_lead_back_into_it(person: Person):
    desk = person.window.desk
    desk.session.open(varied(example("spirals"), "learning_rate", 0.05))
    before = desk.session.training
    begins(person, 1)
    desk.session.choose_training(with_seed(desk.session.training, 7))
    person.presses("undo")
    assert desk.history.redo_words == "new seed"
    person.presses("lessons")
    assert desk.session.training == before
    assert desk.history.redo_words == ""


def test_redo_does_not_lead_into_a_lesson_that_was_undone_whole(person: Person):
    desk = person.window.desk
    desk.session.open(varied(example("spirals"), "learning_rate", 0.06))
    before = desk.session.contents
    begins(person, 1)
    while desk.session.contents != before:
        person.presses("undo")
    assert desk.history.redo_words != ""
    person.presses("lessons")
    assert (desk.session.contents, desk.history.redo_words) == (before, "")


def test_network_that_was_edited_during_a_lesson_stays(person: Person):
    desk = person.window.desk
    begins(person, 1)
    desk.session.choose_training(example("digits-relu-20"))
    person.presses("lessons")
    assert desk.session.training == example("digits-relu-20")


def test_actions_of_steps_work_only_while_a_lesson_is_told(person: Person):
    actions = person.window.actions_by_id
    assert not actions["lesson_next"].isEnabled()
    begins(person, 1)
    assert actions["lesson_next"].isEnabled()
    assert actions["lessons"].isChecked()


def test_everything_in_the_panel_has_a_name(person: Person):
    begins(person, 6)
    panel = card(person)
    assert spoken_name(panel.text) == step(person).words
    names = [spoken_name(one) for one in (panel.list, panel.progress, panel.forward, panel.back, panel.contents)]
    assert all(names)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_frame_is_seen_in_both_themes(person: Person, theme: str):
    themes = person.window.desk.themes
    before = themes.current.name
    themes.choose(theme)
    turns_to(person, 2, 3)
    person.waits_for(lambda: pointed(person) == ["derivation"], "the frame")
    framed = person.window.cards["derivation"].grab().toImage()
    assert framed.pixelColor(framed.width() // 2, 0).name() == themes.current.accent
    themes.choose(before)


def test_progress_is_remembered(qtbot, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = make_window("derive", "light", settings)
    side = LessonSide(window.desk, window.actions_by_id)
    qtbot.addWidget(side)
    side.open_lesson(3, 4)
    qtbot.waitUntil(lambda: side.has_step)
    other = LessonSide(window.desk, window.actions_by_id)
    qtbot.addWidget(other)
    other.open()
    qtbot.waitUntil(lambda: other.is_open)
    panel = other.card
    assert isinstance(panel, LessonCard)
    assert panel.list.currentRow() == 2
    assert panel.begin.text() == "Go on with step 4"
    window.close()
    window.deleteLater()


def test_a_remembered_place_that_is_none_is_refused(qtbot, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("lessons/last", "77")
    settings.setValue("lessons/furthest", "9999,1,1,1,1,1,1,1")
    window = make_window("derive", "light", settings)
    side = LessonSide(window.desk, window.actions_by_id)
    qtbot.addWidget(side)
    side.open()
    qtbot.waitUntil(lambda: side.is_open)
    panel = side.card
    assert isinstance(panel, LessonCard)
    assert panel.list.currentRow() == 0
    assert "✓ all 5 steps" in panel.list.item(0).text()
    window.close()
    window.deleteLater()


def test_a_lesson_asked_for_at_the_start_goes_on_where_it_was_left(qtbot, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    for expected in (1, 2):
        window = make_window("derive", "light", settings)
        side = LessonSide(window.desk, window.actions_by_id)
        qtbot.addWidget(side)
        side.resume_lesson(7)
        qtbot.waitUntil(lambda side=side: side.has_step)
        assert side.state is not None
        assert (side.state.number, side.state.step_number) == (7, expected)
        side.state.next()
        window.close()
        window.deleteLater()


def test_closing_a_lesson_leads_back_to_the_workspace_and_network_one_came_from(person: Person):
    desk, stage = person.window.desk, person.window.stage
    desk.session.open(varied(example("spirals"), "learning_rate", 0.03))
    desk.runs.restart(paused=True)  # a run that has only begun
    person.waits_for(lambda: desk.runs.state.value == "paused", "a rest")
    before = desk.session.contents
    person.presses("workspace_maps")
    begins(person, 1)
    assert stage.workspace == step(person).workspace != "maps"
    person.presses("lessons")
    person.waits_for(lambda: stage.workspace == "maps", "the way back")
    assert desk.session.contents == before


def test_who_turned_to_another_workspace_during_a_lesson_stays_there(person: Person):
    person.presses("workspace_maps")
    begins(person, 1)
    person.presses("workspace_compare")
    person.presses("lessons")
    person.waits_for(lambda: pointed(person) == [], "no frame")
    assert person.window.stage.workspace == "compare"
