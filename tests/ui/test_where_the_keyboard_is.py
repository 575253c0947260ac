"""The keyboard is where a person left it, and keys and commands act on what is seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QTabWidget

from tests.ui.person import Person
from vgdesk.spec.library import example
from vgdesk.ui.panels.claims_view import ClaimsView
from vgdesk.ui.state.run_state import RunState


def proposed_file(person: Person) -> str:
    """Asks for the figure and returns the name that is proposed; nothing is written."""
    person.presses("export_figure")
    person.waits_for(lambda: any(one.isVisible() for one in person.window.findChildren(QFileDialog)), "the dialog")
    dialog = next(one for one in person.window.findChildren(QFileDialog) if one.isVisible())
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(line, QLineEdit)
    name = line.text()
    dialog.reject()
    return name


def test_exported_figure_is_one_that_is_seen(person: Person):
    person.presses("workspace_train")
    person.waits_for_calm()
    person.window.cards["heatmap"].focus_view()
    assert "heatmap" in proposed_file(person)
    person.presses("workspace_diagnose")
    person.waits_for_calm()
    assert person.window.cards["profile"].isVisible()
    assert "profile" in proposed_file(person)
    person.window.stage.show_panel("loss")
    assert "loss" in proposed_file(person)


def test_a_panel_that_left_with_its_workspace_is_not_maximised(person: Person):
    person.presses("workspace_train")
    person.window.cards["loss"].focus_view()
    person.presses("workspace_theory")
    person.presses("maximise")
    assert person.window.stage.maximised in ("phase", "spectrum", "profile", "planner", "derivation")
    person.presses("maximise")


@pytest.mark.parametrize("action", ["keep_run", "slower", "faster"])
def test_letters_and_brackets_work_while_a_button_has_the_keyboard(person: Person, action: str):
    button = person.window.findChild(QAbstractButton, "verdict")
    assert isinstance(button, QAbstractButton)
    person.returns_to_window()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert not person.window.actions_by_id[action].shortcut().isEmpty()
    assert person.window.actions_by_id["pause"].shortcut() == QKeySequence()


def test_space_pauses_after_a_choice_in_the_toolbar_with_the_mouse(person: Person):
    person.presses("workspace_derive")
    if person.window.desk.runs.state is not RunState.RUNNING:
        person.presses("train")
    person.returns_to_window()
    person.window.cards["profile"].focus_view()
    box = person.window.toolbar.activations
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    person.waits_for(lambda: box.view().isVisible(), "the list")
    QTest.keyClick(box.view(), Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    person.waits_for(lambda: person.window.focusWidget() is not box, "the keyboard to leave the list")
    person.returns_to_window()
    person.waits_for(lambda: QApplication.focusWidget() is not None, "the panel's keyboard")
    assert person.window.cards["profile"].isAncestorOf(QApplication.focusWidget())
    person.presses("train")
    person.waits_for(lambda: person.window.desk.runs.state is RunState.RUNNING, "the training")
    person.types(Qt.Key.Key_Space)
    person.waits_for(lambda: person.window.desk.runs.state is RunState.PAUSED, "a pause")
    assert not box.view().isVisible()


def test_who_came_to_a_list_by_tab_stays_there(person: Person):
    box = person.window.toolbar.activations
    person.returns_to_window()
    box.setFocus(Qt.FocusReason.TabFocusReason)
    box.showPopup()
    QTest.keyClick(box.view(), Qt.Key.Key_Escape)
    QApplication.processEvents()
    person.returns_to_window()
    assert box.hasFocus()


def test_testing_all_claims_moves_neither_the_list_nor_the_keyboard(person: Person):
    person.presses("workspace_claims")
    view = person.view("claims")
    assert isinstance(view, ClaimsView)
    person.waits_for(lambda: view.is_complete, "the claims")
    person.returns_to_window()
    button = view.widgets[1].button
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    person.waits_for(lambda: button.text() == "Testing…" or bool(view.widgets[1].card.rows), "the test")
    assert button.hasFocus()
    person.presses("test_claims")
    person.waits_for(lambda: view.widgets[31].button.text() == "Testing…", "all tests")
    assert button.hasFocus()
    assert view.verticalScrollBar().value() == 0
    person.presses("stop_claims")


def tabs_on_show(person: Person) -> list[str]:
    visible = (tabs for tabs in person.window.findChildren(QTabWidget) if tabs.isVisible())
    return [tabs.tabText(number) for tabs in visible for number in range(tabs.count())]


def test_tab_bears_the_heading_of_its_panel(person: Person):
    person.window.desk.session.choose_training(example("adding-rnn-200"))
    person.presses("workspace_diagnose")
    person.presses("train")
    heading = "Gradient per time step"
    person.waits_for(lambda: person.window.cards["profile"].heading == heading, "the bars of time steps")
    tabs = next(
        one for one in person.window.findChildren(QTabWidget) if one.indexOf(person.window.cards["profile"]) >= 0
    )
    assert tabs.tabText(tabs.indexOf(person.window.cards["profile"])) == heading
    person.presses("workspace_train")
    person.presses("workspace_diagnose")
    tabs = next(
        one for one in person.window.findChildren(QTabWidget) if one.indexOf(person.window.cards["profile"]) >= 0
    )
    assert tabs.tabText(tabs.indexOf(person.window.cards["profile"])) == heading


def focused_panel(person: Person) -> str:
    """Returns the key of the panel that has the keyboard, "" for none."""
    person.returns_to_window()
    widget = QApplication.focusWidget()
    return next((key for key, card in person.window.cards.items() if widget and card.isAncestorOf(widget)), "")


@pytest.mark.parametrize(
    ("workspace", "panel"), [("theory", "phase"), ("diagnose", "verdict"), ("maps", "map"), ("derive", "network")]
)
def test_a_workspace_begins_with_the_keyboard_in_its_main_panel(person: Person, workspace: str, panel: str):
    person.window.desk.session.choose_training(example("digits-sigmoid-20"))  # a recurrent one has no phase diagram
    person.presses("workspace_compare")
    person.window.cards["compared_profiles"].focus_view()
    person.presses(f"workspace_{workspace}")
    person.waits_for(lambda: focused_panel(person) == panel, f"the keyboard in {panel}")


def test_a_panel_that_stays_on_show_keeps_the_keyboard(person: Person):
    person.presses("workspace_train")
    person.window.cards["heatmap"].focus_view()
    person.presses("workspace_derive")
    assert focused_panel(person) == "heatmap"


@pytest.mark.parametrize("side", ["settings", "edit_numbers", "lessons"])
def test_closing_a_side_panel_gives_the_keyboard_back(person: Person, side: str):
    person.presses("workspace_derive")
    person.window.cards["heatmap"].focus_view()
    person.presses(side)
    person.waits_for(lambda: focused_panel(person) == "", "the keyboard in the side panel")
    person.presses(side)
    person.waits_for(lambda: focused_panel(person) == "heatmap", "the keyboard back")


def test_a_button_that_greys_under_the_keyboard_leaves_it_in_its_panel(person: Person):
    person.presses("workspace_compare")
    person.presses("keep_run")
    person.waits_for_calm()
    person.waits_for(person.button("clear_comparison").isEnabled, "a run to be kept")
    person.returns_to_window()
    button = person.button("clear_comparison")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    person.waits_for(lambda: not button.isEnabled(), "an empty comparison")
    assert focused_panel(person) == "compared_runs"
    assert not button.hasFocus()
