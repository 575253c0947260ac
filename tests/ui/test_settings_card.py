"""A person edits the training settings: at once where that is possible, refused in words where it is not."""

import msgspec
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit

from tests.ui.person import Person
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.optimiser import Adam
from vgdesk.ui.chrome.side import Side
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.setting_row import SettingRow
from vgdesk.ui.panels.settings_card import TURNED, WAIT, SettingsCard
from vgdesk.ui.state.desk import make_desk

RATE, CLIPPING = "training.optimiser.learning_rate", "training.clipping"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def card(qtbot):
    """Returns a shown panel of settings and the session that it edits."""
    owner = QObject()
    desk = make_desk(owner, "light", None)
    made = SettingsCard(desk.session, desk.runs, QAction("close", owner), QAction("reset", owner))
    for piece in made.making:
        piece()
    qtbot.addWidget(made)
    owner.setParent(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made, desk.session
    desk.jobs.close()


def line(card: SettingsCard, path: str) -> QLineEdit:
    control = card.row(path).control
    assert isinstance(control, QLineEdit)
    return control


def choice(card: SettingsCard, path: str) -> Choice:
    control = card.row(path).control
    assert isinstance(control, Choice)
    return control


def types(qtbot, card: SettingsCard, path: str, text: str) -> None:
    control = line(card, path)
    control.setFocus()
    control.selectAll()
    qtbot.keyClicks(control, text)
    qtbot.keyClick(control, Qt.Key.Key_Return)


def test_a_typed_number_is_applied_when_return_is_pressed(card, qtbot):
    panel, session = card
    types(qtbot, panel, "training.steps", "250")
    assert session.training.training.steps == 250


def test_a_bad_number_stays_to_be_put_right_with_one_sentence_below_it(card, qtbot):
    panel, session = card
    types(qtbot, panel, RATE, "-1")
    row = panel.row(RATE)
    assert row.sentence == "Learning rate must be a finite number from 0 to 1,000,000,000, got -1"
    assert line(panel, RATE).text() == "-1"
    assert session.training == example("digits-sigmoid-20")
    types(qtbot, panel, RATE, "0.2")
    assert row.sentence == ""
    assert session.training.training.optimiser.learning_rate == 0.2


def test_a_sentence_is_seen_whole(card, qtbot):
    panel, _ = card
    types(qtbot, panel, "training.batch_size", "2000")
    label = next(one for one in panel.row("training.batch_size").findChildren(QLabel) if "must be" in one.text())
    qtbot.waitUntil(lambda: label.isVisible() and label.height() >= label.heightForWidth(label.width()))


def test_a_tick_that_does_not_go_is_taken_back_and_explained(card, qtbot):
    panel, _ = card
    row = panel.row("training.optimiser.nesterov")
    assert isinstance(row.control, QCheckBox)
    row.control.click()
    assert row.sentence.startswith("Nesterov's look ahead needs a momentum above 0")
    assert not row.control.isChecked()
    types(qtbot, panel, "training.optimiser.momentum", "0.9")
    row.control.click()
    assert (row.sentence, row.control.isChecked()) == ("", True)


def test_another_optimiser_brings_its_own_fields_and_the_list_keeps_the_keyboard(card, qtbot):
    panel, session = card
    optimisers = choice(panel, "training.optimiser")
    optimisers.setFocus()
    qtbot.keyClicks(optimisers, "adam")
    assert session.training.training.optimiser == Adam()
    assert "training.optimiser.beta1" in panel.paths
    assert "training.optimiser.dampening" not in panel.paths
    assert choice(panel, "training.optimiser") is QApplication.focusWidget()


def test_the_tab_key_walks_from_top_to_bottom_after_fields_have_changed(card, qtbot):
    panel, _ = card
    qtbot.keyClicks(choice(panel, "training.optimiser"), "adam")
    choice(panel, "training.optimiser").setFocus()
    qtbot.waitUntil(panel.row("training.optimiser.beta1").isVisible)
    for path in ("learning_rate", "beta1", "beta2", "epsilon", "weight_decay", "amsgrad"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is panel.row(f"training.optimiser.{path}").control


def test_a_row_that_the_keyboard_walks_to_is_scrolled_into_sight(card, qtbot):
    panel, _ = card
    panel.resize(panel.width(), 400)
    last = panel.row(panel.paths[-1]).control
    last.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(last, Qt.Key.Key_Backtab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert not focused.visibleRegion().isEmpty()


@pytest.mark.parametrize("name", EXAMPLES)
def test_showing_an_experiment_is_not_an_edit_of_it(card, name: str):
    panel, session = card
    session.choose_training(example(name))
    panel.show_experiment()
    assert session.training == example(name)


def test_the_wheel_over_a_list_chooses_nothing(card):
    panel, session = card
    box = choice(panel, "training.optimiser")
    at, keys, buttons = QPointF(box.rect().center()), Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    down, phase = QPoint(0, -240), Qt.ScrollPhase.NoScrollPhase
    turn = QWheelEvent(at, QPointF(box.mapToGlobal(at)), QPoint(), down, buttons, keys, phase, False)
    QApplication.sendEvent(box, turn)
    assert session.training == example("digits-sigmoid-20")


@pytest.mark.parametrize("name", ["digits-sigmoid-20", "adding-lstm-200"])
def test_no_control_is_wider_than_the_panel(card, name: str):
    panel, session = card
    session.choose_training(example(name))
    QApplication.processEvents()
    for path in panel.paths:
        control = panel.row(path).control
        assert control.mapTo(panel, control.rect().topRight()).x() < panel.width()


def opened(person: Person) -> SettingsCard:
    """Returns the panel of settings of a window, opened by its keys."""
    if not person.window.side.is_open:
        person.types(Qt.Key.Key_T, CTRL)
    found = person.window.findChild(SettingsCard)
    assert isinstance(found, SettingsCard)
    person.waits_for(found.isVisible, "the settings")
    return found


def test_its_keys_open_and_close_the_panel(person: Person):
    assert person.window.findChild(SettingsCard) is None
    panel = opened(person)
    assert panel.isVisible()
    assert person.window.actions_by_id["settings"].isChecked()
    assert QApplication.focusWidget() is choice(panel, "training.optimiser")
    person.presses("settings")
    assert not panel.isVisible()


def test_a_new_learning_rate_holds_from_the_next_step_on_and_the_run_goes_on(person: Person, qtbot):
    panel, runs = opened(person), person.window.desk.runs
    person.rests()
    before = runs.history.rows
    assert before > 2
    types(qtbot, panel, RATE, "0.125")
    assert runs.history.rows == before
    person.presses("step")
    person.waits_for(lambda: runs.history.rows > before, "another step")
    assert runs.history.learning_rate[0] == 0.05
    assert runs.history.learning_rate[-1] == 0.125
    assert panel.row(RATE).wait == TURNED
    assert runs.history.experiment == person.window.desk.session.training.name


def test_the_learning_rate_of_another_rule_comes_with_that_rule(person: Person, qtbot):
    panel, runs = opened(person), person.window.desk.runs
    person.rests()
    before = runs.history.rows
    qtbot.keyClicks(choice(panel, "training.optimiser"), "adagrad")
    types(qtbot, panel, RATE, "0.75")
    person.presses("step")
    person.waits_for(lambda: runs.history.rows > before, "another step")
    assert runs.history.learning_rate[-1] == 0.125
    assert panel.row("training.optimiser").wait == WAIT
    choice(panel, "training.optimiser").setFocus()
    person.chooses(choice(panel, "training.optimiser"), "SGD")


def test_clipping_changes_while_the_run_goes_on(person: Person, qtbot):
    panel, runs = opened(person), person.window.desk.runs
    person.rests()
    before = runs.history.rows
    qtbot.keyClicks(choice(panel, CLIPPING), "by norm")
    types(qtbot, panel, f"{CLIPPING}.maximum", "0.001")
    assert person.window.desk.session.training.training.clipping == ClipByNorm(maximum=0.001)
    person.presses("step")
    person.waits_for(lambda: runs.history.rows > before, "another step")
    assert not runs.history.clipped[0]
    assert runs.history.clipped[-1]


def test_another_batch_size_waits_for_the_next_reset(person: Person, qtbot):
    panel, runs = opened(person), person.window.desk.runs
    person.rests()
    before = runs.history.rows
    types(qtbot, panel, "training.batch_size", "16")
    assert panel.row("training.batch_size").wait == WAIT
    assert runs.history.rows == before
    person.presses("reset")
    person.waits_for(lambda: runs.state.value == "paused" and runs.history.rows == 1, "step 0")
    assert all(panel.row(path).wait == "" for path in panel.paths)
    assert runs.running == person.window.desk.session.training


def test_a_half_typed_number_stays_when_the_run_pauses(person: Person, qtbot):
    panel, runs = opened(person), person.window.desk.runs
    control = line(panel, RATE)
    person.presses("train")
    person.waits_for(lambda: runs.state.value == "running", "a running training")
    control.setFocus()
    control.selectAll()
    qtbot.keyClicks(control, "0.0")
    person.presses("pause")
    person.waits_for(lambda: runs.state.value == "paused", "a pause")
    assert control.text() == "0.0"
    control.undo()


def test_dropout_changes_the_network_and_so_the_run_starts_anew(person: Person, qtbot):
    panel, runs = opened(person), person.window.desk.runs
    person.presses("step")
    person.presses("step")
    person.waits_for(lambda: runs.history.rows > 2, "some steps")
    types(qtbot, panel, "network.dropout", "0.1")
    person.waits_for(lambda: runs.state.value == "paused" and runs.history.rows == 1, "step 0")
    assert runs.running == person.window.desk.session.training


def test_every_control_of_the_panel_is_named_for_a_screen_reader(person: Person):
    panel = opened(person)
    controls = [panel.row(path).control for path in panel.paths]
    assert all(control.accessibleName() for control in controls)
    assert all(control.toolTip() for control in controls)


def test_a_recorded_quantity_is_chosen_in_the_view_menu(person: Person):
    person.rests()
    menu = person.window.quantities
    menu.fill()
    offered = [action.text() for action in menu.actions()]
    person.waits_for_calm()
    words = next(text for text in offered if "∂L/∂h" in text)
    next(action for action in menu.actions() if action.text() == words).trigger()
    person.waits_for_calm()
    assert person.window.cards["heatmap"].scene.colour_label == "gradient norm |∂L/∂h|"
    menu.fill()
    assert [action.text() for action in menu.actions() if action.isChecked()] == [words]


@pytest.fixture
def desk(qapp):
    """Returns a desk with nothing on it but the first experiment."""
    owner = QObject()
    made = make_desk(owner, "light", None)
    yield made
    made.jobs.close()


def test_settings_that_are_closed_before_they_were_made_are_closed_and_the_next_key_opens_them(desk, qtbot):
    side = Side(desk, {name: QAction(name, desk.session) for name in ("settings", "reset")})
    qtbot.addWidget(side)
    turned: list[bool] = []
    side.turned.connect(lambda: turned.append(side.is_open))
    side.turn()
    side.turn()
    qtbot.waitUntil(lambda: len(turned) == 2)
    side.turn()
    assert turned == [True, False, True]


def test_a_setting_that_went_while_the_card_was_made_has_no_row(desk, qtbot):
    made = SettingsCard(desk.session, desk.runs, *(QAction(name, desk.session) for name in ("close", "reset")))
    qtbot.addWidget(made)
    pieces = made.making
    training = msgspec.structs.replace(desk.session.training.training, optimiser=Adam(learning_rate=0.01))
    desk.session.choose_training(msgspec.structs.replace(desk.session.training, name="mine", training=training))
    for piece in pieces:
        piece()
    rows = [row.setting.path for row in made.findChildren(SettingRow) if not row.isHidden()]
    assert sorted(rows) == sorted(made.paths)
