"""A person draws a network of their own, by mouse, by keyboard and in the table, and takes it all back."""

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QTabWidget

from tests.agreement.test_symbolic_networks import small_sequence
from tests.ui.person import Person
from tests.ui.pointer import double_click
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.spec import edit
from vgdesk.spec.initialisation import Glorot
from vgdesk.spec.library import example
from vgdesk.spec.recurrent import VanillaCell
from vgdesk.ui.fonts import text_font
from vgdesk.ui.panels.diagram_editor import DiagramEditor
from vgdesk.ui.panels.network_table import NetworkTable


def board(person: Person) -> DiagramEditor:
    view = person.view("network")
    assert isinstance(view, DiagramEditor)
    return view


def presses_plus(person: Person, adds: str, layer: int) -> None:
    person.waits_for_calm()
    handle = next(one for one in board(person).handles if (one.adds, one.layer) == (adds, layer))
    QTest.mouseClick(board(person), Qt.MouseButton.LeftButton, pos=handle.area.center().toPoint())
    person.waits_for_calm()


def begins_anew(person: Person) -> None:
    person.presses("new_network")
    waits_for_numbers(person)


def waits_for_numbers(person: Person) -> None:
    person.waits_for(lambda: person.window.desk.formulas.start is not None, "the derivation")
    person.waits_for_calm()


def draws_two_two_one(person: Person) -> None:
    begins_anew(person)
    presses_plus(person, "unit", 0)
    presses_plus(person, "layer", 0)
    presses_plus(person, "unit", 1)
    waits_for_numbers(person)


def widths(person: Person) -> tuple[int, ...]:
    return person.window.desk.session.formula.feed_forward.widths


def test_a_layer_is_like_its_hidden_neighbour_whether_button_or_key_adds_it(person: Person):
    insurance = edit.with_layer_option(example("insurance"), 1, "activation", "tanh")
    person.window.desk.session.choose_formula(msgspec.structs.replace(insurance, name="two-tanh"))
    waits_for_numbers(person)
    person.presses("edit_network")
    presses_plus(person, "layer", 1)
    QTest.keyClick(board(person), Qt.Key.Key_L)
    layers = person.window.desk.session.formula.feed_forward.layers
    assert [(layer.width, layer.activation) for layer in layers[:-1]] == [(2, "tanh")] * 3


def unit(layer: int, number: int) -> Place:
    return Place(PlaceKind.UNIT, layer, number)


def clicks_unit(person: Person, layer: int, number: int) -> None:
    person.waits_for_calm()
    person.clicks("network", lambda reference: reference.place == unit(layer, number))


def table(person: Person) -> NetworkTable:
    person.presses("network_table")
    made = [one for one in person.window.findChildren(NetworkTable) if one.isVisible()][-1]
    pages = [page.table for page in (made.layers, made.units, made.weights, made.examples)]
    person.waits_for(lambda: all(page.rowCount() > 0 for page in pages), "the pages, one after the other")
    person.waits_for(lambda: made.weights.table.item(0, 4).text() != "", "the numbers")
    return made


def test_clicks_build_a_two_two_one_network_from_nothing_and_its_derivation_appears(person: Person):
    draws_two_two_one(person)
    assert widths(person) == (2, 2, 1)
    derivation = person.window.desk.formulas.derivation
    assert derivation is not None
    assert derivation.experiment == person.window.desk.session.formula.name
    assert [len(h) for h in derivation.state.activations] == [2, 2, 1]
    assert person.window.cards["derivation"].scene is not None
    person.waits_for(lambda: person.window.desk.formulas.verification is not None, "the check")
    assert person.window.desk.formulas.verification.passed


def test_clicks_on_two_units_remove_and_add_their_connection(person: Person):
    draws_two_two_one(person)
    for expected in ((2,), (1, 2)):
        clicks_unit(person, 0, 1)
        clicks_unit(person, 1, 1)
        assert person.window.desk.session.formula.feed_forward.layer_sources(1, 1) == expected


def test_delete_removes_the_chosen_unit_and_undo_brings_it_back(person: Person):
    draws_two_two_one(person)
    before = person.window.desk.session.contents
    clicks_unit(person, 1, 2)
    QTest.keyClick(board(person), Qt.Key.Key_Delete)
    assert widths(person) == (2, 1, 1)
    assert person.window.actions_by_id["undo"].text() == "&Undo remove unit"
    person.presses("undo")
    assert person.window.desk.session.contents == before
    person.presses("redo")
    assert widths(person) == (2, 1, 1)


def test_everything_can_be_drawn_by_keyboard(person: Person):
    begins_anew(person)
    board(person).setFocus()
    for key, expected in (("+", (2, 1)), ("l", (2, 1, 1))):
        QTest.keyClicks(board(person), key)
        assert widths(person) == expected
        person.waits_for_calm()
    QTest.keyClick(board(person), Qt.Key.Key_Escape)
    assert not person.window.desk.editor.is_on


def test_a_double_click_renames_a_unit(person: Person):
    draws_two_two_one(person)
    circle = next(index for index, node in enumerate(board(person)._scene.nodes) if node.place == unit(1, 1))
    centre = board(person)._layout.centre(circle).toPoint()
    double_click(board(person), QPoint(centre))
    line = next(one for one in board(person).findChildren(QLineEdit) if one.isVisible())
    line.selectAll()
    QTest.keyClicks(line, "Attention")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert person.window.desk.session.formula.feed_forward.unit_name(1, 1) == "Attention"


def test_a_refused_edit_says_why_and_changes_nothing(person: Person):
    begins_anew(person)
    clicks_unit(person, 1, 1)
    QTest.keyClick(board(person), Qt.Key.Key_Delete)
    assert "outputs must be at least 1" in person.message()
    assert widths(person) == (1, 1)


def test_a_weight_typed_into_the_table_reaches_the_derivation(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.weights.table.item(0, 4).setText("2.5")
    waits_for_numbers(person)
    assert person.window.desk.formulas.start.weights[0][0, 0] == 2.5
    assert person.window.actions_by_id["undo"].text() == "&Undo change w1"
    dialog.reject()


def test_no_number_in_the_table_is_refused_and_the_old_one_comes_back(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    shown = dialog.weights.table.item(0, 4).text()
    for typed, must in (("much", "a number"), ("1_0", "a number"), ("1e400", "a number up to 1.8e308 in size")):
        dialog.weights.table.item(0, 4).setText(typed)
        assert f"w1 must be {must}, got {typed!r}" in dialog.words.text()
        assert person.message() == ""  # above the panels of the window, behind the dialog, it is not told again
    person.waits_for(lambda: dialog.weights.table.item(0, 4).text() == shown, "the old number")
    dialog.reject()


def test_the_table_takes_connections_widths_and_examples(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.weights.table.item(1, 0).setCheckState(Qt.CheckState.Unchecked)
    assert person.window.desk.session.formula.feed_forward.layer_sources(1, 1) == (1,)
    dialog.layers.table.item(1, 1).setText("3")
    assert widths(person) == (2, 3, 1)
    dialog.examples.table.item(0, 2).setText("0.25")
    assert person.window.desk.session.formula.task.targets == ((0.25,),)
    dialog.reject()


def test_a_refusal_quotes_the_letters_that_were_typed(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.examples.table.item(0, 0).setText("0x10")
    assert dialog.words.text() == "an input must be a number, got '0x10'"
    for font in (dialog.words.font(), text_font(12)):
        metrics = QFontMetricsF(font)
        assert metrics.horizontalAdvance("0x10") != metrics.horizontalAdvance("0×10"), (
            "the font made another sign of it"
        )
    dialog.reject()


def test_the_refused_width_has_the_name_of_its_column(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.layers.table.item(1, 1).setText("0")
    assert dialog.words.text().startswith(f"{dialog.layers.table.horizontalHeaderItem(1).text().lower()} of layer 1")
    dialog.reject()


def test_a_refusal_of_the_table_is_told_in_the_table_until_the_network_is_another_one(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.layers.table.item(1, 1).setText("0")
    refusal = dialog.words.text()
    assert "width of layer 1 must be" in refusal
    person.waits_for(lambda: dialog.layers.table.item(1, 1).text() == "2", "the old width")
    assert (dialog.words.text(), person.message()) == (refusal, "")
    person.window.actions_by_id["undo"].trigger()
    person.waits_for(lambda: dialog.words.text() == "", "the refusal of another network to go")
    dialog.reject()


def test_redo_has_two_pairs_of_keys(person: Person):
    keys = [keys.toString() for keys in person.window.actions_by_id["redo"].shortcuts()]
    assert keys == ["Ctrl+Shift+Z", "Ctrl+Y"]


def test_an_opened_example_is_undone_with_everything_it_replaced(person: Person):
    before = person.window.desk.session.contents
    person.window.desk.session.open(example("mazur"))
    QApplication.processEvents()
    person.presses("undo")
    assert person.window.desk.session.contents == before


def activations(person: Person) -> tuple[str, ...]:
    network = person.window.desk.session.formula.feed_forward
    return tuple(network.activation_of(1, number) for number in range(1, network.widths[1] + 1))


def centre_of(person: Person, place: Place) -> QPoint:
    circle = next(index for index, node in enumerate(board(person)._scene.nodes) if node.place == place)
    return board(person)._layout.centre(circle).toPoint()


def open_list(person: Person) -> QMenu:
    person.waits_for(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "the list of activations")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    return popup


def takes(menu: QMenu, words: str) -> None:
    """Clicks an entry of an open list."""
    entry = next(action for action in menu.actions() if action.text() == words)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())


def right_clicks(person: Person, place: Place) -> None:
    person.waits_for_calm()
    at = centre_of(person, place)
    reason, view = QContextMenuEvent.Reason.Mouse, board(person)
    QApplication.sendEvent(view, QContextMenuEvent(reason, at, view.mapToGlobal(at)))


def test_a_right_click_gives_a_unit_an_activation_that_the_diagram_and_the_check_know(person: Person):
    draws_two_two_one(person)
    right_clicks(person, unit(1, 2))
    menu = open_list(person)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["sigmoid"]
    takes(menu, "ReLU")
    assert activations(person) == ("sigmoid", "relu")
    assert person.window.actions_by_id["undo"].text() == "&Undo change activation"
    waits_for_numbers(person)
    notes = [node.note for node in board(person)._scene.nodes if node.place.kind is PlaceKind.UNIT]
    assert notes == ["", "", "sigmoid", "ReLU", "sigmoid"]
    person.waits_for(lambda: person.window.desk.formulas.verification is not None, "the check")
    assert person.window.desk.formulas.verification.passed


def test_the_key_a_lists_activations_for_the_unit_that_arrows_reached(person: Person):
    draws_two_two_one(person)
    clicks_unit(person, 1, 1)
    QTest.keyClick(board(person), Qt.Key.Key_A)
    menu = open_list(person)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert activations(person) == ("tanh", "sigmoid")


def test_the_menu_lists_activations_for_the_chosen_unit(person: Person):
    draws_two_two_one(person)
    clicks_unit(person, 1, 1)
    person.presses("unit_activation")
    takes(open_list(person), "GELU")
    assert activations(person) == ("gelu", "sigmoid")


def test_without_a_chosen_unit_the_menu_says_what_to_do(person: Person):
    draws_two_two_one(person)
    person.points_elsewhere()
    person.presses("unit_activation")
    assert "a unit must be chosen first" in person.message()
    assert QApplication.activePopupWidget() is None


def test_a_unit_takes_a_formula_of_ones_own(person: Person):
    draws_two_two_one(person)
    right_clicks(person, unit(1, 1))
    takes(open_list(person), "Your own formula…")
    line = next(one for one in board(person).findChildren(QLineEdit) if one.isVisible())
    QTest.keyClicks(line, "z/(1 + exp(-z))")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert activations(person) == ("formula: z/(1 + exp(-z))", "sigmoid")
    person.waits_for_calm()
    right_clicks(person, unit(1, 1))
    takes(open_list(person), "Your own formula…")
    line = next(one for one in board(person).findChildren(QLineEdit) if one.isVisible())
    assert line.text() == "z/(1 + exp(-z))"


def test_prelu_for_a_single_unit_is_refused_in_one_sentence(person: Person):
    draws_two_two_one(person)
    right_clicks(person, unit(1, 1))
    takes(open_list(person), "PReLU")
    assert "whose slope is learned for the whole layer" in person.message()
    assert activations(person) == ("sigmoid", "sigmoid")


def test_the_table_of_units_takes_activations_and_names(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.units.table.item(1, 3).setText("elu(0.5)")
    dialog.units.table.item(0, 2).setText("Attention")
    assert activations(person) == ("sigmoid", "elu(0.5)")
    assert person.window.desk.session.formula.feed_forward.unit_name(1, 1) == "Attention"
    dialog.units.table.item(1, 3).setText("tan")
    assert "activation of unit 2 must be one of sigmoid" in dialog.words.text()
    person.waits_for(lambda: dialog.units.table.item(1, 3).text() == "elu(0.5)", "the old activation")
    assert dialog.layers.table.cellWidget(1, 2).currentText() == "unit by unit"
    person.chooses(dialog.layers.table.cellWidget(1, 2), "tanh")
    assert activations(person) == ("tanh", "tanh")
    dialog.reject()


def edits_an_activation_in_the_table(person: Person) -> NetworkTable:
    draws_two_two_one(person)
    dialog = table(person)
    dialog.findChild(QTabWidget).setCurrentWidget(dialog.units)
    page = dialog.units.table
    page.setCurrentCell(1, 3)
    page.editItem(page.item(1, 3))
    return dialog


def test_a_cell_of_the_table_of_units_lists_activations_while_it_is_edited(person: Person):
    dialog = edits_an_activation_in_the_table(person)
    box = next(one for one in dialog.units.table.findChildren(QComboBox) if one.isVisible())
    assert box.currentText() == "sigmoid"
    person.chooses(box, "softplus")
    assert activations(person) == ("sigmoid", "softplus")
    dialog.reject()


def test_the_table_may_be_closed_while_an_activation_is_typed(person: Person):
    dialog = edits_an_activation_in_the_table(person)
    dialog.reject()
    QApplication.processEvents()
    assert activations(person) == ("sigmoid", "sigmoid")


def test_a_recurrent_network_has_no_units_of_their_own_and_says_so(person: Person):
    person.window.desk.session.choose_formula(small_sequence(VanillaCell()))
    person.waits_for_calm()
    board(person).ask_activation(unit(1, 1))
    assert "has a recurrent network; all units of it are alike" in person.message()


def numbers(person: Person) -> tuple[list[list[float]], list[list[float]]]:
    state = person.window.desk.formulas.start
    assert state is not None
    return [W.tolist() for W in state.weights], [b.tolist() for b in state.biases]


def test_a_new_unit_leaves_every_other_number_on_screen_and_undo_brings_the_rule_back(person: Person):
    draws_two_two_one(person)
    experiment, (weights, biases) = person.window.desk.session.formula, numbers(person)
    presses_plus(person, "unit", 1)
    waits_for_numbers(person)
    now, offsets = numbers(person)
    assert now[0][:2] == weights[0]
    assert [row[:2] for row in now[1]] == weights[1]
    assert (offsets[0][:2], offsets[1]) == (biases[0], biases[1])
    person.presses("undo")
    waits_for_numbers(person)
    assert person.window.desk.session.formula == experiment
    assert numbers(person) == (weights, biases)


def test_a_formula_of_ones_own_is_asked_for_by_an_action(person: Person):
    person.presses("own_activation")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.windowTitle() == "Your own activation: My network"
    dialog.close()


def test_every_layer_of_a_deep_network_gets_its_lists_in_the_table(person: Person):
    session, chain = person.window.desk.session, example("chain-flat")
    layers = (chain.feed_forward.layers[0],) * 20
    network = msgspec.structs.replace(chain.feed_forward, layers=layers)
    session.open(msgspec.structs.replace(chain, name="long", network=network, initialisation=Glorot()))
    rows = table(person).layers.table
    person.waits_for(lambda: all(rows.cellWidget(row, 2) for row in range(1, 21)), "a list in every row")
    person.chooses(rows.cellWidget(19, 2), "relu")
    assert session.formula.feed_forward.layers[18].activation == "relu"
