"""The bound of a chain at the window: asked for with mouse and keyboard, told in sentences."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QDialogButtonBox

from tests.ui.person import Person, spoken_name
from vgdesk.ui.panels.bounds_dialog import BoundsDialog
from vgdesk.ui.panels.formula_dialog import FormulaDialog
from vgdesk.ui.typeset import WORD_JOINER


def opened(person: Person) -> BoundsDialog:
    person.presses("show_bounds")
    dialog = person.window.findChild(BoundsDialog)
    assert isinstance(dialog, BoundsDialog)
    return dialog


def told(dialog: BoundsDialog) -> str:
    return dialog.words.text().replace(WORD_JOINER, "")


def says(person: Person, dialog: BoundsDialog, words: str) -> None:
    person.waits_for(lambda: words in told(dialog), words)


def types(field: QAbstractSpinBox, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_the_first_question_is_about_the_network_on_show(person: Person):
    dialog = opened(person)
    says(person, dialog, "sigmoid: max|φ′| = 0.25 (at z = 0)")
    assert "2 layers: at most 6.25×10⁻²; for ever more layers this bound vanishes" in told(dialog)
    assert "neither shrinks nor grows, at the steepest point, for |w| = 4" in told(dialog)
    assert opened(person) is dialog
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    person.waits_for(lambda: person.window.findChild(BoundsDialog) is None, "the dialog closed")


def test_weight_depth_and_activation_are_followed(person: Person):
    dialog = opened(person)
    types(dialog.layers, "64")
    says(person, dialog, "64 layers: at most 2.94×10⁻³⁹")
    assert "from 64 layers on the bound is below float32's smallest normal number, 2⁻¹²⁶" in told(dialog)
    types(dialog.weight, "4")
    says(person, dialog, "this bound stays 1")
    person.chooses(dialog.activations, "tanh")
    says(person, dialog, "this bound grows without bound")
    assert "overflows float64 (largest 1.8×10³⁰⁸)" in told(dialog)
    assert [spoken_name(field) for field in (dialog.weight, dialog.layers)] == [
        "Weight of every layer",
        "Number of layers",
    ]
    assert dialog.activations.accessibleName() == "Activation"
    dialog.close()


def test_a_formula_of_ones_own_has_its_bound_too(person: Person):
    dialog = opened(person)
    person.chooses(dialog.activations, "Your own formula")
    asking = dialog.findChild(FormulaDialog)
    assert isinstance(asking, FormulaDialog)
    QTest.keyClicks(asking.formula, "2*tanh(z)")
    QTest.mouseClick(asking.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    says(person, dialog, "max|φ′| = 2 (at z = 0)")
    assert "neither shrinks nor grows, at the steepest point, for |w| = 0.5" in told(dialog)
    dialog.close()
