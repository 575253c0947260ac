"""A person types an activation of their own."""

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialogButtonBox

from vgdesk.engine.events import FormulaChecked
from vgdesk.errors import SpecError
from vgdesk.spec.activation import FORMULA
from vgdesk.ui.chrome.toolbar import BUTTONS, LAST_BUTTONS, Toolbar
from vgdesk.ui.panels.formula_dialog import CHECKING, FormulaDialog
from vgdesk.ui.state.desk import make_desk
from vgdesk.ui.state.own_formulas import FormulaUse
from vgdesk.ui.theme import LIGHT


@pytest.fixture
def opened(qtbot):
    """Returns the dialog as the toolbar opens it, and the session."""
    owner = QObject()
    desk = make_desk(owner, "light", None)
    toolbar = Toolbar(desk, {name: QAction(name, owner) for name in (*BUTTONS, *LAST_BUTTONS, "palette")})
    qtbot.addWidget(toolbar)
    owner.setParent(toolbar)
    with qtbot.waitExposed(toolbar):
        toolbar.show()
    desk.jobs.begin()
    qtbot.keyClicks(toolbar.activations, "your own")
    dialog = toolbar.findChild(FormulaDialog)
    with qtbot.waitExposed(dialog):
        pass
    yield dialog, toolbar, desk
    desk.jobs.close()


def use_button(dialog):
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)


def test_a_typed_formula_becomes_the_activation_of_the_hidden_layers(opened, qtbot):
    dialog, toolbar, desk = opened
    qtbot.keyClicks(dialog.formula, "z/(1 + abs(z))")
    qtbot.mouseClick(use_button(dialog), Qt.MouseButton.LeftButton)
    layers = desk.session.training.network.layers
    assert {layer.activation for layer in layers[:-1]} == {"formula: z/(1 + abs(z))"}
    assert toolbar.activations.currentText() == "z/(1 + abs(z))"
    assert desk.session.training.title.startswith("z/(1 + abs(z)), ")


def test_what_cannot_be_read_is_said_while_it_is_typed_and_cannot_be_used(opened, qtbot):
    dialog, _, desk = opened
    before = desk.session.training
    qtbot.keyClicks(dialog.formula, "z.real")
    assert dialog.words.text() == "attribute access has no meaning in a formula (position 2)"
    assert not use_button(dialog).isEnabled()
    dialog.formula.selectAll()
    qtbot.keyClicks(dialog.formula, "log(z)")
    qtbot.mouseClick(use_button(dialog), Qt.MouseButton.LeftButton)
    assert "is no real number where z is not positive" in dialog.words.text()
    assert dialog.isVisible()
    assert desk.session.training == before


def test_the_behaviour_appears_when_the_formula_rests(opened, qtbot):
    dialog, _, _ = opened
    qtbot.keyClicks(dialog.formula, "z*tanh(log(1+exp(z)))")
    qtbot.waitUntil(lambda: "max |φ′|  1.0885 at z = 1.49057" in dialog.words.text())


def test_the_kernel_of_the_formula_is_checked_and_the_check_is_shown(opened, qtbot):
    dialog, _, _ = opened
    qtbot.keyClicks(dialog.formula, "where(z > 0, z, 0.5*z)")
    qtbot.waitUntil(lambda: "check  passed at 33 points against 60 digits" in dialog.words.text())
    assert dialog.words.text().endswith("kernel 0")
    assert dialog.words.text().count("check  ") == 1


def test_a_refusal_stays_when_the_check_of_the_kernel_comes_after_it(opened, qtbot):
    _, toolbar, desk = opened

    def refuse(formula: str) -> None:
        raise SpecError(f"nobody takes {formula}")

    dialog = FormulaDialog(toolbar, (FormulaUse("a network", "", refuse),), desk.jobs, desk.themes)
    dialog.show()
    qtbot.keyClicks(dialog.formula, "where(z > 0, z, 0.25*z)")
    qtbot.waitUntil(lambda: dialog.words.text().endswith(CHECKING))
    answers = []
    desk.jobs.answered.connect(answers.append)
    qtbot.mouseClick(use_button(dialog), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(isinstance(one, FormulaChecked) for one in answers))
    assert dialog.words.text() == "nobody takes where(z > 0, z, 0.25*z)"


def test_the_list_shows_what_is_trained_until_a_formula_is_used(opened, qtbot):
    dialog, toolbar, _ = opened
    assert toolbar.activations.currentData() != FORMULA
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert toolbar.activations.currentText() == "sigmoid"


def test_formula_and_derivative_are_typeset_and_drawn(opened, qtbot):
    dialog, _, _ = opened
    before = dialog.picture.grab().toImage()
    qtbot.keyClicks(dialog.formula, "z*tanh(log(1+exp(z)))")
    qtbot.waitUntil(lambda: dialog.picture.is_typeset)
    assert dialog.picture.accessibleDescription().startswith("φ(z) = z tanh(ln(1 + eᶻ))")
    after = dialog.picture.grab().toImage()
    colours = {after.pixelColor(x, y).name() for x in range(0, after.width(), 2) for y in range(after.height())}
    assert before != after
    assert {LIGHT.measured, LIGHT.alert} <= colours


def test_a_formula_that_cannot_be_read_has_no_picture(opened, qtbot):
    dialog, _, _ = opened
    qtbot.keyClicks(dialog.formula, "tanh(z)")
    qtbot.waitUntil(lambda: dialog.picture.is_typeset)
    qtbot.keyClicks(dialog.formula, "+")
    assert not dialog.picture.is_typeset


def test_an_empty_dialog_says_what_a_formula_may_hold(opened):
    dialog, _, _ = opened
    assert dialog.formula.text() == ""
    for word in ("where(condition", "sigmoid", "piecewise", "a = 0.1", "pi"):
        assert word in dialog.words.text()
