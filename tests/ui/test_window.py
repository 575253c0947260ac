"""The real window with its real processes, used like a person uses it. The tests follow each other in one window."""

import os
import signal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QSplitter, QTableWidget, QWidget

from tests.ui.person import Person, spoken_name
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.actions.palette import Palette
from vgdesk.ui.state.selection import Reference

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def test_first_sight_is_the_insurance_derivation_beside_a_deep_network_in_training(person: Person):
    derivation = person.window.desk.formulas.derivation
    assert derivation is not None
    assert abs(derivation.value - 0.0015) < 1e-15
    assert "0.0015" in person.view("derivation").accessibleDescription()
    assert "20 layers" in person.subject("profile")
    assert person.window.desk.runs.state.value == "running"


def test_first_sight_lights_the_first_factor(person: Person):
    current = person.window.desk.selection.current
    assert current is not None
    assert current.factor == "d1"


def test_bars_are_seen(person: Person):
    blue = np.array([0x3A, 0x6C, 0xB3])
    seen = person.looks_at(person.view("profile"))[:, :, :3].astype(int)
    assert (np.abs(seen - blue).sum(axis=2) < 12).mean() > 0.03


def test_check_of_the_gradients_is_shown(person: Person):
    badge = person.window.cards["derivation"].badge  # pyright: ignore[reportAttributeAccessIssue]
    assert badge.isVisible()
    assert "three ways" in badge.text()
    assert badge.toolTip()


def test_space_resumes_and_pauses(person: Person):
    person.rests()
    person.window.setFocus()
    person.types(Qt.Key.Key_Space)
    person.waits_for(lambda: person.window.desk.runs.state.value == "running", "going on")
    person.types(Qt.Key.Key_Space)
    person.waits_for(lambda: person.window.desk.runs.state.value == "paused", "a pause")


def test_paused_training_keeps_its_bars(person: Person):
    person.rests()
    before = person.looks_at(person.view("profile"))
    QTest.qWait(100)
    assert np.array_equal(before, person.looks_at(person.view("profile")))


def test_train_button_makes_the_bars_move(person: Person):
    person.rests()
    before, steps = person.looks_at(person.view("profile")), person.window.desk.runs.steps
    QTest.mouseClick(person.button("train"), Qt.MouseButton.LeftButton)
    person.waits_for(lambda: person.window.desk.runs.steps > steps + 5, "more steps")
    person.rests()
    assert not np.array_equal(before, person.looks_at(person.view("profile")))


def test_one_step_is_one_row(person: Person):
    person.rests()
    steps = person.window.desk.runs.steps
    QTest.mouseClick(person.button("step"), Qt.MouseButton.LeftButton)
    person.waits_for(lambda: person.window.desk.runs.steps == steps + 1, "one more row")
    assert person.window.desk.runs.state.value == "paused"


def test_click_on_a_bar_shows_that_layers_formula_and_esc_returns(person: Person):
    person.rests()
    person.clicks("profile", lambda reference: reference.layer == 3)
    person.waits_for(lambda: "layer 3" in person.subject("network"), "the trained network")
    person.waits_for_calm()
    assert "layer 3" in person.view("derivation").accessibleName()
    person.types(Qt.Key.Key_Escape)
    person.waits_for(lambda: "layer" not in person.subject("network"), "the small network")
    person.waits_for_calm()
    assert "0.0015" in person.view("derivation").accessibleDescription()


def test_click_on_an_edge_derives_its_weight_and_shows_its_own_gradients(person: Person):
    person.clicks("network", lambda r: r.place is not None and r.place.kind is PlaceKind.EDGE and r.place.layer == 2)
    person.waits_for(lambda: person.window.desk.session.weight == "w9", "another weight")
    person.waits_for(lambda: "insurance" in person.subject("profile"), "the small network's own gradients")
    person.waits_for(lambda: person.view("derivation").accessibleName().endswith("w9"), "another derivation")
    person.types(Qt.Key.Key_Escape)
    person.waits_for(lambda: "20 layers" in person.subject("profile"), "the training")


def test_weight_is_chosen_from_the_list(person: Person):
    person.presses("choose_weight")
    popup = person.window.weights.view()
    person.waits_for(popup.isVisible, "the list")
    QTest.keyClick(popup, Qt.Key.Key_Home)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    person.waits_for(lambda: person.window.desk.session.weight == "w1", "the first weight")
    person.waits_for_calm()


def test_pointing_at_a_cell_turns_the_bars_to_its_step(person: Person):
    person.rests()
    last, pointed = person.window.desk.runs.history.step_numbers[-1], []

    def is_former(reference: Reference) -> bool:
        pointed.append(reference.step)
        return reference.step is not None and 0 < reference.step < last

    person.clicks("heatmap", is_former)
    person.waits_for(lambda: person.subject("profile").endswith(f"step {pointed[-1]}"), "the bars of that step")
    person.types(Qt.Key.Key_Escape)
    person.points_elsewhere()
    person.waits_for(lambda: person.subject("profile").endswith(f"step {last}"), "the latest bars")


def test_other_activation_trains_another_network_under_its_true_name(person: Person):
    person.chooses(person.window.toolbar.activations, "tanh")
    assert person.window.desk.session.training.name == "digits-tanh-20"
    person.waits_for(lambda: "Tanh" in person.subject("profile"), "the other network")
    person.waits_for(lambda: person.window.desk.runs.steps > 0, "its first row")
    person.chooses(person.window.toolbar.networks, "Sigmoid, 20")
    assert person.window.desk.session.training.name == "digits-sigmoid-20"


def test_every_entry_of_every_list_is_seen_whole(person: Person):
    boxes = [box for box in person.window.findChildren(QComboBox) if box.isVisible()]
    assert len(boxes) >= 5
    for box in boxes:
        entries = [box.itemText(number) for number in range(box.count())]
        assert person.reads_list(box) == entries, box.accessibleName()


def test_words_without_room_end_in_an_ellipsis(person: Person):
    box = person.window.toolbar.networks
    whole = person.looks_at(box)
    box.setFixedWidth(110)
    QApplication.processEvents()
    room = slice(84, 96)  # where a letter cut in two would stand
    assert not np.array_equal(person.looks_at(box)[:, room], whole[:, room])
    box.setMinimumWidth(0)
    box.setMaximumWidth(300)


def test_checked_entries_show_their_mark_and_no_icon(person: Person):
    checkable = [action for action in person.window.actions_by_id.values() if action.isCheckable()]
    assert checkable
    assert not any(action.isIconVisibleInMenu() for action in checkable)


def test_shortcuts_page_names_every_key_once(person: Person):
    person.presses("shortcuts")
    table = person.window.findChild(QTableWidget)
    rows = [(table.item(row, 0).text(), table.item(row, 1).text()) for row in range(table.rowCount())]
    assert ("F5", "Train the network") in rows
    table.window().close()


def test_palette_finds_and_runs_a_command(person: Person):
    person.types(Qt.Key.Key_P, CTRL_SHIFT)
    palette = person.window.findChild(Palette)
    assert palette is not None
    QTest.keyClicks(palette.search, "view train")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    person.waits_for(lambda: person.window.stage.workspace == "train", "the other workspace")
    assert not person.window.cards["network"].isVisible()
    person.types(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    person.waits_for(lambda: person.window.cards["network"].isVisible(), "the first workspace")


def test_dark_theme_darkens_the_window(person: Person):
    bright = person.looks_at()[:, :, :3].mean()
    person.types(Qt.Key.Key_T, CTRL_SHIFT)
    person.waits_for_calm()
    assert person.looks_at()[:, :, :3].mean() < bright / 3
    person.presses("theme")


def test_maximised_panel_has_the_whole_room(person: Person):
    before = [key for key, card in person.window.cards.items() if card.isVisible()]
    person.view("loss").setFocus()
    person.types(Qt.Key.Key_M, CTRL_SHIFT)
    assert [key for key, card in person.window.cards.items() if card.isVisible()] == ["loss"]
    person.types(Qt.Key.Key_M, CTRL_SHIFT)
    assert [key for key, card in person.window.cards.items() if card.isVisible()] == before
    assert before == ["network", "derivation", "profile", "heatmap", "loss"]


def test_f6_walks_through_the_panels(person: Person):
    person.view("network").setFocus()
    seen = []
    for _ in range(5):
        person.types(Qt.Key.Key_F6)
        seen.append(person.window.stage.current)
    assert seen == ["derivation", "profile", "heatmap", "loss", "network"]


def test_full_speed_leaves_the_window_answering(person: Person):
    person.window.toolbar.speed.setValue(person.window.toolbar.speed.maximum())
    person.presses("restart")
    person.waits_for(lambda: person.window.desk.runs.state.value == "finished", "the end of the run")
    assert person.window.desk.runs.history.rows == person.window.desk.session.training.training.steps
    person.waits_for_calm()
    assert "completed" in person.status()


def test_copied_latex_is_on_the_clipboard(person: Person):
    person.types(Qt.Key.Key_C, CTRL_SHIFT)
    assert "\\partial" in QApplication.clipboard().text()


def test_the_two_lists_of_networks_say_which_network_they_choose(person: Person):
    names = {box.accessibleName() for box in person.window.findChildren(QComboBox)}
    assert {"Trained network", "Derived network"} <= names
    words = {label.text() for label in person.window.findChildren(QLabel) if label.isVisible()}
    assert {"Trained", "Derived"} <= words


def test_window_is_named_after_what_is_trained(person: Person):
    assert person.window.windowTitle() == f"{person.window.desk.session.training.title} – vgdesk"


def test_explanations_of_heat_map_and_loss_are_shown(person: Person):
    scene = person.window.cards["heatmap"].scene
    assert scene.subtitle
    assert person.subject("heatmap").endswith(scene.subtitle)
    labels = person.window.cards["loss"].findChildren(QLabel)
    person.waits_for(
        lambda: person.window.cards["loss"].scene.subtitle in [label.toolTip() for label in labels], "the explanation"
    )


def test_everything_that_takes_the_keyboard_has_a_name(person: Person):
    nameless = [
        widget
        for widget in person.window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not spoken_name(widget)
    ]
    assert [(type(widget).__name__, widget.objectName(), widget.parent()) for widget in nameless] == []


def test_moved_border_comes_back_with_the_layout_reset(person: Person):
    splitter = person.window.stage.findChild(QSplitter)
    designed = splitter.sizes()
    splitter.moveSplitter(splitter.sizes()[0] + 120, 1)
    assert splitter.sizes() != designed
    person.presses("reset_layout")
    person.waits_for(lambda: person.window.stage.findChild(QSplitter).sizes() == designed, "the designed borders")


def test_pointing_at_a_unit_lights_the_gradient_that_arrives_there(person: Person):
    before = person.looks_at(person.view("derivation"))
    person.points_at("network", lambda r: r.place == Place(PlaceKind.UNIT, 1, 1))
    assert not np.array_equal(before, person.looks_at(person.view("derivation")))
    person.points_elsewhere()


def test_small_example_is_derived_and_trained(person: Person):
    person.presses("new_from_example")
    palette = person.window.findChild(Palette)
    QTest.keyClicks(palette.search, "mazur")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    person.waits_for(lambda: "Mazur" in person.subject("derivation"), "the other derivation")
    person.waits_for(lambda: "Mazur" in person.subject("profile"), "the other profile")
    assert person.window.desk.session.is_shared
    person.presses("train")
    person.waits_for(lambda: person.window.desk.runs.steps > 2, "some steps")
    person.waits_for_calm()
    assert person.subject("derivation").endswith("at the start values")


def test_worker_that_died_is_reported_and_nothing_drawn_is_lost(person: Person):
    person.window.toolbar.speed.setValue(15)  # slow enough to be still at it
    person.presses("restart")
    person.waits_for(lambda: person.window.desk.runs.steps > 3, "some steps")
    os.kill(person.window.desk.jobs.pids[0], signal.SIGKILL)
    person.waits_for(lambda: "training process" in person.message(), "a message")
    person.waits_for_calm()
    assert person.window.desk.runs.steps > 3
    assert person.window.cards["profile"].scene is not None
    person.waits_for(lambda: "stopped unexpectedly" in person.status(), "what happened")
    person.presses("restart")
    person.waits_for(lambda: person.window.desk.runs.state.value in ("running", "finished"), "a new run")
    person.waits_for_calm()
    assert "unexpectedly" not in person.status()
    assert person.message() == ""
