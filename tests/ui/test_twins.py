"""The layer table and the derivation's tree, walked by the keyboard like somebody who cannot see the pictures."""

import unicodedata

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from tests.ui.person import Person, spoken_name
from vgdesk.present.formula.numbers import HOVER_DIGITS
from vgdesk.ui.panels.derivation_tree_view import DerivationTreeView
from vgdesk.ui.panels.layer_table_view import LayerTableView


def table(person: Person) -> LayerTableView:
    found = person.window.findChild(LayerTableView)
    assert isinstance(found, LayerTableView)
    return found


def tree(person: Person) -> DerivationTreeView:
    found = person.window.findChild(DerivationTreeView)
    assert isinstance(found, DerivationTreeView)
    return found


def words(view: DerivationTreeView, parent: QModelIndex = QModelIndex()) -> list[str]:  # noqa: B008
    """Returns what is read aloud of every branch."""
    model, said = view.model(), []
    for row in range(model.rowCount(parent)):
        branch = model.index(row, 0, parent)
        said += [branch.data(Qt.ItemDataRole.AccessibleTextRole), *words(view, branch)]
    return said


def plain(text: str) -> str:
    """Returns numbers as programs read them: 4.7e-13 for 4.7×10⁻¹³."""
    return unicodedata.normalize("NFKC", text).replace("×10", "e").replace("−", "-")


def test_layer_table_has_a_row_per_bar_with_the_same_numbers(person: Person):
    person.rests()
    person.presses("layer_table")
    shown, bars = table(person).table, person.window.cards["profile"].scene.bars
    assert shown is not None
    told = [plain(bar.text).split(": ") for bar in bars]
    rows = [(row[0].exact, float(f"{float(row[1].exact):.{HOVER_DIGITS}g}")) for row in shown.rows]
    assert rows == [(name, float(size.partition(" (")[0])) for name, size in told]
    assert any(name.startswith("Step") for name in shown.columns)


def test_a_cell_is_read_with_the_name_of_its_column(person: Person):
    index = table(person).model().index(2, 1)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Gradient norm")
    assert table(person).model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "layer 3"


def test_arrow_keys_in_the_table_light_up_the_layer_and_enter_pins_it(person: Person):
    view = table(person)
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Down)
    current = person.window.desk.selection.current
    assert current is not None
    assert current.layer == 2
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert person.window.desk.selection.pinned == current
    person.presses("release")


def test_copied_table_has_all_digits(person: Person):
    view = table(person)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert len(rows) == view.model().rowCount() + 1
    assert float(rows[1][1]) > 0


def test_table_follows_another_network(person: Person):
    from vgdesk.spec.library import example

    person.window.desk.session.choose_training(example("spirals"))
    layers = len(example("spirals").feed_forward.layers)
    person.waits_for(lambda: table(person).model().rowCount() == layers, "its layers")


def test_tree_reads_the_derivation_aloud(person: Person):
    person.presses("derivation_tree")
    said = words(tree(person))
    assert "the partial of L by w 1 equals d 1 times d 2" in said
    assert "the partial of L by w 1 equals 0.0015" in said


def test_walking_to_a_factor_in_the_tree_lights_it_up(person: Person):
    view = tree(person)
    line = view.model().index(0, 0, view.model().index(0, 0))
    view.setFocus()
    view.setCurrentIndex(line)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    current = person.window.desk.selection.current
    assert current is not None
    assert current.factor == "d1"


def test_tree_follows_another_weight_even_while_the_derivation_is_hidden(person: Person):
    person.window.cards["profile"].focus_view()
    person.presses("maximise")
    person.window.desk.session.choose_weight("w9")
    said = "the partial of L by w 9"
    person.waits_for(lambda: any(line.startswith(said) for line in words(tree(person))), "the other weight")
    person.presses("maximise")
    person.window.desk.session.choose_weight("w1")
    person.waits_for_calm()


def test_copied_tree_is_words(person: Person):
    tree(person).setFocus()
    person.waits_for(lambda: "w 1" in words(tree(person))[1], "the weight again")
    QTest.keyClick(tree(person), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "Step 1: Chain rule." in QApplication.clipboard().text()


def test_everything_in_the_twins_that_takes_the_keyboard_has_a_name(person: Person):
    for dock in person.window.findChildren(QDockWidget):
        nameless = [
            type(widget).__name__
            for widget in dock.findChildren(QWidget)
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not spoken_name(widget)
        ]
        assert nameless == []


def test_the_same_keys_close_a_twin_again(person: Person):
    for name in ("layer_table", "derivation_tree"):
        person.waits_for(lambda name=name: person.window.twins.is_open(name), name)
        person.presses(name)
        assert not person.window.twins.is_open(name)
        assert not person.window.actions_by_id[name].isChecked()
