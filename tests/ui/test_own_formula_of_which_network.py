"""A formula of one's own is for the network that the panel at hand shows, and the dialog names it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from tests.ui.person import Person
from vgdesk.spec.library import example
from vgdesk.ui.panels.formula_dialog import FormulaDialog


def asked_in(person: Person, panel: str) -> FormulaDialog:
    """Presses Ctrl+Alt+G with the keyboard in a panel."""
    person.window.desk.session.choose_formula(example("insurance"))
    person.window.desk.session.choose_training(example("digits-sigmoid-20"))
    person.returns_to_window()
    person.window.cards[panel].focus_view()
    person.presses("own_activation")
    return next(one for one in person.window.toolbar.findChildren(FormulaDialog) if one.isVisible())


def uses(dialog: FormulaDialog, formula: str) -> None:
    QTest.keyClicks(dialog.formula, formula)
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def hidden_activations(experiment) -> set[str]:
    return {layer.activation for layer in experiment.network.layers[:-1]}


def test_from_the_diagram_the_small_network_on_show_takes_it(person: Person):
    dialog = asked_in(person, "network")
    assert dialog.windowTitle() == "Your own activation: Will this person buy insurance?"
    assert dialog.focusWidget() is dialog.formula
    uses(dialog, "z/(1 + abs(z))")
    assert hidden_activations(person.window.desk.session.formula) == {"formula: z/(1 + abs(z))"}
    assert person.window.desk.session.training == example("digits-sigmoid-20")


def test_it_can_be_undone(person: Person):
    uses(asked_in(person, "network"), "tanh(2*z)")
    person.presses("undo")
    assert person.window.desk.session.formula == example("insurance")


def test_from_a_plot_of_the_run_the_trained_network_takes_it(person: Person):
    dialog = asked_in(person, "profile")
    assert dialog.windowTitle().startswith("Your own activation: Sigmoid, 20 layers")
    uses(dialog, "z/(1 + abs(z))")
    assert hidden_activations(person.window.desk.session.training) == {"formula: z/(1 + abs(z))"}
    assert person.window.desk.session.formula == example("insurance")


def test_the_other_network_can_be_taken_from_the_list(person: Person):
    dialog = asked_in(person, "network")
    person.chooses(dialog.networks, "Sigmoid, 20 layers")
    assert dialog.windowTitle().startswith("Your own activation: Sigmoid, 20 layers")
    uses(dialog, "tanh(2*z)")
    assert hidden_activations(person.window.desk.session.training) == {"formula: tanh(2*z)"}
    assert person.window.desk.session.formula == example("insurance")


def test_a_typed_formula_stays_where_the_other_network_is_taken(person: Person):
    dialog = asked_in(person, "network")
    QTest.keyClicks(dialog.formula, "sin(z)")
    person.chooses(dialog.networks, "Sigmoid, 20 layers")
    assert dialog.formula.text() == "sin(z)"
    dialog.reject()
